/// How large and how deep a JSON text may be.
public struct JSONLimits: Sendable, Hashable {
    /// The deepest nesting that can be asked for.
    ///
    /// Values are released, compared and written recursively, so this bound keeps every thread's stack safe.
    public static let deepest = 512

    /// What is allowed unless the caller says otherwise: 128 levels, 16 MiB.
    public static let `default` = JSONLimits()

    /// How many arrays and objects may stand inside each other, from 0 (scalars only) to ``deepest``.
    ///
    /// A number outside that range is moved to its nearer end.
    public var maximumDepth: Int {
        didSet { maximumDepth = JSONLimits.allowed(maximumDepth) }
    }

    /// How many bytes the text may have.
    public var maximumBytes: Int

    /// Whether a key may occur twice in an object; then the last value counts.
    ///
    /// Of such a text another reader may take the first (RFC 8259, section 4), so what is acted on by more than one system
    /// should not have it (RFC 7493, section 2.3).
    public var allowsRepeatedKeys: Bool

    /// Sets the limits, each with its default.
    public init(
        maximumDepth: Int = 128,
        maximumBytes: Int = 16 * 1_024 * 1_024,
        allowsRepeatedKeys: Bool = true
    ) {
        self.allowsRepeatedKeys = allowsRepeatedKeys
        self.maximumDepth = JSONLimits.allowed(maximumDepth)
        self.maximumBytes = maximumBytes
    }

    private static func allowed(_ depth: Int) -> Int {
        min(max(depth, 0), deepest)
    }
}
