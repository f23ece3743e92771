import GerbangXML
import Testing

@Suite("Canonical XML")
struct CanonicalizationTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test(
        "A namespace name that libxml2 would write unescaped has no canonical form",
        arguments: [
            "<a><b xmlns='urn:a?b&amp;c'/></a>", "<a xmlns:p='a&lt;b'><c/><b/></a>", "<a xmlns='a&#10;b'><b/></a>",
        ]
    )
    func unescapedNamespaces(document: String) throws {
        let root = try parse(document).root
        #expect(throws: XMLError.self) { try root.document.canonical(.exclusive()) }
        let last = try #require(root.firstChild("b"))
        #expect(throws: XMLError.self) { try last.canonical(.inclusive) }
        if let first = root.firstChild("c") { #expect(throws: XMLError.self) { try first.canonical(.inclusive) } }
        #expect(try parse("<a xmlns:q='urn:q'><b/></a>").canonical(.exclusive()) == Array("<a><b></b></a>".utf8))
    }

    @Test("The examples of Exclusive XML Canonicalization, section 2.2, come out as there")
    func exclusive() throws {
        let first = """
            <n0:local xmlns:n0="foo:bar" xmlns:n3="ftp://example.org"><n1:elem2 xmlns:n0="http://example.net" \
            xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n0:local>
            """
        let element = try #require(try parse(first).root.firstChild)
        #expect(
            text(try element.canonical(.inclusive)) == """
                <n1:elem2 xmlns:n0="http://example.net" xmlns:n1="http://example.net" xmlns:n3="ftp://example.org" \
                xml:lang="en"><n3:stuff></n3:stuff></n1:elem2>
                """
        )
        #expect(
            text(try element.canonical(.exclusive())) == """
                <n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff>\
                </n1:elem2>
                """
        )
        #expect(
            text(try element.canonical(.exclusive(inclusivePrefixes: ["n0"]))) == """
                <n1:elem2 xmlns:n0="http://example.net" xmlns:n1="http://example.net" xml:lang="en">\
                <n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>
                """
        )
    }

    @Test("Attributes are sorted, quotes unified, empty elements opened, line ends and references written canonically")
    func whole() throws {
        let input = """
            <?xml version="1.0"?>
            <doc>\r
               <e2   ></e2><e3 name = 'elem3'   id="elem3"  />
               <e6 xmlns="" xmlns:a="http://www.w3.org"><e7 a:attr="out" z='"&#9;' b="&#x41;"/></e6>
               <t>a &gt; b &#xD; <![CDATA[<&]]></t><?pi  x?><!-- comment -->
            </doc>
            """
        #expect(
            text(try parse(input).canonical(.inclusive)) == """
                <doc>
                   <e2></e2><e3 id="elem3" name="elem3"></e3>
                   <e6 xmlns:a="http://www.w3.org"><e7 b="A" z="&quot;&#x9;" a:attr="out"></e7></e6>
                   <t>a &gt; b &#xD; &lt;&amp;</t><?pi x?>
                </doc>
                """
        )
    }

    @Test("A subtree leaves out its neighbours")
    func subtree() throws {
        let root = try parse("<a>x<b>1</b>y<b>2</b><?pi?>z</a>").root
        #expect(try root.children.map { text(try $0.canonical(.exclusive())) } == ["<b>1</b>", "<b>2</b>"])
    }

    @Test("A relative namespace name has no canonical form")
    func relative() throws {
        let document = try parse("<a xmlns='relative'/>")
        let error = try #require(throws: XMLError.self) { _ = try document.canonical(.inclusive) }
        #expect(error.code == .canonicalization)
    }
}
