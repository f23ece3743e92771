internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangXML
internal import HTTPTypes

@testable internal import TransportAdapter

/// The parts that the tests are made from.
enum Sample {
    static let now = Timestamp("2026-01-10T03:00:00Z") ?? Timestamp(milliseconds: 0)
    static let requestID = RequestID(high: 0x0193_a6f0_5b00_7000, low: 0x8000_0000_0000_0001)
    static let key = "0193a6f0-5b00-7000-8000-000000000001"
    static let booking: JSONValue = ["plate": "B 1234 XYZ", "station": "JKT-PULOGADUNG", "date": "2026-01-20"]
    static let lookup: JSONValue = ["plate": "B 1234 XYZ"]

    static let xroad: JSONValue = [
        "client": ["instance": "ID", "memberClass": "GOV", "memberCode": "MPP-3174", "subsystemCode": "gerbang"],
        "provider": ["instance": "ID", "memberClass": "GOV", "memberCode": "DISHUB", "subsystemCode": "transport"],
        "serviceVersion": "v1",
    ]
    static let plain: JSONValue = ["binding": "plain"]
    static let plain12: JSONValue = ["binding": "plain", "soapVersion": "1.2"]

    static func adapter(_ settings: JSONValue = xroad) throws -> any Adapter {
        var reader = SettingsReader(settings)
        let adapter = BothPackagings.packaging.definition.make(&reader)
        try reader.finish(describing: "settings")
        guard let adapter else { throw GerbangError(.invalidConfiguration, "no adapter") }
        return adapter
    }

    static func issues(_ settings: JSONValue) -> [SettingsIssue] {
        var reader = SettingsReader(settings)
        _ = TransportAdapter.definition.make(&reader)
        reader.reportUnknownKeys()
        return reader.issues
    }

    static func call(
        _ operation: TransportOperation,
        _ payload: JSONValue? = nil,
        attempt: Int = 1,
        id: RequestID = requestID,
        now: Timestamp = now
    ) throws -> AdapterCall {
        guard let descriptor = TransportAdapter.definition.descriptor.operation(operation.id) else {
            throw GerbangError(.internalFault, "no operation")
        }
        let submission = Submission(
            service: ServiceID(checked: "transport.vehicle.lookup"),
            region: try Region("31.74"),
            payload: payload ?? (operation == .getVehicle ? lookup : booking),
            idempotencyKey: "k-1"
        )
        let request = ServiceRequest(
            id: id,
            client: ClientID(checked: "mpp"),
            submission: submission,
            connection: ConnectionID(checked: "transport-31"),
            operation: operation.id,
            acceptedAt: now,
            deadline: now + .seconds(3600)
        )
        return AdapterCall(operation: descriptor, request: request, attempt: attempt, now: now)
    }

    static func response(_ body: [UInt8], status: Int = 200, type: String = "text/xml; charset=utf-8") -> WireResponse {
        WireResponse(status: status, headerFields: [.contentType: type], body: body)
    }

    /// What the adapter makes of a body that answers a call.
    static func classify(
        _ body: String,
        for operation: TransportOperation,
        settings: JSONValue = plain,
        status: Int = 200,
        type: String = "text/xml; charset=utf-8"
    ) throws -> Verdict {
        let adapter = try adapter(settings)
        let call = try call(operation)
        let exchange = Exchange(
            request: try adapter.prepare(call),
            response: response(Array(body.utf8), status: status, type: type)
        )
        return adapter.classify(exchange, for: call)
    }

    static func assess(
        _ body: String,
        settings: JSONValue = plain,
        status: Int = 200,
        type: String = "text/xml; charset=utf-8"
    ) throws -> Finding {
        let adapter = try adapter(settings)
        let call = try call(.findBooking)
        let exchange = Exchange(
            request: try adapter.prepare(call),
            response: response(Array(body.utf8), status: status, type: type)
        )
        return adapter.assess(exchange, for: call)
    }

    /// A plain envelope around a body's content.
    static func envelope(_ content: String, _ version: SOAPVersion = .v11) -> String {
        "<e:Envelope xmlns:e=\"\(version.namespace)\"><e:Body>\(content)</e:Body></e:Envelope>"
    }

    /// A plain SOAP 1.1 fault.
    static func fault(_ code: String) -> String {
        envelope("<e:Fault><faultcode>\(code)</faultcode><faultstring>rahasia SITI CONTOH</faultstring></e:Fault>")
    }

    /// A response of an operation with the agency's code in it.
    static func decision(_ code: String, for operation: TransportOperation) -> String {
        let element = operation.defaultElement + "Response"
        let fault = "<fault><faultCode>\(code)</faultCode><faultString>rahasia SITI CONTOH</faultString></fault>"
        return envelope("<\(element) xmlns=\"urn:gerbang:transport:1\">\(fault)</\(element)>")
    }
}

/// Files of the package that tests read.
enum Files {
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func fixture(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: package.appending(path: "Adapters/Transport/Fixtures/\(name)")))
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try fixture(name), as: UTF8.self)
    }

    static func fixtureNames() throws -> [String] {
        let folder = package.appending(path: "Adapters/Transport/Fixtures").path
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }
}

extension Verdict {
    /// The error in the verdict, if it has one.
    var error: GerbangError? {
        switch self {
        case .succeeded, .pending: nil
        case .rejected(let error), .invalid(let error), .unauthorized(let error), .inDoubt(let error): error
        case .transient(let error, _), .throttled(let error, _): error
        }
    }
}

extension Finding {
    /// The word for this finding.
    var name: String {
        switch self {
        case .done: "done"
        case .pending: "pending"
        case .rejected: "rejected"
        case .notDone: "notDone"
        case .unclear: "unclear"
        }
    }
}
