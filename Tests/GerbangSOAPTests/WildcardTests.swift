internal import GerbangJSON
internal import GerbangSOAP
internal import Testing

/// Wildcards as agencies use them: for documents of other schemas, and beside declared elements.
@Suite struct WildcardTests {
    // MARK: Documents of schemas that are not there

    @Test("A document of a schema that is elsewhere is let through", arguments: ["", #" processContents="strict""#])
    func foreignDocument(processing: String) throws {
        let operation = try Fixture.operation(
            schema: """
                <xs:element name="request"><xs:complexType><xs:sequence><xs:any\(processing)/></xs:sequence>
                <xs:anyAttribute\(processing)/></xs:complexType></xs:element>
                """
        )
        let check = operation.check(.input)
        #expect(check.failure == nil)
        #expect(check.isValidated)
        let wire = envelope(
            #"""
            <t:request f:v="1" xmlns:f="urn:f"><f:note id="7" xsi:schemaLocation="urn:f f.xsd"><f:line>a</f:line><f:line/>\#
            </f:note></t:request>
            """#
        )
        let content = try operation.decodeRequest(wire)
        let note = content.body["#any"]?["{urn:f}note"]
        #expect(note?["@id"] == "7")
        #expect(note?["@{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"] == "urn:f f.xsd")
        #expect(try operation.decodeRequest(operation.encodeRequest(content.body)).body == content.body)
    }

    @Test("What a schema declares is still held to it, and the namespace too")
    func declaredContent() throws {
        let operation = try Fixture.operation(
            schema: """
                <xs:element name="count" type="xs:int"/><xs:element name="request"><xs:complexType><xs:sequence>
                <xs:any namespace="##targetNamespace"/></xs:sequence></xs:complexType></xs:element>
                """
        )
        #expect(try operation.sample(.input)["#any"]?["{urn:t}answer"] != nil)
        let refusals = ["<t:count>x</t:count>", #"<f:other xmlns:f="urn:f"/>"#, ""]
        for content in refusals {
            let wire = envelope("<t:request>\(content)</t:request>")
            #expect(refusal { _ = try operation.decodeRequest(wire) }?.code == .xml, "\(content)")
        }
    }

    // MARK: Declared elements behind a wildcard

    private static func read(_ model: String, _ wire: String, types: String = "") throws -> JSONValue {
        let operation = try Fixture.operation(
            schema: "\(types)<xs:element name=\"request\"><xs:complexType>\(model)</xs:complexType></xs:element>"
        )
        let body = try operation.decodeRequest(envelope("<t:request>\(wire)</t:request>")).body
        #expect(try operation.decodeRequest(operation.encodeRequest(body)).body == body)
        return body
    }

    private static let free = #"<xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/>"#
    private static let number = #"<xs:element name="n" type="xs:int" minOccurs="0"/>"#

    @Test("An element that is declared behind a wildcard is none of the wildcard's")
    func following() throws {
        let body = try Self.read(
            "<xs:sequence>\(Self.free)\(Self.number)</xs:sequence>",
            #"<f:a xmlns:f="urn:f">1</f:a><t:n>2</t:n>"#
        )
        #expect(body == ["#any": [["{urn:f}a": "1"]], "n": 2])
    }

    @Test("The wildcard's own minimum comes first")
    func minimum() throws {
        let one = #"<xs:any processContents="skip"/>"#
        let body = try Self.read("<xs:sequence>\(one)\(Self.number)</xs:sequence>", "<t:n>1</t:n><t:n>2</t:n>")
        #expect(body == ["#any": ["{urn:t}n": "1"], "n": 2])
    }

    @Test("A base type that ends with a wildcard leaves its extension what is declared there")
    func extended() throws {
        let body = try Self.read(
            """
            <xs:complexContent><xs:extension base="t:Base"><xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence>
            </xs:extension></xs:complexContent>
            """,
            #"<t:n>1</t:n><f:a xmlns:f="urn:f"/><t:x>2</t:x>"#,
            types:
                #"<xs:complexType name="Base"><xs:sequence>\#(Self.number)\#(Self.free)</xs:sequence></xs:complexType>"#
        )
        #expect(body == ["n": 1, "#any": [["{urn:f}a": ""]], "x": 2])
    }

    @Test("A repeated group begins its next turn with what is declared for it")
    func repeated() throws {
        let turn =
            #"<xs:sequence maxOccurs="unbounded"><xs:element name="k" type="xs:int"/>\#(Self.free)</xs:sequence>"#
        let body = try Self.read(
            "<xs:sequence>\(turn)\(Self.number)</xs:sequence>",
            #"<t:k>1</t:k><f:a xmlns:f="urn:f"/><t:k>2</t:k><t:n>3</t:n>"#
        )
        #expect(body == ["#sequence": [["k": 1, "#any": [["{urn:f}a": ""]]], ["k": 2]], "n": 3])
    }

    @Test("A repeated choice with a wildcard ends where a declared element follows")
    func choice() throws {
        let choice = #"""
            <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="k" type="xs:int"/>\#
            <xs:any processContents="skip"/></xs:choice>
            """#
        let body = try Self.read(
            "<xs:sequence>\(choice)\(Self.number)</xs:sequence>",
            #"<f:a xmlns:f="urn:f"/><t:k>2</t:k><t:n>3</t:n>"#
        )
        #expect(body == ["#choice": [["#any": ["{urn:f}a": ""]], ["k": 2]], "n": 3])
    }

    @Test("A repeated group that can be nothing ends")
    func emptyTurns() throws {
        let group = #"<xs:sequence minOccurs="0" maxOccurs="unbounded">\#(Self.free)\#(Self.number)</xs:sequence>"#
        let operation = try Fixture.operation(
            schema: "<xs:element name=\"request\"><xs:complexType>\(group)</xs:complexType></xs:element>"
        )
        let wire = envelope(#"<t:request><t:n>1</t:n><f:a xmlns:f="urn:f"/><t:n>2</t:n></t:request>"#)
        let body = try operation.decodeRequest(wire).body
        #expect(body["#sequence"]?.arrayValue?.count == 2)
    }
}
