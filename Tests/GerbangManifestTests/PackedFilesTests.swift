internal import Foundation
internal import GerbangCore
internal import GerbangManifest
internal import Testing

@Suite("A manifest that brings its files along in itself")
struct PackedFilesTests {
    private static func inFolder<Result>(_ files: [String: [UInt8]], _ body: (String) throws -> Result) throws -> Result
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-packed-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, bytes) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(bytes).write(to: file)
        }
        return try body(folder.path)
    }

    /// A manifest with a service of its own, as a file beside it.
    private static let manifest = """
        manifest: 1
        id: water
        version: 1.0.0
        agency: {id: Air Contoh, en: Example Water}
        services: [services/bill.json]
        operations:
          bill:
            provides: water.bill
            effect: query
            request: {method: GET, path: "/bills/${input.meter}"}
            response: {decode: [json], verdict: [{succeeded: {output: {due: "${body.due}"}}}]}
        """

    private static func service(_ name: String) -> [UInt8] {
        Array(
            """
            {"id": "water.bill", "title": {"id": "\(name)", "en": "Bill"}, "summary": {"id": "\(name)", "en": "Bill"},
             "standardTime": "1d", "legalBasis": "Contoh", "input": {"type": "object", "properties": {"meter": {"type": "string"}}},
             "output": {"type": "object"}}
            """.utf8
        )
    }

    @Test("It says the same without anything beside it, and names no file any more")
    func standsAlone() throws {
        let text = try Self.inFolder([
            "adapter.yaml": Array(Self.manifest.utf8), "services/bill.json": Self.service("Tagihan"),
            "unrelated.txt": [1],
        ]) { folder in
            let manifest = try Manifest.load(path: folder + "/adapter.yaml")
            #expect(manifest.files == ["services/bill.json"])
            return try Manifest.packed(path: folder + "/adapter.yaml")
        }
        #expect(text.hasPrefix(Self.manifest))
        #expect(!text.contains("unrelated"))
        let packed = try Manifest.parse(text, file: "adapter.yaml", files: [:])
        #expect(packed.services.map(\.id.text) == ["water.bill"])
        #expect(packed.files.isEmpty)
        // What it brings along comes before what lies beside it.
        try Self.inFolder(["adapter.yaml": Array(text.utf8), "services/bill.json": Self.service("Lain")]) { folder in
            let again = try Manifest.load(path: folder + "/adapter.yaml")
            #expect(again.services.first?.title.indonesian == "Tagihan")
            #expect(try Manifest.packed(path: folder + "/adapter.yaml") == text)
        }
    }

    @Test("One that needs no file stays as it is")
    func nothingToPack() throws {
        let path = "\(Support.root)/Adapters/Dukcapil/adapter.yaml"
        #expect(try Manifest.packed(path: path) == String(contentsOfFile: path, encoding: .utf8))
    }

    @Test(
        "What is no file is told with its place",
        arguments: [
            ("files: [a]", "files: must be the names of files"),
            ("files: {a.xsd: 1}", "files.a.xsd: must be the file's text"),
            ("files: {a.xsd: {base64: '!'}}", "files.a.xsd: must be the file's text"),
        ]
    )
    func mistakes(line: String, message: String) throws {
        let error = #expect(throws: ManifestError.self) {
            try Manifest.parse(Self.manifest + "\n" + line + "\n", file: "adapter.yaml")
        }
        let issue = try #require(error?.issues.first { $0.description.contains(message) })
        #expect(issue.line == 12)
    }
}
