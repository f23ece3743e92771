internal import GerbangXML

/// An XPath 1.0 expression, in which `*:name` stands for an element of that local name in any namespace.
///
/// A path that only names children, such as `/*/*:Body/*:vehicle/*:plate`, is walked directly: that takes a tenth of
/// the time.
struct XMLPath: Sendable {
    private enum Step: Sendable {
        case any
        case child(String, namespace: String?)
    }

    private let expression: XPathExpression
    /// The steps of a simple path, and whether it begins at the document.
    private let steps: [Step]?
    private let isAbsolute: Bool

    /// Compiles a path.
    ///
    /// - Throws: ``XMLError`` with code `xml.xpath`.
    init(_ text: String, namespaces: [String: String]) throws(XMLError) {
        expression = try XPathExpression(Self.expanded(text), namespaces: namespaces)
        isAbsolute = text.hasPrefix("/")
        steps = Self.steps(of: isAbsolute ? text.dropFirst() : text[...], namespaces: namespaces)
    }

    /// The elements that the path selects.
    func elements(in element: XMLElement) throws(XMLError) -> [XMLElement] {
        guard let steps else { return try element.select(expression) }
        return walk(steps, from: element)
    }

    /// The text of the first node; `nil` where there is none.
    func text(in element: XMLElement) throws(XMLError) -> String? {
        guard let steps else { return try element.string(at: expression) }
        return walk(steps, from: element).first?.stringValue
    }

    /// The texts of all nodes.
    func texts(in element: XMLElement) throws(XMLError) -> [String] {
        guard let steps else { return try element.strings(at: expression) }
        return walk(steps, from: element).map(\.stringValue)
    }

    /// Whether the path selects anything, or is true.
    func exists(in element: XMLElement) throws(XMLError) -> Bool {
        guard let steps else { return try element.boolean(at: expression) }
        return !walk(steps, from: element).isEmpty
    }

    private func walk(_ steps: [Step], from element: XMLElement) -> [XMLElement] {
        var steps = steps[...]
        var current = [element]
        if isAbsolute {
            let root = element.document.root
            guard let first = steps.first, Self.matches(root, first) else { return [] }
            current = [root]
            steps = steps.dropFirst()
        }
        for step in steps {
            switch step {
            case .any: current = current.flatMap(\.children)
            case .child(let name, let namespace): current = current.flatMap { $0.children(name, namespace: namespace) }
            }
            if current.isEmpty { return [] }
        }
        return current
    }

    private static func matches(_ element: XMLElement, _ step: Step) -> Bool {
        switch step {
        case .any: true
        case .child(let name, let namespace): element.isNamed(name, namespace: namespace)
        }
    }

    private static func steps(of text: Substring, namespaces: [String: String]) -> [Step]? {
        if text == "." { return [] }
        var steps: [Step] = []
        for part in text.split(separator: "/", omittingEmptySubsequences: false) {
            if part == "*" {
                steps.append(.any)
                continue
            }
            let names = part.split(separator: ":", omittingEmptySubsequences: false)
            guard let local = names.last, isName(local), names.count <= 2 else { return nil }
            guard names.count == 2 else {
                steps.append(.child(String(local), namespace: ""))
                continue
            }
            if names[0] == "*" {
                steps.append(.child(String(local), namespace: nil))
            } else if let uri = namespaces[String(names[0])] {
                steps.append(.child(String(local), namespace: uri))
            } else {
                return nil
            }
        }
        return steps.isEmpty ? nil : steps
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return false }
        return text.unicodeScalars.allSatisfy { continuesName($0) }
    }

    private static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
            || scalar == "."
    }

    /// Writes `*:name` in the words of XPath 1.0.
    private static func expanded(_ text: String) -> String {
        guard text.contains("*:") else { return text }
        var result = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var position = 0
        var quote: Unicode.Scalar?
        while position < scalars.count {
            let scalar = scalars[position]
            if scalar == quote { quote = nil } else if quote == nil, scalar == "'" || scalar == "\"" { quote = scalar }
            let isWildcard =
                quote == nil && scalar == "*" && position + 1 < scalars.count && scalars[position + 1] == ":"
            let name = isWildcard ? scalars[(position + 2)...].prefix { continuesName($0) } : []
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
