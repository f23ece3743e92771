internal import CLibXML2

/// Numbers for the names that a reader knows, so that it compares numbers instead of texts.
package struct XMLSymbols: Sendable {
    /// What ``XMLWalk/symbol(_:)`` gives for a name that is not in the table.
    package static let unknown: Int32 = -1

    private var numbers: [XMLName: Int32] = [:]
    /// The names in the order of their numbers.
    package private(set) var names: [XMLName] = []

    package init() {}

    /// The number of a name, a new one where it is not known yet.
    package mutating func number(_ name: XMLName) -> Int32 {
        if let known = numbers[name] { return known }
        let number = Int32(names.count)
        numbers[name] = number
        names.append(name)
        return number
    }

    /// The number of a name that is in the table.
    package func find(_ name: XMLName) -> Int32 {
        numbers[name] ?? Self.unknown
    }
}

/// Reads a document by numbers.
///
/// libxml2 keeps every name once per document, so the address of a name together with that of its namespace
/// declaration decides, and a text is looked up only when the pair is met for the first time or was displaced.
package struct XMLWalk {
    private let symbols: XMLSymbols
    private var cache: [Entry]

    private struct Entry {
        var name: UInt = 0
        var namespace: UInt = 0
        var symbol: Int32 = 0
    }

    /// Enough for the names of nearly all messages; more would cost short ones more than the rest.
    private static let slots = 128

    package init(_ symbols: XMLSymbols) {
        self.symbols = symbols
        cache = Array(repeating: Entry(), count: Self.slots)
    }

    /// The number of an element's name, or ``XMLSymbols/unknown``.
    package mutating func symbol(_ element: XMLElement) -> Int32 {
        let name = unsafe UInt(bitPattern: element.node.pointee.name)
        let namespace = unsafe UInt(bitPattern: element.node.pointee.ns)
        let slot = Self.slot(name, namespace)
        let entry = cache[slot]
        if entry.name == name && entry.namespace == namespace { return entry.symbol }
        return remember(slot, name, namespace, element.name)
    }

    /// An attribute with the number of its name.
    package struct NumberedAttribute {
        /// The number, or ``XMLSymbols/unknown``.
        package let symbol: Int32
        /// The value.
        package let value: String
    }

    /// The attributes of an element in document order.
    package mutating func attributes(of element: XMLElement) -> [NumberedAttribute] {
        var result: [NumberedAttribute] = []
        var next = unsafe element.node.pointee.properties
        while let attribute = unsafe next {
            let name = unsafe UInt(bitPattern: attribute.pointee.name)
            let namespace = unsafe UInt(bitPattern: attribute.pointee.ns)
            let slot = Self.slot(name, namespace)
            let entry = cache[slot]
            var symbol = entry.symbol
            if entry.name != name || entry.namespace != namespace {
                symbol = remember(slot, name, namespace, unsafe XMLElement.name(of: attribute))
            }
            result.append(NumberedAttribute(symbol: symbol, value: unsafe XMLElement.value(of: attribute)))
            unsafe next = unsafe attribute.pointee.next
        }
        return result
    }

    private static func slot(_ name: UInt, _ namespace: UInt) -> Int {
        Int(((name >> 3) ^ (namespace >> 5) ^ (name >> 11)) % UInt(slots))
    }

    private mutating func remember(_ slot: Int, _ name: UInt, _ namespace: UInt, _ expanded: XMLName) -> Int32 {
        let symbol = symbols.find(expanded)
        cache[slot] = Entry(name: name, namespace: namespace, symbol: symbol)
        return symbol
    }
}

/// A piece of an element's content.
package enum XMLPiece {
    case text(String)
    case element(XMLElement)
}

extension XMLElement {
    /// The first child element; `strayText` becomes true where text other than white space stands before it.
    package func firstElement(strayText: inout Bool) -> XMLElement? {
        unsafe element(from: node.pointee.children, &strayText)
    }

    /// The next sibling element; `strayText` becomes true where text other than white space stands between.
    package func nextElement(strayText: inout Bool) -> XMLElement? {
        unsafe element(from: node.pointee.next, &strayText)
    }

    /// The text of an element without child elements; nil where there are some.
    package var onlyText: String? {
        guard let child = unsafe node.pointee.children else { return "" }
        if unsafe child.pointee.next == nil && child.pointee.type == XML_TEXT_NODE {
            return unsafe LibXML2.string(child.pointee.content)
        }
        return firstChild == nil ? text : nil
    }

    /// Whether there is neither text nor an element in the element.
    package var isEmpty: Bool {
        firstChild == nil && text.isEmpty
    }

    /// Whether the element has no attributes; namespace declarations do not count.
    package var hasNoAttributes: Bool {
        unsafe node.pointee.properties == nil
    }

    /// Texts and elements in document order; neighbouring texts are one.
    package var pieces: [XMLPiece] {
        var result: [XMLPiece] = []
        var next = unsafe node.pointee.children
        while let child = unsafe next {
            if unsafe Self.isElement(child) {
                result.append(.element(unsafe XMLElement(child, in: document)))
            } else if unsafe child.pointee.type == XML_TEXT_NODE || child.pointee.type == XML_CDATA_SECTION_NODE {
                let text = unsafe LibXML2.string(child.pointee.content) ?? ""
                if case .text(let before)? = result.last {
                    result[result.count - 1] = .text(before + text)
                } else {
                    result.append(.text(text))
                }
            }
            unsafe next = unsafe child.pointee.next
        }
        return result
    }

    /// The namespace declarations made on this element, an empty prefix standing for the default namespace.
    package var namespaceDeclarations: [(prefix: String, uri: String)] {
        var result: [(String, String)] = []
        var next = unsafe node.pointee.nsDef
        while let declaration = unsafe next {
            let prefix = unsafe LibXML2.string(declaration.pointee.prefix) ?? ""
            result.append((prefix, unsafe LibXML2.string(declaration.pointee.href) ?? ""))
            unsafe next = unsafe declaration.pointee.next
        }
        return result
    }

    private func element(from start: xmlNodePtr?, _ strayText: inout Bool) -> XMLElement? {
        var next = unsafe start
        while let child = unsafe next {
            if unsafe Self.isElement(child) { return unsafe XMLElement(child, in: document) }
            if !strayText, let content = unsafe child.pointee.content,
                unsafe child.pointee.type == XML_TEXT_NODE || child.pointee.type == XML_CDATA_SECTION_NODE
            {
                strayText = unsafe !Self.isBlank(content)
            }
            unsafe next = unsafe child.pointee.next
        }
        return nil
    }

    private static func isBlank(_ text: UnsafePointer<xmlChar>) -> Bool {
        var position = unsafe text
        while true {
            let byte = unsafe position.pointee
            if byte == 0 { return true }
            guard byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else { return false }
            unsafe position += 1
        }
    }
}
