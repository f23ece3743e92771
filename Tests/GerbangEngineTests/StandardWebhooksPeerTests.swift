internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import GerbangEngine

/// Checks signatures with a library that is not ours: `Tests/Peers/standardwebhooks/verify.py`.
///
/// The library comes from PyPI into a virtual environment in a temporary folder, which goes with the peer.
final class StandardWebhooksPeer: Sendable {
    /// A peer, or `nil` where Python, its module `venv` or PyPI is out of reach. It is made once.
    static let shared = StandardWebhooksPeer()

    private let folder: URL

    private init?() {
        folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-webhooks-\(UUID().uuidString)")
        let environment = folder.appending(path: "venv").path
        let install = ["install", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "--retries", "1"]
        guard (try? Self.run(60, "python3", ["-m", "venv", environment])) != nil,
            (try? Self.run(120, "\(environment)/bin/pip", install + ["standardwebhooks==1.*"])) != nil
        else {
            remove()
            return nil
        }
    }

    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    /// `ok` or `refused` for each message.
    func verdicts(on messages: [JSONValue]) throws -> [String] {
        let input = folder.appending(path: "messages.jsonl")
        try messages.map { $0.text() + "\n" }.joined().write(to: input, atomically: true, encoding: .utf8)
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Peers/standardwebhooks/verify.py")
        let python = folder.appending(path: "venv/bin/python").path
        return try Self.run(60, python, [script.path], input: input).split(separator: "\n").map { String($0) }
    }

    /// Runs a command for at most so many seconds and returns what it prints.
    @discardableResult
    private static func run(
        _ seconds: Int,
        _ command: String,
        _ arguments: [String],
        input: URL? = nil
    ) throws -> String {
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
        guard process.terminationStatus == 0 else { throw GerbangError(.internalFault, "\(command) has failed") }
        return String(decoding: printed, as: UTF8.self)
    }
}

@Suite("Signatures in the eyes of the library of Standard Webhooks")
struct StandardWebhooksPeerTests {
    private func message(
        _ body: String,
        signedBy secrets: [CallbackSecret],
        checkedWith secret: CallbackSecret,
        at moment: Timestamp
    ) -> JSONValue {
        let bytes = Array(body.utf8)
        let fields = WebhookSignature.fields(id: "01a2015b-3", at: moment, body: bytes, secrets: secrets)
        let headers = fields.map { ($0.name, JSONValue.string($0.value)) }
        return [
            "secret": .string(secret.text.revealed),
            "body": .string(body),
            "headers": .object(JSONObject(uniqueKeysWithValues: headers)),
        ]
    }

    private static let skipped: Comment = "needs python3 with venv, and PyPI"

    @Test(
        "It takes what we sign with any of its secrets, and nothing else",
        .enabled(skipped) { StandardWebhooksPeer.shared != nil },
        .timeLimit(.minutes(5))
    )
    func verdicts() throws {
        let peer = try #require(StandardWebhooksPeer.shared)
        defer { peer.remove() }
        let (client, now) = (ClientID(checked: "mall"), SystemClock().now())
        let (one, two) = (CallbackSecret.generate(for: client, at: now), CallbackSecret.generate(for: client, at: now))
        let body = #"{"specversion":"1.0","data":{"texts":{"id":"Permohonan Anda selesai – “ya”."}}}"#
        var changed = message(body, signedBy: [one], checkedWith: one, at: now).objectValue ?? [:]
        changed["body"] = .string(body + " ")
        let verdicts = try peer.verdicts(on: [
            message(body, signedBy: [one], checkedWith: one, at: now),
            message(body, signedBy: [one, two], checkedWith: two, at: now),
            message(body, signedBy: [one], checkedWith: two, at: now),
            message(body, signedBy: [one], checkedWith: one, at: now + .seconds(-3600)),
            .object(changed),
        ])
        #expect(verdicts == ["ok", "ok", "refused", "refused", "refused"])
    }
}
