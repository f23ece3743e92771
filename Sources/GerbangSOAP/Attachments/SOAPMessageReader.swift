internal import GerbangCore
public import GerbangXML

/// Takes a message in as it comes: the envelope into memory, its attachments into files.
///
/// Memory holds the envelope and what comes at a time, however large the attachments are.
///
///     let folder = try AttachmentFolder("/var/spool/answers")
///     var reader = try SOAPMessageReader(contentType: type, attachments: folder)
///     for try await piece in body { try reader.read(piece) }
///     let answer = try operation.decodeResponse(try reader.finish())
public struct SOAPMessageReader {
    /// What is read at the moment.
    private enum Part {
        case root
        case attachment(AttachmentWriter, identifier: String?, type: String)
    }

    private let folder: AttachmentFolder
    private let limits: XMLLimits
    private let start: String?
    private var multipart: MultipartReader?
    private var rootType: MediaType
    private var root: [UInt8] = []
    private var hasRoot = false
    private var part: Part?
    private var decoder: TransferDecoder?
    private var received: [(writer: AttachmentWriter, identifier: String?, type: String)] = []
    private var attachmentBytes = 0

    /// Creates a reader of one message.
    ///
    /// - Parameters:
    ///   - contentType: The message's content type, with its parameters.
    ///   - folder: Where its attachments are put.
    ///   - limits: What is accepted of the envelope at most.
    /// - Throws: ``SOAPError`` where a multipart message names no boundary.
    public init(contentType: String, attachments folder: AttachmentFolder, limits: XMLLimits = XMLLimits())
        throws(SOAPError)
    {
        let type = MediaType(contentType)
        self.folder = folder
        self.limits = limits
        rootType = type
        start = type.parameters["start"].map(MultipartMessage.identifier)
        guard type.essence.hasPrefix("multipart/") else { return }
        do throws(MultipartError) {
            multipart = try MultipartReader(type: type)
        } catch {
            throw SOAPError(error)
        }
    }

    /// Reads more of the message.
    ///
    /// - Throws: ``SOAPError``, after which nothing of the message is left in the folder.
    public mutating func read(_ bytes: [UInt8]) throws(SOAPError) {
        guard multipart != nil else { return try add(toRoot: bytes[...]) }
        try handle { (reader) throws(MultipartError) in try reader.read(bytes) }
    }

    /// Ends the message, all of which was read.
    ///
    /// The files of the attachments are the caller's from now on.
    ///
    /// - Throws: ``SOAPError`` where the message is not complete.
    public mutating func finish() throws(SOAPError) -> ReceivedSOAPMessage {
        if multipart != nil {
            try handle { (reader) throws(MultipartError) in try reader.finish() }
            try findRoot()
        }
        let parts = received
        received = []
        do throws(SOAPError) {
            for part in parts { try part.writer.keep() }
        } catch {
            for part in parts { part.writer.withdraw() }
            throw error
        }
        return ReceivedSOAPMessage(
            envelope: root,
            charset: SOAPOperation.charset(of: rootType),
            isMultipart: multipart != nil,
            parts: parts.map { part in
                let (name, path) = (part.writer.name, part.writer.path)
                let file = ReceivedAttachment(name: name, type: part.type, path: path, count: part.writer.count)
                return (part.identifier, file)
            }
        )
    }

    /// Takes the first part for the root where none is called as the content type says; see ``MultipartMessage/root``.
    private mutating func findRoot() throws(SOAPError) {
        guard !hasRoot else { return }
        guard let first = received.first else { throw SOAPError(.envelope, "The message has no root part.") }
        guard first.writer.count <= limits.maximumBytes else { throw envelopeTooLarge }
        root = try first.writer.contents()
        rootType = MediaType(first.type)
        received.removeFirst()
    }

    private mutating func handle(_ events: (inout MultipartReader) throws(MultipartError) -> [MultipartReader.Event])
        throws(SOAPError)
    {
        do {
            guard var reader = multipart else { return }
            // One owner, so that what it holds is not copied.
            multipart = nil
            defer { multipart = reader }
            for event in try events(&reader) { try handle(event) }
        } catch let error as SOAPError {
            discard()
            throw error
        } catch let error as MultipartError {
            discard()
            throw SOAPError(error)
        } catch {
            discard()
            throw SOAPError(.envelope, "The message cannot be read.")
        }
    }

    private mutating func handle(_ event: MultipartReader.Event) throws {
        switch event {
        case .part(let fields):
            decoder = try TransferDecoder(fields: fields)
            let identifier = fields["content-id"].map(MultipartMessage.identifier)
            let type = fields["content-type"] ?? "text/plain"
            if !hasRoot, start == nil || identifier == start {
                (hasRoot, rootType, part) = (true, MediaType(type), .root)
            } else {
                part = .attachment(try AttachmentWriter(in: folder), identifier: identifier, type: type)
            }
        case .content(let bytes):
            guard let content = try decoder?.decode(bytes) else { return }
            switch part {
            case .root: try add(toRoot: content)
            case .attachment(let writer, _, _):
                attachmentBytes += content.count
                guard attachmentBytes <= folder.maximumBytes else {
                    throw SOAPError(.limit, "The attachments are larger than the \(folder.maximumBytes) bytes allowed.")
                }
                try writer.write(content)
            case nil: break
            }
        case .partEnd:
            try decoder?.finish()
            if case .attachment(let writer, let identifier, let type) = part {
                try writer.finish()
                received.append((writer, identifier, type))
            }
            part = nil
        }
    }

    private mutating func add(toRoot bytes: ArraySlice<UInt8>) throws(SOAPError) {
        guard root.count + bytes.count <= limits.maximumBytes else { throw envelopeTooLarge }
        root += bytes
    }

    private var envelopeTooLarge: SOAPError {
        SOAPError(.limit, "The envelope is larger than the \(limits.maximumBytes) bytes allowed.")
    }

    private mutating func discard() {
        received = []
        part = nil
    }
}

/// A message that was taken in: its envelope, not yet read by any contract, and the files of its attachments.
public struct ReceivedSOAPMessage: Sendable {
    /// The bytes of the envelope.
    public let envelope: [UInt8]
    let charset: String?
    let isMultipart: Bool
    let parts: [(identifier: String?, file: ReceivedAttachment)]

    /// The attachments in the order in which they came.
    public var attachments: [ReceivedAttachment] { parts.map(\.file) }
}
