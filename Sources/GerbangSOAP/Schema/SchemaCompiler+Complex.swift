internal import GerbangXML

extension SchemaCompiler {
    func complexType(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawType {
        var type: RawType
        if let content = element.firstChild("complexContent", namespace: Namespaces.schema) {
            type = try complexContent(content, of: element, file)
        } else if let content = element.firstChild("simpleContent", namespace: Namespaces.schema) {
            type = try simpleContent(content, file)
        } else {
            let model = try model(of: element, file)
            let isMixed = Self.flag(element, "mixed")
            type = RawType(base: BuiltinTypes.anyType, content: Self.content(model, isMixed: isMixed))
            (type.attributes, type.anyAttribute) = try attributes(of: element, file)
            type.attributes.removeAll(where: \.isProhibited)
        }
        type.isAbstract = Self.flag(element, "abstract")
        return type
    }

    private static func content(_ model: RawParticle?, isMixed: Bool) -> RawType.Content {
        if isMixed { return .mixed(model ?? .none) }
        guard let model else { return .empty }
        if case .group(_, let particles) = model.term, particles.isEmpty { return .empty }
        return model.maximum == 0 ? .empty : .elements(model)
    }

    private func derivation(_ content: XMLElement, _ file: SchemaFile) throws(SOAPError) -> (
        XMLElement, isExtension: Bool
    ) {
        for child in content.children where child.namespaceURI == Namespaces.schema {
            if child.localName == "extension" { return (child, true) }
            if child.localName == "restriction" { return (child, false) }
        }
        throw error("xs:\(content.localName) has neither an extension nor a restriction.", content, file)
    }

    private func complexContent(_ content: XMLElement, of element: XMLElement, _ file: SchemaFile) throws(SOAPError)
        -> RawType
    {
        let (derivation, isExtension) = try derivation(content, file)
        if let array = try array(derivation, file) { return array }
        guard let number = try type("base", of: derivation, in: file) else {
            throw error("xs:\(derivation.localName) has no base.", derivation, file)
        }
        let base = try compiled(number, for: derivation, in: file)
        let own = try model(of: derivation, file)
        let isMixed = Self.flag(content, "mixed") || Self.flag(element, "mixed")
        var type: RawType
        if case .array = base.content {
            type = RawType(base: number, content: base.content)
        } else if isExtension {
            type = RawType(base: number, content: try extended(base, by: own, isMixed: isMixed, derivation, file))
        } else {
            if case .simple = base.content, own == nil { return try simpleContent(content, file) }
            type = RawType(base: number, content: Self.content(own, isMixed: isMixed))
        }
        let (attributes, wildcard) = try attributes(of: derivation, file)
        type.attributes = Self.merge(base.attributes, attributes)
        type.anyAttribute = isExtension ? wildcard ?? base.anyAttribute : wildcard
        if number == BuiltinTypes.anyType, isExtension {
            type.anyAttribute = Wildcard(namespaces: .any, processing: .lax)
        }
        return type
    }

    private func extended(
        _ base: RawType,
        by own: RawParticle?,
        isMixed: Bool,
        _ element: XMLElement,
        _ file: SchemaFile
    ) throws(SOAPError) -> RawType.Content {
        switch base.content {
        case .empty: return Self.content(own, isMixed: isMixed)
        case .elements(let particle):
            guard let own, case .elements(let added) = Self.content(own, isMixed: false) else { return base.content }
            return .elements(try joined(particle, added, element, file))
        case .mixed(let particle):
            guard let own else { return base.content }
            return .mixed(try joined(particle, own, element, file))
        case .anything:
            let anything = Wildcard(namespaces: .any, processing: .lax)
            let rest = RawParticle(.any(anything), minimum: 0, maximum: Int.max)
            return .mixed(RawParticle(.group(.sequence, [rest] + (own.map { [$0] } ?? []))))
        case .simple:
            guard own == nil else {
                throw error("A type with simple content cannot be extended by elements.", element, file)
            }
            return base.content
        case .array: return base.content
        }
    }

    private func joined(
        _ first: RawParticle,
        _ second: RawParticle,
        _ element: XMLElement,
        _ file: SchemaFile
    ) throws(SOAPError) -> RawParticle {
        let result = Self.joined(first, second)
        guard result.size <= limits.maximumParticles else {
            throw SOAPError(
                .limit,
                "A content model has more than \(limits.maximumParticles) places.",
                file: file.file,
                line: element.line
            )
        }
        return result
    }

    /// Two sets are one set, as in XML Schema 1.1; in 1.0 there can be only one.
    private static func joined(_ first: RawParticle, _ second: RawParticle) -> RawParticle {
        if case .group(.all, let left) = first.term, case .group(.all, let right) = second.term,
            [first.minimum, first.maximum, second.minimum, second.maximum] == [1, 1, 1, 1]
        {
            return RawParticle(.group(.all, left + right))
        }
        return RawParticle(.group(.sequence, [first, second]))
    }

    private func simpleContent(_ content: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawType {
        let (derivation, isExtension) = try derivation(content, file)
        guard let number = try type("base", of: derivation, in: file) else {
            throw error("xs:\(derivation.localName) has no base.", derivation, file)
        }
        let base = try compiled(number, for: derivation, in: file)
        var simple: SimpleType
        switch base.content {
        case .simple(let type): simple = type
        case .mixed where !isExtension: simple = try self.simple(BuiltinTypes.string, for: derivation, in: file)
        default: throw error("The base of simple content has no simple content itself.", derivation, file)
        }
        if !isExtension {
            if base.isSimple { noteLone(derivation, file) }
            if let inline = derivation.firstChild("simpleType", namespace: Namespaces.schema) {
                guard case .simple(let type) = try simpleType(inline, file).content else {
                    throw error("A simple type is required here.", inline, file)
                }
                simple = type
            }
            simple = try restricted(simple, by: derivation, file)
        }
        var type = RawType(base: number, content: .simple(simple))
        let (attributes, wildcard) = try attributes(of: derivation, file)
        type.attributes = Self.merge(base.attributes, attributes)
        type.anyAttribute = wildcard ?? (isExtension ? base.anyAttribute : nil)
        return type
    }

    /// Only the content of a complex type may be restricted here; with a simple type an extension is meant, or one of the
    /// restricted type, whose facets are then not validated.
    private func noteLone(_ restriction: XMLElement, _ file: SchemaFile) {
        file.loneRestrictions.insert(restriction)
        set.warn(
            "\(file.file):\(restriction.line): a simple type is restricted in xs:simpleContent, which is for complex types; its facets are not validated"
        )
    }

    // MARK: Attributes

    private static func merge(_ base: [RawAttribute], _ own: [RawAttribute]) -> [RawAttribute] {
        var result = base
        for attribute in own {
            if let index = result.firstIndex(where: { $0.name == attribute.name }) {
                result[index] = attribute
            } else {
                result.append(attribute)
            }
        }
        return result.filter { !$0.isProhibited }
    }

    func attributes(of element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> ([RawAttribute], Wildcard?) {
        var uses: [AttributeUse] = []
        var wildcard: Wildcard?
        for child in element.children where child.namespaceURI == Namespaces.schema {
            switch child.localName {
            case "attribute": uses.append(AttributeUse(element: child, attributes: [try attributeUse(child, file)]))
            case "attributeGroup":
                guard let reference = child.attribute("ref") else {
                    throw error("xs:attributeGroup has no ref.", child, file)
                }
                let name = try resolve(reference, at: child, in: file)
                let (attributes, any) = try attributeGroup(named: name, file: file.file, line: child.line)
                uses.append(AttributeUse(element: child, attributes: attributes, group: name, wildcard: any))
                wildcard = wildcard ?? any
            case "anyAttribute": wildcard = try self.wildcard(child, file)
            default: continue
            }
        }
        guard uses.reduce(0, { $0 + $1.attributes.count }) <= 10_000 else {
            throw SOAPError(.limit, "A type has more than 10000 attributes.", file: file.file, line: element.line)
        }
        return (try settled(uses, file), wildcard)
    }

    func attributeGroup(named name: XMLName, file: String, line: Int) throws(SOAPError) -> ([RawAttribute], Wildcard?) {
        if let known = attributeGroups[name] { return known }
        guard let component = try set.find(.attributeGroup, name) else {
            throw set.unresolved("attribute group", name, file: file, line: line)
        }
        guard activeAttributeGroups.insert(name).inserted, activeAttributeGroups.count <= limits.maximumNesting else {
            throw error(
                "The attribute group contains itself, or is nested too deeply.",
                component.element,
                component.file
            )
        }
        defer { activeAttributeGroups.remove(name) }
        let result = try attributes(of: component.element, component.file)
        attributeGroups[name] = result
        return result
    }

    func attribute(named name: XMLName, file: String, line: Int) throws(SOAPError) -> RawAttribute {
        if let known = attributeTypes[name] { return known }
        guard let component = try set.find(.attribute, name) else {
            throw set.unresolved("attribute", name, file: file, line: line)
        }
        let result = try declaration(component.element, name: name, component.file)
        attributeTypes[name] = result
        return result
    }

    private func attributeUse(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawAttribute {
        var result: RawAttribute
        if let reference = element.attribute("ref") {
            let name = try resolve(reference, at: element, in: file)
            result = try attribute(named: name, file: file.file, line: element.line)
            result.defaultValue = try value("default", of: element, result.type, file) ?? result.defaultValue
            result.fixedValue = try value("fixed", of: element, result.type, file) ?? result.fixedValue
        } else {
            let name = element.attribute("name")?.trimmingXMLSpace ?? ""
            guard XMLCharacters.isName(name), name != "xmlns" else {
                throw error("'\(SOAPError.shown(name))' is no name for an attribute.", element, file)
            }
            let isQualified =
                element.attribute("form").map { $0.trimmingXMLSpace == "qualified" } ?? file.isAttributeQualified
            result = try declaration(element, name: XMLName(name, namespace: isQualified ? file.namespace : nil), file)
        }
        switch element.attribute("use")?.trimmingXMLSpace ?? "optional" {
        case "required": result.isRequired = true
        case "prohibited": result.isProhibited = true
        case "optional": break
        default: throw error("use must be optional, required or prohibited.", element, file)
        }
        return result
    }

    private func declaration(_ element: XMLElement, name: XMLName, _ file: SchemaFile) throws(SOAPError) -> RawAttribute
    {
        var type: SimpleType?
        if let number = try self.type("type", of: element, in: file) {
            type = try simple(number, for: element, in: file)
        } else if let inline = element.firstChild("simpleType", namespace: Namespaces.schema),
            case .simple(let declared) = try simpleType(inline, file).content
        {
            type = declared
        }
        let anything = try simple(BuiltinTypes.anySimpleType, for: element, in: file)
        let known = type ?? anything
        return RawAttribute(
            name: name,
            type: known,
            defaultValue: try value("default", of: element, known, file),
            fixedValue: try value("fixed", of: element, known, file)
        )
    }

    /// A default or fixed value of an attribute.
    private func value(
        _ attribute: String,
        of element: XMLElement,
        _ type: SimpleType,
        _ file: SchemaFile
    ) throws(SOAPError) -> String? {
        guard let text = element.attribute(attribute) else { return nil }
        return type.hasNames ? try names(text, element, file) : text
    }

    // MARK: Arrays of SOAP encoding

    /// An array type, where a derivation is one: a restriction or extension of `soapenc:Array`.
    private func array(_ derivation: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawType? {
        guard let text = derivation.attribute("base") else { return nil }
        let base = try resolve(text, at: derivation, in: file)
        guard base.localName == "Array",
            [Namespaces.encoding11, Namespaces.encoding12].contains(base.namespaceURI ?? "")
        else {
            return nil
        }
        let number = try type(named: base, file: file.file, line: derivation.line)
        var item = BuiltinTypes.anyType
        var name = "item"
        var ranks = "[]"
        if let model = try model(of: derivation, file), let element = Self.onlyElement(of: model) {
            name = element.name.localName
            item = element.type
        }
        for attribute in derivation.children("attribute", namespace: Namespaces.schema) {
            guard let declared = attribute.attribute("arrayType", namespace: Namespaces.wsdl)?.trimmingXMLSpace,
                let bracket = declared.firstIndex(of: "[")
            else { continue }
            let itemName = try resolve(String(declared[..<bracket]), at: attribute, in: file)
            item = try type(named: itemName, file: file.file, line: attribute.line)
            ranks = String(declared[bracket...].filter { !$0.isNumber && $0 != " " })
            guard ranks.allSatisfy({ "[],".contains($0) }), ranks.count <= 32 else {
                throw error("wsdl:arrayType must look like 'xsd:string[]'.", attribute, file)
            }
        }
        return RawType(base: number, content: .array(item: item, name: name, ranks: ranks))
    }

    private static func onlyElement(of particle: RawParticle) -> RawElement? {
        switch particle.term {
        case .element(let element): element
        case .group(_, let particles): particles.count == 1 ? onlyElement(of: particles[0]) : nil
        case .any: nil
        }
    }
}
