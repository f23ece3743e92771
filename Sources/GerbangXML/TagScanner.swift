internal import Glibc

/// Looks at the tags of a document, and at nothing else of it.
@safe
struct TagScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let count: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        unsafe self.bytes = unsafe bytes
        count = bytes.count
    }

    private static let commentStart: StaticString = "!--"
    private static let commentEnd: StaticString = "-->"
    private static let sectionStart: StaticString = "![CDATA["
    private static let sectionEnd: StaticString = "]]>"
    private static let instructionEnd: StaticString = "?>"

    func attributesWithin(_ limit: Int, from start: Int) -> Bool {
        var index = start
        while let tag = next(UInt8(ascii: "<"), from: index), tag + 1 < count {
            index = tag + 1
            switch unsafe bytes[index] {
            case UInt8(ascii: "/"):
                break
            case UInt8(ascii: "?"):
                index = skip(from: index, past: Self.instructionEnd)
            case UInt8(ascii: "!"):
                if begins(Self.commentStart, at: index) {
                    index = skip(from: index + 3, past: Self.commentEnd)
                } else if begins(Self.sectionStart, at: index) {
                    index = skip(from: index, past: Self.sectionEnd)
                } else {
                    return true
                }
            default:
                guard let next = skipTag(from: index, limit: limit) else { return false }
                index = next
            }
        }
        return true
    }

    private func next(_ byte: UInt8, from start: Int) -> Int? {
        guard start < count, let base = unsafe bytes.baseAddress,
            let found = unsafe memchr(base + start, Int32(byte), count - start)
        else { return nil }
        return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private func begins(_ text: StaticString, at index: Int) -> Bool {
        let expected = unsafe UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return unsafe bytes[index...].starts(with: expected)
    }

    private func skip(from start: Int, past terminator: StaticString) -> Int {
        var index = start
        let first = unsafe terminator.utf8Start.pointee
        while let found = next(first, from: index) {
            if begins(terminator, at: found) { return found + terminator.utf8CodeUnitCount }
            index = found + 1
        }
        return count
    }

    private func skipTag(from start: Int, limit: Int) -> Int? {
        var index = start
        var attributes = 0
        while index < count {
            let byte = unsafe bytes[index]
            index += 1
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                attributes += 1
                if attributes > limit { return nil }
                guard let end = next(byte, from: index) else { return count }
                index = end + 1
            } else if byte == UInt8(ascii: ">") {
                return index
            }
        }
        return index
    }
}
