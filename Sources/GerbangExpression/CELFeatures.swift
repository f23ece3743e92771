/// Parts of the language beyond its core, each with its functions and macros.
public struct CELFeatures: OptionSet, Sendable, Hashable {
    /// The bits of the set.
    public let rawValue: UInt32

    /// Makes a set of its bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// `charAt`, `indexOf`, `replace`, `split`, `format`, …
    public static let strings = CELFeatures(rawValue: 1 << 0)
    /// `math.greatest`, `math.bitAnd`, …
    public static let math = CELFeatures(rawValue: 1 << 1)
    /// `lists.range`, `flatten`, `sort`, `slice`, …
    public static let lists = CELFeatures(rawValue: 1 << 2)
    /// `base64.encode` and `base64.decode`
    public static let encoders = CELFeatures(rawValue: 1 << 3)
    /// `a.?b`, `a[?i]`, `optional.of`, `optMap`, …
    public static let optionals = CELFeatures(rawValue: 1 << 4)
    /// `ip`, `cidr`, …
    public static let network = CELFeatures(rawValue: 1 << 5)
    /// `cel.bind`
    public static let bindings = CELFeatures(rawValue: 1 << 6)
    /// Macros with two variables: `all(k, v, …)`, `transformMap(k, v, …)`, …
    public static let comprehensions = CELFeatures(rawValue: 1 << 7)
    /// `regex.extract`, `regex.extractAll` and `regex.replace`
    public static let regularExpressions = CELFeatures(rawValue: 1 << 8)
    /// The project's own functions, `gerbang.…`
    public static let gerbang = CELFeatures(rawValue: 1 << 9)

    /// Nothing but the core of the language.
    static let core: CELFeatures = []

    /// Everything.
    public static let all: CELFeatures = [
        .strings, .math, .lists, .encoders, .optionals, .network, .bindings, .comprehensions, .regularExpressions, .gerbang,
    ]
}
