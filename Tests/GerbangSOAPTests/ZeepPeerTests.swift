internal import Foundation
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import Testing

/// Judges messages with libraries that are not ours: `Tests/Peers/zeep/judge.py`.
///
/// They come from PyPI into a virtual environment in a temporary folder, which goes with the peer.
final class ZeepPeer: Sendable {
    /// A peer, or `nil` where Python, its module `venv` or PyPI is out of reach. It is made once.
    static let shared = ZeepPeer()

    private let folder: URL

    private init?() {
        folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-zeep-\(UUID().uuidString)")
        let environment = folder.appending(path: "venv").path
        let install = ["install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "--retries", "1"]
        guard (try? Self.run(60, "python3", ["-m", "venv", environment])) != nil,
            (try? Self.run(180, "\(environment)/bin/pip", install + ["zeep==4.*", "xmlschema==4.*"])) != nil
        else {
            remove()
            return nil
        }
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    /// One verdict for each case.
    func verdicts(on cases: [JSONValue]) throws -> [String] {
        let input = folder.appending(path: "cases.jsonl")
        try cases.map { $0.text() + "\n" }.joined().write(to: input, atomically: true, encoding: .utf8)
        let script = "\(Fixture.folder)/../../Peers/zeep/judge.py"
        let output = try Self.run(120, folder.appending(path: "venv/bin/python").path, [script], input: input)
        return output.split(separator: "\n").map { String($0) }
    }

    private struct Failed: Error {}

    /// Runs a command for at most so many seconds and returns what it prints.
    @discardableResult
    private static func run(_ seconds: Int, _ command: String, _ arguments: [String], input: URL? = nil) throws
        -> String
    {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["timeout", String(seconds), command] + arguments
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed() }
        return String(decoding: printed, as: UTF8.self)
    }
}

@Suite("SOAP libraries nobody here wrote")
struct ZeepPeerTests {
    private static let skipped: Comment = "needs python3 with venv, and PyPI"

    /// Descriptions, and whether zeep understands all of them; it knows no substitution groups, mixed content and `INF`.
    private static let descriptions = [
        ("calculator", true), ("nillable", true), ("restriction", true), ("names", true), ("exchange", true),
        ("encodings/latin1", true), ("vies", true), ("sap", true), ("bni", true), ("facets", false),
        ("builtins", false),
        ("models", false), ("shapes", false), ("mixed", false), ("recursion", false), ("extensions", false),
        ("dataset", false), ("imports/Service.Orders_1.0.0", false),
    ]

    @Test(
        "Samples are valid for xmlschema, and zeep writes them as we do",
        .enabled(skipped) { ZeepPeer.shared != nil },
        .timeLimit(.minutes(10))
    )
    func everything() throws {
        let peer = try #require(ZeepPeer.shared)
        defer { peer.remove() }
        var cases: [JSONValue] = []
        for (name, isUnderstood) in Self.descriptions {
            for operation in try Fixture.load(name).operations {
                for kind in operation.messageKinds {
                    if case .fault = kind { continue }
                    let bytes = try operation.envelope(kind, operation.sample(kind))
                    guard let content = try SOAPEnvelope(XMLDocument(parsing: bytes)).content else { continue }
                    cases.append([
                        "wsdl": .string("\(Fixture.folder)/\(name).wsdl"), "zeep": .bool(isUnderstood),
                        "xml": .string(String(decoding: try content.canonical(.inclusive), as: UTF8.self)),
                    ])
                }
            }
        }
        let verdicts = try peer.verdicts(on: cases)
        #expect(verdicts.count == cases.count)
        for (verdict, item) in zip(verdicts, cases) { #expect(verdict == "good", "\(item.text())") }
    }
}
