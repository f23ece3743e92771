/// `format()` of the strings extension.
enum StringFormat {
    /// More decimal places than this say nothing about a double.
    private static let maximumPrecision = 1000

    static func format(_ text: String, _ values: [CELValue], _ frame: inout Frame) throws(Failure) -> String {
        try frame.charge(bytes: text.utf8.count)
        var result: [UInt8] = []
        var bytes = text.utf8[...]
        var next = 0
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            if bytes.first == byte {
                bytes.removeFirst()
                result.append(byte)
                continue
            }
            let precision = try precision(&bytes)
            guard let verb = bytes.popFirst() else {
                throw Failure(.invalidValue, "the format ends after '%'; a percent sign is written '%%'")
            }
            guard "sdfexXob".utf8.contains(verb) else {
                throw Failure(
                    .invalidValue,
                    "unknown clause in the format; the known ones are s, d, f, e, x, X, o, b and %%"
                )
            }
            guard next < values.count else {
                throw Failure(.outOfRange, "the format has more clauses than there are values")
            }
            let value = values[next]
            next += 1
            try frame.charge(value.weight + precision / 16)
            result += Array(try clause(verb, value, precision, &frame).utf8)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func precision(_ bytes: inout Substring.UTF8View) throws(Failure) -> Int {
        guard bytes.first == UInt8(ascii: ".") else { return 6 }
        bytes.removeFirst()
        let digits = bytes.prefix { $0 &- 48 < 10 }
        bytes = bytes[digits.endIndex...]
        guard let precision = Int(Substring(digits)), precision <= maximumPrecision else {
            throw Failure(.invalidValue, "a precision from 0 to 1000 is expected after '.' in the format")
        }
        return precision
    }

    private static let wrongValue = Failure(
        .noSuchOverload,
        "this clause of the format takes no value of this type; s takes nearly all, d, f and e take numbers"
    )

    private static func clause(
        _ verb: UInt8,
        _ value: CELValue,
        _ precision: Int,
        _ frame: inout Frame
    ) throws(Failure) -> String {
        switch verb {
        case UInt8(ascii: "s"): return try string(value, &frame)
        case UInt8(ascii: "d"):
            switch value {
            case .int(let value): return String(value)
            case .uint(let value): return String(value)
            case .double(let value): return NumberText.plain(value)
            default: throw wrongValue
            }
        case UInt8(ascii: "f"):
            switch value {
            case .int(let value): return decimal(String(value), places: precision)
            case .uint(let value): return decimal(String(value), places: precision)
            case .double(let value): return NumberText.fixed(value, places: precision)
            default: throw wrongValue
            }
        case UInt8(ascii: "e"):
            switch value {
            case .int(let value): return NumberText.scientific(Double(value), places: precision)
            case .uint(let value): return NumberText.scientific(Double(value), places: precision)
            case .double(let value): return NumberText.scientific(value, places: precision)
            default: throw wrongValue
            }
        case UInt8(ascii: "x"), UInt8(ascii: "X"):
            let isUpper = verb == UInt8(ascii: "X")
            switch value {
            case .string(let text): return hexadecimal(Array(text.utf8), isUpper: isUpper)
            case .bytes(let bytes): return hexadecimal(bytes, isUpper: isUpper)
            default: return try integer(value, radix: 16, isUpper: isUpper)
            }
        case UInt8(ascii: "o"): return try integer(value, radix: 8)
        default:
            if case .bool(let value) = value { return value ? "1" : "0" }
            return try integer(value, radix: 2)
        }
    }

    private static func decimal(_ digits: String, places: Int) -> String {
        places == 0 ? digits : digits + "." + String(repeating: "0", count: places)
    }

    private static func integer(_ value: CELValue, radix: Int, isUpper: Bool = false) throws(Failure) -> String {
        switch value {
        case .int(let value): return String(value, radix: radix, uppercase: isUpper)
        case .uint(let value): return String(value, radix: radix, uppercase: isUpper)
        default: throw wrongValue
        }
    }

    private static func hexadecimal(_ bytes: [UInt8], isUpper: Bool) -> String {
        let digits = Array((isUpper ? "0123456789ABCDEF" : "0123456789abcdef").utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// A value for `%s`.
    ///
    /// Values are no deeper than the evaluation allows.
    private static func string(_ value: CELValue, _ frame: inout Frame) throws(Failure) -> String {
        switch value {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .double(let value): return NumberText.plain(value)
        case .string(let text): return text
        case .bytes(let bytes): return repaired(bytes)
        case .timestamp(let value): return value.description
        case .duration(let value): return value.description
        case .type(let value): return value.name
        case .address(let value): return value.description
        case .network(let value): return value.description
        case .list(let list):
            var parts: [String] = []
            for element in list.elements { parts.append(try string(element, &frame)) }
            return "[\(parts.joined(separator: ", "))]"
        case .map(let map):
            var parts: [(key: String, text: String)] = []
            for entry in map.entries {
                let key = try string(entry.key.value, &frame)
                parts.append((key, "\(key): \(try string(entry.value, &frame))"))
            }
            parts.sort { $0.key.precedes($1.key) }
            return "{\(parts.map(\.text).joined(separator: ", "))}"
        case .optional: throw wrongValue
        }
    }

    /// Text with one replacement character for every run of bytes that are not UTF-8.
    private static func repaired(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var result = ""
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var isAfterError = false
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar):
                result.unicodeScalars.append(Unicode.UTF8.decode(scalar))
                isAfterError = false
            case .error:
                if !isAfterError { result += "\u{FFFD}" }
                isAfterError = true
            case .emptyInput: return result
            }
        }
    }
}
