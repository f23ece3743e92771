internal import GerbangXML
internal import Synchronization

/// The contract's types and elements, compiled once and never changed.
final class SchemaTable: Sendable {
    let types: [TypeNode]
    /// The elements declared at the top level.
    let elements: [XMLName: ElementNode]
    /// Elements that no schema declares: wrappers and parts of rpc messages.
    let extras: [ElementNode]
    /// The types of the attributes declared at the top level, which may stand for wildcards.
    let attributes: [XMLName: SimpleType]
    let symbols: XMLSymbols
    /// Top-level elements by the number of their name.
    let elementsBySymbol: [Int32: ElementNode]
    let typesByName: [XMLName: Int]
    /// How each type is called in `#type`, and the other way round.
    let typeKeys: [Int: String]
    let typesByKey: [String: Int]
    /// Prefixes for written messages.
    let prefixes: Prefixes
    /// The types derived from each, directly.
    private let derived: [Int: [Int]]
    /// Worked out when the first sample is asked for, for each way of encoding.
    private let knownCosts = Mutex<[Bool: TypeCosts]>([:])

    init(
        types: [TypeNode],
        elements: [XMLName: ElementNode],
        extras: [ElementNode],
        attributes: [XMLName: SimpleType],
        symbols: XMLSymbols,
        typesByName: [XMLName: Int],
        typeKeys: [Int: String],
        prefixes: Prefixes
    ) {
        self.types = types
        self.elements = elements
        self.extras = extras
        self.attributes = attributes
        self.symbols = symbols
        self.typesByName = typesByName
        self.typeKeys = typeKeys
        self.prefixes = prefixes
        var derived: [Int: [Int]] = [:]
        for type in types {
            if let base = type.base { derived[base, default: []].append(type.id) }
        }
        self.derived = derived
        typesByKey = Dictionary(typeKeys.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        elementsBySymbol = Dictionary(elements.values.map { ($0.symbol, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// How large the smallest value of each type is.
    var costs: TypeCosts { costs(isEncoded: false) }

    /// The same by SOAP encoding.
    var encodedCosts: TypeCosts { costs(isEncoded: true) }

    private func costs(isEncoded: Bool) -> TypeCosts {
        if let known = knownCosts.withLock({ $0[isEncoded] }) { return known }
        let costs = TypeCosts(self, isEncoded: isEncoded)
        knownCosts.withLock { $0[isEncoded] = costs }
        return costs
    }

    /// Whether a type is another one or is derived from it.
    func isDerived(_ type: Int, from base: Int) -> Bool {
        var current: Int? = type
        while let id = current {
            if id == base { return true }
            current = types[id].base
        }
        return base == BuiltinTypes.anyType || types[base].allows(member: type)
    }

    /// The types that may stand where `base` is declared, itself included, abstract ones left out.
    func instances(of base: Int) -> [Int] {
        var result: [Int] = []
        var waiting = [base]
        while let number = waiting.popLast() {
            if !types[number].isAbstract, types[number].name != nil { result.append(number) }
            waiting += derived[number] ?? []
        }
        return result.sorted()
    }
}

/// A prefix for every namespace of the contract.
struct Prefixes: Sendable {
    struct Entry: Sendable {
        let uri: String
        let prefix: String
        /// ` xmlns:prefix="uri"`, escaped.
        let declaration: [UInt8]
    }

    private(set) var entries: [Entry] = []
    private var numbers: [String: Int] = [:]

    /// The number of a namespace; nil where it is not the contract's.
    func number(_ uri: String) -> Int? { numbers[uri] }

    mutating func add(_ uri: String, preferred: String?) -> Int {
        if let known = numbers[uri] { return known }
        var prefix = preferred ?? "n\(entries.count)"
        if prefix.isEmpty || !XMLCharacters.isName(prefix) || prefix.lowercased().hasPrefix("xml") || prefix == "soap"
            || entries.contains(where: { $0.prefix == prefix })
        {
            prefix = "n\(entries.count)"
            while entries.contains(where: { $0.prefix == prefix }) { prefix += "_" }
        }
        if uri == Namespaces.xml { prefix = "xml" }
        numbers[uri] = entries.count
        var declaration = Array(" xmlns:\(prefix)=\"".utf8)
        MarkupBuffer.escapeAttribute(uri, into: &declaration)
        declaration.append(UInt8(ascii: "\""))
        entries.append(Entry(uri: uri, prefix: prefix, declaration: uri == Namespaces.xml ? [] : declaration))
        return entries.count - 1
    }
}

/// The name of an element or attribute, ready to be written.
struct TagName: Sendable {
    let name: XMLName
    /// `prefix:local`, or `local` in no namespace.
    let bytes: [UInt8]
    /// The number of the namespace in ``Prefixes``; -1 for none.
    let prefix: Int
}

/// A type.
final class TypeNode: Sendable {
    enum Content: Sendable {
        case simple(SimpleType)
        case empty
        case elements(GroupNode)
        case mixed(MixedNode)
        /// `xs:anyType`: whatever well-formed XML there is.
        case anything
        /// An array of SOAP encoding.
        case array(ArrayNode)
    }

    let id: Int
    let name: XMLName?
    let base: Int?
    let isAbstract: Bool
    /// Whether it is a simple type, as opposed to a complex one with simple content.
    let isSimple: Bool
    let content: Content
    let attributes: [AttributeNode]
    let anyAttribute: Wildcard?
    /// The member types, where it is a union.
    let members: [Int]
    /// `name` with its prefix, for `xsi:type`; nil for an unnamed type.
    let tag: TagName?
    let documentation: String?

    init(
        id: Int,
        name: XMLName?,
        base: Int?,
        isAbstract: Bool,
        isSimple: Bool,
        content: Content,
        attributes: [AttributeNode],
        anyAttribute: Wildcard?,
        members: [Int],
        tag: TagName?,
        documentation: String?
    ) {
        self.id = id
        self.name = name
        self.base = base
        self.isAbstract = isAbstract
        self.isSimple = isSimple
        self.content = content
        self.attributes = attributes
        self.anyAttribute = anyAttribute
        self.members = members
        self.tag = tag
        self.documentation = documentation
    }

    fileprivate func allows(member: Int) -> Bool { members.contains(member) }

    /// Whether the JSON is an object with `#text`, because there are attributes beside a simple value.
    var hasTextMember: Bool {
        if case .simple = content { !attributes.isEmpty } else { false }
    }
}

/// An element declaration, global or local.
final class ElementNode: Sendable {
    let tag: TagName
    let symbol: Int32
    let type: Int
    let isNillable: Bool
    let isAbstract: Bool
    let defaultValue: String?
    let fixedValue: String?
    /// The elements that may stand in its place, itself included unless abstract; empty where there are no others.
    let alternatives: [Alternative]
    let documentation: String?

    struct Alternative: Sendable {
        let key: String
        let element: ElementNode
    }

    init(
        tag: TagName,
        symbol: Int32,
        type: Int,
        isNillable: Bool = false,
        isAbstract: Bool = false,
        defaultValue: String? = nil,
        fixedValue: String? = nil,
        alternatives: [Alternative] = [],
        documentation: String? = nil
    ) {
        self.tag = tag
        self.symbol = symbol
        self.type = type
        self.isNillable = isNillable
        self.isAbstract = isAbstract
        self.defaultValue = defaultValue
        self.fixedValue = fixedValue
        self.alternatives = alternatives
        self.documentation = documentation
    }

    var name: XMLName { tag.name }
}

/// An attribute of a type.
struct AttributeNode: Sendable {
    /// The member's name in JSON, with its `@`.
    let key: String
    /// The number of the name.
    let symbol: Int32
    let tag: TagName
    let type: SimpleType
    let isRequired: Bool
    let defaultValue: String?
    let fixedValue: String?
}

/// What `xs:any` and `xs:anyAttribute` allow.
struct Wildcard: Sendable, Hashable {
    enum Namespaces: Sendable, Hashable {
        case any
        /// Any but this one and none.
        case other(String)
        /// These; an empty text is no namespace.
        case list(Set<String>)
    }

    enum Processing: Sendable {
        /// By the contract, which should declare the element; one that it does not declare is let through all the same, as
        /// its schema may be elsewhere.
        case strict
        case lax
        case skip
    }

    var namespaces: Namespaces
    var processing: Processing

    func allows(_ namespace: String?) -> Bool {
        switch namespaces {
        case .any: true
        case .other(let own): namespace != nil && namespace != own
        case .list(let list): list.contains(namespace ?? "")
        }
    }
}

/// A place in a content model.
final class Particle: Sendable {
    enum Term: Sendable {
        case element(ElementNode)
        case group(GroupNode)
        case any(Wildcard)
    }

    let minimum: Int
    /// `Int.max` where there is no limit.
    let maximum: Int
    /// The member's name in JSON; empty for a group whose members stand in the object around it.
    let key: String
    let term: Term
    let first: FirstSet

    init(minimum: Int, maximum: Int, key: String, term: Term, first: FirstSet) {
        self.minimum = minimum
        self.maximum = maximum
        self.key = key
        self.term = term
        self.first = first
    }

    var isRepeated: Bool { maximum > 1 }
}

/// What a particle can begin with.
struct FirstSet: Sendable {
    var symbols: Set<Int32> = []
    var wildcards: [Wildcard] = []
    /// Whether it can be nothing at all.
    var isEmptiable = false

    mutating func formUnion(_ other: FirstSet) {
        symbols.formUnion(other.symbols)
        wildcards += other.wildcards
    }
}

/// A sequence, choice or set of particles.
final class GroupNode: Sendable {
    enum Kind: Sendable {
        case sequence
        case choice
        case all
    }

    let kind: Kind
    let particles: [Particle]
    /// The members that the particles own in the JSON object.
    let keys: Set<String>
    /// For a choice: the branch that a name begins.
    let branches: [Int32: Int]
    /// Whether a wildcard stands in it, at any depth of groups.
    let hasWildcard: Bool

    init(kind: Kind, particles: [Particle]) {
        self.kind = kind
        self.particles = particles
        var keys: Set<String> = []
        var branches: [Int32: Int] = [:]
        for (index, particle) in particles.enumerated() {
            if particle.key.isEmpty, case .group(let group) = particle.term {
                keys.formUnion(group.keys)
            } else {
                keys.insert(particle.key)
            }
            if kind != .sequence {
                for symbol in particle.first.symbols where branches[symbol] == nil { branches[symbol] = index }
            }
        }
        self.keys = keys
        self.branches = branches
        hasWildcard = particles.contains { particle in
            switch particle.term {
            case .any: true
            case .group(let group): group.hasWildcard
            case .element: false
            }
        }
    }
}

/// Mixed content: texts and elements in order.
final class MixedNode: Sendable {
    let root: GroupNode
    let elements: [Int32: ElementNode]
    let keys: [String: ElementNode]
    let symbolKeys: [Int32: String]
    let hasWildcard: Bool

    init(
        root: GroupNode,
        elements: [Int32: ElementNode],
        keys: [String: ElementNode],
        symbolKeys: [Int32: String],
        hasWildcard: Bool
    ) {
        self.root = root
        self.elements = elements
        self.keys = keys
        self.symbolKeys = symbolKeys
        self.hasWildcard = hasWildcard
    }
}

/// An array of SOAP encoding (SOAP 1.1, section 5.4.2).
final class ArrayNode: Sendable {
    /// The type of the items.
    let item: Int
    /// The name of an item's element.
    let itemName: String
    /// The ranks as in `[]`, `[][]` or `[,]`, outermost last.
    let ranks: String

    init(item: Int, itemName: String, ranks: String) {
        self.item = item
        self.itemName = itemName
        self.ranks = ranks
    }
}

/// The numbers of the built-in types.
enum BuiltinTypes {
    static let anyType = 0
    static let anySimpleType = 1
    static let string = 2
}

/// The numbers of the attributes of `xsi`, which every table of symbols begins with.
enum InstanceSymbols {
    /// Where the schema of a document is, which is a part of the document for some who receive it.
    static let locations = ["schemaLocation", "noNamespaceSchemaLocation"]
    static let names = ["type", "nil", "null"] + locations
    static let type: Int32 = 0
    static let `nil`: Int32 = 1
    static let null: Int32 = 2
    static let last: Int32 = 4
}
