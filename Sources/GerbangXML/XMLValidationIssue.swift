internal import CLibXML2

/// One way in which a document breaks its schema.
///
/// It never repeats document content. libxml2's messages quote the offending value, and a value may contain quotes, so
/// that no search for quotes could take it out reliably. Hence the message is written here, from the error's number;
/// from libxml2's text comes only its tail, which libxml2 always takes from the schema (the expected elements, the
/// type, the facet's value), and of this only words that the schema itself declares. Elements and attributes that the
/// schema does not know appear as `*` in the path and without name in the message.
public struct XMLValidationIssue: Sendable, Hashable, CustomStringConvertible {
    /// The line of the element, counted from 1.
    public let line: Int
    /// The way to the element from the one that was validated, as in `/order/item[2]/@count`.
    public let path: String
    /// What is wrong, without document content.
    public let message: String

    /// The line, the path and the message.
    public var description: String { "line \(line): \(path): \(message)" }

    init(_ problem: ProblemList.Problem, below root: XMLElement, _ vocabulary: SchemaVocabulary) {
        let words = SchemaMessage(problem.message, vocabulary)
        var path = ""
        var line = problem.line
        if let node = unsafe problem.node, let element = unsafe Self.element(node, in: root.document) {
            path = Self.path(to: element, below: root, vocabulary)
            line = element.line
        }
        if let attribute = words.subjectAttribute { path += "/@\(attribute)" }
        self.line = max(1, line)
        self.path = path
        self.message = words.text(for: problem.code)
    }

    private static func element(_ node: xmlNodePtr, in document: XMLDocument) -> XMLElement? {
        if unsafe XMLElement.isElement(node) { return unsafe XMLElement(node, in: document) }
        guard unsafe node.pointee.type == XML_ATTRIBUTE_NODE, let parent = unsafe node.pointee.parent else {
            return nil
        }
        return unsafe XMLElement(parent, in: document)
    }

    private static func path(to element: XMLElement, below root: XMLElement, _ vocabulary: SchemaVocabulary) -> String {
        var steps: [String] = []
        var current: XMLElement? = element
        while let element = current {
            let name = element.localName
            var step = vocabulary.declares(name) ? name : "*"
            if element != root, let siblings = element.parent?.children {
                let alike = step == "*" ? siblings : siblings.filter { $0.isNamed(name) }
                if alike.count > 1, let position = alike.firstIndex(of: element) { step += "[\(position + 1)]" }
            }
            steps.append(step)
            current = element == root ? nil : element.parent
        }
        return "/" + steps.reversed().joined(separator: "/")
    }
}

/// libxml2's message about a document, cut down to the words of the schema.
private struct SchemaMessage {
    private let original: String
    private let vocabulary: SchemaVocabulary

    init(_ original: String, _ vocabulary: SchemaVocabulary) {
        self.original = original
        self.vocabulary = vocabulary
    }

    /// The attribute that the message is about, as in "Element 'a', attribute 'b': …".
    var subjectAttribute: String? {
        guard original.hasPrefix("Element '") else { return nil }
        let afterElement = original.dropFirst(9).drop { $0 != "'" }
        guard afterElement.hasPrefix("', attribute '") else { return nil }
        return vocabulary.local(afterElement.dropFirst(14).prefix { $0 != "'" })
    }

