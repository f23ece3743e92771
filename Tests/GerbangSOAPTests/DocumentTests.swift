internal import Foundation
internal import GerbangJSON
internal import GerbangTesting
internal import GerbangXML
internal import Testing

@testable internal import GerbangSOAP

/// Documents that stand for wildcards, as they are: `{"#xml": "<…>"}`.
@Suite struct DocumentTests {
    private static func operation(_ wildcard: String = "<xs:any/>", more: String = "") throws -> SOAPOperation {
        try Fixture.operation(
            schema: """
                \(more)<xs:element name="request"><xs:complexType><xs:sequence>\(wildcard)</xs:sequence></xs:complexType>
                </xs:element>
                """
        )
    }

    private static func body(_ text: String) -> JSONValue { ["#any": ["#xml": .string(text)]] }

    private static func wire(_ operation: SOAPOperation, _ text: String) throws -> String {
        try String(decoding: operation.encodeRequest(body(text)), as: UTF8.self)
    }

    private static func text(_ body: JSONValue) throws -> String {
        try #require(body["#any"]?["#xml"]?.stringValue)
    }

    // MARK: Writing

    @Test("A document goes into the message to the byte, without what stands around it")
    func verbatim() throws {
        let root = """
            <a:doc xmlns:a='urn:a' xmlns="urn:d" a:k="&lt;x&gt;"  ><b  c='"'/><!-- </a:doc> --><![CDATA[</a:doc>]]>é&#233;<e>/></e ></a:doc >
            """
        let operation = try Self.operation()
        #expect(try Self.wire(operation, root).contains("<n0:request xmlns:n0=\"urn:t\">") == false)
        let around =
            "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<?style x?><!-- > <q> -->\n\(root)\n<!-- <z/> --> <?end?>"
        for given in [root, around, "\u{FEFF}" + around] {
            let wire = try Self.wire(operation, given)
            #expect(wire.contains(">\(root)</"))
            #expect(!wire.contains("style") && !wire.contains("<z/>"))
        }
    }

    @Test(
        "What is not one well-formed document is refused",
        arguments: [
            "", "text", "<a>", "<a/><b/>", "</t:request><x/>", "<a/></t:request>", "<p:a/>", "<a b=1/>", "<a>&x;</a>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<!DOCTYPE a><a/>", "<a/>text", "<a>\u{0}</a>", "<a>]]></a>",
            "<a><?php x?></a>", "<a><b><!-- --><?x?></b></a>", "<a b='x' b='y'/>",
            "<a><i:Include xmlns:i=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:1\"/></a>",
        ]
    )
    func illFormed(text: String) throws {
        let operation = try Self.operation()
        let error = refusal { _ = try operation.encodeRequest(Self.body(text)) }
        #expect(error?.code == .json)
        #expect(error?.pointer?.description == "/#any/#xml")
        // Not the check of the whole message, but that of the text finds it.
        #expect(refusal { _ = try operation.encodeRequest(Self.body(text), isValidated: false) }?.code == .json)
    }

