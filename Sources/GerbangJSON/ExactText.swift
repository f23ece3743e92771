/// Text compared byte by byte.
///
/// Swift's own `==` treats canonically equivalent strings as one ("é" in one scalar or in two). RFC 8259, section 8.3,
/// compares code units, and so must whoever promises that nothing is lost or merged.
struct ExactText: Hashable {
    let text: String

    static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isExactly(right.text)
    }

    func hash(into hasher: inout Hasher) {
        text.hashExactly(into: &hasher)
    }
}

extension String {
    func isExactly(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let (left, right) = (utf8Span.span, other.utf8Span.span)
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    /// Feeds the bytes themselves: the standard hash would give all canonically equivalent keys one value, and so let a
    /// sender of many such keys make every look-up slow.
    func hashExactly(into hasher: inout Hasher) {
        let done: Void? = utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        if done == nil {
            for byte in utf8 { hasher.combine(byte) }
        }
        // Ends the text, so that neighbouring texts cannot trade bytes; 0xFF never occurs in UTF-8.
        hasher.combine(0xFF as UInt8)
    }

    /// Whether this text sorts before the other by UTF-16 code units, the order of RFC 8785, section 3.2.3.
    ///
    /// UTF-8 bytes sort by code point. The two orders differ only where a supplementary character (lead byte from 0xF0, in
    /// UTF-16 a surrogate from D800) meets one of U+E000 to U+FFFF (lead bytes 0xEE and 0xEF).
    func precedesInUTF16(_ other: String) -> Bool {
        var left = utf8.makeIterator()
        var right = other.utf8.makeIterator()
        while let rightByte = right.next() {
            guard let leftByte = left.next() else { return true }
            if leftByte == rightByte { continue }
            if leftByte >= 0xEE, rightByte >= 0xEE, (leftByte >= 0xF0) != (rightByte >= 0xF0) {
                return leftByte >= 0xF0
            }
            return leftByte < rightByte
        }
        return false
    }
}
