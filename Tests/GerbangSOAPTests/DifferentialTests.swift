internal import Foundation
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangSOAP

/// The same input by the same description, written by us and by zeep: `Tests/Peers/zeep/differ.py`.
///
/// Every operation's sample, and some random inputs, the same in every run; by `GERBANG_DIFFERENTIAL=1000` so many of them. What
/// differs must have a name there that says why.
@Suite("zeep writes the same")
struct DifferentialTests {
    private static func environment() async -> PythonEnvironment? {
        await PythonEnvironment.shared(PythonEnvironment.soap)
    }
    private static let skipped: Comment = "needs python3 with venv, and PyPI"

    private static let wanted = ProcessInfo.processInfo.environment["GERBANG_DIFFERENTIAL"].flatMap { Int($0) } ?? 100

    private static let script = "\(Fixture.folder)/../../Peers/zeep/differ.py"

    /// The built-in schemas by their addresses and namespaces.
    private static var catalogue: JSONValue {
        var texts = JSONObject()
        for entry in SchemaCatalogue.builtinEntries {
            for name in entry.locations + [entry.namespace] {
                texts[name] = .string(String(decoding: entry.bytes, as: UTF8.self))
            }
        }
        return .object(texts)
    }

    /// A message to be compared.
    private struct Message {
        let file: String
        let operation: SOAPOperation
        let kind: SOAPOperation.MessageKind

        func task(seed: UInt64) throws -> JSONValue {
            let input =
                try seed == 0 ? operation.sample(kind) : operation.randomSample(kind, seed: seed)
            let bytes = try operation.envelope(kind, input)
            return [
                "wsdl": .string(file), "service": .string(operation.service), "port": .string(operation.port),
                "operation": .string(operation.name), "kind": kind == .input ? "input" : "output", "json": input,
                "xml": .string(String(decoding: bytes, as: UTF8.self)),
            ]
        }
    }

    private static func messages() throws -> [Message] {
        let own = CorpusTests.own.map { "\(Fixture.folder)/\($0).wsdl" }
        let others = CorpusTests.others.filter { !$0.contains("negative") }.map { "\(CorpusTests.conformance)/\($0)" }
        return try (own + others).flatMap { file in
            try WSDL.load(file: file).operations.flatMap { operation in
                operation.messageKinds.compactMap { kind in
                    if case .fault = kind { return nil }
                    let message = kind == .input ? operation.input : operation.output
                    guard message?.element != nil else { return nil }
                    return Message(file: file, operation: operation, kind: kind)
                }
            }
        }
    }

    @Test(
        "Every operation's sample, and random inputs",
        .enabled(skipped) { await environment() != nil },
        .timeLimit(.minutes(30))
    )
    func differences() async throws {
        let environment = try #require(await Self.environment())
        let messages = try Self.messages()
        var tasks: [JSONValue] = []
        for message in messages { tasks.append(try message.task(seed: 0)) }
        var seed: UInt64 = 1
        while tasks.count < messages.count + Self.wanted {
            do {
                tasks.append(try messages[Int(seed) % messages.count].task(seed: seed))
            } catch let error as SOAPError where error.code == .sample {
                // Some types allow so little that chance finds nothing; another seed is taken.
            }
            seed += 1
            try #require(seed < 100_000)
        }
        let input = tasks.map { $0.text() + "\n" }.joined()
        if let path = ProcessInfo.processInfo.environment["GERBANG_DIFFERENTIAL_CASES"] {
            try input.write(toFile: path, atomically: true, encoding: .utf8)
            try Self.catalogue.text().write(toFile: path + ".catalogue", atomically: true, encoding: .utf8)
        }
        let catalogue = FileManager.default.temporaryDirectory.appending(path: "gerbang-catalogue-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: catalogue) }
        try Self.catalogue.text().write(to: catalogue, atomically: true, encoding: .utf8)
        let output = try #require(await environment.run(Self.script, [catalogue.path], input: input))
        let verdicts = try output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(verdicts.count == tasks.count)
        var counts: [String: Int] = [:]
        for (verdict, task) in zip(verdicts, tasks) {
            let name = verdict["class"]?.stringValue ?? ""
            counts[name, default: 0] += 1
            #expect(name != "unexplained", "\(verdict["detail"]?.stringValue ?? "") \(task.text())")
        }
        #expect(counts["same", default: 0] * 2 > tasks.count)
        if Self.wanted > 100 {
            print(counts.sorted { $0.value > $1.value }.map { "\($0.value) \($0.key)" }.joined(separator: ", "))
        }
    }
}
