/// Takes a message of several parts (RFC 2046 §5.1.1) apart while it comes.
///
/// It holds back what might be the beginning of a delimiter, and the header fields of one part; everything else is handed
/// on at once. Where the bytes are cut makes no difference to what is read.
public struct MultipartReader: Sendable {
    /// What was found in the bytes read.
    public enum Event: Sendable, Hashable {
        /// A part begins, with its header fields by their names in lower case; the first of a name counts.
        case part(fields: [String: String])
        /// More of the part's content, in its transfer encoding.
        case content(ArraySlice<UInt8>)
        /// The part is complete. One that no delimiter ends never gets here.
        case partEnd
    }

    private enum State {
        /// Before the first delimiter, or in a part whose header fields never ended.
        case preamble
        case fields
        case content
        case epilogue
    }

    private let delimiter: [UInt8]
    private let limits: MultipartMessage.Limits
    private var state = State.preamble
    private var fields = PartFields()
    private var delimiters = 0
    /// Bytes that were read and not yet understood.
    private var held: [UInt8] = []
    /// Whether the first byte that is held, or comes next, begins a line.
    private var isAtLine = true

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - type: The message's content type, which names the boundary.
    ///   - limits: What is accepted at most.
    /// - Throws: ``MultipartError`` where there is no boundary.
    public init(type: MediaType, limits: MultipartMessage.Limits = .init()) throws(MultipartError) {
        guard let boundary = type.parameters["boundary"], (1...70).contains(boundary.utf8.count) else {
            throw MultipartError(.form, "the multipart message names no boundary")
        }
        delimiter = Array("--".utf8) + Array(boundary.utf8)
        self.limits = limits
    }

    /// Whether the delimiter that closes the message was read.
    public var isComplete: Bool {
        if case .epilogue = state { true } else { false }
    }

    /// Reads more of the message.
    public mutating func read(_ bytes: [UInt8]) throws(MultipartError) -> [Event] {
        try events(in: held.isEmpty ? bytes : held + bytes, isEnd: false)
    }

    /// Reads what was held back, when nothing more will come.
    ///
    /// - Throws: ``MultipartError`` where the delimiter that closes the message is missing: it may have been cut anywhere.
    public mutating func finish() throws(MultipartError) -> [Event] {
        let events = try events(in: held, isEnd: true)
        guard isComplete else {
            throw MultipartError(.form, "the multipart message breaks off before the delimiter that closes it")
        }
        return events
    }

    // MARK: Lines

    private mutating func events(in buffer: [UInt8], isEnd: Bool) throws(MultipartError) -> [Event] {
        var events: [Event] = []
        /// The first byte that nobody has got.
        var start = 0
        var line = 0
        held = []
        scan: while true {
            if case .epilogue = state { return events }
            if isAtLine {
                switch match(buffer, line, isEnd: isEnd) {
                case .none: break
                case .partial:
                    hand(on: buffer, start..<contentEnd(buffer, start, line), &events)
                    held = Array(buffer[max(start, contentEnd(buffer, start, line))...])
                    isAtLine = held.count == buffer.count - line
                    return events
                case .delimiter(let next, let closes):
                    hand(on: buffer, start..<contentEnd(buffer, start, line), &events)
                    if case .content = state { events.append(.partEnd) }
                    delimiters += 1
                    guard delimiters <= limits.maximumParts + 1 else {
                        throw MultipartError(.limit, "the multipart message has more than \(limits.maximumParts) parts")
                    }
                    fields = PartFields()
                    state = closes ? .epilogue : .fields
                    (start, line) = (next, next)
                    continue scan
                }
            }
            guard let end = Self.lineEnd(buffer, from: line) else { break }
            if case .fields = state {
                if try fields.read(buffer[line..<end], limits.maximumHeaderBytes) {
                    events.append(.part(fields: fields.values))
                    state = .content
                }
                start = end + 1
            }
            (line, isAtLine) = (end + 1, true)
        }
        // The rest is a line without its end.
        switch state {
        case .fields:
            held = isEnd ? [] : Array(buffer[line...])
            guard held.count <= limits.maximumHeaderBytes else { throw fields.tooLong(limits.maximumHeaderBytes) }
        case .content where buffer.last == 0x0D && !isEnd:
            hand(on: buffer, start..<(buffer.count - 1), &events)
            (held, isAtLine) = ([0x0D], false)
        case .content, .preamble, .epilogue:
            hand(on: buffer, start..<buffer.count, &events)
            isAtLine = false
        }
        return events
    }

