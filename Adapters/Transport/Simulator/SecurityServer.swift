internal import Crypto
internal import FoundationEssentials
internal import GerbangXML

/// What an X-Road security server does with messages (message protocol 4.0), apart from signing and logging.
enum SecurityServer {
    private static let xroad = "http://x-road.eu/xsd/xroad.xsd"
    private static let identifiers = "http://x-road.eu/xsd/identifiers"
    private static let provider = ["ID", "GOV", "DISHUB", "transport"]

    /// Checks the header blocks of a request.
    static func check(_ envelope: SOAPEnvelope, wrapper: String) throws(Refusal) {
        for name in ["client", "service", "id", "protocolVersion"] {
            let blocks = envelope.headers.filter { $0.isNamed(name, namespace: xroad) }
            guard !blocks.isEmpty else {
                throw Refusal(code: "Client.MissingHeaderField", text: "required field '\(name)' is missing")
            }
            guard blocks.count == 1 else {
                throw Refusal(code: "Client.DuplicateHeaderField", text: "field '\(name)' comes twice")
            }
        }
        guard envelope.header("protocolVersion", namespace: xroad)?.text == "4.0" else {
            throw Refusal(code: "Client.InvalidProtocolVersion", text: "the protocol's version is not supported")
        }
        guard let client = envelope.header("client", namespace: xroad), client.children.count >= 3,
            client.children.allSatisfy({ $0.namespaceURI == identifiers && !$0.text.isEmpty })
        else {
            throw Refusal(code: "Client.InvalidClientIdentifier", text: "the client's identifier is not complete")
        }
        let service = envelope.header("service", namespace: xroad)
        let codes = ["xRoadInstance", "memberClass", "memberCode", "subsystemCode"].map {
            service?.firstChild($0, namespace: identifiers)?.text
        }
        guard codes == provider else {
            throw Refusal(code: "Server.ClientProxy.UnknownMember", text: "could not find addresses for the provider")
        }
        guard service?.firstChild("serviceCode", namespace: identifiers)?.text == wrapper else {
            throw Refusal(code: "Client.InvalidBody", text: "the body's element does not match the service code")
        }
    }

    /// Writes the request's blocks again, in their order, and behind them the hash of the request.
    static func echo(_ envelope: SOAPEnvelope, requestBody: [UInt8], to writer: inout XMLWriter) throws {
        for block in envelope.headers { try copy(block, within: "", to: &writer) }
        let hash = Data(SHA512.hash(data: requestBody)).base64EncodedString()
        let algorithm = ["algorithmId": "http://www.w3.org/2001/04/xmlenc#sha512"] as KeyValuePairs
        try writer.element("requestHash", namespaces: ["": xroad], attributes: algorithm, text: hash)
    }

    private static func copy(_ element: XMLElement, within outer: String, to writer: inout XMLWriter) throws {
        let namespace = element.namespaceURI ?? ""
        try writer.start(element.localName)
        if namespace != outer { try writer.namespace("", namespace) }
        for (index, attribute) in element.attributes.enumerated() {
            if let uri = attribute.name.namespaceURI {
                try writer.namespace("a\(index)", uri)
                try writer.attribute("a\(index):\(attribute.name.localName)", attribute.value)
            } else {
                try writer.attribute(attribute.name.localName, attribute.value)
            }
        }
        let children = element.children
        if children.isEmpty { try writer.text(element.text) }
        for child in children { try copy(child, within: namespace, to: &writer) }
        try writer.end()
    }
}
