extension JSONValue {
    /// How a value is written.
    public enum Format: Sendable, Hashable {
        /// Without white space, members in their order.
        case compact
        /// One member or element a line, indented by two spaces, for people.
        case pretty
        /// Without white space, members sorted by the UTF-16 code units of their keys, strings escaped as in RFC 8785.
        ///
        /// Unlike RFC 8785, section 3.2.2.3, numbers stay as written: its detour through doubles would change the last digits
        /// of identifiers and amounts. So `1` and `1.0` have different canonical texts, as they are different values here.
        case canonical
    }

    /// The value as JSON text in UTF-8, without a line break at the end.
    ///
    /// Parsing it gives an equal value. Only what must be escaped is (RFC 8259, section 7).
    public func encoded(_ format: Format = .compact) -> [UInt8] {
        var writer = JSONWriter(format: format)
        writer.write(self, depth: 0)
        return writer.bytes
    }

    /// The value as JSON text, as ``encoded(_:)`` writes it.
    public func text(_ format: Format = .compact) -> String {
        String(decoding: encoded(format), as: UTF8.self)
    }
}

private struct JSONWriter {
    let format: JSONValue.Format
    var bytes: [UInt8] = []

    init(format: JSONValue.Format) {
        self.format = format
        bytes.reserveCapacity(256)
    }

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: write("null")
        case .bool(true): write("true")
        case .bool(false): write("false")
        case .number(let number): write(plain: number.text)
        case .string(let text): write(quoted: text)
        case .array(let elements): write(elements, depth: depth + 1)
        case .object(let members): write(members, depth: depth + 1)
        }
    }

    private mutating func write(_ elements: [JSONValue], depth: Int) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            separate(isFirst: &isFirst, depth: depth)
            write(element, depth: depth)
        }
        close(UInt8(ascii: "]"), isEmpty: isFirst, depth: depth)
    }

    private mutating func write(_ object: JSONObject, depth: Int) {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        let members =
            format == .canonical ? object.members.sorted { $0.key.precedesInUTF16($1.key) } : object.members
        for member in members {
            guard let value = member.value else { continue }
            separate(isFirst: &isFirst, depth: depth)
            write(quoted: member.key)
            bytes.append(UInt8(ascii: ":"))
            if format == .pretty { bytes.append(UInt8(ascii: " ")) }
            write(value, depth: depth)
        }
        close(UInt8(ascii: "}"), isEmpty: isFirst, depth: depth)
    }

    @inline(__always)
    private mutating func separate(isFirst: inout Bool, depth: Int) {
        if isFirst { isFirst = false } else { bytes.append(UInt8(ascii: ",")) }
        if format == .pretty { breakLine(depth: depth) }
    }

    private mutating func close(_ bracket: UInt8, isEmpty: Bool, depth: Int) {
        if format == .pretty, !isEmpty { breakLine(depth: depth - 1) }
        bytes.append(bracket)
    }

    private mutating func breakLine(depth: Int) {
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    @inline(__always)
    private mutating func write(_ word: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    @inline(__always)
    private mutating func write(plain text: String) {
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { bytes.append(contentsOf: $0) }
        if done == nil { bytes.append(contentsOf: text.utf8) }
    }

    @inline(__always)
    private mutating func write(quoted text: String) {
        bytes.append(UInt8(ascii: "\""))
        let done: Void? = text.utf8.withContiguousStorageIfAvailable { escape($0) }
        if done == nil { Array(text.utf8).withUnsafeBufferPointer { escape($0) } }
        bytes.append(UInt8(ascii: "\""))
    }

    @inline(__always)
    private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
        guard let base = text.baseAddress else { return }
        var start = 0
        while true {
            let stop = ByteScan.firstSpecial(base, from: start, end: text.count)
            bytes.append(contentsOf: UnsafeBufferPointer(start: base + start, count: stop - start))
            if stop == text.count { return }
            escape(base[stop])
            start = stop + 1
        }
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        default:
            write("u00")
            for digit in [byte >> 4, byte & 0x0F] {
                bytes.append(digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10))
            }
        }
    }
}
