import GerbangXML
import Testing

@Suite("XML Schema")
struct XMLSchemaTests {
    private static let types = """
        <?xml version="1.0" encoding="ISO-8859-1"?>
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:types">
          <xs:simpleType name="Plate"><xs:restriction base="xs:string"><xs:pattern value="[A-Z]{1,2} \\d{1,4} [A-Z]{1,3}"/>
            </xs:restriction></xs:simpleType>
          <xs:simpleType name="Kind"><xs:restriction base="xs:string">
            <xs:enumeration value="car"/><xs:enumeration value="bus"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="Short"><xs:restriction base="xs:string"><xs:maxLength value="5"/></xs:restriction></xs:simpleType>
        </xs:schema>
        """

    private static let root = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:v" xmlns:t="urn:types"
            targetNamespace="urn:v" elementFormDefault="qualified">
          <xs:import namespace="urn:types" schemaLocation="../common/types.xsd"/>
          <xs:include schemaLocation="http://example.test/more.xsd"/>
          <xs:element name="vehicle"><xs:complexType><xs:sequence>
            <xs:element name="plate" type="t:Plate"/>
            <xs:element name="kind" type="t:Kind"/>
            <xs:element name="seats" type="Seats" maxOccurs="3"/>
            <xs:element name="remark" type="t:Short" minOccurs="0"/>
          </xs:sequence><xs:attribute name="id" type="xs:int" use="required"/></xs:complexType></xs:element>
        </xs:schema>
        """

    private static let more = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:v">
          <xs:simpleType name="Seats"><xs:restriction base="xs:int"><xs:minInclusive value="1"/></xs:restriction></xs:simpleType>
        </xs:schema>
        """

    static func vehicleSchema() throws -> XMLSchema {
        try XMLSchema(
            files: [
                "service/vehicle.xsd": utf8(root), "common/types.xsd": utf8(types),
                "http://example.test/more.xsd": utf8(more),
            ],
            root: "service/vehicle.xsd"
        )
    }

    static func vehicle(
        _ id: String = "1",
        plate: String = "B 1234 XYZ",
        kind: String = "car",
        seats: String = "4",
        more: String = ""
    ) -> String {
        "<v:vehicle xmlns:v='urn:v' id='\(id)'>\n<v:plate>\(plate)</v:plate>\n<v:kind>\(kind)</v:kind>\n"
            + "<v:seats>\(seats)</v:seats>\(more)</v:vehicle>"
    }

    @Test("A valid document has no issues, alone or as a part")
    func valid() throws {
        let schema = try Self.vehicleSchema()
        #expect(try schema.validate(parse(Self.vehicle())).isEmpty)
        let envelope = try parse("<e><f/>\(Self.vehicle())</e>")
        #expect(try schema.validate(try #require(envelope.root.firstChild("vehicle"))).isEmpty)
        #expect(try !schema.validate(envelope).isEmpty)
    }

    @Test(
        "An invalid document is explained by path, line and rule",
        arguments: [
            (
                vehicle(plate: "RAHASIA"), "/vehicle/plate", 2,
                #"does not match the pattern: [A-Z]{1,2} \d{1,4} [A-Z]{1,3}."#
            ),
            (vehicle(plate: "O'RAHASIA'S 'x"), "/vehicle/plate", 2, "does not match the pattern"),
            (vehicle(kind: "rahasia"), "/vehicle/kind", 3, "none of those allowed: car, bus."),
            (
                vehicle(kind: "rahasia of the set {'car', 'RAHASIA'}."), "/vehicle/kind", 3,
                "none of those allowed: car, bus."
            ),
            (vehicle(seats: "0"), "/vehicle/seats", 4, "less than the minimum: 1."),
            (vehicle(seats: "rahasia"), "/vehicle/seats", 4, "not of the type required: Seats."),
            (vehicle(seats: "4</v:seats><v:seats>-3"), "/vehicle/seats[2]", 4, "less than the minimum: 1."),
            (vehicle("rahasia"), "/vehicle/@id", 1, "not of the type required: xs:int."),
            (vehicle("1' rahasia='2"), "/vehicle", 1, "An attribute is not allowed here."),
            (vehicle(more: "<v:rahasia/>"), "/vehicle/*[4]", 4, "not expected here; expected: remark."),
            (
                vehicle(more: "<rahasia xmlns='u (RAHASIA, plate ).'/>"), "/vehicle/*[4]", 4,
                "not expected here; expected:"
            ),
            (vehicle(more: "<v:remark>rahasia</v:remark>"), "/vehicle/remark", 4, "longer than allowed: 5."),
            ("<v:vehicle xmlns:v='urn:v' id='1'/>", "/vehicle", 1, "A child element is missing; expected: plate."),
            (
                "<v:vehicle xmlns:v='urn:v'><v:plate>B 1 A</v:plate><v:kind>car</v:kind><v:seats>1</v:seats></v:vehicle>",
                "/vehicle", 1, "A required attribute is missing: id."
            ),
            ("<rahasia/>", "/*", 1, "The schema declares no such element"),
        ]
    )
    func invalid(text: String, path: String, line: Int, message: String) throws {
        let issues = try Self.vehicleSchema().validate(parse(text))
        let issue = try #require(issues.first)
        #expect(issue.path == path)
        #expect(issue.line == line)
        #expect(issue.message.contains(message), "\(issue)")
        for issue in issues { #expect(!issue.description.lowercased().contains("rahasia"), "\(issue)") }
    }

    @Test(
        "A location that was not given is refused by name, and nothing is read from elsewhere",
        arguments: [
            ("import", "missing.xsd"), ("import", "file:///etc/passwd"), ("include", "http://127.0.0.1:9/x.xsd"),
            ("redefine", "/etc/passwd"), ("import", "../../../../etc/passwd"), ("include", "//host/share.xsd"),
            ("import", "common/types.xsd?x"),
        ]
    )
    func missing(kind: String, location: String) throws {
        let namespace = kind == "import" ? "namespace='urn:x'" : ""
        let text = """
            <xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>
            <xs:\(kind) \(namespace) schemaLocation='\(location)'/></xs:schema>
            """
        let error = try #require(throws: XMLError.self) {
            _ = try XMLSchema(files: ["root.xsd": utf8(text), "common/types.xsd": utf8(Self.types)], root: "root.xsd")
        }
        #expect(error.code == .schemaLocation)
        #expect(error.message.contains(location))
        #expect(error.file == "root.xsd")
        #expect(error.line == 2)
    }

