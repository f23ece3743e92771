internal import GerbangJSON
internal import GerbangXML

/// Writes JSON as XML by the contract's types.
struct MessageEncoder {
    /// How elements are written.
    enum Style {
        /// As the schema says.
        case literal
        /// As section 5 of SOAP 1.1 says: every element with its type, none within another with a namespace.
        case encoded
    }

    let table: SchemaTable
    var style: Style
    let version: SOAPVersion
    var buffer: MarkupBuffer
    /// Which of the contract's prefixes were used.
    private(set) var used: [Bool]
    /// Gets what travels beside the envelope; nil where everything stands in it.
    var attachments: AttachmentCollector?
    /// How values are checked that are written as the schema says.
    let checks: ValueCheck
    /// How many prefixes were made for names in values.
    var valuePrefixes = 0
    /// Whether there is a document in it that was given as text, which nothing has looked into so far.
    var hasDocuments = false

    init(
        _ table: SchemaTable,
        style: Style = .literal,
        version: SOAPVersion = .v11,
        checks: ValueCheck = .nothing,
        capacity: Int = 1024
    ) {
        self.table = table
        self.style = style
        self.checks = checks
        self.version = version
        buffer = MarkupBuffer(capacity: capacity)
        used = Array(repeating: false, count: table.prefixes.entries.count)
    }

    static func error(_ message: String) -> SOAPError {
        SOAPError(.json, message, pointer: .root)
    }

    @inline(__always)
    mutating func mark(_ prefix: Int) {
        if prefix >= 0 { used[prefix] = true }
    }

    /// ` xsi:type="prefix:Name"`.
    mutating func typeAttribute(_ type: TypeNode) {
        guard let tag = type.tag else { return }
        mark(0)
        mark(tag.prefix)
        buffer.markup(" xsi:type=\"")
        buffer.markup(tag.bytes)
        buffer.markup("\"")
    }

    // MARK: Elements

    /// Writes a header block, an element in the body or in a fault's detail.
    ///
    /// By SOAP encoding it has its namespace, other than what is in it, and says how it is encoded.
    mutating func block(_ element: ElementNode, _ value: JSONValue) throws(SOAPError) {
        guard style == .encoded else { return try self.element(element, value) }
        mark(element.tag.prefix)
        try self.element(
            element.tag.bytes,
            declared: element.type,
            isNillable: element.isNillable,
            value,
            attributes: encodingStyle
        )
    }

    /// ` soap:encodingStyle="…"`.
    var encodingStyle: [UInt8] {
        Array(" soap:encodingStyle=\"\(version == .v11 ? Namespaces.encoding11 : Namespaces.encoding12)\"".utf8)
    }

    /// Writes an element.
    mutating func element(_ element: ElementNode, _ value: JSONValue) throws(SOAPError) {
        guard element.alternatives.isEmpty else { return try substituted(element, value) }
        let name = style == .literal ? element.tag.bytes : Array(element.name.localName.utf8)
        if style == .literal { mark(element.tag.prefix) }
        try self.element(name, declared: element.type, isNillable: element.isNillable, value)
    }

    /// Writes the element of a substitution group that the single member names.
    private mutating func substituted(_ head: ElementNode, _ value: JSONValue) throws(SOAPError) {
        let names = head.alternatives.map(\.key)
        guard case .object(let object) = value, object.count == 1, let member = object.first(where: { _ in true })
        else {
            throw Self.error("It must be an object with one member, which names the element: \(Self.list(names)).")
        }
        guard let alternative = head.alternatives.first(where: { $0.key == member.key }) else {
            throw Self.error("The member must be one of \(Self.list(names)).")
        }
        do throws(SOAPError) { try element(alternative.element, member.value) } catch { throw error.below(member.key) }
    }

    static func list(_ names: [String]) -> String {
        names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
    }

