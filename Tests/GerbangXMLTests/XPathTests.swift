import GerbangXML
import Testing

@Suite("XPath")
struct XPathTests {
    private static let namespaces = ["o": "urn:order"]

    @Test("A document is searched from its outside")
    func document() throws {
        let document = try parse(Samples.order)
        let items = try document.select("/o:order/o:item", namespaces: Self.namespaces)
        #expect(items.map { $0.attribute("n") } == ["1", "2"])
        #expect(try document.select("o:order", namespaces: Self.namespaces) == [document.root])
    }

    @Test("Expressions are relative to their element")
    func relative() throws {
        let root = try parse(Samples.order).root
        let second = try #require(root.children.dropFirst().first)
        #expect(try second.string(at: XPathExpression("@n")) == "2")
        #expect(try second.string(at: XPathExpression("b")) == "tulis")
        #expect(try second.string(at: XPathExpression("none")) == nil)
        #expect(try second.string(at: XPathExpression("string(none)"))?.isEmpty == true)
        #expect(try second.strings(at: XPathExpression("../*/@n")) == ["1", "2"])
        #expect(try second.number(at: XPathExpression("count(../*)")) == 3)
        #expect(try second.number(at: XPathExpression("'x'")).isNaN)
        #expect(try second.boolean(at: XPathExpression("b")))
        #expect(try !second.boolean(at: XPathExpression("@n > 2")))
        #expect(try second.select("..") == [root])
    }

    @Test("A variable is data, never syntax")
    func variables() throws {
        let root = try parse(Samples.order).root
        let byNumber = try XPathExpression("o:item[@n = $n]", namespaces: Self.namespaces)
        #expect(try root.select(byNumber, variables: ["n": "1"]).count == 1)
        #expect(try root.select(byNumber, variables: ["n": "' or '1'='1"]).isEmpty)
        #expect(throws: XMLError.self) { try root.select(byNumber) }
        #expect(throws: XMLError.self) { try root.select(byNumber, variables: ["n": "1\u{0}"]) }
    }

    @Test(
        "Mistakes are found when the expression is made",
        arguments: [
            "", "//", "//[", "a[", "a]", "undeclared:a", "a/undeclared:b", "unknown()", "count('x')", "count()",
            "'open",
            "a[1", "@@", "1 +", "document('file:///etc/passwd')", "a\u{0}b", "$", "a b", "..//..//]",
        ]
    )
    func mistakes(text: String) throws {
        let error = try #require(throws: XMLError.self) { _ = try XPathExpression(text) }
        #expect(error.code == .xpath)
    }

    @Test("A result of another type is an error")
    func types() throws {
        let root = try parse(Samples.order).root
        for text in ["1", "'x'", "@id", "true()", "//text()", "namespace::*"] {
            let error = try #require(throws: XMLError.self) { _ = try root.select(XPathExpression(text)) }
            #expect(error.code == .xpath)
        }
        #expect(throws: XMLError.self) { try root.strings(at: XPathExpression("1 + 1")) }
        #expect(try root.strings(at: XPathExpression("namespace::o")) == ["urn:order"])
    }

    @Test("An expensive expression is stopped")
    func expensive() throws {
        let document = try parse("<a>" + String(repeating: "<b><c/></b>", count: 3000) + "</a>")
        let expression = try XPathExpression("//*[count(//*[count(//*) > 0]) > 0]")
        let error = try #require(throws: XMLError.self) { _ = try document.select(expression) }
        #expect(error.code == .xpathLimit)
    }

    @Test("Deeply nested and overlong expressions are refused")
    func deep() throws {
        let nested = String(repeating: "(", count: 2000) + "1" + String(repeating: ")", count: 2000)
        let error = try #require(throws: XMLError.self) { _ = try XPathExpression(nested) }
        #expect([XMLError.Code.xpath, .xpathLimit].contains(error.code))
        #expect(throws: XMLError.self) { try XPathExpression("'" + String(repeating: "x", count: 5000) + "'") }
    }

    @Test("Mutated expressions never do harm")
    func mutations() throws {
        var random = SeededGenerator(seed: 5)
        let document = try parse(Samples.order)
        let seed = utf8(
            "/o:order/o:item[@n='1' and position() <= last()]/following-sibling::*[contains(string(.), 'a')]"
        )
        let alphabet = utf8("/[]()@:*|'\"=<>+-.,$ ao1")
        var accepted = 0
        for _ in 0..<2000 {
            var bytes = seed
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) {
                    bytes.remove(at: at)
                } else {
                    bytes[at] = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let expression = try? XPathExpression(text, namespaces: Self.namespaces) else { continue }
            accepted += 1
            _ = try? document.select(expression)
        }
        #expect(accepted > 20)
    }
}
