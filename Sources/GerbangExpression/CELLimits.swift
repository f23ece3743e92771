/// How much one evaluation may do, so that no expression hangs or fills the memory.
public struct CELLimits: Sendable, Hashable {
    /// What is allowed unless the caller says otherwise.
    public static let `default` = CELLimits()

    /// The highest cost: about one for every step of the evaluation, every element that is looked at and every sixteen
    /// bytes of text that are read or written.
    public var maximumCost: Int

    /// The largest value that may come into being: one for every scalar in it and every sixteen bytes of text.
    public var maximumSize: Int

    /// How many lists, maps and optionals a value may have inside each other.
    public var maximumDepth: Int

    /// Sets the limits, each with its default: a cost and a size of 1,000,000, and 256 levels.
    public init(maximumCost: Int = 1_000_000, maximumSize: Int = 1_000_000, maximumDepth: Int = 256) {
        self.maximumCost = maximumCost
        self.maximumSize = maximumSize
        self.maximumDepth = maximumDepth
    }
}
