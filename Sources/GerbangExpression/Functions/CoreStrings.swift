internal import Glibc

/// The functions on texts that belong to the core of the language.
enum CoreStrings {
    private static let predicate = [Signature([.string, .string], .bool)]

    static let functions: [Function] = [
        .binary("contains", member: true, predicate) { text, part, frame in
            let (text, part) = try texts(text, part, &frame)
            return .bool(Text.firstIndex(of: part, in: text) != nil)
        },
        .binary("startsWith", member: true, predicate) { text, part, frame in
            let (text, part) = try texts(text, part, &frame)
            return .bool(text.withBytes { text in part.withBytes { text.starts(with: $0) } })
        },
        .binary("endsWith", member: true, predicate) { text, part, frame in
            let (text, part) = try texts(text, part, &frame)
            return .bool(text.withBytes { text in part.withBytes { text.suffix($0.count).elementsEqual($0) } })
        },
    ]

    private static func texts(
        _ text: CELValue, _ part: CELValue, _ frame: inout Frame
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

    static func firstIndex(
        of part: UnsafeBufferPointer<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        guard !part.isEmpty else { return start }
        guard let base = text.baseAddress, start + part.count <= text.count else { return nil }
        let found = memmem(base + start, text.count - start, part.baseAddress, part.count)
        return found.map { UnsafeRawPointer($0) - UnsafeRawPointer(base) }
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
