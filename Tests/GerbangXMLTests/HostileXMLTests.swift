import GerbangXML
import Testing

@Suite("Hostile XML")
struct HostileXMLTests {
    @Test(
        "A document type declaration is refused, whatever it would do",
        arguments: [
            "<!DOCTYPE a><a/>",
            "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
            "<!DOCTYPE a PUBLIC '-//X//Y' 'http://127.0.0.1:9/x.dtd'><a/>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'http://127.0.0.1:9/'>]><a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/e.dtd'> %p;]><a/>",
            "<!DOCTYPE a [<!ENTITY % p '<!ENTITY x \"y\">'> %p;]><a>&x;</a>",
            "<!DOCTYPE a [<!ATTLIST a b CDATA 'c'>]><a/>",
            "<?xml version='1.0'?><!-- x --><?p?>\n<!DOCTYPE a><a/>",
            "<!DOCTYPE",
            "<!DOCTYPE a [",
        ]
    )
    func documentTypes(text: String) throws {
        let error = try refusal(of: utf8(text))
        #expect(error.code == .documentType || !text.contains("<!DOCTYPE a"), "\(error)")
        #expect(!error.description.contains("passwd"))
    }

    @Test("A document type declaration does not hide behind an encoding")
    func encodedDocumentType() throws {
        let text = "<?xml version='1.0' encoding='UTF-16'?><!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"
        let bytes: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
        #expect(try refusal(of: bytes).code == .documentType)
    }

    @Test("Billion laughs and quadratic blow-up are refused before they are built")
    func bombs() throws {
        var laughs = "<!DOCTYPE a [<!ENTITY e0 'ha'>"
        for level in 1..<30 {
            let reference = "&e\(level - 1);"
            laughs += "<!ENTITY e\(level) '" + String(repeating: reference, count: 10) + "'>"
        }
        laughs += "]><a>&e29;</a>"
        let long = String(repeating: "x", count: 100_000)
        let references = String(repeating: "&e;", count: 100_000)
        let blowUp = "<!DOCTYPE a [<!ENTITY e '\(long)'>]><a>\(references)</a>"
        for bomb in [laughs, blowUp] {
            let error = try refusal(of: utf8(bomb))
            #expect(error.code == .documentType)
            // Before the first declaration was read: nothing of the bomb was built.
            #expect(try #require(error.column) <= 14)
        }
    }

    @Test("XInclude is not followed")
    func inclusion() throws {
        let text = "<a xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='/etc/passwd' parse='text'/></a>"
        let root = try parse(text).root
        #expect(root.stringValue.isEmpty)
        #expect(root.firstChild?.localName == "include")
    }

    @Test("Nesting stops at the limit, however much there is")
    func nesting() throws {
        func nested(_ depth: Int) -> [UInt8] {
            utf8(String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth))
        }
        #expect(try XMLDocument(parsing: nested(128)).root.localName == "a")
        #expect(try refusal(of: nested(129)).code == .limit)
        #expect(try refusal(of: nested(1_100_000)).code == .limit)
        var limits = XMLLimits()
        limits.maximumBytes = 20 << 20
        limits.maximumDepth = .max
        let open = utf8(String(repeating: "<a>", count: 3_500_000))
        #expect([XMLError.Code.limit, .malformed].contains(try refusal(of: open, limits: limits).code))
    }

    @Test("Each limit holds, and one less is accepted")
    func limits() throws {
        var limits = XMLLimits()
        limits.maximumBytes = 100
        try expectLimit(limits, within: "<a>" + String(repeating: "x", count: 93) + "</a>", beyond: "x", at: 3)
        limits = XMLLimits()
        limits.maximumTextLength = 5
        try expectLimit(limits, within: "<a>12<!-- -->345</a>", beyond: "x", at: 3)
        limits = XMLLimits()
        limits.maximumAttributeLength = 5
        try expectLimit(limits, within: "<a b='12345'/>", beyond: "x", at: 6)
        limits = XMLLimits()
        limits.maximumNodes = 6
        try expectLimit(limits, within: "<a b='1'><c/><?p?>x</a>", beyond: "<d/>", at: 9)
        limits = XMLLimits()
        limits.maximumAttributes = 3
        try expectLimit(limits, within: "<a b='' xmlns:d='\"e\"' f=''/>", beyond: "g='' ", at: 3)
        limits = XMLLimits()
        limits.maximumNamespaces = 2
        try expectLimit(limits, within: "<a xmlns:b='u'><c xmlns:d='u' /></a>", beyond: " xmlns:e='u'", at: 17)
    }

    private func expectLimit(_ limits: XMLLimits, within text: String, beyond more: String, at index: Int) throws {
        let bytes = utf8(text)
        _ = try XMLDocument(parsing: bytes, limits: limits)
        let error = try refusal(of: bytes[..<index] + utf8(more) + bytes[index...], limits: limits)
        #expect(error.code == .limit, "\(error)")
    }

    @Test("A huge text and a huge attribute are taken up to their limits")
    func huge() throws {
        let text = String(repeating: "x", count: 8_000_000)
        #expect(try parse("<a>\(text)</a>").root.text.utf8.count == 8_000_000)
        #expect(try refusal(of: utf8("<a b='\(text)'/>")).code == .limit)
        #expect(try refusal(of: utf8("<a>\(text)\(text)</a>")).code == .limit)
    }

    @Test("Documents made to be slow or large come to their end", .timeLimit(.minutes(20)), arguments: SlowDocument.all)
    func slow(document: SlowDocument) throws {
        guard let expected = document.refusal else {
            #expect(try XMLDocument(parsing: document.bytes()).root.localName == "a")
            return
        }
        #expect(try refusal(of: document.bytes()).code == expected)
    }

    @Test(
        "Thousands of mutated documents are read or refused, and none does harm",
        arguments: 1...4 as ClosedRange<UInt64>
    )
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let seeds = [Samples.order, Samples.xroadFault, "<!DOCTYPE a [<!ENTITY x 'y'>]><a b='&x;'>&x;</a>"].map {
            utf8($0)
        }
        let tokens = [
            "<", ">", "&", "]]>", "<![CDATA[", "<!DOCTYPE a [", "&#x0;", "xmlns:", "\"", "\u{0}", "<?", "\u{FFFF}",
        ]
        var accepted = 0
        for _ in 0..<1500 {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
            for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(contentsOf: utf8(tokens[Int.random(in: 0..<tokens.count, using: &random)]), at: at)
                case 3: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 0..<40, using: &random)))
                default: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 40)], at: at)
                }
            }
            do {
                let document = try XMLDocument(parsing: bytes)
                accepted += 1
                _ = document.root.stringValue
                _ = document.root.children.map(\.attributes)
                _ = try? SOAPEnvelope(document).fault?.codePath
                _ = try? document.canonical(.exclusive())
                _ = try document.select("//*[@*]")
            } catch {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(accepted > 20)
    }

    @Test("Random bytes are refused")
    func garbage() throws {
        var random = SeededGenerator(seed: 99)
        for length in 1..<500 {
            _ = try refusal(of: (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }
}
