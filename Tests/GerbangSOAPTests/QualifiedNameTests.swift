internal import GerbangJSON
internal import GerbangSOAP
internal import Testing

/// Qualified names that the schema gives, and those of unions: prefixes are the document's own.
@Suite struct QualifiedNameTests {
    private static func operation() throws -> SOAPOperation {
        try Fixture.operation(
            schema: """
                <xs:simpleType name="Q"><xs:restriction base="xs:QName"><xs:enumeration xmlns:o="urn:other" value="o:foo"/>
                </xs:restriction></xs:simpleType>
                <xs:element name="request"><xs:complexType><xs:sequence>
                <xs:element name="u"><xs:simpleType><xs:union memberTypes="t:Q xs:NCName"/></xs:simpleType></xs:element>
                <xs:element xmlns:o="urn:other" name="d" type="xs:QName" default="o:foo"/></xs:sequence>
                <xs:attribute xmlns:o="urn:other" name="a" type="xs:QName" fixed="o:bar" use="required"/>
                <xs:attribute xmlns:o="urn:more" name="b" type="xs:QName" fixed="o:bar" use="required"/>
                </xs:complexType></xs:element>
                """
        )
    }

    @Test("Fixed and default ones are filled in with prefixes of their own")
    func given() throws {
        let operation = try Self.operation()
        let content = try operation.decodeRequest(operation.encodeRequest(["u": "a"])).body
        #expect(content == ["@a": "{urn:other}bar", "@b": "{urn:more}bar", "u": "a", "d": "{urn:other}foo"])
        #expect(try operation.decodeRequest(operation.encodeRequest(content)).body == content)
        // libxml2 looks for the schema's prefix in the message.
        let empty = envelope(
            #"<t:request xmlns:p="urn:other" xmlns:r="urn:more" a="p:bar" b="r:bar"><t:u>a</t:u><t:d/></t:request>"#
        )
        #expect(try operation.decodeRequest(empty, isValidated: false).body == content)
    }

    @Test("A member type of a union is chosen by what a prefix stands for")
    func union() throws {
        let operation = try Self.operation()
        func read(_ text: String) throws -> JSONValue? {
            let wire = envelope(
                """
                <t:request xmlns:p="urn:other" xmlns:r="urn:more" a="p:bar" b="r:bar"><t:u>\(text)</t:u><t:d>t:x</t:d>
                </t:request>
                """
            )
            return try operation.decodeRequest(wire).body["u"]
        }
        #expect(try read("p:foo") == "{urn:other}foo")
        #expect(try read("foo") == "foo")
        #expect(refusal { _ = try read("r:foo") }?.code == .xml)
    }
}
