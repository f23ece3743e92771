internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML

/// What travels beside an envelope that is being written.
struct AttachmentCollector {
    /// Values of base64 with at least so many bytes travel as parts (MTOM); nil for those of swaRef only.
    let threshold: Int?
    /// What the JSON may name by `#attachment`.
    let given: [String: SOAPAttachment]
    private(set) var parts: [MultipartMessage.Content] = []
    private var named: Set<String> = []

    init(threshold: Int?, given: [String: SOAPAttachment] = [:]) {
        self.threshold = threshold
        self.given = given
    }

    static let rootIdentifier = "message@gerbang"

    /// Adds a part and gives its address.
    mutating func add(_ piece: StreamedBody.Piece, type: String) -> String {
        let identifier = "part\(parts.count + 1)@gerbang"
        parts.append(MultipartMessage.Content(type: type, identifier: identifier, piece: piece))
        return "cid:" + identifier
    }

    /// The attachment that the JSON names.
    mutating func attachment(_ name: String) throws(SOAPError) -> SOAPAttachment {
        guard let attachment = given[name] else { throw MessageEncoder.error("No attachment of this name is given.") }
        named.insert(name)
        return attachment
    }

    /// Refuses attachments that the message does not name: whoever gave them expects that they are sent.
    func checkNames() throws(SOAPError) {
        guard let name = given.keys.filter({ !named.contains($0) }).min() else { return }
        throw SOAPError(.json, "The message names the attachment '\(SOAPError.shown(name))' nowhere.")
    }

    /// Puts what stands beside the envelope back into it, so that it is validated as it is meant.
    ///
    /// A file is left out: its type has no facet that its content could break.
    func restore(in envelope: SOAPEnvelope) throws(SOAPError) {
        guard threshold != nil, !parts.isEmpty else { return }
        let sources = parts.map { part -> (String?, ReceivedParts.Source) in
            switch part.piece {
            case .bytes(let bytes): (part.identifier, .part(MultipartMessage.Part(body: bytes[...])))
            case .file: (part.identifier, .part(MultipartMessage.Part(body: [])))
            }
        }
        try ReceivedParts(sources).include(in: envelope)
    }
}
