package import GerbangXML

/// How the agency's interface spells what the adapter wants to say.
///
/// Everything that differs between two agencies with the same services stands here; nothing else in the adapter knows
/// a name.
package struct TransportBinding: Sendable, Hashable {
    /// The SOAP version of requests; answers are read in either.
    package var soapVersion = SOAPVersion.v11
    /// Whether the children of a wrapper are in its namespace.
    package var hasQualifiedChildren = true
    /// The operations' names.
    package var operations: [TransportOperation: Wrapper] = Dictionary(
        uniqueKeysWithValues: TransportOperation.allCases.map { ($0, Wrapper(element: $0.defaultElement)) }
    )
    /// The names of elements that differ from the field's own; see ``name(_:)``.
    package var names: [Field: String] = [:]
    /// What the agency's codes in a response mean.
    package var meanings: [String: BusinessMeaning] = BusinessMeaning.defaultCodes
    /// The header blocks of X-Road; `nil` for a plain SOAP service.
    package var xroad: XRoadBinding?

    /// The namespace of the interface that ships in `Schemas/wsdl`.
    package static let defaultNamespace = "urn:gerbang:transport:1"

    /// The spelling of one operation.
    package struct Wrapper: Sendable, Hashable {
        /// The local name of the request's wrapper; X-Road's service code as well.
        package var element: String
        /// The local name of the response's wrapper.
        package var response: String
        /// The namespace of the request's wrapper.
        package var namespace: String
        /// The SOAP action; empty for none.
        package var soapAction: String
        /// The version of the X-Road service.
        package var serviceVersion: String?

        /// Creates a spelling; the response's name is the request's with `Response` added unless told otherwise.
        package init(
            element: String,
            response: String? = nil,
            namespace: String = TransportBinding.defaultNamespace,
            soapAction: String = "",
            serviceVersion: String? = nil
        ) {
            self.element = element
            self.response = response ?? element + "Response"
            self.namespace = namespace
            self.soapAction = soapAction
            self.serviceVersion = serviceVersion
        }
    }

    /// A part of a message.
    ///
    /// Its raw value is the setting's key and the name of the element unless told otherwise.
    package enum Field: String, Sendable, Hashable, CaseIterable {
        case plate, station, date, clientReference
        case vehicle, make, model, year, colour, fuel, vehicleClass, chassisNumber, taxValidUntil, inspectionValidUntil
        case booking, bookingNumber, slot
        case fault, faultCode
    }

    /// The local name of a field's element.
    package func name(_ field: Field) -> String { names[field] ?? field.rawValue }

    /// The spelling of an operation.
    package func wrapper(_ operation: TransportOperation) -> Wrapper {
        operations[operation] ?? Wrapper(element: operation.defaultElement)
    }

    /// Creates the binding of the interface that ships in `Schemas/wsdl`, plain.
    package init() {}
}

extension TransportOperation {
    /// The wrapper's name in the interface that ships in `Schemas/wsdl`.
    package var defaultElement: String {
        switch self {
        case .getVehicle: "getVehicle"
        case .bookInspection: "bookInspection"
        case .findBooking: "findBooking"
        }
    }
}

/// The fixed part of the X-Road header blocks (message protocol 4.0).
package struct XRoadBinding: Sendable, Hashable {
    /// Who asks.
    package var client: XRoadSubsystem
    /// Who answers.
    package var provider: XRoadSubsystem
    /// The protocol's version.
    package var protocolVersion = "4.0"
    /// The user on whose account the messages are; none by default.
    package var userID: String?
    /// Whether an answer without the hash of its request is refused.
    package var requiresRequestHash = true

    /// Creates the binding of a client to a provider.
    package init(client: XRoadSubsystem, provider: XRoadSubsystem) {
        self.client = client
        self.provider = provider
    }
}

/// A member of X-Road or one of its subsystems.
package struct XRoadSubsystem: Sendable, Hashable {
    /// The X-Road instance, such as a country's production system.
    package var instance: String
    /// The kind of member.
    package var memberClass: String
    /// The member.
    package var memberCode: String
    /// The member's subsystem.
    package var subsystemCode: String?

    /// Creates an identifier from its codes.
    package init(instance: String, memberClass: String, memberCode: String, subsystemCode: String?) {
        self.instance = instance
        self.memberClass = memberClass
        self.memberCode = memberCode
        self.subsystemCode = subsystemCode
    }

    /// The elements of the identifier, in the schema's order.
    package var parts: [(name: String, value: String)] {
        let member = [("xRoadInstance", instance), ("memberClass", memberClass), ("memberCode", memberCode)]
        return member + (subsystemCode.map { [("subsystemCode", $0)] } ?? [])
    }
}
