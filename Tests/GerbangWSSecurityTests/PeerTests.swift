internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import GerbangWSSecurity
internal import GerbangXML
internal import Testing

/// Python with libraries that are not ours: `Tests/Peers/wssecurity/peer.py`.
enum WSSecurityPeer {
    /// `nil` where Python, its module `venv` or PyPI is out of reach. It is made once.
    static func environment() async -> PythonEnvironment? {
        await PythonEnvironment.shared(PythonEnvironment.wsSecurity)
    }

    static let script: String = {
        let here = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return "/\(here)/Peers/wssecurity/peer.py"
    }()

    static func verdicts(_ tasks: [JSONValue]) async throws -> [String] {
        let input = tasks.map { $0.text() + "\n" }.joined()
        let output = try #require(await environment()?.run(script, input: input))
        return output.split(separator: "\n").map { String($0) }
    }
}

@Suite("WS-Security libraries nobody here wrote")
struct PeerTests {
    private static let skipped: Comment = "needs python3 with venv, and PyPI"

    @Test(
        "They verify what we sign, refuse what was changed, and we believe what they sign",
        .enabled(skipped) { await WSSecurityPeer.environment() != nil },
        .timeLimit(.minutes(10))
    )
    func everything() async throws {
        try await verifying()
        try await signing()
        try await digest()
    }

    private func verifying() async throws {
        var tasks: [JSONValue] = []
        var expectations: [Bool] = []
        for version in [SOAPVersion.v11, .v12] {
            for identity in [Identity.agency, Identity.curve] {
                let signed = try Sample.signer(identity).secure(Sample.envelope(version), at: Sample.now)
                let text = String(decoding: signed, as: UTF8.self)
                for xml in [text, try text.replacing(only: "1234", with: "1235")] {
                    for peer in ["signxml", "zeep"] {
                        tasks.append([
                            "do": "verify", "by": .string(peer), "xml": .string(xml),
                            "certificate": .string(identity.certificate),
                        ])
                        expectations.append(xml == text)
                    }
                }
            }
        }
        let verdicts = try await WSSecurityPeer.verdicts(tasks)
        #expect(verdicts.count == tasks.count)
        for ((verdict, isGood), task) in zip(zip(verdicts, expectations), tasks) {
            #expect((verdict == "good") == isGood, "\(task["by"]?.stringValue ?? ""): \(verdict)")
        }
    }

    private func signing() async throws {
        var tasks: [JSONValue] = []
        for version in [SOAPVersion.v11, .v12] {
            for identity in [Identity.agency, Identity.curve] {
                for peer in ["signxml", "zeep"] {
                    let xml = String(decoding: Sample.envelope(version, header: ""), as: UTF8.self)
                    tasks.append([
                        "do": "sign", "by": .string(peer), "xml": .string(xml), "key": .string(identity.key),
                        "certificate": .string(identity.certificate),
                        "curve": .bool(identity.key == Identity.curveKey),
                    ])
                }
            }
        }
        let messages = try await WSSecurityPeer.verdicts(tasks)
        #expect(messages.count == tasks.count)
        // The peers take the time from their own clock.
        let now = SystemClock().now()
        for (message, task) in zip(messages, tasks) {
            let signed = try #require(Data(base64Encoded: message), "\(message)")
            let reader = try Sample.reader(task["certificate"]?.stringValue ?? "")
            #expect(throws: Never.self) { try reader.open(Array(signed), at: now) }
            let changed = try String(decoding: signed, as: UTF8.self).replacing(only: "1234", with: "1235")
            #expect(refusal { _ = try reader.open(Array(changed.utf8), at: now) }?.code == .signature)
        }
    }

    private func digest() async throws {
        var security = WSSecurity()
        security.usernameToken = .init(user: "petugas", password: Sensitive("kata sandi"))
        let xml = String(decoding: try security.secure(Sample.envelope(), at: Sample.now), as: UTF8.self)
        let tasks: [JSONValue] = ["kata sandi", "lain"].map {
            ["do": "token", "by": "zeep", "xml": .string(xml), "password": .string($0)]
        }
        #expect(try await WSSecurityPeer.verdicts(tasks) == ["good", "another digest"])
    }
}
