internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangSOAP
internal import GerbangSchema
internal import GerbangYAML
internal import Testing

/// Descriptions to write manifests for: the project's own, and those of the conformance data where they are at hand.
enum Descriptions {
    private static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder
    }()

    static let own = found(in: root.appending(path: "Tests/GerbangSOAPTests/Fixtures"))
    static let others = found(in: root.appending(path: "../shared/conformance/wsdl")).filter {
        !$0.contains("negative")
    }

    private static func found(in folder: URL) -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        // A part is no description by itself.
        return names.filter { $0.hasSuffix(".wsdl") && !$0.contains(".part.") }.sorted().map {
            folder.appending(path: $0).path
        }
    }

    /// The manifest for a description with everything beside it, as the command writes it.
    static func manifest(
        _ path: String,
        _ options: ManifestFromWSDL.Options = ManifestFromWSDL.Options()
    ) throws -> (made: ManifestFromWSDL, manifest: Manifest) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let made = try ManifestFromWSDL(WSDL.load(file: path), options: options)
        var files: [String: [UInt8]] = [:]
        for file in made.files { files[file.path] = Array(file.text.utf8) }
        for name in made.descriptions { files[name] = Array(try Data(contentsOf: folder.appending(path: name))) }
        let text = try #require(made.files.first { $0.path == "adapter.yaml" }).text
        do {
            return (made, try Manifest.parse(text, file: "adapter.yaml", files: files))
        } catch {
            Issue.record("\(path): \(error)\n\(text.prefix(3000))")
            throw error
        }
    }
}

@Suite("Manifests from descriptions")
struct GeneratorTests {
    @Test("Every description gives a manifest that is clean and passes its own fixtures", arguments: Descriptions.own)
    func own(path: String) throws { try check(path) }

    @Test(
        "Those of others too",
        .enabled(if: !Descriptions.others.isEmpty, "needs the conformance data"),
        arguments: Descriptions.others
    )
    func others(path: String) throws { try check(path) }

    private func check(_ path: String) throws {
        let wsdl = try WSDL.load(file: path)
        let callable = wsdl.operations.filter { $0.input != nil }
        guard !callable.isEmpty else {
            let error = #expect(throws: GerbangError.self) { try ManifestFromWSDL(wsdl) }
            #expect(error?.message.contains("no SOAP operation") == true)
            return
        }
        let (made, manifest) = try Descriptions.manifest(path)
        #expect(manifest.warnings.isEmpty, "\(manifest.warnings)")
        #expect(manifest.descriptor.operations.count == callable.count)
        #expect(manifest.services.count == callable.count)
        #expect(manifest.descriptor.operations.allSatisfy { $0.effect == .nonIdempotent && $0.service != nil })
        let text = try #require(made.files.first { $0.path == "adapter.yaml" }).text
        let schema = try JSONSchema(JSONValue(parsing: Support.file("Schemas/manifest/adapter.schema.json")))
        #expect(schema.validate(try YAMLDocument(text).value).isEmpty)
        let catalogue = try ServiceCatalogue.builtin()
        let results = manifest.runFixtures(catalogue: catalogue)
        #expect(results.count >= callable.count, "\(made.remarks)")
        for result in results { #expect(result.isPassed, "\(result.operation) \(result.name): \(result.differences)") }
        _ = try catalogue.adding(manifest.services)
        // The service's schema lets through what the example sends.
        for fixture in manifest.fixtures {
            let service = manifest.descriptor.operation(fixture.operation)?.service
            let schema = try JSONSchema(#require(manifest.services.first { $0.id == service }).input)
            #expect(schema.validate(fixture.input).isEmpty)
        }
    }

    @Test("Operations, queries, port and names may be chosen")
    func choices() throws {
        let path = try #require(Descriptions.own.first { $0.hasSuffix("/calculator.wsdl") })
        let wsdl = try WSDL.load(file: path)
        let name = try #require(wsdl.operations.first).name
        var options = ManifestFromWSDL.Options()
        options.id = AdapterID(checked: "hitung")
        options.agency = LocalizedText(id: "Dinas \"Hitung\"", en: "Office: #1")
        options.operations = [name]
        options.queries = [name]
        options.port = wsdl.operations.first?.port
        let manifest = try Descriptions.manifest(path, options).manifest
        #expect(manifest.descriptor.id.text == "hitung")
        #expect(manifest.descriptor.agency.english == "Office: #1")
        #expect(manifest.descriptor.operations.map(\.effect) == [.query])
        #expect(manifest.services.map(\.id.text) == ["hitung.\(manifest.descriptor.operations[0].id)"])

        options.queries = ["nothing"]
        let error = #expect(throws: GerbangError.self) { try ManifestFromWSDL(wsdl, options: options) }
        #expect(error?.message.contains("there are: ") == true)
        options.queries = []
        options.operations = []
        options.port = "nowhere"
        #expect(throws: GerbangError.self) { try ManifestFromWSDL(wsdl, options: options) }
    }
}
