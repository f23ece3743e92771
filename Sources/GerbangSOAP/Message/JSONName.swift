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
            uri.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0xFFFE && $0.value != 0xFFFF })
        else { return nil }
        name = XMLName(String(local), namespace: String(uri))
    }

    /// The text of a name.
    static func text(_ name: XMLName) -> String { name.description }
}