    /// Writes an element of a type, or of the derived type that `#type` names.
    mutating func element(
        _ name: [UInt8],
        declared: Int,
        isNillable: Bool,
        _ value: JSONValue,
        attributes: [UInt8] = []
    ) throws(SOAPError) {
        var type = table.types[declared]
        var chosen: Int?
        if case .object(let object) = value {
            if let named = object["#type"] {
                type = try self.type(named, declared: declared)
                chosen = type.id == declared ? nil : type.id
            }
        } else if value.isNull {
            guard isNillable || style == .encoded || declared == BuiltinTypes.anyType else {
                throw Self.error("null is not allowed; leave the member out, or give a value.")
            }
            buffer.markup("<")
            buffer.markup(name)
            buffer.markup(attributes)
            mark(0)
            buffer.markup(" xsi:nil=\"true\"/>")
            return
        }
        guard !type.isAbstract else {
            let names = table.instances(of: type.id).compactMap { table.typeKeys[$0] }.sorted()
            throw Self.error("The type is abstract; #type must name one of \(Self.list(names)).")
        }
        buffer.markup("<")
        buffer.markup(name)
        buffer.markup(attributes)
        if chosen != nil || (style == .encoded && !Self.isArray(type, value)) { typeAttribute(type) }
        try content(of: type, value, closing: name)
    }

    /// Whether an array is written, which names its type itself.
    private static func isArray(_ type: TypeNode, _ value: JSONValue) -> Bool {
        switch type.content {
        case .array: true
        case .anything: value.arrayValue != nil
        default: type.isEncodedArray && value.arrayValue != nil
        }
    }

    /// The type that `#type` names, which must be derived from the declared one.
    private func type(_ name: JSONValue, declared: Int) throws(SOAPError) -> TypeNode {
        guard let text = name.stringValue, let number = number(ofType: text) else {
            throw Self.error("It must be the name of a type of the contract.").below("#type")
        }
        guard table.isDerived(number, from: declared) else {
            let names = table.instances(of: declared).compactMap { table.typeKeys[$0] }.sorted()
            throw Self.error("The type is not derived from the one declared; allowed: \(Self.list(names)).").below(
                "#type"
            )
        }
        return table.types[number]
    }

    private func number(ofType text: String) -> Int? {
        if let number = table.typesByKey[text] { return number }
        return JSONName(text).flatMap { table.typesByName[$0.name] }
    }

    /// Writes attributes, content and end tag of an element whose start tag is open.
    private mutating func content(of type: TypeNode, _ value: JSONValue, closing name: [UInt8]) throws(SOAPError) {
        switch type.content {
        case .anything: try anything(value, closing: name)
        case .array(let array): try self.array(array, value, closing: name)
        case .simple(let simple):
            var text = value
            var count = 0
            let isObject = value.objectValue != nil && Self.attachmentName(value) == nil
            if isObject, case .object(let object) = value {
                guard !type.isSimple || object["#type"] != nil else {
                    throw Self.error("It must be a value, not an object.")
                }
                if isNil(object) { return try nilElement(type, object, closing: name) }
                count = try attributes(of: type, object)
                text = object["#text"] ?? .string("")
                try refuseUnknown(object, expected: count + (object["#text"] == nil ? 0 : 1), type)
            } else if type.attributes.contains(where: { $0.isRequired }) {
                _ = try attributes(of: type, [:])
            }
            var declarations: [UInt8] = []
            do throws(SOAPError) {
                if try attach(simple, type, text, value, closing: name) { return }
                let written = try lexical(simple, text, &declarations)
                buffer.markup(declarations)
                if written.isEmpty {
                    buffer.markup("/>")
                    return
                }
                buffer.markup(">")
                try buffer.text(written)
            } catch {
                var located = error
                located.pointer = error.pointer ?? .root
                throw isObject ? located.below("#text") : located
            }
            close(name)
        case .elements where style == .encoded && type.isEncodedArray && value.arrayValue != nil:
            try anything(value, closing: name)
        case .empty, .elements, .mixed:
            let object: JSONObject
            switch value {
            case .object(let members): object = members
            case .string(""): object = [:]
            default: throw Self.error("It must be an object.")
            }
            if isNil(object) { return try nilElement(type, object, closing: name) }
            var count = try attributes(of: type, object)
            switch type.content {
            case .elements(let group):
                let mark = buffer.count
                buffer.markup(">")
                var members = MemberReader(object)
                try self.group(group, &members)
                count += members.found
                try refuseUnknown(object, expected: count, type)
                if buffer.count == mark + 1 {
                    buffer.replaceLast(with: "/>")
                    return
                }
            case .mixed(let mixed):
                try refuseUnknown(object, expected: count + (object["#content"] == nil ? 0 : 1), type)
                guard let items = object["#content"] else {
                    buffer.markup("/>")
                    return
                }
                buffer.markup(">")
                do throws(SOAPError) { try self.mixed(mixed, items) } catch { throw error.below("#content") }
            default:
                try refuseUnknown(object, expected: count, type)
                buffer.markup("/>")
                return
            }
            close(name)
        }
    }

