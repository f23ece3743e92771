internal import GerbangXML

/// A path of child elements that needs no XPath.
struct XMLWalkPlan: Sendable {
    /// Which elements are meant.
    private enum Test: Sendable {
        case any
        /// The local name, and the namespace: nil for any, empty for none.
        case named(String, namespace: String?)
    }

    private enum Predicate: Sendable {
        /// The one at this position, counted from 1 among those that the rest of the step leaves.
        case position(Int)
        /// Those that have such a child, or those that have none.
        case child(Test, isThere: Bool)
    }

    private struct Step: Sendable {
        var test: Test
        var predicates: [Predicate] = []
    }

    private let steps: [Step]
    /// Whether it begins at the document.
    private let isAbsolute: Bool
    /// The attribute of the elements that is meant instead of them.
    let attribute: (name: String, namespace: String)?

    /// Reads a path; nil if it is more than children, attributes and simple predicates.
    init?(_ path: some StringProtocol, namespaces: [String: String]) {
        var text = path.drop { $0 == " " }
        while text.last == " " { text.removeLast() }
        isAbsolute = text.first == "/"
        if isAbsolute { text.removeFirst() }
        var steps: [Step] = []
        var attribute: (String, String)?
        for part in text == "." ? [] : text.split(separator: "/", omittingEmptySubsequences: false) {
            guard attribute == nil else { return nil }
            if part.first == "@" {
                guard case .named(let name, let namespace?) = Self.test(part.dropFirst(), namespaces) else {
                    return nil
                }
                attribute = (name, namespace)
            } else {
                guard let step = Self.step(part, namespaces) else { return nil }
                steps.append(step)
            }
        }
        guard !isAbsolute || !steps.isEmpty else { return nil }
        self.steps = steps
        self.attribute = attribute
    }

    // MARK: Reading

    private static func step(_ text: some StringProtocol, _ namespaces: [String: String]) -> Step? {
        let parts = text.split(separator: "[", omittingEmptySubsequences: false)
        guard let test = test(parts[0], namespaces) else { return nil }
        var step = Step(test: test)
        for part in parts.dropFirst() {
            guard part.last == "]", let predicate = predicate(part.dropLast(), namespaces) else { return nil }
            step.predicates.append(predicate)
        }
        return step
    }

    private static func predicate(_ text: some StringProtocol, _ namespaces: [String: String]) -> Predicate? {
        if let first = text.utf8.first, (0x31...0x39).contains(first) { return Int(text).map { .position($0) } }
        guard text.hasPrefix("not("), text.hasSuffix(")") else {
            return test(text, namespaces).map { .child($0, isThere: true) }
        }
        return test(text.dropFirst(4).dropLast(), namespaces).map { .child($0, isThere: false) }
    }

    private static func test(_ text: some StringProtocol, _ namespaces: [String: String]) -> Test? {
        if text == "*" { return .any }
        let names = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let local = names.last, isName(local), names.count <= 2 else { return nil }
        guard names.count == 2 else { return .named(String(local), namespace: "") }
        if names[0] == "*" { return .named(String(local), namespace: nil) }
        return namespaces[String(names[0])].map { .named(String(local), namespace: $0) }
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return false }
        return text.unicodeScalars.allSatisfy { continuesName($0) }
    }

    /// Whether a name may go on with this character.
    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "_" || scalar == "-"
            || scalar == "."
    }

    // MARK: Walking

    /// The elements, in the order of the document.
    func elements(from element: XMLElement) -> [XMLElement] {
        var found: [XMLElement] = []
        _ = visit(steps[...], from: element, isStart: true) { element in
            found.append(element)
            return false
        }
        return found
    }

    /// The first element.
    func first(from element: XMLElement) -> XMLElement? {
        var found: XMLElement?
        _ = visit(steps[...], from: element, isStart: true) { element in
            found = element
            return true
        }
        return found
    }

    /// Visits what the steps lead to until `body` says that it is enough; says whether it did.
    private func visit(
        _ steps: ArraySlice<Step>,
        from element: XMLElement,
        isStart: Bool,
        _ body: (XMLElement) -> Bool
    ) -> Bool {
        guard let step = steps.first else { return body(element) }
        // The document has one child element.
        var next = isStart && isAbsolute ? element.document.root : element.firstChild
        var counts = step.predicates.isEmpty ? [] : [Int](repeating: 0, count: step.predicates.count)
        while let child = next {
            if Self.matches(child, step, &counts), visit(steps.dropFirst(), from: child, isStart: false, body) {
                return true
            }
            next = child.nextSibling
        }
        return false
    }

    private static func matches(_ element: XMLElement, _ step: Step, _ counts: inout [Int]) -> Bool {
        guard matches(element, step.test) else { return false }
        for (index, predicate) in step.predicates.enumerated() {
            counts[index] += 1
            switch predicate {
            case .position(let position): if counts[index] != position { return false }
            case .child(let test, let isThere): if hasChild(element, test) != isThere { return false }
            }
        }
        return true
    }

    private static func hasChild(_ element: XMLElement, _ test: Test) -> Bool {
        switch test {
        case .any: element.firstChild != nil
        case .named(let name, let namespace): element.firstChild(name, namespace: namespace) != nil
        }
    }

    private static func matches(_ element: XMLElement, _ test: Test) -> Bool {
        switch test {
        case .any: true
        case .named(let name, let namespace): element.isNamed(name, namespace: namespace)
        }
    }
}
