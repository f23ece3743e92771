internal import GerbangJSON
internal import GerbangSOAP
internal import Testing

/// Types that libxml2 does not look into are held to all their rules by us.
@Suite struct OpenTypeTests {
    private static func load(_ schema: String) throws -> (SOAPOperation, [String]) {
        let wsdl = try WSDL.load(
            files: ["a.wsdl": Fixture.description(schema: schema + #"<xs:element name="answer"/>"#)],
            root: "a.wsdl"
        )
        return (try wsdl.operation("call"), wsdl.warnings)
    }

    /// A type with an ambiguous content model, whose children have rules of all kinds.
    private static let ambiguous = """
        <xs:simpleType name="Code"><xs:restriction base="xs:string"><xs:enumeration value="x"/><xs:enumeration value="y"/>
        </xs:restriction></xs:simpleType>
        <xs:complexType name="Part" abstract="true"><xs:attribute name="k" type="xs:int" use="required"/></xs:complexType>
        <xs:complexType name="Own"><xs:complexContent><xs:extension base="t:Part"><xs:attribute name="f" type="xs:decimal" fixed="1.0"/>
        </xs:extension></xs:complexContent></xs:complexType>
        <xs:element name="size" type="xs:int"/>
        <xs:element name="request"><xs:complexType><xs:sequence>
        <xs:element name="c" type="t:Code"/>
        <xs:element name="s" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:element>
        <xs:element name="p" type="t:Part" minOccurs="0"/>
        <xs:element name="w" type="xs:boolean" fixed="true" minOccurs="0"/>
        <xs:element name="size" type="xs:string" minOccurs="0"/>
        <xs:element name="a" type="xs:int" minOccurs="0"/><xs:element name="a" type="xs:int" minOccurs="0"/>
        </xs:sequence></xs:complexType></xs:element>
        """

    struct Case: Sendable, CustomTestStringConvertible {
        let wire: String
        /// The JSON that is as right or wrong; nil where it cannot be said in JSON.
        let json: String?
        /// Where the mistake is.
        var path = ""

        var testDescription: String { wire }

        var envelope: [UInt8] { GerbangSOAPTests.envelope("<t:request>\(wire)</t:request>") }
    }

    static let rightOnes: [Case] = [
        Case(
            wire: #"<t:c>x</t:c><t:p xsi:type="t:Own" k="1" f="1.00"/>"#,
            json: ##"{"c": "x", "p": {"#type": "Own", "@k": 1, "@f": 1.00}}"##
        ),
        Case(wire: "<t:c>x</t:c><t:w>1</t:w>", json: #"{"c": "x", "w": true}"#),
        // A local element that is called like a global one of another type.
        Case(wire: "<t:c>x</t:c><t:size>large</t:size>", json: #"{"c": "x", "size": "large"}"#),
    ]

    static let wrongOnes: [Case] = [
        Case(wire: "<t:c>z</t:c>", json: #"{"c": "z"}"#, path: "/c"),
        Case(wire: "<t:c>x</t:c><t:s>four</t:s>", json: #"{"c": "x", "s": "four"}"#, path: "/s"),
        Case(wire: #"<t:c>x</t:c><t:p k="1"/>"#, json: #"{"c": "x", "p": {"@k": 1}}"#, path: "/p"),
        Case(
            wire: #"<t:c>x</t:c><t:p xsi:type="t:Own"/>"#,
            json: ##"{"c": "x", "p": {"#type": "Own"}}"##,
            path: "/p"
        ),
        Case(
            wire: #"<t:c>x</t:c><t:p xsi:type="t:Own" k="1" f="2"/>"#,
            json: ##"{"c": "x", "p": {"#type": "Own", "@k": 1, "@f": 2}}"##,
            path: "/p/@f"
        ),
        Case(wire: #"<t:c>x</t:c><t:p xsi:type="t:Own" k="1" z="2"/>"#, json: nil, path: "/p"),
        Case(wire: "<t:c>x</t:c><t:w>false</t:w>", json: #"{"c": "x", "w": false}"#, path: "/w"),
        Case(wire: #"<t:c xsi:nil="true"/>"#, json: #"{"c": null}"#, path: "/c"),
        Case(wire: #"<t:c a="1">x</t:c>"#, json: nil, path: "/c"),
        Case(wire: "<t:c>x</t:c><t:a>1</t:a><t:a>1</t:a><t:a>1</t:a>", json: nil, path: "/a[3]"),
    ]

    @Test("What keeps to the rules comes in and goes out", arguments: rightOnes)
    func accepted(_ example: Case) throws {
        let (operation, warnings) = try Self.load(Self.ambiguous)
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("only checked when it is read") == true)
        let body = try operation.decodeRequest(example.envelope).body
        #expect(try body == json(#require(example.json)))
        #expect(try operation.decodeRequest(operation.encodeRequest(body)).body == body)
    }

    @Test("A mistake is refused with its path when it is read, and when it is written", arguments: wrongOnes)
    func refused(_ example: Case) throws {
        let (operation, _) = try Self.load(Self.ambiguous)
        let read = refusal { _ = try operation.decodeRequest(example.envelope) }
        #expect(read?.code == .xml)
        #expect(read?.path?.hasSuffix("/request" + example.path) == true)
        guard let input = try example.json.map({ try json($0) }) else { return }
        #expect(refusal { _ = try operation.encodeRequest(input) } != nil)
    }

    @Test("Without validation, values are taken as they are")
    func unchecked() throws {
        let (operation, _) = try Self.load(Self.ambiguous)
        let wire = envelope("<t:request><t:c>z</t:c><t:s>four</t:s></t:request>")
        #expect(try operation.decodeRequest(wire, isValidated: false).body == ["c": "z", "s": "four"])
    }

    @Test("Very many wildcards in one model are no trouble", arguments: ["sequence", "choice"])
    func wildcards(kind: String) throws {
        let any = String(repeating: #"<xs:any processContents="skip"/>"#, count: 320)
        let (operation, warnings) = try Self.load(
            """
            <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="n" type="xs:int"/>
            <xs:element name="many"><xs:complexType><xs:\(kind)>\(any)</xs:\(kind)></xs:complexType></xs:element>
            </xs:sequence></xs:complexType></xs:element>
            """
        )
        #expect(warnings.contains { $0.contains("many (a.wsdl:") })
        let check = operation.check(.input)
        #expect(check.failure == nil)
        // All else is validated as ever.
        let wrong = envelope("<t:request><t:n>x</t:n><t:many/></t:request>")
        #expect(refusal { _ = try operation.decodeRequest(wrong) }?.path == "/request/n")
        let short = envelope("<t:request><t:n>1</t:n><t:many/></t:request>")
        #expect(refusal { _ = try operation.decodeRequest(short) }?.path?.hasSuffix("/request/many") == true)
    }
}
