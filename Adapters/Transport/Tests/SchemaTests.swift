internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchemas
internal import GerbangXML
internal import Testing

@testable internal import TransportAdapter

/// The schemas in `Schemas/wsdl`, as one.
enum Schemas {
    static let all: XMLSchema? = try? make()

    static func make() throws -> XMLSchema {
        var files = GerbangSchemas.wsdl.filter { $0.key.hasSuffix(".xsd") }
        files["all.xsd"] = Array(
            """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
              <xs:import namespace="urn:gerbang:transport:1" schemaLocation="transport.xsd"/>
              <xs:import namespace="http://x-road.eu/xsd/xroad.xsd" schemaLocation="xroad.xsd"/>
            </xs:schema>
            """.utf8
        )
        return try XMLSchema(files: files, root: "all.xsd")
    }

    /// What is wrong with an envelope's header blocks and content.
    static func issues(_ body: [UInt8]) throws -> [String] {
        let schema = try #require(all)
        let envelope = try SOAPEnvelope(XMLDocument(parsing: body))
        let parts = envelope.headers + (envelope.fault == nil ? [envelope.content].compactMap { $0 } : [])
        return try parts.flatMap { try schema.validate($0) }.map(\.description)
    }
}

@Suite("Transport schemas")
struct SchemaTests {
    @Test("Every fixture that is a message of ours or of the agency is valid")
    func fixtures() throws {
        let names = try Files.fixtureNames().filter { $0.hasSuffix(".xml") && !$0.contains("lenient") }
        #expect(names.count >= 13)
        for name in names {
            #expect(try Schemas.issues(Files.fixture(name)).isEmpty, "\(name)")
        }
    }

    @Test("Everything that the adapter writes is valid", .bothPackagings)
    func messages() throws {
        var user = try #require(Sample.xroad.objectValue)
        user["userId"] = "ID-petugas-7"
        let odd: JSONValue = ["plate": "<&>\"'é", "station": "]]>", "date": "2028-02-29"]
        for settings in [Sample.xroad, .object(user), Sample.plain, Sample.plain12] {
            for operation in TransportOperation.allCases {
                for payload in [Sample.booking, odd] {
                    let request = try Sample.adapter(settings).prepare(Sample.call(operation, payload))
                    #expect(try Schemas.issues(request.body).isEmpty)
                }
            }
        }
    }

    @Test("The schema is not so lenient that it accepts anything")
    func strictness() throws {
        let text = try Files.text("response-xroad-booking.xml")
        for (original, replacement) in [
            ("<r:date>2026-01-20", "<r:date>20-01-2026"), ("<a:memberCode>MPP-3174</a:memberCode>", ""),
            ("r:slot", "r:slots"), ("\"SERVICE\"", "\"SERVIS\""),
        ] {
            let broken = text.replacing(original, with: replacement)
            #expect(broken != text)
            #expect(try !Schemas.issues(Array(broken.utf8)).isEmpty)
        }
    }

    @Test(
        "The descriptions name only elements that the schemas declare",
        arguments: ["transport.wsdl", "transport-plain.wsdl"]
    )
    func descriptions(name: String) throws {
        let root = try XMLDocument(parsing: #require(GerbangSchemas.wsdl[name])).root
        let wsdl = "http://schemas.xmlsoap.org/wsdl/"
        #expect(root.isNamed("definitions", namespace: wsdl))
        var declared: Set<XMLName> = []
        for file in ["transport.xsd", "xroad.xsd"] {
            let schema = try XMLDocument(parsing: #require(GerbangSchemas.wsdl[file])).root
            let namespace = schema.attribute("targetNamespace")
            for element in schema.children("element") {
                declared.insert(XMLName(element.attribute("name") ?? "", namespace: namespace))
            }
        }
        let parts = root.children("message", namespace: wsdl).flatMap { $0.children("part", namespace: wsdl) }
        #expect(parts.count >= 6)
        for part in parts {
            let element = try #require(part.resolve(qualifiedName: part.attribute("element") ?? ""))
            #expect(declared.contains(element), "\(element)")
        }
        for binding in root.children("binding", namespace: wsdl) {
            let operations = binding.children("operation", namespace: wsdl).map { $0.attribute("name") }
            #expect(operations == TransportOperation.allCases.map(\.defaultElement))
        }
    }

    @Test("The outputs are those of the catalogue", .bothPackagings)
    func outputs() throws {
        for (service, operation, fixture) in [
            ("transport.vehicle.lookup", TransportOperation.getVehicle, "response-xroad-vehicle.xml"),
            ("transport.inspection.book", .bookInspection, "response-xroad-booking.xml"),
        ] {
            let verdict = try Sample.classify(try Files.text(fixture), for: operation, settings: Sample.xroad)
            guard case .succeeded(let output, _) = verdict else { throw GerbangError(.internalFault, "not succeeded") }
            let schema = try #require(ServiceCatalogue.builtin()[ServiceID(checked: service)]).output
            let known = Set(try #require(schema["properties"]?.objectValue).keys)
            let required = try #require(schema["required"]?.arrayValue).compactMap(\.stringValue)
            let keys = try #require(output.objectValue).keys
            #expect(known.isSuperset(of: keys))
            #expect(Set(keys).isSuperset(of: required))
        }
    }
}
