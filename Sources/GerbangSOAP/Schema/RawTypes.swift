internal import GerbangXML

/// A place in a content model before it is linked; groups are filled in, names of JSON members are not yet given.
struct RawParticle {
    indirect enum Term {
        case element(RawElement)
        case group(GroupNode.Kind, [RawParticle])
        case any(Wildcard)
    }

    var minimum: Int
    var maximum: Int
    let term: Term
    /// How many places there are in it.
    let size: Int

    init(_ term: Term, minimum: Int = 1, maximum: Int = 1) {
        self.term = term
        self.minimum = minimum
        self.maximum = maximum
        if case .group(_, let particles) = term {
            size = particles.reduce(1) { $0.addingReportingOverflow($1.size).partialValue }
        } else {
            size = 1
        }
    }

    static var none: RawParticle { RawParticle(.group(.sequence, [])) }
}

/// A default or fixed value as it stands in a schema.
struct RawValue {
    private let text: String
    /// What it means as a qualified name.
    private let name: String?

    /// The attribute of an element declaration.
    init?(_ attribute: String, of element: XMLElement) {
        guard let text = element.attribute(attribute) else { return nil }
        self.text = text
        name = element.resolve(qualifiedName: text).map { JSONName.text($0) }
    }

    /// The value for a type: a qualified name as it stands in JSON, as the schema's prefixes mean nothing elsewhere.
    func text(of type: RawType?) -> String {
        guard case .simple(let simple) = type?.content, case .atomic(.qName) = simple.variety else { return text }
        return name ?? text
    }
}

/// An element declaration before it is linked.
final class RawElement {
    let name: XMLName
    let type: Int
    let isNillable: Bool
    let isAbstract: Bool
    let defaultValue: RawValue?
    let fixedValue: RawValue?
    /// Whether it is declared at the top level, so that others may stand in its place.
    let isGlobal: Bool
    let blocksSubstitution: Bool
    let documentation: String?

    init(
        name: XMLName,
        type: Int,
        isNillable: Bool = false,
        isAbstract: Bool = false,
        defaultValue: RawValue? = nil,
        fixedValue: RawValue? = nil,
        isGlobal: Bool = false,
        blocksSubstitution: Bool = false,
        documentation: String? = nil
    ) {
        self.name = name
        self.type = type
        self.isNillable = isNillable
        self.isAbstract = isAbstract
        self.defaultValue = defaultValue
        self.fixedValue = fixedValue
        self.isGlobal = isGlobal
        self.blocksSubstitution = blocksSubstitution
        self.documentation = documentation
    }
}

/// An attribute of a type before it is linked.
struct RawAttribute {
    let name: XMLName
    let type: SimpleType
    var isRequired = false
    var isProhibited = false
    var defaultValue: String?
    var fixedValue: String?
}

/// A type before it is linked.
struct RawType {
    enum Content {
        case simple(SimpleType)
        case empty
        case elements(RawParticle)
        case mixed(RawParticle)
        case anything
        case array(item: Int, name: String, ranks: String)
    }

    var name: XMLName?
    var base: Int?
    var isAbstract = false
    var isSimple = false
    var content: Content
    var attributes: [RawAttribute] = []
    var anyAttribute: Wildcard?
    var members: [Int] = []
    var documentation: String?
}
