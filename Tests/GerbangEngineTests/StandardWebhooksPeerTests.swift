internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangEngine

/// Checks signatures with a library that is not ours: `Tests/Peers/standardwebhooks/verify.py`.
///
/// The library comes from PyPI into a virtual environment.
final class StandardWebhooksPeer: Sendable {
    private let python: PythonEnvironment

    /// A peer, or `nil` where Python, its module `venv` or PyPI is out of reach.
    init?() async {
        guard let python = await PythonEnvironment.shared(PythonEnvironment.webhooks) else { return nil }
        self.python = python
    }

    /// `ok` or `refused` for each message.
    func verdicts(on messages: [JSONValue]) async throws -> [String] {
        let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Peers/standardwebhooks/verify.py")
        let printed = await python.run(script.path, input: messages.map { $0.text() + "\n" }.joined())
        return try #require(printed).split(separator: "\n").map { String($0) }
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
        .enabled(skipped) { await StandardWebhooksPeer() != nil },
        .timeLimit(.minutes(20))
    )
    func verdicts() async throws {
        let peer = try #require(await StandardWebhooksPeer())
        let (client, now) = (ClientID(checked: "mall"), SystemClock().now())
        let (one, two) = (CallbackSecret.generate(for: client, at: now), CallbackSecret.generate(for: client, at: now))
        let body = #"{"specversion":"1.0","data":{"texts":{"id":"Permohonan Anda selesai – “ya”."}}}"#
        var changed = message(body, signedBy: [one], checkedWith: one, at: now).objectValue ?? [:]
        changed["body"] = .string(body + " ")
        let verdicts = try await peer.verdicts(on: [
            message(body, signedBy: [one], checkedWith: one, at: now),
            message(body, signedBy: [one, two], checkedWith: two, at: now),
            message(body, signedBy: [one], checkedWith: two, at: now),
            message(body, signedBy: [one], checkedWith: one, at: now + .seconds(-3600)),
            .object(changed),
        ])
        #expect(verdicts == ["ok", "ok", "refused", "refused", "refused"])
    }
}