    mutating func close(_ name: [UInt8]) {
        buffer.markup("</")
        buffer.markup(name)
        buffer.markup(">")
    }

    // MARK: Nil

    private func isNil(_ object: JSONObject) -> Bool {
        object["#nil"]?.boolValue == true
    }

    private mutating func nilElement(_ type: TypeNode, _ object: JSONObject, closing name: [UInt8]) throws(SOAPError) {
        let count = try attributes(of: type, object)
        try refuseUnknown(object, expected: count + 1, type)
        mark(0)
        buffer.markup(" xsi:nil=\"true\"/>")
    }

    // MARK: Attributes

    /// Writes the attributes; gives the number of members that they and `#type` took.
    private mutating func attributes(of type: TypeNode, _ object: JSONObject) throws(SOAPError) -> Int {
        var count = object["#type"] == nil ? 0 : 1
        for attribute in type.attributes {
            guard let value = object[attribute.key], !value.isNull else {
                if object[attribute.key] != nil { count += 1 }
                guard attribute.isRequired else { continue }
                guard let given = attribute.fixedValue ?? attribute.defaultValue else {
                    throw Self.error("The member '\(attribute.key)' is missing.")
                }
                var declarations: [UInt8] = []
                let text = attribute.type.hasNames ? try lexical(attribute.type, .string(given), &declarations) : given
                buffer.markup(declarations)
                try write(attribute.tag, text)
                continue
            }
            count += 1
            do throws(SOAPError) {
                var declarations: [UInt8] = []
                let text = try lexical(attribute.type, value, &declarations)
                buffer.markup(declarations)
                try write(attribute.tag, text)
            } catch {
                throw error.below(attribute.key)
            }
        }
        if let wildcard = type.anyAttribute { count += try otherAttributes(object, of: type, wildcard) }
        return count
    }

    private mutating func write(_ tag: TagName, _ text: String) throws(SOAPError) {
        mark(tag.prefix)
        buffer.markup(" ")
        buffer.markup(tag.bytes)
        buffer.markup("=\"")
        try buffer.attribute(text)
        buffer.markup("\"")
    }

    private mutating func otherAttributes(
        _ object: JSONObject,
        of type: TypeNode,
        _ wildcard: Wildcard
    ) throws(SOAPError) -> Int {
        var count = 0
        for (key, value) in object where key.utf8.first == UInt8(ascii: "@") {
            if type.attributes.contains(where: { $0.key == key }) { continue }
            do throws(SOAPError) {
                guard let name = JSONName(String(key.dropFirst())), wildcard.allows(name.name.namespaceURI) else {
                    throw Self.error("The contract does not allow this attribute.")
                }
                try freeAttribute(name, value, number: count, isDeclared: wildcard.processing != .skip)
            } catch {
                throw error.below(key)
            }
            count += 1
        }
        return count
    }

    // MARK: Members

    /// Refuses an object with a member that nothing took.
    private func refuseUnknown(_ object: JSONObject, expected: Int, _ type: TypeNode) throws(SOAPError) {
        guard object.count != expected else { return }
        var known: Set<String> = ["#type", "#nil"]
        for attribute in type.attributes { known.insert(attribute.key) }
        switch type.content {
        case .elements(let group): known.formUnion(group.keys)
        case .mixed: known.insert("#content")
        case .simple: known.insert("#text")
        default: break
        }
        try Self.refuseUnknown(object, known: known)
    }

    static func refuseUnknown(_ object: JSONObject, known: Set<String>) throws(SOAPError) {
        let names = known.filter { !$0.hasPrefix("#type") && !$0.hasPrefix("#nil") }.sorted()
        for key in object.keys where !known.contains(key) {
            throw error("The contract knows no such member; expected: \(list(names)).").below(key)
        }
        throw error("Members of several branches of a choice are given; only one of them may be there.")
    }
}

extension MarkupBuffer {
    /// Replaces the last byte.
    mutating func replaceLast(with markup: StaticString) {
        removeLast()
        self.markup(markup)
    }
}
