/// How much XML is accepted.
///
/// Every limit is enforced while reading, so that memory stays bounded.
public struct XMLLimits: Sendable, Hashable {
    /// The size of the document in bytes, as received; at most 700 MB.
    public var maximumBytes = 8 << 20
    /// Nested elements; libxml2 itself never accepts more than 256.
    public var maximumDepth = 128
    /// Elements, attributes, namespace declarations, texts and processing instructions together.
    ///
    /// Each costs some 100 bytes of memory.
    public var maximumNodes = 500_000
    /// Attributes and namespace declarations of one element.
    public var maximumAttributes = 256
    /// Namespace declarations in scope at one element.
    public var maximumNamespaces = 256
    /// The length of one attribute value in UTF-8 bytes.
    public var maximumAttributeLength = 256 << 10
    /// The length of one run of text in UTF-8 bytes; libxml2 itself never accepts more than 10 MB.
    public var maximumTextLength = 8 << 20
    /// Steps of one XPath evaluation, as libxml2 counts them (about one for each node visited).
    public var maximumXPathSteps = 5_000_000

    /// The default limits, fit for messages from an agency.
    public init() {}
}
