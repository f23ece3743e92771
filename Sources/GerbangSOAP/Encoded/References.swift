internal import GerbangXML

/// The references of an encoded message (SOAP 1.1, section 5.2.1; SOAP 1.2 part 2, section 3.1.5).
///
/// A message may refer to one element many times, and references may form a circle, so the depth and the number of
/// references that are followed are limited.
struct References {
    private var targets: [String: XMLElement]?
    private var depth = 0
    private var followed = 0

    private static let maximumDepth = 64
    private static let maximumFollowed = 20_000

    /// The element that an element refers to; nil for one that has its own content. After a target ``leave()`` must
    /// follow.
    mutating func target(of element: XMLElement, _ decoder: MessageDecoder) throws(SOAPError) -> XMLElement? {
        guard !element.hasNoAttributes else { return nil }
        let name: String
        if let href = element.attribute("href"), href.hasPrefix("#") {
            name = String(href.dropFirst())
        } else if let reference = element.attribute("ref", namespace: Namespaces.encoding12) {
            name = reference.hasPrefix("#") ? String(reference.dropFirst()) : reference
        } else {
            return nil
        }
        if targets == nil { targets = Self.collect(in: element) }
        guard let target = targets?[name] else {
            throw decoder.error("The reference leads to no element of the message.", at: element)
        }
        depth += 1
        followed += 1
        guard depth <= Self.maximumDepth, followed <= Self.maximumFollowed else {
            throw decoder.error("The references form a circle, or there are too many of them.", at: element)
        }
        return target
    }

    mutating func leave() {
        depth -= 1
    }

    private static func collect(in element: XMLElement) -> [String: XMLElement] {
        var result: [String: XMLElement] = [:]
        var waiting = [element.document.root]
        while let next = waiting.popLast() {
            if !next.hasNoAttributes,
                let id = next.attribute("id") ?? next.attribute("id", namespace: Namespaces.encoding12)
            {
                result[id] = next
            }
            waiting += next.children
        }
        return result
    }
}
