/// Reads server-sent events (HTML standard, section 9.2.6) from pieces that break off anywhere.
package struct EventStreamParser: Sendable {
    /// One event of a stream.
    package struct Message: Sendable, Hashable {
        /// The event's identifier; `nil` when it has none.
        package var id: String?
        /// The kind of event.
        package var event: String
        /// The lines of its data.
        package var data: [UInt8]

        /// Creates a message.
        package init(id: String?, event: String, data: [UInt8]) {
            self.id = id
            self.event = event
            self.data = data
        }
    }

    /// An event is larger than anybody's patience.
    package struct TooLarge: Error {}

    /// The largest event, in bytes.
    package static let maximumBytes = 1 << 20

    private var line: [UInt8] = []
    private var lastWasReturn = false
    private var isAtStart = true
    private var id: String?
    private var event = ""
    private var data: [UInt8] = []
    private var hasData = false

    /// Creates a reader at the beginning of a stream.
    package init() {}

    /// Takes the next piece and returns the events that are complete with it.
    package mutating func take(_ piece: [UInt8]) throws(TooLarge) -> [Message] {
        var messages: [Message] = []
        for byte in piece {
            let follows = lastWasReturn
            lastWasReturn = byte == UInt8(ascii: "\r")
            switch byte {
            case UInt8(ascii: "\n") where follows: continue
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if let message = endLine() { messages.append(message) }
            default:
                line.append(byte)
                guard line.count + data.count <= Self.maximumBytes else { throw TooLarge() }
            }
        }
        return messages
    }

    private mutating func endLine() -> Message? {
        defer { line.removeAll(keepingCapacity: true) }
        let bom: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = isAtStart && line.starts(with: bom) ? line.dropFirst(3) : line[...]
        isAtStart = false
        guard !text.isEmpty else { return dispatch() }
        let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        var value = text[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: text[..<colon], as: UTF8.self) {
        case "id" where !value.contains(0): id = String(decoding: value, as: UTF8.self)
        case "event": event = String(decoding: value, as: UTF8.self)
        case "data":
            if hasData { data.append(UInt8(ascii: "\n")) }
            hasData = true
            data.append(contentsOf: value)
        default: break
        }
        return nil
    }

    /// What an empty line ends; nothing without data.
    private mutating func dispatch() -> Message? {
        defer {
            event = ""
            data = []
            hasData = false
        }
        guard hasData else { return nil }
        return Message(id: id, event: event.isEmpty ? "message" : event, data: data)
    }
}
