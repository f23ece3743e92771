internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("The service catalogue")
struct ServiceCatalogueTests {
    private static let complete: JSONObject = [
        "id": "a.b", "title": ["id": "Satu", "en": "One"], "summary": ["id": "Dua", "en": "Two"], "input": [:],
        "output": [:],
        "requirements": [["id": "KTP", "en": "Identity card"]], "standardTime": "3d", "legalBasis": "UU 25/2009",
    ]

    @Test("the shipped catalogue loads and every service is told in both languages")
    func builtin() throws {
        let catalogue = try ServiceCatalogue.builtin()
        #expect(catalogue.all.count >= 4)
        #expect(catalogue.all.map(\.id) == catalogue.all.map(\.id).sorted())
        for service in catalogue.all {
            #expect(catalogue[service.id] == service)
            #expect(service.id.text.split(separator: ".").count >= 3)
            for text in [service.title, service.summary] + service.requirements + [service.fee].compactMap(\.self) {
                #expect(!text.indonesian.isEmpty && !text.english.isEmpty)
            }
            #expect(service.title.indonesian != service.title.english)
            #expect(service.summary.indonesian != service.summary.english)
            #expect(service.standardTime > .zero)
            #expect(!service.legalBasis.isEmpty)
        }
    }

    @Test("the shipped schemas are closed objects of draft 7 whose required members are described")
    func schemas() throws {
        for service in try ServiceCatalogue.builtin().all {
            for schema in [service.input, service.output] {
                let place: Comment = "\(service.id)"
                #expect(schema["$schema"] == "http://json-schema.org/draft-07/schema#", place)
                #expect(schema["type"] == "object", place)
                #expect(schema["additionalProperties"] == false, place)
                let properties = try #require(schema["properties"]?.objectValue, place)
                // Either the same members always, or those of one of several alternatives.
                let alternatives = [schema] + (schema["oneOf"]?.arrayValue ?? [])
                let required = alternatives.flatMap { $0["required"]?.arrayValue ?? [] }.compactMap(\.stringValue)
                #expect(!required.isEmpty && Set(required).isSubset(of: properties.keys), place)
                for (name, property) in properties {
                    let isDescribed = ["type", "enum", "const", "$ref", "anyOf", "oneOf"].contains {
                        property[$0] != nil
                    }
                    #expect(isDescribed, "\(service.id) \(name)")
                    guard let pattern = property["pattern"]?.stringValue else { continue }
                    #expect(pattern.hasPrefix("^") && pattern.hasSuffix("$"), "\(service.id) \(name)")
                }
            }
        }
    }

    @Test("a complete description is read")
    func complete() throws {
        let service = try Service(json: .object(Self.complete))
        #expect(service.id.text == "a.b")
        #expect(service.standardTime == .seconds(3 * 86_400))
        #expect(service.requirements == [LocalizedText(id: "KTP", en: "Identity card")])
        #expect(service.fee == nil)
    }

    @Test(
        "a description with a hole or a surplus is refused with its place",
        arguments: [
            ("id", nil), ("id", "A B"), ("title", nil), ("title", "Satu"), ("title", ["id": "Satu"]), ("summary", 1),
            ("input", nil),
            ("output", nil), ("requirements", "KTP"), ("standardTime", "3"), ("standardTime", nil), ("legalBasis", nil),
            ("legalBasis", 25), ("fee", "gratis"), ("surplus", 1),
        ] as [(String, JSONValue?)]
    )
    func broken(key: String, value: JSONValue?) {
        var description = Self.complete
        description[key] = value
        let error = failure { () throws(GerbangError) in _ = try Service(json: .object(description)) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.field?.description == "/\(key)")
        #expect(error?.message.contains("/\(key): ") == true)
    }

    @Test("everything that is missing is told at once")
    func empty() {
        let error = failure { () throws(GerbangError) in _ = try Service(json: [:]) }
        for key in ["id", "title", "summary", "input", "output", "standardTime", "legalBasis"] {
            #expect(error?.message.contains("/\(key): is required") == true)
        }
    }

    @Test("one service described twice is refused")
    func twice() throws {
        let service = try Service(json: .object(Self.complete))
        let error = failure { () throws(GerbangError) in _ = try ServiceCatalogue([service, service]) }
        #expect(error?.message.contains("a.b") == true)
    }
}
