import GerbangXML
import Testing

@Suite("XML writer")
struct XMLWriterTests {
    @Test("Elements, namespaces, attributes and texts are written")
    func writing() throws {
        var writer = XMLWriter()
        try writer.element("t:a", namespaces: ["t": "urn:t", "": "urn:d"], attributes: ["x": "1", "t:x": "2"]) {
            writer in
            try writer.element("b", text: "satu")
            try writer.element("c", attributes: ["xml:lang": "id"], text: "")
            try writer.start("d")
            try writer.namespace("n", "urn:n")
            try writer.attribute("n:k", "v")
            try writer.text("dua")
            try writer.end()
        }
        #expect(
            String(decoding: try writer.finish(), as: UTF8.self) == """
                <?xml version="1.0" encoding="UTF-8"?><t:a xmlns:t="urn:t" xmlns="urn:d" x="1" t:x="2"><b>satu</b>\
                <c xml:lang="id"/><d xmlns:n="urn:n" n:k="v">dua</d></t:a>
                """
        )
    }

    @Test(
        "What is written is read again unchanged, in texts and in attributes",
        arguments: [
            "", " ", "<&>\"'", "]]>", "<!--", "-->", "</a><b>", "\" onload=\"x", "&amp;", "&#0;", "a\tb\nc\rd\r\n",
            "é€😀",
            "\u{FFFD}", "\u{EFBF}", "\u{10FFFF}", "<![CDATA[x]]>", "' or '1'='1", "\u{85}\u{2028}", "<!DOCTYPE a>",
        ]
    )
    func roundTrip(value: String) throws {
        var writer = XMLWriter(declaration: false)
        try writer.element(
            "a",
            namespaces: ["p": "urn:" + value.filter { $0 != "&" }],
            attributes: ["b": value],
            text: value
        )
        let root = try XMLDocument(parsing: try writer.finish()).root
        #expect(root.text.utf8.elementsEqual(value.utf8))
        #expect(root.attribute("b")?.utf8.elementsEqual(value.utf8) == true)
        #expect(
            root.namespaceURI(forPrefix: "p")?.utf8.elementsEqual(("urn:" + value.filter { $0 != "&" }).utf8) == true
        )
        #expect(root.children.isEmpty)
        #expect(root.attributes.count == 1)
    }

    @Test(
        "Characters that XML cannot express are refused",
        arguments: ["\u{0}", "\u{1}", "\u{1F}", "x\u{B}y", "\u{FFFE}", "é\u{FFFF}"]
    )
    func illegalCharacters(value: String) {
        expectRefusal { writer throws(XMLError) in try writer.element("a", text: value) }
        expectRefusal { writer throws(XMLError) in try writer.start("a", attributes: ["b": value]) }
    }

    @Test(
        "Names that are none are refused",
        arguments: [
            "", " ", "a b", "a>", "<a", "1a", "-a", "a:b:c", ":a", "a:", "a\u{0}", "a/", "a='1'", "p:a", "a\n",
            "\u{D7}", "xmlns:a",
        ]
    )
    func illegalNames(name: String) {
        expectRefusal { writer throws(XMLError) in
            try writer.start(name)
            try writer.end()
        }
        expectRefusal { writer throws(XMLError) in
            try writer.start("a", attributes: [name: ""])
            try writer.end()
        }
    }

    @Test("Names beyond ASCII are allowed where XML allows them")
    func names() throws {
        for name in ["é", "_a", "a-b.c·", "日本", "a1"] {
            var writer = XMLWriter()
            try writer.element(name, text: "")
            #expect(try XMLDocument(parsing: writer.finish()).root.localName == name)
        }
    }

    @Test("Namespace declarations that mean nothing are refused")
    func namespaces() {
        for (prefix, uri) in [
            ("xml", "u"), ("xmlns", "u"), ("p", ""), ("1", "u"), ("p", "http://www.w3.org/2000/xmlns/"),
        ] {
            expectRefusal { writer throws(XMLError) in
                try writer.start("a")
                try writer.namespace(prefix, uri)
            }
        }
        expectRefusal { writer throws(XMLError) in try writer.start("a", namespaces: ["p": "u", "p": "v"]) }
        expectRefusal { writer throws(XMLError) in
            try writer.element("a", namespaces: ["p": "u", "q": "u"], attributes: ["p:b": "", "q:b": ""], text: "")
        }
        expectRefusal { writer throws(XMLError) in try writer.element("a", attributes: ["b": "", "b": ""], text: "") }
        expectRefusal { writer throws(XMLError) in try writer.start("a", attributes: ["xmlns": "u"]) }
        // A declaration ends with its element.
        expectRefusal { writer throws(XMLError) in
            try writer.start("a")
            try writer.element("b", namespaces: ["p": "u"], text: "")
            try writer.element("p:c", text: "")
        }
    }

    @Test("An unbalanced document is refused")
    func balance() {
        expectRefusal { writer throws(XMLError) in try writer.end() }
        expectRefusal { writer throws(XMLError) in try writer.text("x") }
        expectRefusal { writer throws(XMLError) in try writer.attribute("a", "b") }
        expectRefusal { writer throws(XMLError) in
            try writer.element("a", text: "")
            try writer.element("b", text: "")
        }
        expectRefusal { writer throws(XMLError) in
            try writer.start("a")
            try writer.text("x")
            try writer.attribute("b", "c")
        }
        var open = XMLWriter()
        #expect(throws: XMLError.self) { try open.finish() }
        #expect(throws: Never.self) { try open.start("a") }
        #expect(throws: XMLError.self) { try open.finish() }
    }

    @Test("A closure neither closes what it did not open nor leaves open what it did")
    func closures() {
        var writer = XMLWriter()
        #expect(throws: XMLError.self) { try writer.element("a") { try $0.end() } }
        #expect(throws: XMLError.self) { try writer.finish() }
        var other = XMLWriter()
        #expect(throws: XMLError.self) { try other.element("a") { try $0.start("b") } }
        #expect(throws: XMLError.self) { try other.finish() }
    }

    /// Expects a refusal, and that the writer gives out nothing afterwards.
    private func expectRefusal(
        _ write: (inout XMLWriter) throws(XMLError) -> Void,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var writer = XMLWriter()
        let error = #expect(throws: XMLError.self, sourceLocation: sourceLocation) { try write(&writer) }
        #expect(error?.code == .writing, sourceLocation: sourceLocation)
        #expect(throws: XMLError.self, sourceLocation: sourceLocation) { try writer.finish() }
    }
}
