import GerbangXML
import Testing

/// A document of some megabytes that is made to cost a parser more than its size.
struct SlowDocument: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The code that it is refused with, or nil where it is harmless.
    let refusal: XMLError.Code?
    private let text: @Sendable () -> String

    init(_ description: String, refusal: XMLError.Code? = nil, _ text: @escaping @Sendable () -> String) {
        testDescription = description
        self.refusal = refusal
        self.text = text
    }

    func bytes() -> [UInt8] { Array(text().utf8) }

    private static func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    static let all = [
        // libxml2 compares each attribute of an element with each.
        SlowDocument("many attributes on one element", refusal: .limit) {
            "<a " + (0..<200_000).map { "a\($0)=''" }.joined(separator: " ") + "/>"
        },
        SlowDocument("many namespaces on one element", refusal: .limit) {
            "<a " + (0..<200_000).map { "xmlns:a\($0)='u'" }.joined(separator: " ") + "/>"
        },
        SlowDocument("one attribute again and again", refusal: .limit) { "<a " + many("b=''", 400_000) },
        SlowDocument("many elements", refusal: .limit) { "<a>" + many("<b/>", 600_000) + "</a>" },
        SlowDocument("many attributes on many elements", refusal: .limit) {
            "<a>" + many("<b " + (0..<256).map { "a\($0)=''" }.joined(separator: " ") + "/>", 1000) + "</a>"
        },
        SlowDocument("many processing instructions", refusal: .limit) { "<a>" + many("<?p?>", 600_000) + "</a>" },
        SlowDocument("many xml:id") { "<a>" + (0..<50_000).map { "<b xml:id='i\($0)'/>" }.joined() + "</a>" },
        SlowDocument("texts between elements") { "<a>" + many("x<b/>", 100_000) + "</a>" },
        SlowDocument("many references") { "<a>" + many("&lt;", 500_000) + "</a>" },
        SlowDocument("many comments") { "<a>" + many("<!---->", 300_000) + "</a>" },
        SlowDocument("many CDATA sections") { "<a>" + many("<![CDATA[x]]>", 200_000) + "</a>" },
        SlowDocument("white space in a tag") { "<a><b " + many(" ", 2_000_000) + "/></a>" },
        SlowDocument("a long name", refusal: .limit) { "<" + many("a", 2_000_000) + "/>" },
        SlowDocument("nothing but beginnings", refusal: .malformed) { many("<", 2_000_000) },
        SlowDocument("a long namespace name", refusal: nil) {
            "<a xmlns='" + many("u", 200_000) + "'>" + many("<b/>", 100_000) + "</a>"
        },
        SlowDocument("a prefix declared far away") {
            let levels = 0..<100
            let declarations = levels.map { "<n xmlns:p\($0)='u' xmlns:q\($0)='u'>" }.joined()
            return "<a>" + declarations + many("<p0:e/>", 100_000) + many("</n>", levels.count) + "</a>"
        },
    ]
}
