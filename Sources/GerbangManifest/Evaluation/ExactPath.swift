internal import GerbangJSON

/// An expression that only names a place in the input or in the answer, such as `input.owner.nik`.
///
/// Its value is taken over as it is: numbers keep all their digits, which values of expressions cannot.
struct ExactPath: Sendable, Hashable {
    enum Root: String, Sendable {
        case input, body
    }

    let root: Root
    let members: [String]

    /// The place that an expression names; nil for any other expression.
    init?(_ source: String) {
        // Most expressions are more than a path, which one of these bytes shows without taking them apart.
        guard source.utf8.count < 256, !source.utf8.contains(where: { "()[]{}\"',?:!&|<>=+*/%".utf8.contains($0) })
        else {
            return nil
        }
        let parts = XMLText.trimmed(source).split(separator: ".", omittingEmptySubsequences: false)
        guard let root = parts.first.flatMap({ Root(rawValue: String($0)) }),
            parts.dropFirst().allSatisfy({ SettingsPlan.isName(String($0)) })
        else { return nil }
        self.root = root
        members = parts.dropFirst().map { String($0) }
    }
}

/// The values that exact paths lead into.
struct ExactValues {
    var input: JSONValue?
    var body: JSONValue?

    /// The value at a place; nil where there is none, which the expression itself then says better.
    func value(at path: ExactPath) -> JSONValue? {
        var value = path.root == .input ? input : body
        for member in path.members { value = value?[member] }
        return value
    }
}
