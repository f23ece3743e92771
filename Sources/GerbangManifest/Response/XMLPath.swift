internal import GerbangXML

/// An XPath 1.0 expression, in which `*:name` stands for an element of that local name in any namespace.
///
/// Paths of children, such as `/*/*:Body/*[1]/*:vehicle`, with predicates that count or that ask for a child, and an
/// attribute at the end, are walked directly: that takes a tenth of the time.
struct XMLPath: Sendable {
    private let expression: XPathExpression
    /// The paths between bars, if all of them can be walked.
    private let walks: [XMLWalkPlan]

    /// Compiles a path.
    ///
    /// - Throws: ``XMLError`` with code `xml.xpath`.
    init(_ text: String, namespaces: [String: String]) throws(XMLError) {
        expression = try XPathExpression(Self.expanded(text), namespaces: namespaces)
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        let walks = parts.compactMap { XMLWalkPlan($0, namespaces: namespaces) }
        let isWalked = walks.count == parts.count && (walks.count == 1 || walks.allSatisfy { $0.attribute == nil })
        self.walks = isWalked ? walks : []
    }

    /// The elements that the path selects.
    func elements(in element: XMLElement) throws(XMLError) -> [XMLElement] {
        var found: [XMLElement] = []
        for walk in walks where walk.attribute == nil {
            let more = walk.elements(from: element)
            // Only XPath knows how the finds of several paths lie in the document.
            guard found.isEmpty || more.isEmpty else { return try element.select(expression) }
            found += more
        }
        return walks.first?.attribute == nil && !walks.isEmpty ? found : try element.select(expression)
    }

    /// The first element that the path selects.
    func first(in element: XMLElement) throws(XMLError) -> XMLElement? {
        guard walks.count == 1, walks[0].attribute == nil else { return try elements(in: element).first }
        return walks[0].first(from: element)
    }

    /// The text of the first node; `nil` where there is none.
    func text(in element: XMLElement) throws(XMLError) -> String? {
        guard let walk = walks.first else { return try element.string(at: expression) }
        guard let attribute = walk.attribute else { return try first(in: element)?.stringValue }
        return walk.elements(from: element).lazy.compactMap {
            $0.attribute(attribute.name, namespace: attribute.namespace)
        }
        .first
    }

    /// The texts of all nodes.
    func texts(in element: XMLElement) throws(XMLError) -> [String] {
        guard let walk = walks.first, walk.attribute == nil else { return try element.strings(at: expression) }
        return try elements(in: element).map(\.stringValue)
    }

    /// Whether the path selects anything, or is true.
    func exists(in element: XMLElement) throws(XMLError) -> Bool {
        guard let walk = walks.first, walk.attribute == nil else { return try element.boolean(at: expression) }
        return try first(in: element) != nil
    }

    /// Writes `*:name` in the words of XPath 1.0.
    private static func expanded(_ text: String) -> String {
        guard text.hasBytes(of: "*:") else { return text }
        var result = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var position = 0
        var quote: Unicode.Scalar?
        while position < scalars.count {
            let scalar = scalars[position]
            if scalar == quote { quote = nil } else if quote == nil, scalar == "'" || scalar == "\"" { quote = scalar }
            let isWildcard =
                quote == nil && scalar == "*" && position + 1 < scalars.count && scalars[position + 1] == ":"
            let name = isWildcard ? scalars[(position + 2)...].prefix { XMLWalkPlan.continuesName($0) } : []
            if name.isEmpty {
                result.append(scalar)
                position += 1
            } else {
                result.append(contentsOf: "*[local-name()='".unicodeScalars)
                result.append(contentsOf: name)
                result.append(contentsOf: "']".unicodeScalars)
                position += 2 + name.count
            }
        }
        return String(result)
    }
}
