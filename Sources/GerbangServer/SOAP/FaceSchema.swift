internal import GerbangCore

/// Writes the XML Schema of a form.
struct FaceSchema {
    /// In front of the names of definitions, so that those of several services stay apart.
    let prefix: String

    /// The one element of a form: the items of a list stand below it.
    func root(_ name: String, _ type: FaceType) -> String {
        occurring(name, type, isRequired: true, isRepeated: false)
    }

    /// An element of a form, for a place in a sequence; that of a list occurs once for each of its items.
    private func element(_ name: String, _ type: FaceType, isRequired: Bool) -> String {
        switch type {
        case .array(let item): return occurring(name, item, isRequired: false, isRepeated: true)
        default: return occurring(name, type, isRequired: isRequired, isRepeated: false)
        }
    }

    /// The types of definitions.
    func types(_ named: [String: FaceType]) -> String {
        named.sorted { $0.key < $1.key }.map { name, type in
            if let simple = simpleName(of: type) {
                return "<xs:simpleType name=\"\(prefix)\(name)\"><xs:restriction base=\"\(simple)\"/></xs:simpleType>"
            }
            if let restriction = restriction(of: type) {
                return "<xs:simpleType name=\"\(prefix)\(name)\">\(restriction)</xs:simpleType>"
            }
            return "<xs:complexType name=\"\(prefix)\(name)\">\(content(of: type))</xs:complexType>"
        }.joined()
    }

    private func occurring(_ name: String, _ type: FaceType, isRequired: Bool, isRepeated: Bool) -> String {
        var attributes = "name=\"\(name)\""
        var type = type
        if case .nillable(let inner) = type {
            attributes += " nillable=\"true\""
            type = inner
        }
        if !isRequired { attributes += " minOccurs=\"0\"" }
        if isRepeated { attributes += " maxOccurs=\"unbounded\"" }
        if let simple = simpleName(of: type) { return "<xs:element \(attributes) type=\"\(simple)\"/>" }
        if let restriction = restriction(of: type) {
            return "<xs:element \(attributes)><xs:simpleType>\(restriction)</xs:simpleType></xs:element>"
        }
        return "<xs:element \(attributes)><xs:complexType>\(content(of: type))</xs:complexType></xs:element>"
    }

    /// The name of a type that needs no description of its own.
    private func simpleName(of type: FaceType) -> String? {
        switch type {
        case .text(let choices): choices.isEmpty ? "xs:string" : nil
        case .textOrNumber: "xs:string"
        case .boolean: "xs:boolean"
        case .integer: "xs:integer"
        case .number: "xs:decimal"
        case .reference(let name): "g:\(prefix)\(name)"
        case .object, .array, .nillable: nil
        }
    }

    private func restriction(of type: FaceType) -> String? {
        guard case .text(let choices) = type, !choices.isEmpty else { return nil }
        let values = choices.map { "<xs:enumeration value=\"\(XMLEscape.attribute($0))\"/>" }.joined()
        return "<xs:restriction base=\"xs:string\">\(values)</xs:restriction>"
    }

    /// The content of a complex type.
    private func content(of type: FaceType) -> String {
        switch type {
        case .object(let members, let entries):
            var elements = members.map { element($0.name, $0.type, isRequired: $0.isRequired) }.joined()
            if let entries { elements += entry(entries) }
            return elements.isEmpty ? "" : "<xs:sequence>\(elements)</xs:sequence>"
        case .array(let item):
            return "<xs:sequence>\(occurring(FaceNames.item, item, isRequired: false, isRepeated: true))</xs:sequence>"
        case .nillable(let inner): return content(of: inner)
        case .text, .textOrNumber, .boolean, .integer, .number, .reference: return ""
        }
    }

    private func entry(_ type: FaceType) -> String {
        let name = "<xs:attribute name=\"name\" type=\"xs:string\" use=\"required\"/>"
        let content: String
        if type.isSimple {
            let base = simpleName(of: type) ?? "xs:string"
            content =
                "<xs:simpleContent><xs:extension base=\"\(base)\">\(name)</xs:extension></xs:simpleContent>"
        } else {
            content =
                "<xs:sequence>\(occurring("value", type, isRequired: true, isRepeated: false))</xs:sequence>\(name)"
        }
        return """
            <xs:element name="\(FaceNames.entry)" minOccurs="0" maxOccurs="unbounded">\
            <xs:complexType>\(content)</xs:complexType></xs:element>
            """
    }
}

/// Texts within XML.
enum XMLEscape {
    /// The text of an attribute in double quotes.
    static func attribute(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case "\"": result += "&quot;"
            case "\n", "\r", "\t": result += "&#\(scalar.value);"
            // Other control characters cannot stand in XML at all.
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: continue
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
