import GerbangXML
import Testing

@Suite("XML documents")
struct XMLDocumentTests {
    @Test("Names, attributes, children and texts are read")
    func reading() throws {
        let root = try parse(Samples.order).root
        #expect(root.localName == "order")
        #expect(root.namespaceURI == "urn:order")
        #expect(root.prefix == "o")
        #expect(root.name == XMLName("order", namespace: "urn:order"))
        #expect(root.attribute("id") == "7")
        #expect(root.attribute("id", namespace: "urn:extra") == "8")
        #expect(root.attribute("none") == nil)
        #expect(root.attributes.map(\.value) == ["7", "8"])
        #expect(root.attributes.map(\.prefix) == [nil, "x"])
        #expect(root.children.map(\.localName) == ["item", "item", "note"])
        #expect(root.children("item", namespace: "urn:order").count == 2)
        #expect(root.children("item", namespace: "").isEmpty)
        #expect(root.firstChild?.text == "pena")
        #expect(root.firstChild("note", namespace: "")?.text == "catatan")
        let second = try #require(root.children.dropFirst().first)
        #expect(second.text == "buku  & <kertas>")
        #expect(second.stringValue == "buku tulis & <kertas>")
        #expect(second.line == 4)
        #expect(second.parent == root)
        #expect(second.parent?.parent == nil)
        #expect(root.descendant("item", "b") == nil)
        #expect(second.descendant("b")?.text == "tulis")
    }

    @Test("An element keeps its document alive")
    func lifetime() throws {
        func second() throws -> XMLElement? { try parse(Samples.order).root.children.last }
        #expect(try second()?.text == "catatan")
    }

    @Test("Prefixes in content resolve against the declarations in scope")
    func qualifiedNames() throws {
        let root = try parse("<a xmlns='urn:d' xmlns:p='urn:p'><b xmlns='' t=' p:Type '/><c/></a>").root
        let b = try #require(root.firstChild("b"))
        #expect(b.resolve(qualifiedName: b.attribute("t") ?? "") == XMLName("Type", namespace: "urn:p"))
        #expect(b.resolve(qualifiedName: "Type") == XMLName("Type"))
        #expect(root.firstChild("c")?.resolve(qualifiedName: "Type") == XMLName("Type", namespace: "urn:d"))
        #expect(b.resolve(qualifiedName: "q:Type") == nil)
        #expect(b.resolve(qualifiedName: "p:q:r") == nil)
        #expect(b.resolve(qualifiedName: "p:") == nil)
        #expect(b.resolve(qualifiedName: "") == nil)
        #expect(b.namespaceURI(forPrefix: "p") == "urn:p")
        #expect(b.namespaceURI(forPrefix: "") == nil)
    }

    @Test("A comment does not split a text, and is not kept")
    func comments() throws {
        #expect(try parse("<a>user@example.id<!-- x -->.evil.test</a>").root.text == "user@example.id.evil.test")
    }

    @Test("Lines beyond 65535 are counted")
    func manyLines() throws {
        let text = "<a>" + String(repeating: "\n", count: 70_000) + "<b>x</b></a>"
        #expect(try parse(text).root.firstChild?.line == 70_001)
    }

