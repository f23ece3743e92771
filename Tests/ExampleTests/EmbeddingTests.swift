internal import DukcapilSimulator
internal import Foundation
internal import GerbangTesting
internal import Testing

@Suite("The example of README.md")
struct EmbeddingTests {
    @Test("runs, tells what happens and ends", .timeLimit(.minutes(10)))
    func runs() throws {
        let folder = try TemporaryFolder()
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        try folder.write(
            """
            connections:
              - id: dukcapil
                adapter: dukcapil
                baseURL: \(registry.baseURL)
                settings: {institution: MPP-JAKSEL, userId: DEMO, password: rahasia, clientAddress: 10.1.2.3}

            """,
            to: "gerbang.yaml"
        )
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try Example.executable("Embedding"))
        process.currentDirectoryURL = folder.url
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let lines = text.split(separator: "\n")
        #expect(lines.dropLast().map { $0.split(separator: " ").last } == ["queued", "running", "succeeded"])
        #expect(lines.last?.contains("selesai") == true)
        #expect(registry.ledger.entries.count == 1)
    }
}
