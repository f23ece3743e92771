internal import GerbangXML
internal import Testing

@testable internal import GerbangSOAP

/// Descriptions that are copied from the net.
@Suite("Copies of descriptions")
struct DescriptionCopyTests {
    private static let description = """
        <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
          xmlns:t="urn:a" xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">
          <import namespace="urn:b" location="http://agency.test/b/Service.svc?wsdl=wsdl0"/>
          <types><x:schema targetNamespace="urn:a"><x:import namespace="urn:c" schemaLocation="?xsd=xsd0"/>
            <x:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/>
            <x:include schemaLocation="../types/more.xsd"/><x:include schemaLocation="urn:elsewhere"/></x:schema></types>
          <binding name="B" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/></binding>
        </definitions>
        """

    private static let web = [
        "http://agency.test/a/Service.svc?wsdl": description,
        "http://agency.test/b/Service.svc?wsdl=wsdl0":
            "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\" targetNamespace=\"urn:b\"/>",
        "http://agency.test/a/Service.svc?xsd=xsd0":
            "<schema xmlns=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"urn:c\"><include schemaLocation=\"/types/more.xsd#x\"/></schema>",
        "http://agency.test/types/more.xsd": "<schema xmlns=\"http://www.w3.org/2001/XMLSchema\"/>",
    ]

    private func copy(_ address: String, of web: [String: String] = web) async throws -> (DescriptionCopy, [String]) {
        var asked: [String] = []
        let copy = try await DescriptionCopy(of: address) { (address) async throws(DescriptionCopy.Failure) in
            asked.append(address)
            guard let text = web[address] else { throw DescriptionCopy.Failure("it is not there") }
            return Array(text.utf8)
        }
        return (copy, asked)
    }

    @Test("Every file is fetched once, and their locations become the names of the files")
    func links() async throws {
        let (copy, asked) = try await copy("http://agency.test/a/Service.svc?wsdl")
        #expect(asked.sorted() == Self.web.keys.sorted())
        #expect(copy.files.first?.name == "Service.svc.wsdl")
        let names = Dictionary(uniqueKeysWithValues: copy.files.map { ($0.address, $0.name) })
        let texts = copy.files.map { String(decoding: $0.bytes, as: UTF8.self) }
        let other = try #require(names["http://agency.test/b/Service.svc?wsdl=wsdl0"])
        #expect(other == "Service.svc-wsdl-wsdl0.wsdl")
        #expect(texts[0].contains("location=\"\(other)\""))
        #expect(texts[0].contains("schemaLocation=\"Service.svc-xsd-xsd0.xsd\""))
        #expect(texts[0].contains("schemaLocation=\"more.xsd\"") && texts[0].contains("urn:elsewhere"))
        // The catalogue has it.
        #expect(texts[0].contains("http://www.w3.org/2001/xml.xsd"))
        #expect(copy.notes.count == 1 && copy.notes[0].contains("urn:elsewhere"))
    }

    @Test("What cannot be had is noted, and the description itself must be had")
    func missing() async throws {
        var web = Self.web
        web["http://agency.test/types/more.xsd"] = nil
        let (copy, _) = try await copy("http://agency.test/a/Service.svc?wsdl", of: web)
        #expect(copy.files.count == 3 && copy.notes.contains { $0.contains("more.xsd: it is not there") })
        await #expect(throws: SOAPError.self) { try await self.copy("http://agency.test/nothing", of: web) }
        web["http://agency.test/html"] = "<!DOCTYPE html><html/>"
        await #expect(throws: SOAPError.self) { try await self.copy("http://agency.test/html", of: web) }
    }

    @Test("Names never lead elsewhere, and are never two files'")
    func names() async throws {
        var imports = ""
        var web: [String: String] = [:]
        let locations = ["/x/..%2f..%2fetc", "/y/..", "/a/t.xsd", "/b/t.xsd", "/c/.hidden", "/d/é?a/b", "/e/"]
        for location in locations { imports += "<x:include schemaLocation=\"\(location)\"/>" }
        let root =
            "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:x=\"http://www.w3.org/2001/XMLSchema\"><types><x:schema>\(imports)</x:schema></types></definitions>"
        web["http://h/"] = root
        let copy = try await DescriptionCopy(of: "http://h/") { (address) async throws(DescriptionCopy.Failure) in
            Array((web[address] ?? "<schema xmlns=\"http://www.w3.org/2001/XMLSchema\"/>").utf8)
        }
        let names = copy.files.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names { #expect(!name.contains("/") && !name.hasPrefix("."), "\(name)") }
    }

    @Test("A description that never ends is given up")
    func endless() async throws {
        var limits = LoadLimits()
        limits.maximumFiles = 20
        var count = 0
        await #expect(throws: SOAPError.self) {
            _ = try await DescriptionCopy(of: "http://h/0.wsdl", limits: limits) {
                (_) async throws(DescriptionCopy.Failure) in
                count += 1
                return Array("<import xmlns=\"http://schemas.xmlsoap.org/wsdl/\" location=\"\(count).wsdl\"/>".utf8)
            }
        }
        #expect(count == 20)
    }

    @Test(
        "Addresses are joined as RFC 3986 has it",
        arguments: [
            ("http://a/b/c/d;p?q", "g", "http://a/b/c/g"), ("http://a/b/c/d;p?q", "./g", "http://a/b/c/g"),
            ("http://a/b/c/d;p?q", "g/", "http://a/b/c/g/"), ("http://a/b/c/d;p?q", "/g", "http://a/g"),
            ("http://a/b/c/d;p?q", "//g", "http://g"), ("http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"),
            ("http://a/b/c/d;p?q", "g?y", "http://a/b/c/g?y"), ("http://a/b/c/d;p?q", "..", "http://a/b/"),
            ("http://a/b/c/d;p?q", "../g", "http://a/b/g"), ("http://a/b/c/d;p?q", "../../../g", "http://a/g"),
            ("http://a/b/c/d;p?q", "g#s", "http://a/b/c/g"), ("http://a", "g", "http://a/g"),
            ("http://a/b", "HTTPS://x/y", "HTTPS://x/y"), ("http://a/b", "urn:x", nil),
            ("http://a/b", "file:///x", nil),
        ]
    )
    func joining(base: String, location: String, joined: String?) {
        #expect(Location.join(base, location) == joined)
    }
}
