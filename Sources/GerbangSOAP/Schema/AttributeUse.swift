internal import GerbangXML

/// An attribute, or a reference to a group of them, in a type or group.
struct AttributeUse {
    let element: XMLElement
    /// Those of a group have no repetitions.
    let attributes: [RawAttribute]
    var group: XMLName?
    var wildcard: Wildcard?

    fileprivate var names: [XMLName] { attributes.lazy.filter { !$0.isProhibited }.map(\.name) }
}

extension SchemaCompiler {
    /// The attributes of all uses, each once.
    ///
    /// What is declared twice and alike is kept once, which libxml2 does not do: it does not get the repetition.
    func settled(_ uses: [AttributeUse], _ file: SchemaFile) throws(SOAPError) -> [RawAttribute] {
        var result: [RawAttribute] = []
        var first: [XMLName: (attribute: RawAttribute, element: XMLElement)] = [:]
        var counts: [XMLName: Int] = [:]
        for use in uses {
            for attribute in use.attributes {
                guard !attribute.isProhibited, let earlier = first[attribute.name] else {
                    result.append(attribute)
                    if !attribute.isProhibited { first[attribute.name] = (attribute, use.element) }
                    continue
                }
                guard earlier.attribute.isSame(attribute) || SchemaText.isEqual(earlier.element, use.element) else {
                    throw error(
                        "The attribute '\(SOAPError.shown(attribute.name.localName))' is declared a second time and "
                            + "differently; the first is in line \(earlier.element.line).",
                        use.element,
                        file
                    )
                }
                counts[attribute.name, default: 1] += 1
            }
        }
        if !counts.isEmpty { try hide(&counts, in: uses, file) }
        return result
    }

    /// Hides uses from libxml2 until no attribute is there twice; single attributes and the last ones first.
    private func hide(_ counts: inout [XMLName: Int], in uses: [AttributeUse], _ file: SchemaFile) throws(SOAPError) {
        let order = uses.reversed().filter { !$0.names.isEmpty }.sorted { $0.names.count < $1.names.count }
        var groups: [XMLName: Int] = [:]
        for use in order { if let group = use.group { groups[group, default: 0] += 1 } }
        for use in order where use.names.allSatisfy({ counts[$0] ?? 1 > 1 }) {
            if let group = use.group {
                // Its wildcard would be lost with the group, if it is not referred to again.
                guard use.wildcard == nil || groups[group] ?? 1 > 1 else { continue }
                groups[group, default: 1] -= 1
            }
            for name in use.names { counts[name, default: 1] -= 1 }
            file.hidden.insert(use.element)
            set.warn(
                "\(file.file):\(use.element.line): xs:\(use.element.localName) declares nothing but attributes that are there already, and was passed over"
            )
        }
        guard let use = order.first(where: { $0.names.contains { counts[$0] ?? 1 > 1 } }) else { return }
        throw error("Two groups of attributes have one in common, and others beside it.", use.element, file)
    }
}

extension RawAttribute {
    fileprivate func isSame(_ other: RawAttribute) -> Bool {
        type === other.type && isRequired == other.isRequired && defaultValue == other.defaultValue
            && fixedValue == other.fixedValue
    }
}
