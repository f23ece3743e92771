internal import Foundation
internal import GerbangSOAP
internal import Testing

/// Descriptions that mean harm, or are merely wrong.
@Suite struct HostilityTests {
    private static let text =
        #"<xs:element name="request" type="xs:string"/><xs:element name="answer" type="xs:string"/>"#

    private static func chain(_ count: Int, _ item: (Int) -> String) -> String { (0..<count).map(item).joined() }

    static let refused: [(String, String, String)] = [
        (
            "a type derived from itself",
            #"<xs:complexType name="A"><xs:complexContent><xs:extension base="t:A"/></xs:complexContent></xs:complexType>"#,
            "derived from itself"
        ),
        (
            "a simple type of itself", #"<xs:simpleType name="a"><xs:restriction base="t:a"/></xs:simpleType>"#,
            "derived from itself"
        ),
        (
            "groups in a circle",
            #"<xs:group name="a"><xs:sequence><xs:group ref="t:b"/></xs:sequence></xs:group><xs:group name="b"><xs:sequence><xs:group ref="t:a"/></xs:sequence></xs:group>"#,
            "contains itself"
        ),
        (
            "attribute groups in a circle",
            #"<xs:attributeGroup name="a"><xs:attributeGroup ref="t:a"/></xs:attributeGroup>"#, "contains itself"
        ),
        (
            "substitution in a circle",
            #"<xs:element name="a" substitutionGroup="t:b"/><xs:element name="b" substitutionGroup="t:a"/>"#,
            "stands for itself"
        ),
        (
            "groups that double forty times",
            chain(40) {
                #"<xs:group name="g\#($0)"><xs:sequence><xs:group ref="t:g\#($0 + 1)"/><xs:group ref="t:g\#($0 + 1)"/></xs:sequence></xs:group>"#
            } + #"<xs:group name="g40"><xs:sequence><xs:element name="a"/></xs:sequence></xs:group>"#, "400000 places"
        ),
        (
            "unions that double forty times",
            chain(40) {
                #"<xs:simpleType name="u\#($0)"><xs:union memberTypes="t:u\#($0 + 1) t:u\#($0 + 1)"/></xs:simpleType>"#
            } + #"<xs:simpleType name="u40"><xs:restriction base="xs:int"/></xs:simpleType>"#, "20000 types"
        ),
        (
            "a long chain of base types",
            chain(500) {
                #"<xs:complexType name="c\#($0)"><xs:complexContent><xs:extension base="t:c\#($0 + 1)"/></xs:complexContent></xs:complexType>"#
            } + #"<xs:complexType name="c500"/>"#, "100 times"
        ),
        ("an unknown type", #"<xs:element name="x" type="t:Nope"/>"#, "no type"),
        ("an undeclared prefix", #"<xs:element name="x" type="zz:Nope"/>"#, "prefix is not declared"),
        ("an element without name", #"<xs:element type="xs:int"/>"#, "no name"),
        ("a redefinition of nothing", #"<xs:redefine schemaLocation="a.xsd"/>"#, "is not there"),
        (
            "two different types of one name",
            #"<xs:simpleType name="a"><xs:restriction base="xs:int"/></xs:simpleType><xs:simpleType name="a"><xs:restriction base="xs:long"/></xs:simpleType>"#,
            "second time"
        ),
        (
            "a broken pattern",
            #"<xs:simpleType name="a"><xs:restriction base="xs:string"><xs:pattern value="[a"/></xs:restriction></xs:simpleType>"#,
            "without ']'"
        ),
        (
            "a pattern that repeats repetitions",
            #"<xs:simpleType name="a"><xs:restriction base="xs:string"><xs:pattern value="(((((a{0,9}){0,9}){0,9}){0,9}){0,9}){9}"/></xs:restriction></xs:simpleType>"#,
            "four times"
        ),
        (
            "occurrences turned round",
            #"<xs:complexType name="a"><xs:sequence><xs:element name="b" minOccurs="3" maxOccurs="2"/></xs:sequence></xs:complexType>"#,
            "minOccurs"
        ),
        (
            "a facet that is none",
            #"<xs:simpleType name="a"><xs:restriction base="xs:string"><xs:size value="3"/></xs:restriction></xs:simpleType>"#,
            "no facet"
        ),
        (
            "a missing schema that is needed",
            #"<xs:import namespace="urn:gone" schemaLocation="http://example.org/gone.xsd"/><xs:element xmlns:g="urn:gone" name="x" type="g:T"/>"#,
            "http://example.org/gone.xsd"
        ),
    ]

    @Test("A schema that is wrong is refused with a reason and a place", arguments: refused)
    func refusal(name: String, schema: String, reason: String) {
        let started = ContinuousClock.now
        do {
            _ = try WSDL.load(files: ["a.wsdl": Fixture.description(schema: schema + Self.text)], root: "a.wsdl")
            Issue.record("accepted: \(name)")
        } catch {
            #expect(error.message.contains(reason), "\(error)")
            #expect(error.file == "a.wsdl" || error.code == .limit, "\(error)")
        }
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test(
        "Nothing outside of the folder is read",
        arguments: [
            "../secret.xsd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x.xsd", "%2e%2e/secret.xsd",
            "..\\secret.xsd",
            "link.xsd", "inner/../../secret.xsd", "pipe",
        ]
    )
    func confinement(location: String) throws {
        let folder = NSTemporaryDirectory() + "gerbang-soap-" + UUID().uuidString
        let files = FileManager.default
        try files.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
        defer { try? files.removeItem(atPath: folder) }
        let secret =
            #"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t"><xs:element name="s"/></xs:schema>"#
        try secret.write(toFile: folder + "/secret.xsd", atomically: true, encoding: .utf8)
        try files.createSymbolicLink(atPath: folder + "/in/link.xsd", withDestinationPath: "../secret.xsd")
        #expect(mkfifo(folder + "/in/pipe", 0o600) == 0)
        let description = Fixture.description(schema: "<xs:include schemaLocation=\"\(location)\"/>" + Self.text)
        try Data(description).write(to: URL(fileURLWithPath: folder + "/in/a.wsdl"))
        #expect(throws: SOAPError.self) { try WSDL.load(file: folder + "/in/a.wsdl") }
    }

    @Test("The folder can be made wider on purpose")
    func widerFolder() throws {
        let files = [
            "wsdl/a.wsdl": Fixture.description(schema: #"<xs:include schemaLocation="../xsd/b.xsd"/>"#),
            "xsd/b.xsd": Array(
                #"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">\#(Self.text)</xs:schema>"#.utf8
            ),
        ]
        #expect(try WSDL.load(files: files, root: "wsdl/a.wsdl").operations.count == 1)
    }

    @Test("A file is found beside the description where only its address is known")
    func besideTheFile() throws {
        let include = #"<xs:include schemaLocation="http://example.org/service.svc?xsd=xsd0"/>"#
        let files = [
            "a.wsdl": Fixture.description(schema: include),
            "xsd0.xsd": Array(
                #"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">\#(Self.text)</xs:schema>"#
                    .utf8
            ),
        ]
        #expect(try WSDL.load(files: files, root: "a.wsdl").operations.count == 1)
    }

    @Test("What is fetched is only what somebody allowed to be fetched")
    func fetching() throws {
        var options = WSDL.Options()
        options.fetch = { url in
            #expect(url == "http://example.org/b.xsd")
            return Array(
                #"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">\#(Self.text)</xs:schema>"#
                    .utf8
            )
        }
        let files = ["a.wsdl": Fixture.description(schema: #"<xs:include schemaLocation="http://example.org/b.xsd"/>"#)]
        #expect(try WSDL.load(files: files, root: "a.wsdl", options: options).operations.count == 1)
    }

    @Test("Content models too large for libxml2 are checked by reading alone")
    func largeModels() throws {
        let elements = Self.chain(1_500) { #"<xs:element name="e\#($0)" type="xs:int" minOccurs="0"/>"# }
        let operation = try Fixture.operation(
            schema:
                "<xs:element name=\"request\"><xs:complexType><xs:sequence>\(elements)</xs:sequence></xs:complexType></xs:element>"
        )
        let check = operation.check(.input)
        #expect(check.failure == nil)
        let wrong = envelope("<t:request><t:e7>x</t:e7></t:request>")
        #expect(throws: SOAPError.self) { try operation.decodeRequest(wrong) }
    }

    @Test("A type that contains itself by necessity has no sample")
    func endless() throws {
        let operation = try Fixture.operation(
            schema:
                #"<xs:complexType name="A"><xs:sequence><xs:element name="a" type="t:A"/></xs:sequence></xs:complexType><xs:element name="request" type="t:A"/>"#
        )
        #expect(operation.check(.input).failure?.code == .sample)
    }
}
