internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import Testing

@Suite("Adapters that a configuration names as manifests")
struct ManifestConfigurationTests {
    private static let manifest = """
        manifest: 1
        id: vehicle-register
        version: 1.0.0
        agency: {id: Contoh, en: Example}
        settings:
          required: [apiKey]
          properties: {apiKey: {type: string, secret: true}}
        authentication:
          - apiKey: {header: X-API-Key, value: "${secret.apiKey}"}
        operations:
          lookup:
            provides: transport.vehicle.lookup
            effect: query
            request: {path: "/vehicles/${input.plate}"}
            response: {verdict: [{when: status == 200, succeeded: {output: {plate: "${body.plate}"}}}]}
        """

    private static let configuration = """
        adapters: [vehicle.yaml]
        connections:
          - id: vehicles
            adapter: vehicle-register
            baseURL: https://agency.example
            settings: {apiKey: rahasia}
        """

    private func load(_ manifest: String, _ configuration: String) throws -> GatewayConfiguration {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-manifest-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(manifest.utf8).write(to: folder.appending(path: "vehicle.yaml"))
        let file = folder.appending(path: "gerbang.yaml").path
        try Data(configuration.utf8).write(to: URL(fileURLWithPath: file))
        return try ConfigurationFile.load(path: file, adapters: AdapterRegistry())
    }

    @Test("a connection to one is like any other, and authenticates as the manifest says")
    func loading() throws {
        let connection = try #require(load(Self.manifest, Self.configuration).connections.first)
        #expect(connection.adapter.descriptor.id.text == "vehicle-register")
        #expect(connection.authentication.schemes.map(\.name) == ["apiKey"])
    }

    @Test("a connection's own authentication goes before that of the manifest")
    func ownAuthentication() throws {
        let own = Self.configuration + "\n    authentication: [{basic: {user: a, password: b}}]\n"
        #expect(try load(Self.manifest, own).connections.first?.authentication.schemes.map(\.name) == ["basic"])
    }

    @Test("mistakes of a manifest are told with the manifest's own lines")
    func mistakes() throws {
        let broken = Self.manifest.replacing("status == 200", with: "statu == 200")
        let error = #expect(throws: ConfigurationFile.Invalid.self) { try load(broken, Self.configuration) }
        #expect(error?.issues.map(\.line) == [15])
        #expect(error?.issues.first?.file.hasSuffix("/vehicle.yaml") == true)
        let missing = Self.configuration.replacing("vehicle.yaml", with: "other.yaml")
        #expect(throws: ConfigurationFile.Invalid.self) { try load(Self.manifest, missing) }
        let wrong = Self.manifest.replacing("X-API-Key", with: "Content-Length")
        let reserved = #expect(throws: ConfigurationFile.Invalid.self) { try load(wrong, Self.configuration) }
        #expect(reserved?.issues.first?.message.contains("belongs to the transport") == true)
    }
}