    /// The message for one of libxml2's numbers.
    func text(for code: UInt32) -> String {
        switch code {
        case XML_SCHEMAV_ELEMENT_CONTENT.rawValue:
            let missing = original.contains(": Missing child element(s).")
            return (missing ? "A child element is missing" : "This element is not expected here") + expected
        case XML_SCHEMAV_CVC_ELT_1.rawValue: return "The schema declares no such element at its top level."
        case XML_SCHEMAV_CVC_ENUMERATION_VALID.rawValue: return "The value is none of those allowed" + members
        case XML_SCHEMAV_CVC_PATTERN_VALID.rawValue: return "The value does not match the pattern" + facet
        case XML_SCHEMAV_CVC_LENGTH_VALID.rawValue: return "The value's length is not the one required" + facet
        case XML_SCHEMAV_CVC_MINLENGTH_VALID.rawValue: return "The value is shorter than allowed" + facet
        case XML_SCHEMAV_CVC_MAXLENGTH_VALID.rawValue: return "The value is longer than allowed" + facet
        case XML_SCHEMAV_CVC_MININCLUSIVE_VALID.rawValue: return "The value is less than the minimum" + facet
        case XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID.rawValue: return "The value is greater than the maximum" + facet
        case XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID.rawValue: return "The value is not greater than the bound" + facet
        case XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID.rawValue: return "The value is not less than the bound" + facet
        case XML_SCHEMAV_CVC_TOTALDIGITS_VALID.rawValue: return "The value has more digits than allowed" + facet
        case XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID.rawValue: return "The value has more decimals than allowed" + facet
        case XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1.rawValue, XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_2.rawValue,
            XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3.rawValue:
            return "The value is not of the type required" + type
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_4.rawValue: return "A required attribute is missing" + attribute
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1.rawValue, XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2.rawValue:
            return "An attribute is not allowed here."
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1.rawValue: return "The element must be empty."
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2.rawValue, XML_SCHEMAV_CVC_TYPE_3_1_2.rawValue:
            return "Child elements are not allowed here."
        case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3.rawValue: return "Text is not allowed between the child elements."
        case XML_SCHEMAV_CVC_TYPE_3_1_1.rawValue: return "Attributes are not allowed on this element."
        case XML_SCHEMAV_CVC_ELT_2.rawValue, XML_SCHEMAV_CVC_TYPE_2.rawValue:
            return "The element or its type is abstract."
        case XML_SCHEMAV_CVC_ELT_3_1.rawValue: return "The element may not be nil: xsi:nil is not allowed."
        case XML_SCHEMAV_CVC_ELT_3_2_1.rawValue: return "The element is declared nil by xsi:nil and must be empty."
        case XML_SCHEMAV_CVC_ELT_4_1.rawValue, XML_SCHEMAV_CVC_ELT_4_2.rawValue: return "xsi:type names no type known."
        case XML_SCHEMAV_CVC_ELT_4_3.rawValue:
            return "xsi:type names a type that is not derived from the element's type."
        case XML_SCHEMAV_CVC_ELT_5_2_2_2_2.rawValue, XML_SCHEMAV_CVC_AU.rawValue,
            XML_SCHEMAV_CVC_ELT_5_2_2_2_1.rawValue:
            return "The value is not the fixed one."
        case XML_SCHEMAV_CVC_IDC.rawValue: return "A key, unique or keyref rule is broken."
        case XML_SCHEMAV_CVC_WILDCARD.rawValue: return "The element or attribute is not allowed by the wildcard."
        default: return "The schema does not allow this (libxml2 error \(code))."
        }
    }

    private var tail: Substring? {
        guard let end = original.lastIndex(of: "'") else { return nil }
        guard let start = original[..<end].lastIndex(of: "'") else { return nil }
        return original[original.index(after: start)..<end]
    }

    private var facet: String {
        guard let tail, vocabulary.hasFacet(tail) else { return "." }
        return ": \(tail.prefix(200))."
    }

    private var type: String {
        guard let tail, let name = vocabulary.local(tail) else { return "." }
        return ": \(name)."
    }

    private var attribute: String {
        guard let tail, let name = vocabulary.local(tail) else { return "." }
        return ": \(name)."
    }

    private var expected: String {
        guard original.hasSuffix(" )."), let start = original.lastIndex(of: "(") else { return "." }
        let list = original[original.index(after: start)...].dropLast(3)
        let names = list.split(separator: ",").compactMap { vocabulary.local(XMLCharacters.trim(String($0))) }
        guard !names.isEmpty else { return "." }
        return "; expected: " + Self.short(names) + "."
    }

    private var members: String {
        let marker = "of the set {"
        guard original.hasSuffix("}."), let start = Self.lastRange(of: marker, in: original) else { return "." }
        let list = original[start...].dropLast(2).split(separator: ",").map { XMLCharacters.trim(String($0)) }
        let values = list.map { $0.dropFirst().dropLast() }
        guard values.allSatisfy({ vocabulary.hasFacet($0) }) else { return "." }
        return ": " + Self.short(values.map { String($0) }) + "."
    }

    private static func short(_ words: [String]) -> String {
        words.prefix(12).joined(separator: ", ") + (words.count > 12 ? ", …" : "")
    }

    /// Where the text behind the last occurrence of a marker begins.
    private static func lastRange(of marker: String, in text: String) -> String.Index? {
        var end = text.endIndex
        while let brace = text[..<end].lastIndex(of: "{") {
            let next = text.index(after: brace)
            if text[..<next].hasSuffix(marker) { return next }
            end = brace
        }
        return nil
    }
}
