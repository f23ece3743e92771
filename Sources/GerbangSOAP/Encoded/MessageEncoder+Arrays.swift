internal import GerbangJSON
internal import GerbangXML

/// Arrays of SOAP encoding (SOAP 1.1, section 5.4.2; SOAP 1.2 part 2, section 3.1.6).
extension MessageEncoder {
    /// Writes the rest of an array's element, the start tag being open.
    mutating func array(_ array: ArrayNode, _ value: JSONValue, closing name: [UInt8]) throws(SOAPError) {
        try self.array(array, ranks: Array(array.ranks), value, closing: name)
    }

    private mutating func array(
        _ array: ArrayNode,
        ranks: [Character],
        _ value: JSONValue,
        closing name: [UInt8]
    ) throws(SOAPError) {
        guard case .array(let items) = value else { throw Self.error("It must be an array.") }
        // The last brackets are this array's own; those before them belong to its items.
        let open = ranks.lastIndex(of: "[") ?? ranks.startIndex
        let dimensions = ranks[open...].filter { $0 == "," }.count + 1
        let inner = Array(ranks[..<open])
        var sizes: [Int] = []
        var flat: [JSONValue] = []
        try Self.flatten(items, dimensions, &sizes, 0, &flat)
        // Also in a literal message the rows of several dimensions are told apart by their sizes only.
        if style == .encoded || dimensions > 1 { arrayAttributes(array, sizes: sizes, inner: inner) }
        guard !flat.isEmpty else {
            buffer.markup("/>")
            return
        }
        buffer.markup(">")
        let itemName = Array(array.itemName.utf8)
        for (index, item) in flat.enumerated() {
            do throws(SOAPError) {
                if inner.isEmpty {
                    try element(itemName, declared: array.item, isNillable: true, item)
                } else {
                    buffer.markup("<")
                    buffer.markup(itemName)
                    try self.array(array, ranks: inner, item, closing: itemName)
                }
            } catch {
                throw error.below(index)
            }
        }
        close(name)
    }

    /// The items of an array of several dimensions in one row, and its size in every dimension.
    private static func flatten(
        _ items: [JSONValue],
        _ dimensions: Int,
        _ sizes: inout [Int],
        _ level: Int,
        _ flat: inout [JSONValue]
    ) throws(SOAPError) {
        if sizes.count == level { sizes.append(items.count) }
        guard sizes[level] == items.count else {
            throw error("The rows of an array of several dimensions must be equally long.")
        }
        guard dimensions > 1 else {
            flat += items
            return
        }
        for item in items {
            guard case .array(let row) = item else { throw error("It must be an array of arrays.") }
            try flatten(row, dimensions - 1, &sizes, level + 1, &flat)
        }
        while sizes.count < level + dimensions { sizes.append(0) }
    }

    private mutating func arrayAttributes(_ array: ArrayNode, sizes: [Int], inner: [Character]) {
        let encoding = version == .v11 ? Namespaces.encoding11 : Namespaces.encoding12
        let type = table.types[array.item]
        mark(0)
        var item = "xs:anyType"
        if let tag = type.tag {
            mark(tag.prefix)
            item = String(decoding: tag.bytes, as: UTF8.self)
        } else {
            mark(1)
        }
        let size = sizes.map { String($0) }
        buffer.markup(Array(" xmlns:enc=\"\(encoding)\"".utf8))
        // Outside of encoding the type is the declared one.
        if style == .encoded { buffer.markup(Array(" xsi:type=\"enc:Array\"".utf8)) }
        if version == .v11 {
            buffer.markup(Array(" enc:arrayType=\"\(item)\(String(inner))[\(size.joined(separator: ","))]\"".utf8))
        } else {
            let itemType = inner.isEmpty ? item : "enc:Array"
            buffer.markup(Array(" enc:itemType=\"\(itemType)\" enc:arraySize=\"\(size.joined(separator: " "))\"".utf8))
        }
    }
}
