internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangSchema
internal import GerbangYAML
internal import Testing

@Suite("The manifests that ship with the project")
struct ShippedManifestTests {
    @Test("each loads without a warning and passes its own fixtures", arguments: Support.shipped)
    func fixtures(path: String) throws {
        let manifest = try Manifest.parse(Support.file(path), file: path)
        #expect(manifest.warnings.isEmpty, "\(manifest.warnings)")
        let results = manifest.runFixtures(catalogue: try .builtin())
        #expect(!results.isEmpty)
        for result in results { #expect(result.isPassed, "\(result.name): \(result.differences)") }
    }

    @Test(
        "each fits the JSON Schema by which editors complete manifests",
        arguments: Support.shipped + ["Adapters/Transport/Contract/adapter.yaml"]
    )
    func schema(path: String) throws {
        let schema = try JSONSchema(JSONValue(parsing: Support.file("Schemas/manifest/adapter.schema.json")))
        let issues = schema.validate(try YAMLDocument(Support.file(path)).value)
        #expect(issues.isEmpty, "\(issues.prefix(5))")
    }

    @Test("each is the same adapter to the registry as its Swift module")
    func registry() throws {
        for path in Support.shipped {
            let definition = try Manifest.parse(Support.file(path), file: path).definition
            #expect(try AdapterRegistry([definition]).descriptors == [definition.descriptor])
        }
    }

    @Test("the starter that 'gerbang adapter new' writes loads and passes its fixtures")
    func starter() throws {
        // The example says besides where its schema is.
        let example = try Support.file(Support.shipped[3]).drop { $0 != "\n" }.dropFirst()
        #expect(try ManifestStarter.text(id: AdapterID("vehicle-register")) == example)
        let manifest = try Support.load(ManifestStarter.text(id: AdapterID("dinas-contoh")))
        #expect(manifest.descriptor.id.text == "dinas-contoh")
        #expect(manifest.warnings.isEmpty, "\(manifest.warnings)")
        for result in manifest.runFixtures(catalogue: try .builtin()) {
            #expect(result.isPassed, "\(result.name): \(result.differences)")
        }
    }

    @Test("the page about an adapter names its operations, settings and examples, and no secret")
    func documentation() throws {
        let page = try Support.load(Support.file(Support.shipped[0])).documentation()
        for text in [
            "# Directorate General", "`call-nik` | `population.person.lookup` | query",
            "| `password` | required | A secret",
            "password: {env: DUKCAPIL_PASSWORD}", "| nobody has the NIK | `call-nik` | rejected (`agency-not-found`) |",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        #expect(!page.contains("rahasia"))
    }

    @Test("a registry takes manifests beside modules, and tells every mistake of all of them")
    func registering() throws {
        var registry = try AdapterRegistry()
        let paths = Support.shipped.map { "\(Support.root)/\($0)" }
        #expect(try registry.register(manifests: paths).isEmpty)
        #expect(registry.descriptors.map(\.id.text) == ["bpjs-vclaim", "dukcapil", "transport", "vehicle-register"])
        let error = #expect(throws: ManifestError.self) {
            try registry.register(manifests: ["/nowhere/adapter.yaml", paths[0], paths[0]])
        }
        #expect(error?.issues.count == 2)
    }

    @Test("a manifest takes the place of an adapter with its name")
    func replacing() throws {
        var built = try Support.load(Support.file("Adapters/Dukcapil/adapter.yaml")).definition
        built.descriptor.operations.removeLast()
        let count = built.descriptor.operations.count
        var registry = try AdapterRegistry([built])
        try registry.register(manifests: ["\(Support.root)/Adapters/Dukcapil/adapter.yaml"])
        #expect(registry.descriptors.count == 1)
        #expect(registry[built.descriptor.id]?.descriptor.operations.count == count + 1)
    }

    @Test("a fixture that differs says how")
    func differences() throws {
        let text = try Support.file("Docs/Examples/BPJS/adapter.yaml")
            .replacing("SITI CONTOH", with: "BUDI CONTOH").replacing("agencyCode: \"201\"", with: "agencyCode: \"202\"")
        let failed = try Support.load(text).runFixtures().filter { !$0.isPassed }
        #expect(
            failed.map(\.differences) == [
                [#"output: /name is "SITI CONTOH" instead of "BUDI CONTOH""#],
                ["has the agency's code '201' instead of '202'"],
            ]
        )
    }
}
