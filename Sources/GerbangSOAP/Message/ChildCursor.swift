internal import GerbangXML

/// Goes through the child elements of an element.
struct ChildCursor {
    let parent: XMLElement
    private(set) var current: XMLElement?
    /// Whether there was text other than white space so far.
    private(set) var strayText = false

    init(_ parent: XMLElement) {
        self.parent = parent
        current = parent.firstElement(strayText: &strayText)
    }

    var isAtEnd: Bool { current == nil }

    mutating func advance() {
        current = current?.nextElement(strayText: &strayText)
    }
}
