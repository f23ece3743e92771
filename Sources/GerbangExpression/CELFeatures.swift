/// Parts of the language beyond its core, each with its functions and macros.
public struct CELFeatures: OptionSet, Sendable, Hashable {
    /// The bits of the set.
    public let rawValue: UInt32

    /// Makes a set of its bits.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Functions on texts, such as `indexOf`, `replace`, `split` and `format`.
    public static let strings = CELFeatures(rawValue: 1 << 0)
    /// Functions on numbers, such as `math.greatest` and `math.bitAnd`.
    public static let math = CELFeatures(rawValue: 1 << 1)
    /// Functions on lists, such as `lists.range`, `flatten`, `sort` and `slice`.
    public static let lists = CELFeatures(rawValue: 1 << 2)
    /// The functions `base64.encode` and `base64.decode`.
    public static let encoders = CELFeatures(rawValue: 1 << 3)
    /// Optional values: `a.?b`, `a[?i]`, `optional.of`, `optMap` and others.
    public static let optionals = CELFeatures(rawValue: 1 << 4)
    /// IP addresses and ranges of them: `ip`, `cidr` and others.
    public static let network = CELFeatures(rawValue: 1 << 5)
    /// The macro `cel.bind`.
    public static let bindings = CELFeatures(rawValue: 1 << 6)
    /// Macros with two variables, such as `all(k, v, …)` and `transformMap(k, v, …)`.
    public static let comprehensions = CELFeatures(rawValue: 1 << 7)
    /// The functions `regex.extract`, `regex.extractAll` and `regex.replace`.
    public static let regularExpressions = CELFeatures(rawValue: 1 << 8)
    /// The project's own functions, in the namespace `gerbang`.
    public static let gerbang = CELFeatures(rawValue: 1 << 9)

    /// Nothing but the core of the language.
    static let core: CELFeatures = []

    /// Everything.
    public static let all: CELFeatures = [
        .strings, .math, .lists, .encoders, .optionals, .network, .bindings, .comprehensions, .regularExpressions,
        .gerbang,
    ]
}
