public import GerbangXML

/// How large a description may be, with everything that it imports.
///
/// Every limit holds while reading, so that time and memory stay bounded.
public struct LoadLimits: Sendable, Hashable {
    /// Files, imported and included ones among them.
    public var maximumFiles = 512
    /// The bytes of all files together.
    public var maximumBytes = 48 << 20
    /// Types, elements, attributes and groups of all schemas together.
    public var maximumComponents = 200_000
    /// Places in content models after groups and base types were filled in.
    public var maximumParticles = 400_000
    /// How deeply base types, groups and unnamed types may stand inside each other.
    public var maximumNesting = 100
    /// What is accepted of one file.
    public var xml: XMLLimits

    /// The default limits.
    public init() {
        xml = XMLLimits()
        xml.maximumBytes = 24 << 20
        xml.maximumNodes = 2_000_000
    }
}