    @Test(
        "The encoding is that of the byte order mark, the transport or the declaration",
        arguments: [
            (utf8("<a>é</a>"), nil),
            ([0xEF, 0xBB, 0xBF] + utf8("<a>é</a>"), "iso-8859-1"),
            (utf8("<?xml version='1.0' encoding='ISO-8859-1'?><a>") + [0xE9] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding = \"windows-1252\" ?><a>") + [0xE9] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding='UTF-8'?><a>") + [0xE9] + utf8("</a>"), "ISO-8859-1"),
            (utf8("<?xml version='1.0' encoding='windows-1250'?><a>") + [0xE9] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding='Windows-1254'?><a>") + [0xE9] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding='ISO-8859-2'?><a>") + [0xE9] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding='iso-8859-9'?><a>") + [0xE9] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding='ISO-8859-15'?><a>") + [0xE9] + utf8("</a>"), nil),
            (utf8("<a>") + [0xE9] + utf8("</a>"), "cp1257"),
            (utf8("<?xml version='1.0' encoding='ISO-8859-1'?><a>é</a>"), "utf-8"),
            (
                [0xFF, 0xFE]
                    + "<?xml version='1.0' encoding='UTF-16'?><a>é</a>".utf16.flatMap {
                        [UInt8($0 & 255), UInt8($0 >> 8)]
                    }, nil
            ),
            ([0xFE, 0xFF] + "<a>é</a>".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }, "utf-8"),
            ("<a>é</a>".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }, nil),
            ("<a>é</a>".utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }, "utf-16"),
        ] as [([UInt8], String?)]
    )
    func encodings(bytes: [UInt8], charset: String?) throws {
        #expect(try XMLDocument(parsing: bytes, charset: charset).root.text == "é")
    }

    @Test("Letters of other alphabets are read")
    func alphabets() throws {
        let cyrillic = utf8("<?xml version='1.0' encoding='windows-1251'?><") + [0xE8, 0xEC, 0xFF] + utf8("/>")
        #expect(try XMLDocument(parsing: cyrillic).root.localName == "имя")
        let euro = utf8("<?xml version='1.0' encoding='ISO-8859-15'?><a>") + [0xA4] + utf8("</a>")
        #expect(try XMLDocument(parsing: euro).root.text == "€")
    }

    @Test("An ampersand in the name of a namespace is one")
    func ampersands() throws {
        let document = try parse("<p:a xmlns:p='urn:a?b=1&amp;c=2&amp;amp;' p:b='1'><c xmlns='&#38;'/></p:a>")
        let uri = "urn:a?b=1&c=2&amp;"
        #expect(document.root.name == XMLName("a", namespace: uri))
        #expect(document.root.attribute("b", namespace: uri) == "1")
        #expect(document.root.namespaceURI(forPrefix: "p") == uri)
        #expect(document.root.firstChild?.namespaceURI == "&")
    }

    @Test(
        "Wrong and unsupported encodings are refused",
        arguments: [
            (utf8("<a>") + [0xE9] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding='UTF-7'?><a/>"), nil),
            (utf8("<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>"), nil),
            (utf8("<?xml version='1.0' encoding='UTF-16'?><a/>"), nil),
            (utf8("<a/>"), "shift_jis"),
            ([0xFF, 0xFE] + utf8("<a/>") + [0], nil),
            ([0xFF, 0xFE, 0x3C, 0x00, 0x00, 0xD8, 0x3C, 0x00], nil),
            ([0x00, 0x00, 0x00, 0x3C, 0x00, 0x00, 0x00, 0x61], nil),
            ([0x3C, 0x00, 0x00, 0x00, 0x61, 0x00, 0x00, 0x00], nil),
            (utf8("<?xml version='1.0' encoding='windows-1252'?><a>") + [0x81] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding='windows-1253'?><a>") + [0xD2] + utf8("</a>"), nil),
            (utf8("<?xml version='1.0' encoding='ISO-8859-12'?><a/>"), nil),
            (utf8("<?xml version='1.0' encoding='windows-1252//TRANSLIT'?><a/>"), nil),
            ([0x4C, 0x6F, 0xA7, 0x94], nil),
        ] as [([UInt8], String?)]
    )
    func wrongEncodings(bytes: [UInt8], charset: String?) throws {
        let error = try refusal(of: bytes, charset: charset)
        #expect([.encoding, .malformed].contains(error.code))
    }

    @Test(
        "What is not well-formed is refused with its place and without its content",
        arguments: [
            "", " ", "x", "<a>", "<a", "<a></b>", "<a/><b/>", "<a/>rahasia", "<a b=1/>", "<a b='1' b='2'/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>", "<rahasia:a/>", "<a rahasia:b=''/>", "<a>&rahasia;</a>",
            "<a>&#0;</a>", "<a>\u{1}</a>", "<a>]]></a>", "<a b='<'/>", "<a><![CDATA[rahasia</a>", "<a><!-- rahasia",
            "<a><?rahasia", "<a b='rahasia", "<1/>", "<a>&#xD800;</a>", "\0", "<a>\0</a>", "<:a/>", "<a:/>",
            "<?xml version='1.0' encoding='UTF-8'", "<?xml version='1.0'?>", "{\"rahasia\": 1}", "<a>\u{FFFE}</a>",
        ]
    )
    func malformed(text: String) throws {
        let error = try refusal(of: utf8(text))
        #expect([XMLError.Code.malformed, .encoding].contains(error.code), "\(error)")
        #expect(!error.description.contains("rahasia"))
    }

    @Test("What is written wrongly most often is explained")
    func explained() throws {
        #expect(try refusal(of: utf8("<a>Badan & rahasia</a>")).message.contains("name"))
        #expect(try refusal(of: utf8("<a b='?x=1&y=2'/>")).message.contains("&amp;"))
        #expect(try refusal(of: utf8("<a><!-- rahasia")).message.contains("comment"))
        #expect(try refusal(of: utf8("<a><![CDATA[rahasia</a>")).message.contains("CDATA"))
    }

    @Test("An error names line and column")
    func place() throws {
        let error = try refusal(of: utf8("<a>\n  <b>\n  </c>\n</a>"))
        #expect(error.line == 3)
        #expect(error.column != nil)
        #expect(error.description.hasPrefix("xml.malformed: line 3, column "))
    }

    @Test("Every truncation of a document is refused")
    func truncation() throws {
        let whole = utf8(Samples.order)
        for length in 0..<whole.count {
            _ = try refusal(of: Array(whole[..<length]))
        }
    }
}
