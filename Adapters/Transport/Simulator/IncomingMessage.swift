internal import GerbangTesting
internal import GerbangXML

/// The ways in which the agency can be asked.
enum Endpoint: Hashable {
    /// Through an X-Road security server.
    case xroad
    /// As a plain SOAP service.
    case plain(SOAPVersion)

    init?(path: [String]) {
        switch path {
        case []: self = .xroad
        case ["plain11"]: self = .plain(.v11)
        case ["plain12"]: self = .plain(.v12)
        default: return nil
        }
    }

    var version: SOAPVersion {
        switch self {
        case .xroad: .v11
        case .plain(let version): version
        }
    }

    /// The name of the file that describes it.
    var description: String { self == .xroad ? "transport.wsdl" : "transport-plain.wsdl" }
}

/// Why a message is answered with a fault.
struct Refusal: Error {
    /// The code as X-Road writes it.
    let code: String
    /// The explanation.
    let text: String

    /// The code as a plain service writes it.
    func plainCode(_ version: SOAPVersion) -> String {
        let isClient = code.hasPrefix("Client")
        return version == .v11
            ? (isClient ? "soap:Client" : "soap:Server") : (isClient ? "soap:Sender" : "soap:Receiver")
    }
}

/// A message that was understood.
struct IncomingMessage {
    /// The namespace of the services' messages.
    static let namespace = "urn:gerbang:transport:1"

    /// What is asked for, by the adapter's names; for the fault plan and the ledger.
    enum Operation: String, CaseIterable {
        case getVehicle = "get-vehicle"
        case bookInspection = "book-inspection"
        case findBooking = "find-booking"

        var element: String {
            switch self {
            case .getVehicle: "getVehicle"
            case .bookInspection: "bookInspection"
            case .findBooking: "findBooking"
            }
        }
    }

    let operation: Operation
    let envelope: SOAPEnvelope
    private let wrapper: XMLElement

    init(_ request: ServedRequest, at endpoint: Endpoint) throws(Refusal) {
        do {
            envelope = try SOAPEnvelope(XMLDocument(parsing: request.body))
        } catch {
            throw Refusal(code: "Client.InvalidSoap", text: error.description)
        }
        guard envelope.version == endpoint.version else {
            throw Refusal(code: "Client.InvalidSoap", text: "another SOAP version is spoken here")
        }
        guard let wrapper = envelope.content else {
            throw Refusal(code: "Client.MissingBody", text: "the body is empty")
        }
        if endpoint == .xroad { try SecurityServer.check(envelope, wrapper: wrapper.localName) }
        let operation = Operation.allCases.first { wrapper.isNamed($0.element, namespace: Self.namespace) }
        guard let operation else {
            throw Refusal(code: "Server.ServerProxy.UnknownService", text: "there is no such service")
        }
        self.operation = operation
        self.wrapper = wrapper
    }

    /// The text of one of the wrapper's children; empty when there is none.
    func text(_ name: String) -> String {
        wrapper.firstChild(name, namespace: Self.namespace)?.text ?? ""
    }
}
