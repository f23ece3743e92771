/// The strings extension.
///
/// Positions count code points.
enum StringFunctions {
    static let functions: [Function] = [
        .binary("charAt", .strings, member: true, [Signature([.string, .int], .string)]) {
            text,
            index,
            frame throws(Failure) in
            guard case .string(let text) = text, case .int(let index) = index else { throw .noSuchOverload }
            try frame.charge(bytes: text.utf8.count)
            return .string(
                try text.slice(from: Int(index), to: index == Int64(text.scalarCount) ? Int(index) : Int(index) &+ 1)
            )
        },
        .binary("indexOf", .strings, member: true, [Signature([.string, .string], .int)]) {
            text,
            part,
            frame throws(Failure) in
            try indexOf([text, part], &frame)
        },
        .variadic("indexOf", .strings, member: true, [Signature([.string, .string, .int], .int)], indexOf),
        .binary("lastIndexOf", .strings, member: true, [Signature([.string, .string], .int)]) {
            text,
            part,
            frame throws(Failure) in
            try lastIndexOf([text, part], &frame)
        },
        .variadic("lastIndexOf", .strings, member: true, [Signature([.string, .string, .int], .int)], lastIndexOf),
        .unary("lowerAscii", .strings, member: true, [Signature([.string], .string)]) { text, frame throws(Failure) in
            try mapBytes(text, &frame) { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
        },
        .unary("upperAscii", .strings, member: true, [Signature([.string], .string)]) { text, frame throws(Failure) in
            try mapBytes(text, &frame) { $0 &- 97 < 26 ? $0 & 0xDF : $0 }
        },
        .unary("trim", .strings, member: true, [Signature([.string], .string)]) { text, frame throws(Failure) in
            guard case .string(let text) = text else { throw .noSuchOverload }
            try frame.charge(bytes: text.utf8.count)
            var scalars = text.unicodeScalars[...]
            while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
            while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
            return .string(String(scalars))
        },
        .unary(
            "reverse",
            .strings,
            member: true,
            [Signature([.string], .string), Signature([.list(.first)], .list(.first))]
        ) {
            value,
            frame throws(Failure) in
            switch value {
            case .string(let text):
                try frame.charge(bytes: text.utf8.count)
                var reversed = String.UnicodeScalarView()
                reversed.append(contentsOf: text.unicodeScalars.reversed())
                return .string(String(reversed))
            case .list(let list):
                try frame.charge(list.elements.count)
                return try frame.list(list.elements.reversed())
            default: throw .noSuchOverload
            }
        },
        .binary("substring", .strings, member: true, [Signature([.string, .int], .string)]) {
            text,
            start,
            frame throws(Failure) in
            guard case .string(let text) = text, case .int(let start) = start else { throw .noSuchOverload }
            try frame.charge(bytes: text.utf8.count)
            return .string(try text.slice(from: Int(start), to: text.scalarCount))
        },
        .variadic("substring", .strings, member: true, [Signature([.string, .int, .int], .string)]) {
            arguments,
            frame throws(Failure) in
            guard arguments.count == 3, case .string(let text) = arguments[0], case .int(let start) = arguments[1],
                case .int(let end) = arguments[2]
            else { throw .noSuchOverload }
            try frame.charge(bytes: text.utf8.count)
            return .string(try text.slice(from: Int(start), to: Int(end)))
        },
        .variadic(
            "replace",
            .strings,
            member: true,
            [Signature([.string, .string, .string], .string), Signature([.string, .string, .string, .int], .string)],
            replace
        ),
        .variadic(
            "split",
            .strings,
            member: true,
            [Signature([.string, .string], .list(.string)), Signature([.string, .string, .int], .list(.string))],
            split
        ),
        .unary("join", .strings, member: true, [Signature([.list(.string)], .string)]) { list, frame throws(Failure) in
            try join(list, .string(""), &frame)
        },
        .binary("join", .strings, member: true, [Signature([.list(.string), .string], .string)], join),
        .unary("strings.quote", .strings, [Signature([.string], .string)]) { text, frame throws(Failure) in
            guard case .string(let text) = text else { throw .noSuchOverload }
            try frame.charge(bytes: text.utf8.count)
            return .string(quoted(text))
        },
        .binary("format", .strings, member: true, [Signature([.string, .list(.dyn)], .string)]) {
            text,
            values,
            frame throws(Failure) in
            guard case .string(let text) = text, case .list(let values) = values else { throw .noSuchOverload }
            return .string(try StringFormat.format(text, values.elements, &frame))
        },
    ]

    static let outOfRange = Failure(.outOfRange, "the position lies outside the text; the first character is at 0")

    // MARK: Searching

    /// The text, what is searched for, and the position to start from.
    private static func search(
        _ arguments: [CELValue],
        _ frame: inout Frame
    ) throws(Failure) -> (text: [Unicode.Scalar], part: [Unicode.Scalar], start: Int?) {
        guard arguments.count >= 2, case .string(let text) = arguments[0], case .string(let part) = arguments[1] else {
            throw .noSuchOverload
        }
        try frame.charge(bytes: 4 * (text.utf8.count + part.utf8.count))
        let scalars = Array(text.unicodeScalars)
        guard arguments.count == 3 else { return (scalars, Array(part.unicodeScalars), nil) }
        guard case .int(let start) = arguments[2] else { throw .noSuchOverload }
        guard start >= 0, start <= scalars.count else { throw outOfRange }
        return (scalars, Array(part.unicodeScalars), Int(start))
    }

    @Sendable
    private static func indexOf(_ arguments: [CELValue], _ frame: inout Frame) throws(Failure) -> CELValue {
        let (text, part, start) = try search(arguments, &frame)
        return .int(Int64(Text.find(part, in: text[(start ?? 0)...]) ?? -1))
    }

    @Sendable
    private static func lastIndexOf(_ arguments: [CELValue], _ frame: inout Frame) throws(Failure) -> CELValue {
        let (text, part, start) = try search(arguments, &frame)
        if part.isEmpty { return .int(Int64(start ?? text.count)) }
        // The last match is the first in the reversed text; it may begin at the position at most.
        let end = min(text.count, (start ?? text.count) + part.count)
        let reversed = Array(text[..<end].reversed())
        guard let found = Text.find(Array(part.reversed()), in: reversed) else { return .int(-1) }
        return .int(Int64(end - found - part.count))
    }

    // MARK: Rewriting

    private static func mapBytes(
        _ value: CELValue,
        _ frame: inout Frame,
        _ transform: (UInt8) -> UInt8
    ) throws(Failure) -> CELValue {
        guard case .string(let text) = value else { throw .noSuchOverload }
        try frame.charge(bytes: text.utf8.count)
        return .string(String(decoding: text.utf8.map(transform), as: UTF8.self))
    }

    @Sendable
    private static func replace(_ arguments: [CELValue], _ frame: inout Frame) throws(Failure) -> CELValue {
        guard arguments.count >= 3, case .string(let text) = arguments[0], case .string(let old) = arguments[1],
            case .string(let new) = arguments[2]
        else { throw .noSuchOverload }
        var limit = Int64.max
        if arguments.count == 4 {
            guard case .int(let given) = arguments[3] else { throw .noSuchOverload }
            if given >= 0 { limit = given }
        }
        try frame.charge(bytes: text.utf8.count)
        let bytes = Array(text.utf8)
        let replacement = Array(new.utf8)
        var result: [UInt8] = []
        var position = 0
        var count: Int64 = 0
        if old.isEmpty {
            // Before every code point and at the end.
            while count < limit {
                try frame.charge(bytes: replacement.count)
                result += replacement
                count += 1
                guard position < bytes.count else { break }
                repeat {
                    result.append(bytes[position])
                    position += 1
                } while position < bytes.count && bytes[position] & 0xC0 == 0x80
            }
        } else {
            while count < limit, let found = Text.firstIndex(of: old, in: text, from: position) {
                try frame.charge(bytes: replacement.count)
                result += bytes[position..<found] + replacement
                position = found + old.utf8.count
                count += 1
            }
        }
        result += bytes[min(position, bytes.count)...]
        return .string(String(decoding: result, as: UTF8.self))
    }

    @Sendable
    private static func split(_ arguments: [CELValue], _ frame: inout Frame) throws(Failure) -> CELValue {
        guard arguments.count >= 2, case .string(let text) = arguments[0], case .string(let separator) = arguments[1]
        else {
            throw .noSuchOverload
        }
        var limit = Int64.max
        if arguments.count == 3 {
            guard case .int(let given) = arguments[2] else { throw .noSuchOverload }
            if given >= 0 { limit = given }
        }
        guard limit > 0 else { return try frame.list([]) }
        try frame.charge(bytes: text.utf8.count)
        let bytes = Array(text.utf8)
        var parts: [CELValue] = []
        var position = 0
        while Int64(parts.count) < limit - 1 {
            try frame.charge(1)
            var end: Int
            var next: Int
            if separator.isEmpty {
                guard position < bytes.count else { break }
                end = position + 1
                while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
                guard end < bytes.count else { break }
                next = end
            } else {
                guard let found = Text.firstIndex(of: separator, in: text, from: position) else { break }
                end = found
                next = found + separator.utf8.count
            }
            parts.append(.string(String(decoding: bytes[position..<end], as: UTF8.self)))
            position = next
        }
        if !separator.isEmpty || position < bytes.count {
            parts.append(.string(String(decoding: bytes[position...], as: UTF8.self)))
        }
        return try frame.list(parts)
    }

    @Sendable
    private static func join(
        _ list: CELValue,
        _ separator: CELValue,
        _ frame: inout Frame
    ) throws(Failure) -> CELValue {
        guard case .list(let list) = list, case .string(let separator) = separator else { throw .noSuchOverload }
        var result = ""
        for (index, element) in list.elements.enumerated() {
            guard case .string(let text) = element else { throw .noSuchOverload }
            try frame.charge(bytes: separator.utf8.count + text.utf8.count)
            if index > 0 { result += separator }
            result += text
        }
        return .string(result)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{7}": result += #"\a"#
            case "\u{8}": result += #"\b"#
            case "\u{C}": result += #"\f"#
            case "\n": result += #"\n"#
            case "\r": result += #"\r"#
            case "\t": result += #"\t"#
            case "\u{B}": result += #"\v"#
            case "\\": result += #"\\"#
            case "\"": result += #"\""#
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension String {
    /// The code points from one position up to another.
    fileprivate func slice(from start: Int, to end: Int) throws(Failure) -> String {
        guard start <= end, start >= 0 else { throw StringFunctions.outOfRange }
        let slice: String? = withBytes { bytes in
            guard let first = Text.byteOffset(ofScalar: start, in: bytes),
                let last = Text.byteOffset(ofScalar: end, in: bytes)
            else { return nil }
            return String(decoding: UnsafeBufferPointer(rebasing: bytes[first..<last]), as: UTF8.self)
        }
        guard let slice else { throw StringFunctions.outOfRange }
        return slice
    }
}
