internal import Logging

/// One log line while it is being written.
struct LogLine {
    private(set) var bytes: [UInt8] = []
    private let redactor: Redactor

    init(redactor: Redactor) {
        self.redactor = redactor
        bytes.reserveCapacity(384)
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    /// Appends text that is known to need neither escaping nor redaction.
    mutating func append(verbatim text: String) {
        let text = text.utf8Span.span
        text.append(0..<text.count, to: &bytes)
    }

    mutating func append(verbatim other: [UInt8]) { bytes.append(contentsOf: other) }

    mutating func append(timestamp time: WallClock) { time.appendTimestamp(to: &bytes) }

    mutating func append(timeOfDay time: WallClock) { time.appendTimeOfDay(to: &bytes) }

    /// Appends text as the inside of a JSON string, redacted.
    ///
    /// The result is one line of text that is safe on a terminal: control characters (C0, DEL, C1) and the two line
    /// separators of Unicode are escaped (RFC 8259, section 7, asks for C0 only).
    mutating func append(text: String) {
        let text = text.utf8Span.span
        redactor.forEachPiece(of: text) { piece in
            switch piece {
            case .text(let range): append(escaped: text, range)
            case .replacement(let replacement): append(verbatim: replacement)
            }
        }
    }

    private mutating func append(escaped text: Span<UInt8>, _ range: Range<Int>) {
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            let byte = text[index]
            if byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
                index += 1
                continue
            }
            guard let (scalar, length) = scalarToEscape(text, index, range.upperBound) else {
                index += 1
                continue
            }
            text.append(start..<index, to: &bytes)
            append(escape: scalar)
            index += length
            start = index
        }
        text.append(start..<range.upperBound, to: &bytes)
    }

    private func scalarToEscape(_ text: Span<UInt8>, _ index: Int, _ end: Int) -> (scalar: UInt16, length: Int)? {
        let byte = text[index]
        if byte < 0x80 { return (UInt16(byte), 1) }
        if byte == 0xC2, index + 1 < end, text[index + 1] < 0xA0 { return (UInt16(text[index + 1]), 2) }
        if byte == 0xE2, index + 2 < end, text[index + 1] == 0x80, text[index + 2] | 1 == 0xA9 {
            return (0x2000 | UInt16(text[index + 2] & 0x3F), 3)
        }
        return nil
    }

    private mutating func append(escape scalar: UInt16) {
        append(UInt8(ascii: "\\"))
        switch scalar {
        case 0x22, 0x5C: append(UInt8(scalar))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0D: append(UInt8(ascii: "r"))
        case 0x09: append(UInt8(ascii: "t"))
        default:
            append(UInt8(ascii: "u"))
            for shift in stride(from: 12, through: 0, by: -4) {
                let digit = UInt8(truncatingIfNeeded: scalar >> UInt16(shift)) & 0xF
                append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            }
        }
    }

    /// Appends text as a JSON string.
    mutating func append(string text: String) {
        append(UInt8(ascii: "\""))
        append(text: text)
        append(UInt8(ascii: "\""))
    }

    /// Appends the value of a key as JSON; a sensitive key hides it.
    mutating func append(value: Logger.MetadataValue, of key: String) {
        if redactor.hides(key: key) {
            append(string: Redactor.placeholder)
        } else {
            append(value: value)
        }
    }

    private mutating func append(value: Logger.MetadataValue) {
        switch value {
        case .string(let text):
            append(string: text)
        case .stringConvertible(let value):
            append(convertible: value)
        case .array(let values):
            append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(value: value)
            }
            append(UInt8(ascii: "]"))
        case .dictionary(let values):
            append(UInt8(ascii: "{"))
            for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { append(UInt8(ascii: ",")) }
                append(string: key)
                append(UInt8(ascii: ":"))
                append(value: value, of: key)
            }
            append(UInt8(ascii: "}"))
        }
    }

    /// The integers that a JSON number carries exactly everywhere; larger ones may also be an identity number.
    private static let plainIntegers = -99_999_999_999_999...99_999_999_999_999

    /// Numbers and truth values stay what they are; everything else is text.
    private mutating func append(convertible value: any CustomStringConvertible & Sendable) {
        switch value {
        case let number as Int where Self.plainIntegers.contains(number): append(verbatim: number.description)
        case let number as Double where number.magnitude < 1e14: append(verbatim: number.description)
        case let truth as Bool: append(verbatim: truth ? "true" : "false")
        default: append(string: value.description)
        }
    }
}
