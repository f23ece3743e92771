internal import GerbangXML

extension SchemaCompiler {
    func simpleType(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawType {
        for child in element.children where child.namespaceURI == Namespaces.schema {
            switch child.localName {
            case "restriction": return try restriction(child, file)
            case "list": return try list(child, file)
            case "union": return try union(child, file)
            case "annotation": continue
            default: throw error("xs:\(SOAPError.shown(child.localName)) is not allowed in xs:simpleType.", child, file)
            }
        }
        throw error("xs:simpleType has no restriction, list or union.", element, file)
    }

    private func inline(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> [SimpleType] {
        var result: [SimpleType] = []
        for child in element.children("simpleType", namespace: Namespaces.schema) {
            nesting += 1
            defer { nesting -= 1 }
            guard nesting <= limits.maximumNesting else {
                throw SOAPError(.limit, "Simple types are nested too deeply.", file: file.file, line: child.line)
            }
            guard case .simple(let type) = try simpleType(child, file).content else { continue }
            result.append(type)
        }
        return result
    }

    private func restriction(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawType {
        if let number = try type("base", of: element, in: file) {
            let base = try simple(number, for: element, in: file)
            var type = RawType(base: number, isSimple: true, content: .simple(try restricted(base, by: element, file)))
            type.members = types[number]?.members ?? []
            return type
        }
        guard let base = try inline(element, file).first else {
            throw error("xs:restriction has neither a base nor a type within.", element, file)
        }
        return RawType(
            base: BuiltinTypes.anySimpleType,
            isSimple: true,
            content: .simple(try restricted(base, by: element, file))
        )
    }

    private func list(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawType {
        let item: SimpleType
        if let number = try type("itemType", of: element, in: file) {
            item = try simple(number, for: element, in: file)
        } else if let type = try inline(element, file).first {
            item = type
        } else {
            throw error("xs:list has no type for its items.", element, file)
        }
        let type = SimpleType(variety: .list(item), whiteSpace: .collapse, builtin: "anySimpleType")
        return RawType(base: BuiltinTypes.anySimpleType, isSimple: true, content: .simple(type))
    }

    private func union(_ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> RawType {
        var members: [SimpleType] = []
        var numbers: [Int] = []
        for word in (element.attribute("memberTypes") ?? "").xmlWords {
            let number = try type(named: try resolve(word, at: element, in: file), file: file.file, line: element.line)
            numbers.append(number)
            members.append(try simple(number, for: element, in: file))
        }
        members += try inline(element, file)
        guard !members.isEmpty, members.count <= 10_000 else {
            throw error("xs:union has no member types.", element, file)
        }
        let whiteSpace = members.map(\.whiteSpace).min() ?? .collapse
        let type = SimpleType(variety: .union(members), whiteSpace: whiteSpace, builtin: "anySimpleType")
        guard type.weight <= 20_000 else {
            throw SOAPError(.limit, "The unions hold more than 20000 types.", file: file.file, line: element.line)
        }
        return RawType(base: BuiltinTypes.anySimpleType, isSimple: true, content: .simple(type), members: numbers)
    }

    /// A simple type with the facets of a restriction added to its own.
    func restricted(_ base: SimpleType, by element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> SimpleType {
        var facets = base.facets
        var whiteSpace = base.whiteSpace
        var patterns: [Pattern] = []
        var enumeration: [String] = []
        for child in element.children where child.namespaceURI == Namespaces.schema {
            let value = child.attribute("value") ?? ""
            guard FacetRules.applies(child.localName, to: base) else {
                set.warn(
                    "\(file.file):\(child.line): xs:\(child.localName) says nothing about this type and was passed over"
                )
                file.hidden.insert(child)
                continue
            }
            if FacetRules.isBoundless(child.localName, value) {
                guard !["length", "minLength"].contains(child.localName) else {
                    throw error("No value is as long as xs:\(child.localName) asks for.", child, file)
                }
                // No value that a message may hold goes beyond it.
                file.hidden.insert(child)
                continue
            }
            if FacetRules.isTooLong(value, for: base) { hide(child, in: element, file) }
            switch child.localName {
            case "length": facets.length = try count(value, child, file)
            case "minLength": facets.minLength = try count(value, child, file)
            case "maxLength": facets.maxLength = try count(value, child, file)
            case "totalDigits": facets.totalDigits = try count(value, child, file)
            case "fractionDigits": facets.fractionDigits = try count(value, child, file)
            case "minInclusive": (facets.minInclusive, facets.minExclusive) = (value.trimmingXMLSpace, nil)
            case "maxInclusive": (facets.maxInclusive, facets.maxExclusive) = (value.trimmingXMLSpace, nil)
            case "minExclusive": (facets.minExclusive, facets.minInclusive) = (value.trimmingXMLSpace, nil)
            case "maxExclusive": (facets.maxExclusive, facets.maxInclusive) = (value.trimmingXMLSpace, nil)
            case "enumeration":
                let normal = whiteSpace.normalize(value)
                enumeration.append(base.readsNames(in: normal) ? try names(value, child, file) : normal)
            case "whiteSpace":
                switch value.trimmingXMLSpace {
                case "preserve": whiteSpace = .preserve
                case "replace": whiteSpace = .replace
                case "collapse": whiteSpace = .collapse
                default: throw error("xs:whiteSpace must be preserve, replace or collapse.", child, file)
                }
            case "pattern":
                patterns.append(try pattern(value, child, file))
            case "annotation", "simpleType", "attribute", "attributeGroup", "anyAttribute": continue
            default: throw error("xs:\(SOAPError.shown(child.localName)) is no facet.", child, file)
            }
        }
        if !patterns.isEmpty { facets.patterns.append(patterns) }
        if !enumeration.isEmpty { facets.enumeration = enumeration }
        return SimpleType(
            variety: base.variety,
            whiteSpace: whiteSpace,
            isInteger: base.isInteger,
            form: base.form,
            facets: facets,
            builtin: base.builtin
        )
    }

    private func pattern(_ value: String, _ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> Pattern {
        let pattern: Pattern
        do throws(SOAPError) {
            pattern = try Pattern(value)
        } catch {
            throw SOAPError(error.code, error.message, file: file.file, line: element.line)
        }
        patternWeight += pattern.weight
        guard patternWeight <= 1_000_000 else {
            throw SOAPError(
                .limit,
                "The patterns are too large with their repetitions written out.",
                file: file.file,
                line: element.line
            )
        }
        if pattern.hasNeedlessEscapes {
            set.warn(
                "\(file.file):\(element.line): a pattern escapes characters that need it not, which XML Schema does not allow; they stand for themselves"
            )
        }
        if value.hasPrefix("^"), value.hasSuffix("$") {
            set.warn(
                "\(file.file):\(element.line): in XML Schema ^ and $ stand for themselves; no value without them matches this pattern"
            )
        }
        return pattern
    }

    /// Keeps a number from libxml2 that is too long for it; of an enumeration all values, as the others alone would be wrong.
    private func hide(_ facet: XMLElement, in restriction: XMLElement, _ file: SchemaFile) {
        guard !file.hidden.contains(facet) else { return }
        file.hidden.formUnion(restriction.children(facet.localName, namespace: Namespaces.schema))
        set.warn(
            "\(file.file):\(facet.line): xs:\(facet.localName) has more digits than libxml2 reads; it is not validated"
        )
    }

    /// Qualified names as they stand in JSON: elsewhere the prefixes of the schema mean nothing.
    func names(_ text: String, _ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> String {
        var names: [String] = []
        for word in text.xmlWords {
            guard let name = element.resolve(qualifiedName: word) else {
                throw error(
                    "'\(SOAPError.shown(word))' is no qualified name, or its prefix is not declared.",
                    element,
                    file
                )
            }
            names.append(JSONName.text(name))
        }
        return names.joined(separator: " ")
    }

    private func count(_ value: String, _ element: XMLElement, _ file: SchemaFile) throws(SOAPError) -> Int {
        guard let number = Int(value.trimmingXMLSpace), number >= 0 else {
            throw error("xs:\(element.localName) must be a whole number.", element, file)
        }
        return number
    }
}