    @Test("It must be a text, of a namespace that is allowed, and right where it is declared")
    func rules() throws {
        let declared = """
            <xs:element name="count"><xs:simpleType><xs:restriction base="xs:int"><xs:pattern value="[0-9]{2}"/></xs:restriction>
            </xs:simpleType></xs:element>
            """
        let own = try Self.operation("<xs:any namespace=\"##targetNamespace\"/>", more: declared)
        #expect(try Self.wire(own, #"<count xmlns="urn:t">12</count>"#).contains("12"))
        #expect(refusal { _ = try Self.wire(own, #"<count xmlns="urn:t">x</count>"#) }?.code == .xml)
        #expect(refusal { _ = try Self.wire(own, #"<count xmlns="urn:t">1</count>"#) }?.code == .xml)
        #expect(refusal { _ = try Self.wire(own, "<count>12</count>") }?.pointer?.description == "/#any/#xml")
        let open = try Self.operation(#"<xs:any processContents="skip"/>"#, more: declared)
        #expect(try Self.wire(open, #"<count xmlns="urn:t">x</count>"#).contains("x"))
        #expect(refusal { _ = try open.encodeRequest(["#any": ["#xml": ["a": 1]]]) }?.code == .json)
        #expect(refusal { _ = try open.encodeRequest(["#any": ["#xml": "<a/>", "{urn:b}b": 1]]) }?.code == .json)
    }

    // MARK: Reading

    private static let canonical: [XMLCanonicalization] = [.inclusive, .exclusive()]

    @Test(
        "A document comes out as it went in, in both canonical forms, and stays the same from then on",
        arguments: [
            "<doc/>", #"<doc xmlns="urn:d"><e xmlns=""/></doc>"#,
            ##"<a:doc xmlns:a="urn:a" xmlns:unused="urn:u" a:b="1 &#10; 2 &quot; &lt;" Id="x">a &amp; b &gt; ]] &#13; é 😀</a:doc>"##,
            #"<a:doc xmlns:a="urn:a"> <b xmlns:a="urn:b"><a:c a:d="&#9;"/></b><![CDATA[<x>&]]>  </a:doc>"#,
            #"<t:x xmlns:t="urn:other"/>"#, #"<doc xmlns:soap="urn:mine"><soap:Body/></doc>"#,
            #"<doc xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="urn:a a.xsd"><e x:nil="true"/></doc>"#,
        ]
    )
    func roundTrip(text: String) throws {
        let operation = try Self.operation().reading(documents: .xml)
        let first = try Self.text(operation.decodeRequest(operation.encodeRequest(Self.body(text))).body)
        for method in Self.canonical {
            #expect(
                try XMLDocument(parsing: Array(first.utf8)).canonical(method)
                    == XMLDocument(parsing: Array(text.utf8)).canonical(method)
            )
        }
        let second = try operation.decodeRequest(operation.encodeRequest(Self.body(first))).body
        #expect(try Self.text(second) == first)
        // By default it is JSON as ever.
        let usual = try Self.operation()
        let body = try usual.decodeRequest(usual.encodeRequest(Self.body(text))).body
        #expect(body["#any"]?["#xml"] == nil)
    }

