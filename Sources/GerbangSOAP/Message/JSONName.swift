internal import GerbangXML

/// A name as it stands in JSON: `local`, or `{namespace}local`.
struct JSONName {
    let name: XMLName

    init?(_ text: String) {
        guard text.utf8.first == UInt8(ascii: "{") else {
            guard XMLCharacters.isName(text) else { return nil }
            name = XMLName(text)
            return
        }
        guard let end = text.lastIndex(of: "}") else { return nil }
        let local = text[text.index(after: end)...]
        let uri = text[text.index(after: text.startIndex)..<end]
        guard XMLCharacters.isName(local),
            uri.unicodeScalars.allSatisfy(Self.isAllowed)
        else { return nil }
        name = XMLName(String(local), namespace: String(uri))
    }

    /// Whether XML can have a character in an attribute, and so in the name of a namespace.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: true
        case 0..<0x20, 0xFFFE, 0xFFFF: false
        default: true
        }
    }

    /// The text of a name.
    static func text(_ name: XMLName) -> String { name.description }
}