    @Test("A schema location in a document is not followed")
    func instanceLocation() throws {
        let text = """
            <v:vehicle xmlns:v='urn:v' id='1' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'
            xsi:schemaLocation='urn:v file:///etc/passwd urn:w http://127.0.0.1:9/x.xsd'>\
            <v:plate>B 1 A</v:plate><v:kind>car</v:kind><v:seats>1</v:seats></v:vehicle>
            """
        #expect(try Self.vehicleSchema().validate(parse(text)).isEmpty)
    }

    @Test(
        "What is no schema is refused with file and line",
        arguments: [
            "<a/>",
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>\n<xs:element name='a' type='b'/></xs:schema>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "", "<xs:schema",
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element/></xs:schema>",
            "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:simpleType name='a'>"
                + "<xs:restriction base='xs:string'><xs:pattern value='['/></xs:restriction></xs:simpleType></xs:schema>",
        ]
    )
    func notSchemas(text: String) throws {
        let error = try #require(throws: XMLError.self) {
            _ = try XMLSchema(files: ["a b.xsd": utf8(text)], root: "a b.xsd")
        }
        #expect(error.file == "a b.xsd")
        #expect([.schema, .malformed, .documentType].contains(error.code), "\(error)")
    }

    @Test("The root must be among the files")
    func noRoot() throws {
        let error = try #require(throws: XMLError.self) { _ = try XMLSchema(files: [:], root: "x.xsd") }
        #expect(error.code == .schemaLocation)
    }

    @Test("Files that include each other are built once")
    func cycles() throws {
        func file(_ other: String, _ name: String) -> [UInt8] {
            utf8(
                "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:include schemaLocation='\(other)'/>"
                    + "<xs:element name='\(name)' type='xs:int'/></xs:schema>"
            )
        }
        let schema = try XMLSchema(
            files: ["a.xsd": file("b.xsd", "a"), "b.xsd": file("./x/../a.xsd", "b")],
            root: "a.xsd"
        )
        #expect(try schema.validate(parse("<a>1</a>")).isEmpty)
        #expect(try schema.validate(parse("<b>1</b>")).isEmpty)
        #expect(
            try schema.validate(parse("<b>x</b>")).first?.message == "The value is not of the type required: xs:int."
        )
    }

    @Test("At most a hundred issues are reported")
    func many() throws {
        let schema = try XMLSchema(
            files: [
                "a.xsd": utf8(
                    "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='a'><xs:complexType><xs:sequence>"
                        + "<xs:element name='b' type='xs:int' maxOccurs='unbounded'/></xs:sequence></xs:complexType>"
                        + "</xs:element></xs:schema>"
                )
            ],
            root: "a.xsd"
        )
        let issues = try schema.validate(parse("<a>" + String(repeating: "<b>x</b>", count: 500) + "</a>"))
        #expect(issues.count == XMLSchema.maximumIssues)
        #expect(issues.last?.path == "/a/b[\(XMLSchema.maximumIssues)]")
    }
}
