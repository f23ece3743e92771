internal import GerbangJSON
internal import GerbangXML

extension MessageDecoder {
    /// Reads the attributes that a type declares, and those that its wildcard allows.
    func read(
        _ attributes: [XMLWalk.NumberedAttribute],
        of type: TypeNode,
        _ element: XMLElement,
        into object: inout JSONObject
    ) throws(SOAPError) {
        var hasOthers = false
        for attribute in attributes
        where attribute.symbol > InstanceSymbols.last || attribute.symbol == XMLSymbols.unknown {
            guard attribute.symbol != XMLSymbols.unknown,
                let declared = type.attributes.first(where: { $0.symbol == attribute.symbol })
            else {
                hasOthers = true
                continue
            }
            do throws(SOAPError) {
                object[declared.key] = try value(attribute.value, declared.type, at: element)
            } catch {
                throw Self.at(declared.tag.name, error)
            }
        }
        guard hasOthers, !isEncoded, let wildcard = type.anyAttribute else { return }
        for attribute in element.attributes where attribute.name.namespaceURI != Namespaces.instance {
            guard wildcard.allows(attribute.name.namespaceURI),
                !type.attributes.contains(where: { $0.tag.name == attribute.name })
            else { continue }
            if wildcard.processing != .skip { try check(attribute, element) }
            object["@" + JSONName.text(attribute.name)] = .string(attribute.value)
        }
    }
}