    private func hand(on buffer: [UInt8], _ range: Range<Int>, _ events: inout [Event]) {
        guard case .content = state, !range.isEmpty else { return }
        events.append(.content(buffer[range]))
    }

    /// Where content ends before a line that is a delimiter: the line break before it belongs to the delimiter.
    private func contentEnd(_ buffer: [UInt8], _ start: Int, _ line: Int) -> Int {
        var end = line
        if end > start, buffer[end - 1] == 0x0A { end -= 1 }
        if end > start, end < line, buffer[end - 1] == 0x0D { end -= 1 }
        return end
    }

    private static func lineEnd(_ buffer: [UInt8], from start: Int) -> Int? {
        buffer.withUnsafeBufferPointer { buffer in
            var index = start
            while index < buffer.count {
                if buffer[index] == 0x0A { return index }
                index += 1
            }
            return nil
        }
    }

    private enum Match {
        case none
        /// So far it is one.
        case partial
        case delimiter(next: Int, closes: Bool)
    }

    /// The white space that may stand behind a delimiter (RFC 2046 §5.1.1), in bytes.
    private static let maximumPadding = 1024

    /// Whether a line is a delimiter: nothing but white space may follow it, as another boundary may begin with this one.
    private func match(_ buffer: [UInt8], _ line: Int, isEnd: Bool) -> Match {
        let common = min(delimiter.count, buffer.count - line)
        for index in 0..<common where buffer[line + index] != delimiter[index] { return .none }
        guard common == delimiter.count else { return isEnd ? .none : .partial }
        var index = line + common
        var closes = false
        if index < buffer.count, buffer[index] == UInt8(ascii: "-") {
            guard index + 1 < buffer.count else { return isEnd ? .none : .partial }
            guard buffer[index + 1] == UInt8(ascii: "-") else { return .none }
            closes = true
            index += 2
        }
        let last = index + Self.maximumPadding
        while index < buffer.count {
            switch buffer[index] {
            case 0x0A: return .delimiter(next: index + 1, closes: closes)
            case 0x20, 0x09, 0x0D: index += 1
            default: return .none
            }
            if index > last { return .none }
        }
        return isEnd ? .delimiter(next: index, closes: closes) : .partial
    }
}

/// The header fields of a part while they are read.
private struct PartFields: Sendable {
    private(set) var values: [String: String] = [:]
    private var last: String?
    private var size = 0

    /// Reads a line without its line feed; true for the empty line that ends the fields.
    mutating func read(_ line: ArraySlice<UInt8>, _ limit: Int) throws(MultipartError) -> Bool {
        size += line.count + 1
        guard size <= limit + 1 else { throw tooLong(limit) }
        var line = line
        if line.last == 0x0D { line = line.dropLast() }
        guard let first = line.first else { return true }
        if first == 0x20 || first == 0x09 {
            if let last { values[last, default: ""] += " " + Self.text(line) }
            return false
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let name = Self.text(line[..<colon]).lowercased()
        last = values[name] == nil ? name : nil
        if last != nil { values[name] = Self.text(line[(colon + 1)...]) }
        return false
    }

    func tooLong(_ limit: Int) -> MultipartError {
        MultipartError(.limit, "a part has more than \(limit) bytes of header fields")
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var bytes = bytes
        while let first = bytes.first, first == 0x20 || first == 0x09 { bytes = bytes.dropFirst() }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes = bytes.dropLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
