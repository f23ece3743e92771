internal import Crypto
internal import FoundationEssentials
internal import GerbangCore
internal import GerbangXML

/// The header blocks of one X-Road message (message protocol 4.0).
package struct XRoadHeader: Sendable {
    /// The namespace of the blocks.
    package static let namespace = "http://x-road.eu/xsd/xroad.xsd"
    /// The namespace of the identifiers within.
    package static let identifierNamespace = "http://x-road.eu/xsd/identifiers"
    /// The only hash algorithm in use.
    package static let hashAlgorithm = "http://www.w3.org/2001/04/xmlenc#sha512"

    private let binding: XRoadBinding
    private let service: [(name: String, value: String)]
    private let messageID: String
    private let issue: String

    init(_ binding: XRoadBinding, _ wrapper: TransportBinding.Wrapper, for call: AdapterCall) {
        self.binding = binding
        service =
            binding.provider.parts + [("serviceCode", wrapper.element)]
            + (wrapper.serviceVersion.map { [("serviceVersion", $0)] } ?? [])
        messageID = Self.messageID(of: call)
        issue = call.key
    }

    /// Writes the blocks in the order of their schema.
    ///
    /// The envelope declares the prefixes `xrd` and `id`.
    func write(to writer: inout XMLWriter) throws {
        let type = binding.client.subsystemCode == nil ? "MEMBER" : "SUBSYSTEM"
        try write("client", type: type, binding.client.parts, to: &writer)
        try write("service", type: "SERVICE", service, to: &writer)
        try write("id", messageID, to: &writer)
        if let userID = binding.userID { try write("userId", userID, to: &writer) }
        try write("issue", issue, to: &writer)
        try write("protocolVersion", binding.protocolVersion, to: &writer)
    }

    /// Checks that an answer belongs to the request and that the request arrived as it was sent.
    ///
    /// A fault may be made before the blocks were read, and then has none: of a fault only what it has is checked.
    ///
    /// - Returns: What contradicts; `nil` when all is well.
    func contradiction(in envelope: SOAPEnvelope, isFault: Bool, requestBody: [UInt8]) -> String? {
        let comparisons: [(name: String, matches: (XMLElement) -> Bool)] = [
            ("client", { Self.has($0, binding.client.parts) }),
            ("service", { Self.has($0, service) }),
            ("id", { $0.trimmedText == messageID }),
        ]
        for (name, matches) in comparisons {
            guard let block = envelope.header(name, namespace: Self.namespace) else {
                if isFault { continue }
                return "the answer has no X-Road header '\(name)'"
            }
            guard matches(block) else { return "the answer's X-Road header '\(name)' is not that of the request" }
        }
        guard let hash = envelope.header("requestHash", namespace: Self.namespace) else {
            return binding.requiresRequestHash && !isFault ? "the answer has no hash of the request" : nil
        }
        guard hash.attribute("algorithmId") ?? Self.hashAlgorithm == Self.hashAlgorithm else {
            return "the request's hash in the answer has an algorithm that is not supported"
        }
        return hash.trimmedText == Self.hash(of: requestBody)
            ? nil : "the request's hash in the answer is not that of the message sent"
    }

    /// The hash of a message as the security server writes it: SHA-512 of the body of the POST, in Base64.
    package static func hash(of body: [UInt8]) -> String {
        Data(SHA512.hash(data: body)).base64EncodedString()
    }

    /// An identifier for this message alone: the same when it is written again, another for every attempt and inquiry.
    ///
    /// It is made from the call by hashing, as a UUID of version 8 (RFC 9562 §5.8), since `prepare` has no randomness.
    private static func messageID(of call: AdapterCall) -> String {
        let digest = SHA512.hash(data: Array("\(call.key)/\(call.operation.id)/\(call.attempt)".utf8))
        var halves: [UInt64] = [0, 0]
        for (position, byte) in digest.prefix(16).enumerated() {
            halves[position / 8] = halves[position / 8] << 8 | UInt64(byte)
        }
        let high = halves[0] & 0xFFFF_FFFF_FFFF_0FFF | 0x8000
        let low = halves[1] & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        return RequestID(high: high, low: low).description
    }

    private func write(_ name: String, _ text: String, to writer: inout XMLWriter) throws {
        try writer.element("xrd:\(name)", text: text)
    }

    private func write(
        _ name: String,
        type: String,
        _ parts: [(name: String, value: String)],
        to writer: inout XMLWriter
    ) throws {
        try writer.start("xrd:\(name)", attributes: ["id:objectType": type])
        for (name, value) in parts { try writer.element("id:\(name)", text: value) }
        try writer.end()
    }

    private static func has(_ block: XMLElement, _ parts: [(name: String, value: String)]) -> Bool {
        let children = block.children
        return children.count == parts.count
            && zip(children, parts).allSatisfy { $0.localName == $1.name && $0.trimmedText == $1.value }
    }
}
