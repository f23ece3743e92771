internal import GerbangCore

/// Functions that read what agencies write in many ways; what cannot be read is an optional without a value.
enum LenientFunctions {
    static let functions: [Function] = [
        .unary("gerbang.text", .gerbang, [Signature([.dyn], .optional(.string))]) { value, frame throws(Failure) in
            try text(of: value, &frame)
        },
        .binary("gerbang.date.lenient", .gerbang, [Signature([.string, .string], .optional(.string))]) {
            value,
            zone,
            frame throws(Failure) in
            guard case .string(let text) = value, case .string(let name) = zone else { throw .noSuchOverload }
            try frame.charge(bytes: text.utf8.count)
            guard text.utf8.count <= 64 else { return .optional(.none) }
            if let moment = Timestamp(withColonInOffset(text)).flatMap({ CELTimestamp($0) }) {
                let offset = try Times.offset(of: name, at: moment, &frame)
                return try frame.optional(.string(CivilTime(moment, secondsFromUTC: offset).date.description))
            }
            // XML writes a zone behind a day as well.
            let isZoned = text.utf8.count > 10 && text.utf8.dropFirst(10).first.map { "Z+-".utf8.contains($0) } == true
            let written = isZoned ? text.prefix(10) : text[...]
            let day = String(written.prefix { $0 != " " && $0 != "T" }.map { $0 == "/" || $0 == "." ? "-" : $0 })
            guard let date = CivilDate(day) ?? CivilDate(dayFirst: day) else { return .optional(.none) }
            return try frame.optional(.string(date.description))
        },
    ]

    /// A text without spaces around it, or a whole number's digits.
    private static func text(of value: CELValue, _ frame: inout Frame) throws(Failure) -> CELValue {
        switch value {
        case .string(let text):
            try frame.charge(bytes: text.utf8.count)
            let trimmed = trimmed(text)
            return trimmed.isEmpty ? .optional(.none) : try frame.optional(.string(trimmed))
        case .int(let number): return try frame.optional(.string(String(number)))
        case .uint(let number): return try frame.optional(.string(String(number)))
        case .optional(let optional):
            guard let inner = optional.value else { return value }
            return try text(of: inner, &frame)
        default: return .optional(.none)
        }
    }

    private static func trimmed(_ text: String) -> String {
        // Nearly every text starts and ends with a visible ASCII character; the general way is slow.
        if let first = text.utf8.first, let last = text.utf8.last, (0x21...0x7E).contains(first),
            (0x21...0x7E).contains(last)
        {
            return text
        }
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(text[first...last])
    }

    /// `+0700` at the end of a time as `+07:00`.
    private static func withColonInOffset(_ text: String) -> String {
        let offset = text.utf8.suffix(5)
        guard text.utf8.count > 19, offset.first == UInt8(ascii: "+") || offset.first == UInt8(ascii: "-"),
            offset.dropFirst().allSatisfy({ (0x30...0x39).contains($0) })
        else { return text }
        return "\(text.dropLast(2)):\(text.suffix(2))"
    }
}
