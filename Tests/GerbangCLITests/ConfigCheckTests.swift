import Foundation
import Testing

/// What `gerbang config check` finds beyond the file itself.
@Suite struct ConfigCheckTests {
    @Test("Certificates that cannot be read are told; relative paths begin at the file's folder")
    func certificates() throws {
        let folder = try Folder()
        defer { folder.remove() }
        _ = try folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\n")
        let file = try folder.write(
            "gerbang.yaml",
            """
            connections:
              - id: satu
                adapter: transport
                baseURL: https://dishub.example
                settings: {binding: plain}
                tls: {authorities: ca.pem, certificate: none/client.pem, key: /none/client.key}
            """
        )
        let checked = try Command.run("config", "check", file)
        #expect(checked.status == 2)
        #expect(!checked.errors.contains("ca.pem"))
        let missing = folder.url.appending(path: "none/client.pem").path
        #expect(
            checked.errors.contains("connections.satu.tls.certificate: \(missing) cannot be read: No such file"),
            "\(checked.errors)"
        )
        #expect(checked.errors.contains("connections.satu.tls.key: /none/client.key cannot be read"))
    }
}
