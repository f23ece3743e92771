internal import GerbangJSON
internal import GerbangSOAP
internal import Testing

/// Schemas that break a rule of XML Schema 1.0, or go beyond what libxml2 can do, and leave no doubt about what is meant.
@Suite struct LenientSchemaTests {
    struct Lenient: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let schema: String
        /// What the description's notes say; none for what is no mistake.
        let note: String?
        var attributes = "elementFormDefault=\"qualified\""
    }

    private static func element(_ content: String) -> String {
        "<xs:element name=\"request\"><xs:complexType>\(content)</xs:complexType></xs:element>"
    }

    private static func simple(_ base: String, _ facets: String) -> String {
        """
        <xs:simpleType name="S"><xs:restriction base="\(base)">\(facets)</xs:restriction></xs:simpleType>
        <xs:element name="request" type="t:S"/>
        """
    }

    private static let set =
        #"<xs:complexType name="A"><xs:all><xs:element name="a" type="xs:int"/></xs:all></xs:complexType>"#
    private static let group =
        #"<xs:group name="G"><xs:all><xs:element name="a" type="xs:int"/></xs:all></xs:group>"#

    private static let attributes =
        #"<xs:attributeGroup name="G"><xs:attribute name="k" type="xs:int"/><xs:attribute name="l" type="xs:int"/></xs:attributeGroup>"#

    private static func extended(_ kind: String) -> String {
        set + """
            <xs:complexType name="B"><xs:complexContent><xs:extension base="t:A"><xs:\(kind)>
            <xs:element name="b" type="xs:int"/></xs:\(kind)></xs:extension></xs:complexContent></xs:complexType>
            <xs:element name="request" type="t:B"/>
            """
    }

    static let all: [Lenient] = [
        Lenient(
            testDescription: "an element of a set that comes more than once",
            schema: element(
                #"<xs:all><xs:element name="a" type="xs:int" maxOccurs="unbounded"/><xs:element name="b" type="xs:int"/></xs:all>"#
            ),
            note: "xs:all holds more"
        ),
        Lenient(
            testDescription: "a wildcard in a set",
            schema: element(
                ###"<xs:all><xs:element name="a" type="xs:int"/><xs:any namespace="##other" processContents="lax"/></xs:all>"###
            ),
            note: "xs:all holds more"
        ),
        Lenient(testDescription: "a set that extends a set", schema: extended("all"), note: "B (a.wsdl:"),
        Lenient(testDescription: "a sequence that extends a set", schema: extended("sequence"), note: "B (a.wsdl:"),
        Lenient(
            testDescription: "a set in a group in a sequence",
            schema: group
                + element(#"<xs:sequence><xs:group ref="t:G"/><xs:element name="c" type="xs:int"/></xs:sequence>"#),
            note: "xs:all stands where"
        ),
        Lenient(
            testDescription: "how often a global element comes",
            schema: #"<xs:element name="request" type="xs:int" minOccurs="0" maxOccurs="unbounded"/>"#,
            note: "maxOccurs has no place"
        ),
        Lenient(
            testDescription: "a reference with a name and a type",
            schema: #"<xs:element name="x" type="xs:int"/>"#
                + element(
                    #"<xs:sequence><xs:element name="y" ref="t:x" type="xs:date" nillable="true"/></xs:sequence>"#
                ),
            note: "name says nothing beside ref"
        ),
        Lenient(
            testDescription: "an unnamed type with a name, and one that may be nil",
            schema: #"<xs:complexType name="N" nillable="true"/>"#
                + #"<xs:element name="request"><xs:complexType name="M"><xs:sequence><xs:element name="n" type="t:N"/>"#
                + "</xs:sequence></xs:complexType></xs:element>",
            note: "name has no place in a type"
        ),
        Lenient(
            testDescription: "the type xs:any",
            schema: element(#"<xs:sequence><xs:element name="a" type="xs:any"/></xs:sequence>"#),
            note: "taken for xs:anyType"
        ),
        Lenient(
            testDescription: "attributes before the content",
            schema: element(
                #"<xs:attribute name="k" type="xs:int"/><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence>"#
            ),
            note: "attributes must stand behind"
        ),
        Lenient(
            testDescription: "escapes of other languages",
            schema: simple("xs:string", #"<xs:pattern value="\d{2}\/\d{2}\@[\/\.\_]"/>"#),
            note: "a pattern escapes"
        ),
        Lenient(
            testDescription: "the length of a number",
            schema: simple("xs:int", #"<xs:maxLength value="3"/>"#),
            note: "xs:maxLength says nothing"
        ),
        Lenient(
            testDescription: "a bound with more digits than libxml2 has",
            schema: simple("xs:integer", #"<xs:maxInclusive value="99999999999999999999999999999999"/>"#),
            note: "more digits"
        ),
        Lenient(
            testDescription: "a restricted simple type in a simple content",
            schema: element(
                #"<xs:simpleContent><xs:restriction base="xs:string"><xs:maxLength value="3"/><xs:attribute name="k"/>"#
                    + "</xs:restriction></xs:simpleContent>"
            ),
            note: "a simple type is restricted"
        ),
        Lenient(
            testDescription: "names without prefix where there is no default namespace",
            schema:
                #"<xs:element name="request" type="T"/><xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType>"#,
            note: "names without prefix"
        ),
        Lenient(
            testDescription: "names without prefix where WSDL's namespace is the default one",
            schema:
                #"<xs:element name="request" type="T"/><xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType>"#,
            note: "names without prefix are of WSDL's",
            attributes: #"xmlns="http://schemas.xmlsoap.org/wsdl/""#
        ),
        Lenient(
            testDescription: "entities, which no message can declare",
            schema: element(
                #"<xs:sequence><xs:element name="a" type="xs:ENTITY"/><xs:element name="b" type="xs:ENTITIES"/></xs:sequence>"#
                    + #"<xs:attribute name="c" type="xs:ENTITY" use="required"/>"#
            ),
            note: nil
        ),
        Lenient(
            testDescription: "notations",
            schema: #"<xs:notation name="n" public="image/png"/>"#
                + simple("xs:NOTATION", #"<xs:enumeration value="t:n"/>"#),
            note: nil
        ),
        Lenient(
            testDescription: "more occurrences than libxml2 counts",
            schema: element(
                #"<xs:sequence><xs:element name="a" type="xs:int" maxOccurs="99999999999999999999"/></xs:sequence>"#
            ),
            note: "taken for unbounded"
        ),
        Lenient(
            testDescription: "lengths that libxml2 cannot compare",
            schema:
                #"<xs:simpleType name="L"><xs:restriction base="xs:string"><xs:maxLength value="100000000"/></xs:restriction></xs:simpleType>"#
                + #"<xs:simpleType name="N"><xs:restriction base="xs:string"><xs:maxLength value="99999999999999999999"/></xs:restriction></xs:simpleType>"#
                + #"<xs:simpleType name="D"><xs:restriction base="xs:decimal"><xs:totalDigits value="100000000"/></xs:restriction></xs:simpleType>"#
                + element(
                    #"<xs:sequence><xs:element name="a" type="t:L"/><xs:element name="b" type="t:N"/><xs:element name="c" type="t:D"/></xs:sequence>"#
                ),
            note: nil
        ),
        Lenient(
            testDescription: "an attribute that is declared twice",
            schema: element(#"<xs:attribute name="k" type="xs:int"/><xs:attribute name="k" type="xs:int"/>"#),
            note: "a.wsdl:3: xs:attribute declares nothing but"
        ),
        Lenient(
            testDescription: "an attribute of a group that is declared beside it",
            schema: attributes + element(#"<xs:attributeGroup ref="t:G"/><xs:attribute name="k" type="xs:int"/>"#),
            note: "xs:attribute declares nothing but"
        ),
        Lenient(
            testDescription: "a group of attributes that is referred to twice",
            schema: attributes + element(#"<xs:attributeGroup ref="t:G"/><xs:attributeGroup ref="t:G"/>"#),
            note: "xs:attributeGroup declares nothing but"
        ),
        Lenient(
            testDescription: "a group of attributes within another one, in an extension",
            schema: attributes + #"<xs:attributeGroup name="H"><xs:attributeGroup ref="t:G"/></xs:attributeGroup>"#
                + #"<xs:complexType name="B"/>"#
                + element(
                    #"<xs:complexContent><xs:extension base="t:B"><xs:attributeGroup ref="t:G"/><xs:attributeGroup ref="t:H"/></xs:extension></xs:complexContent>"#
                ),
            note: "xs:attributeGroup declares nothing but"
        ),
        Lenient(
            testDescription: "durations with bounds",
            schema: simple("xs:duration", #"<xs:minInclusive value="P1Y"/><xs:maxInclusive value="P30Y"/>"#),
            note: nil
        ),
        Lenient(
            testDescription: "turns of an element that comes at least twice in each",
            schema: element(
                #"<xs:sequence minOccurs="2" maxOccurs="4"><xs:element name="a" type="xs:int" minOccurs="2" maxOccurs="unbounded"/>"#
                    + "</xs:sequence>"
            ),
            note: nil
        ),
    ]

    @Test("The messages pass, validated by schema, and a note says what is wrong", arguments: all)
    func check(_ lenient: Lenient) throws {
        let schema = lenient.schema + #"<xs:element name="answer" type="xs:string"/>"#
        let file = Fixture.description(schema: schema, attributes: lenient.attributes)
        let wsdl = try WSDL.load(files: ["a.wsdl": file], root: "a.wsdl")
        for check in wsdl.check() {
            #expect(check.failure == nil)
            #expect(check.isValidated)
        }
        if let note = lenient.note {
            #expect(wsdl.warnings.contains { $0.contains(note) }, "\(wsdl.warnings)")
        } else {
            #expect(wsdl.warnings.isEmpty)
        }
    }

    @Test("What is beside the mistake is still validated")
    func others() throws {
        let operation = try Fixture.operation(schema: Self.all[0].schema)
        func read(_ content: String) throws -> JSONValue {
            try operation.decodeRequest(envelope("<t:request>\(content)</t:request>")).body
        }
        // In a set the elements come in any order, also those that come more than once.
        #expect(try read("<t:a>1</t:a><t:b>2</t:b><t:a>3</t:a>") == ["a": [1, 3], "b": 2])
        #expect(refusal { _ = try read("<t:a>1</t:a><t:b>2</t:b><t:b>3</t:b>") }?.code == .xml)
        #expect(refusal { _ = try read("<t:a>x</t:a><t:b>2</t:b>") }?.path == "/request/a")
        #expect(refusal { _ = try read("<t:a>1</t:a><t:b>2</t:b><t:c/>") }?.code == .xml)
        let twice = try Fixture.operation(schema: Self.all[0].schema.replacing("unbounded", with: "2"))
        let three = envelope("<t:request><t:a>1</t:a><t:b>2</t:b><t:a>3</t:a><t:a>4</t:a></t:request>")
        #expect(refusal { _ = try twice.decodeRequest(three) }?.message == "An element comes too often.")
        #expect(refusal { _ = try read("<t:a>1</t:a>") }?.code == .xml)
    }

    @Test("Values of any length are taken where a maximum is larger than libxml2 compares")
    func lengths() throws {
        // The last digits would be a maximum of two.
        let operation = try Fixture.operation(
            schema: Self.simple("xs:string", #"<xs:maxLength value="100000002"/>"#)
        )
        #expect(try operation.decodeRequest(envelope("<t:request>four</t:request>")).body == "four")
        // What is restricted further stays so.
        let small = try Fixture.operation(
            schema: Self.simple("xs:string", #"<xs:maxLength value="99999999"/><xs:minLength value="00000000005"/>"#)
        )
        #expect(try small.decodeRequest(envelope("<t:request>fives</t:request>")).body == "fives")
        #expect(refusal { _ = try small.decodeRequest(envelope("<t:request>four</t:request>")) } != nil)
    }

    @Test("A set that extends a set is read as one, in any order")
    func extendedSet() throws {
        let operation = try Fixture.operation(schema: Self.extended("all"))
        let wire = envelope("<t:request><t:b>2</t:b><t:a>1</t:a></t:request>")
        // libxml2 knows the base's elements in front of the others only.
        #expect(try operation.decodeRequest(wire, isValidated: false).body == ["a": 1, "b": 2])
    }

    @Test(
        "What could mean two things is refused",
        arguments: [
            // Neither of the two is the element's name beyond doubt.
            #"<xs:element name="x" type="xs:int"/><xs:element name="request" ref="t:x"/>"#,
            #"<xs:element name="request" typo="xs:int"/>"#,
            #"<xs:simpleType name="S"><xs:restriction base="xs:string"><xs:pattern value="\bword\b"/></xs:restriction></xs:simpleType><xs:element name="request" type="t:S"/>"#,
            #"<xs:element name="x" type="Nowhere"/>"#,
            #"<xs:complexType name="C"><xs:sequence><xs:all/></xs:sequence></xs:complexType>"#,
            #"<xs:simpleType name="S"><xs:restriction base="xs:int"><xs:minInclusive value="x"/></xs:restriction></xs:simpleType>"#,
            element(#"<xs:attribute name="k" type="xs:int"/><xs:attribute name="k" type="xs:string"/>"#),
            element(#"<xs:attribute name="k" type="xs:int"/><xs:attribute name="k" type="xs:int" use="required"/>"#),
            attributes
                + #"<xs:attributeGroup name="H"><xs:attribute name="k" type="xs:int"/><xs:attribute name="m"/></xs:attributeGroup>"#
                + element(#"<xs:attributeGroup ref="t:G"/><xs:attributeGroup ref="t:H"/>"#),
            // No value is as long.
            simple("xs:string", #"<xs:minLength value="100000000"/>"#),
            simple("xs:hexBinary", #"<xs:length value="2147483647"/>"#),
        ]
    )
    func refused(schema: String) {
        let error = refusal { _ = try Fixture.operation(schema: schema) }
        #expect(error?.code == .schema)
        #expect(error?.line ?? 0 > 0)
    }
}
