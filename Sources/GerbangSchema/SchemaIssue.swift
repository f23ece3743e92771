public import GerbangJSON

/// One way in which a value breaks a schema.
///
/// The message is made of the schema alone, so it can be logged and shown. The pointer holds the keys that lead to the
/// place, and those are the sender's; where keys can be personal data, as in an object that is indexed by NIK, treat
/// the pointer as such.
public struct SchemaIssue: Sendable, Hashable, CustomStringConvertible {
    /// Where in the value; for a missing member, the object that lacks it.
    public let pointer: JSONPointer
    /// The keyword of the schema that is broken, such as `required`.
    ///
    /// `false` where the schema allows nothing, and `limit` where the value is too deep or too costly to check.
    public let keyword: String
    /// What would be right, to be read after the name of the place: `must be a string`.
    public let message: String

    /// Makes an issue.
    public init(pointer: JSONPointer, keyword: String, message: String) {
        self.pointer = pointer
        self.keyword = keyword
        self.message = message
    }

    /// Pointer and message in one line.
    public var description: String {
        pointer.tokens.isEmpty ? "the value \(message)" : "\(pointer) \(message)"
    }
}

extension SchemaIssue: Comparable {
    /// Orders by pointer, indices by their number; what is inside a value comes before the value itself.
    public static func < (left: SchemaIssue, right: SchemaIssue) -> Bool {
        for (leftToken, rightToken) in zip(left.pointer.tokens, right.pointer.tokens) where leftToken != rightToken {
            // Indices before other keys, so that there is one order also where an object has both.
            let leftIndex = Int(leftToken) ?? .max
            let rightIndex = Int(rightToken) ?? .max
            return (leftIndex, leftToken) < (rightIndex, rightToken)
        }
        if left.pointer.tokens.count != right.pointer.tokens.count {
            return left.pointer.tokens.count > right.pointer.tokens.count
        }
        return (left.keyword, left.message) < (right.keyword, right.message)
    }
}
