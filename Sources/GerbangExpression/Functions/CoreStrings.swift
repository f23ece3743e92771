/// The functions on texts that belong to the core of the language.
enum CoreStrings {
    private static let predicate = [Signature([.string, .string], .bool)]

    static let functions: [Function] = [
        .binary("contains", .core, member: true, predicate) { text, part, frame throws(Failure) in
            let (text, part) = try texts(text, part, &frame)
            return .bool(Text.firstIndex(of: part, in: text) != nil)
        },
        .binary("startsWith", .core, member: true, predicate) { text, part, frame throws(Failure) in
            let (text, part) = try texts(text, part, &frame)
            return .bool(text.withBytes { text in part.withBytes { text.starts(with: $0) } })
        },
        .binary("endsWith", .core, member: true, predicate) { text, part, frame throws(Failure) in
            let (text, part) = try texts(text, part, &frame)
            return .bool(text.withBytes { text in part.withBytes { text.suffix($0.count).elementsEqual($0) } })
        },
    ]

    private static func texts(
        _ text: CELValue,
        _ part: CELValue,
        _ frame: inout Frame
    ) throws(Failure) -> (String, String) {
        guard case .string(let text) = text, case .string(let part) = part else { throw .noSuchOverload }
        try frame.charge(bytes: text.utf8.count + part.utf8.count)
        return (text, part)
    }
}

/// Searching in the bytes of texts, in linear time.
enum Text {
    /// The first byte of a part in a text, not before `start`; nil if it is not in there.
    static func firstIndex(of part: String, in text: String, from start: Int = 0) -> Int? {
        text.withBytes { text in part.withBytes { firstIndex(of: $0, in: text, from: start) } }
    }

    private static func firstIndex(
        of part: UnsafeBufferPointer<UInt8>,
        in text: UnsafeBufferPointer<UInt8>,
        from start: Int
    ) -> Int? {
        guard let first = part.first else { return start }
        guard start + part.count <= text.count else { return nil }
        // Short parts are compared place by place; that multiplies the work by a small number at most.
        guard part.count <= 16 else { return find(part, in: text[start...]) }
        for position in start...text.count - part.count where text[position] == first {
            var length = 1
            while length < part.count, text[position + length] == part[length] { length += 1 }
            if length == part.count { return position }
        }
        return nil
    }

    /// The first place of a part, found in linear time (Knuth, Morris, Pratt).
    static func find<Part: RandomAccessCollection, Whole: RandomAccessCollection>(
        _ part: Part,
        in text: Whole
    ) -> Int? where Part.Element: Equatable, Whole.Element == Part.Element, Part.Index == Int, Whole.Index == Int {
        guard !part.isEmpty else { return text.startIndex }
        guard part.count <= text.count else { return nil }
        var borders = [Int](repeating: 0, count: part.count)
        var length = 0
        for index in part.indices.dropFirst() {
            while length > 0, part[index] != part[length] { length = borders[length - 1] }
            if part[index] == part[length] { length += 1 }
            borders[index] = length
        }
        length = 0
        for index in text.indices {
            while length > 0, text[index] != part[length] { length = borders[length - 1] }
            if text[index] == part[length] { length += 1 }
            if length == part.count { return index + 1 - length }
        }
        return nil
    }

    /// The byte at which the code point of a number begins, the end for the number of code points; nil beyond.
    static func byteOffset(ofScalar number: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard number >= 0 else { return nil }
        var count = 0
        for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            if count == number { return offset }
            count += 1
        }
        return count == number ? bytes.count : nil
    }
}