    @Test("A document gets the declarations around it that it uses, and no others")
    func inherited() throws {
        let operation = try Self.operation(#"<xs:any processContents="skip"/>"#).reading(documents: .xml)
        let document = """
            <p:doc xmlns:own="urn:own"><q:e xsi:type="r:T"/><c:InclusiveNamespaces xmlns:c="http://www.w3.org/2001/10/xml-exc-c14n#"
             PrefixList="s #default"/></p:doc>
            """
        let bytes = envelope(
            """
            <t:request xmlns="urn:default" xmlns:p="urn:p" xmlns:q="urn:q" xmlns:r="urn:r" xmlns:s="urn:s" xmlns:u="urn:u">\(document)</t:request>
            """
        )
        let root = try XMLDocument(parsing: Array(Self.text(operation.decodeRequest(bytes).body).utf8)).root
        let declared = root.namespaceDeclarations.map(\.prefix).sorted()
        #expect(declared == ["", "own", "p", "q", "r", "s", "xsi"])
        #expect(root.firstChild?.resolve(qualifiedName: "r:T") == XMLName("T", namespace: "urn:r"))
    }

    @Test("Mixed content and free content have documents in the same form, and repeated ones an array")
    func places() throws {
        let document: JSONValue = ["#xml": "<d xmlns=\"urn:d\"/>"]
        let many = try Self.operation(#"<xs:any maxOccurs="3"/>"#).reading(documents: .xml)
        let body: JSONValue = ["#any": [document, document]]
        #expect(try many.decodeRequest(many.encodeRequest(body)).body == body)
        let free = try Fixture.operation(schema: #"<xs:element name="request"/>"#).reading(documents: .xml)
        let content: JSONValue = ["#content": [document]]
        #expect(try free.decodeRequest(free.encodeRequest(content)).body == content)
        let mixed = try Fixture.operation(
            schema: """
                <xs:element name="request"><xs:complexType mixed="true"><xs:sequence><xs:any/></xs:sequence></xs:complexType>
                </xs:element>
                """
        ).reading(documents: .xml)
        let text: JSONValue = ["#content": ["a ", document, " b"]]
        #expect(try mixed.decodeRequest(mixed.encodeRequest(text)).body == text)
        #expect(mixed.check(.input).failure == nil)
        #expect(many.documents == .xml)
    }

    @Test("The JSON Schema knows the form")
    func schema() throws {
        let any = try Self.operation().inputSchema
        #expect(any.text().contains("\"#xml\""))
    }

    // MARK: Signatures

    private static func environment() async -> PythonEnvironment? {
        await PythonEnvironment.shared(PythonEnvironment.wsSecurity)
    }

    private static let script = "\(Fixture.folder)/../../Peers/wssecurity/documents.py"

    private static func answers(_ tasks: [JSONValue]) async throws -> [JSONValue] {
        let input = tasks.map { $0.text() + "\n" }.joined()
        let output = try #require(await environment()?.run(script, input: input))
        return try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    private static let plain = """
        <izin:dokumen xmlns:izin="urn:contoh:izin" xmlns="urn:contoh:isi" xmlns:lain="urn:contoh:lain"><isi Id="isi-1">
          <nama xml:lang="id">Toko "Sejahtera" &amp; Anak</nama><izin:nomor lain:jenis="a&#10;b">007</izin:nomor>
        </isi></izin:dokumen>
        """

    @Test(
        "A signature over a document verifies after JSON, XML, JSON and XML, and one over a changed document does not",
        .enabled("needs python3 with venv, and PyPI") { await environment() != nil },
        .timeLimit(.minutes(10))
    )
    func signatures() async throws {
        let operation = try Self.operation().reading(documents: .xml)
        let kinds = ["enveloped", "detached"].flatMap { method in
            ["exclusive", "inclusive"].map { (method: method, form: $0) }
        }
        let signed = try await Self.answers(
            kinds.map { kind -> JSONValue in
                [
                    "do": "sign", "method": .string(kind.method), "canonicalization": .string(kind.form),
                    "xml": .string(Self.plain),
                ]
            }
        )
        #expect(signed.count == kinds.count)
        var tasks: [JSONValue] = []
        var expected: [Bool] = []
        for (answer, kind) in zip(signed, kinds) {
            let document = try #require(answer["xml"]?.stringValue)
            let certificate = try #require(answer["certificate"])
            func verify(_ text: String, _ isValid: Bool) {
                tasks.append([
                    "do": "verify", "method": .string(kind.method), "xml": .string(text), "certificate": certificate,
                ])
                expected.append(isValid)
            }
            let first = try Self.text(operation.decodeRequest(operation.encodeRequest(Self.body(document))).body)
            let second = try Self.text(operation.decodeRequest(operation.encodeRequest(Self.body(first))).body)
            verify(document, true)
            verify(second, true)
            verify(second.replacing("007", with: "008"), false)
            guard kind.form == "exclusive" else { continue }
            // A sender that declares prefixes further out, as exclusive canonicalization allows.
            let prefix = #" xmlns:izin="urn:contoh:izin""#
            #expect(document.contains(prefix))
            let sent = envelope("<t:request\(prefix)>\(document.replacing(prefix, with: ""))</t:request>")
            verify(try Self.text(operation.decodeRequest(sent).body), true)
        }
        let verdicts = try await Self.answers(tasks)
        #expect(verdicts.map { $0["valid"]?.boolValue } == expected)
    }
}
