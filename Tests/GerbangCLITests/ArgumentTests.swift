import ArgumentParser
import Foundation
import GerbangCore
import GerbangJSON
import Testing

@testable import gerbang

@Suite struct ArgumentTests {
    @Test("Values set by name lead into nested objects and replace what is there")
    func assignments() throws {
        let payload = try SubmissionBody.payload(#" {"plate": "B 1", "owner": {"name": "X"}, "year": 2020}"#)
        let set = try SubmissionBody.set(
            ["plate=B 1234=XYZ", "owner.city=Jakarta", "a.b.c=", "year=2021"],
            in: payload
        )
        let expected: JSONValue = [
            "plate": "B 1234=XYZ", "owner": ["name": "X", "city": "Jakarta"], "year": "2021", "a": ["b": ["c": ""]],
        ]
        #expect(JSONValue.object(set) == expected)
    }

    @Test(
        "What cannot be set is refused without repeating its value",
        arguments: ["3174015708900003", "=3174015708900003", "a..b=3174015708900003", "plate.x=3174015708900003"]
    )
    func badAssignments(text: String) {
        let error = #expect(throws: CommandError.self) { try SubmissionBody.set([text], in: ["plate": "B 1"]) }
        #expect(error?.status == .usage)
        #expect(error?.text(Style()).contains("3174015708900003") == false)
    }

    @Test("A payload that is not a JSON object is refused with its place")
    func badPayload() {
        let broken = #expect(throws: CommandError.self) { try SubmissionBody.payload("{\"a\": 1,\n}") }
        #expect(broken?.details.first?.hasPrefix("line 2, column 1: ") == true)
        #expect(throws: CommandError.self) { try SubmissionBody.object(Array("[1]".utf8), called: "the payload") }
        let missing = #expect(throws: CommandError.self) { try SubmissionBody.payload("/does/not/exist.json") }
        #expect(missing?.title.contains("/does/not/exist.json: No such file") == true)
    }

    @Test("A payload comes from a file")
    func payloadFile() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "payload-\(UUID()).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(#"{"plate": 12345678901234567890}"#.utf8).write(to: file)
        let payload = try SubmissionBody.payload(file.path())
        #expect(JSONValue.object(payload).text() == #"{"plate":12345678901234567890}"#)
    }

    @Test("A submission's body holds what the options say")
    func body() throws {
        let command = try SubmitCommand.parse([
            "transport.vehicle.lookup", "--region", "31.74", "--set", "plate=B 1", "--channel", "counter", "--officer",
            "ani.petugas", "--counter", "A-12", "--deadline", "2h",
        ])
        let expected: JSONValue = [
            "service": "transport.vehicle.lookup", "region": "31.74", "channel": "counter",
            "officer": ["id": "ani.petugas", "counter": "A-12"],
            "deadline": "2026-01-31T14:00:00.000Z", "payload": ["plate": "B 1"],
        ]
        #expect(try command.body(now: .noon) == expected)
    }

    @Test(
        "A counter needs an officer, online has none, and a NIK is nobody's",
        arguments: [
            ["--channel", "counter"], ["--officer", "ani"], ["--channel", "kiosk", "--counter", "A-12"],
            ["--channel", "counter", "--officer", "3174015708900003"],
            ["--channel", "counter", "--officer", "ani", "--counter", ""],
        ]
    )
    func officer(arguments: [String]) {
        let error = #expect(throws: (any Error).self) {
            try SubmitCommand.parse(["a.b", "--region", "ID"] + arguments)
        }
        #expect(error.map { SubmitCommand.fullMessage(for: $0).contains("3174") } == false)
    }

    @Test(
        "Waiting takes a span or none",
        arguments: [
            ([], nil), (["--wait"], 30_000), (["--wait=5"], 5000), (["--wait", "2m"], 120_000), (["--wait=250ms"], 250),
        ] as [([String], Int64?)]
    )
    func wait(arguments: [String], milliseconds: Int64?) throws {
        let command = try SubmitCommand.parse(["a.b", "--region", "ID"] + arguments)
        #expect(try command.wait.map { try $0.duration().milliseconds } == milliseconds)
    }

    @Test("A wait without a span may stand in front of an argument")
    func waitInFront() throws {
        let submit = try SubmitCommand.parse(["--wait", "a.b", "--region", "ID"])
        #expect(submit.wait == .standard && submit.service.text == "a.b")
        let show = try ShowCommand.parse(["--wait", RequestID.sample.description])
        #expect(show.wait == .standard && show.id == .sample)
    }

    @Test(
        "Command lines that contradict themselves are refused with exit code 2",
        arguments: [
            ["submit", "a.b"], ["submit", "A B", "--region", "ID"], ["submit", "a", "--region", "ID", "--wait=x"],
            ["submit", "a", "--region", "ID", "--payload", "-", "--applicant", "-"],
            ["submit", "a", "--region", "ID", "--idempotency-key", "a\nb"], ["show", "123"], ["watch"], ["cancel"],
            ["list", "--limit", "0"], ["list", "--state", "unknown"], ["redrive"],
            ["redrive", "--dead-letter", RequestID.sample.description],
            ["redrive", RequestID.sample.description, "--yes"],
            ["resolve", RequestID.sample.description, "--as", "resend", "--reference", "1"],
            ["resolve", RequestID.sample.description, "--as", "maybe"], ["keys", "list"],
            ["keys", "list", "--database", "a", "--config", "b"], ["connections", "pause"], ["nonsense"],
        ]
    )
    func refused(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try Gerbang.parseAsRoot(arguments) }
        guard let error else { return }
        let report = CommandRunner.report(of: error, from: Gerbang.self, style: Style())
        #expect(report.code == 2)
        #expect(!report.isAnswer)
    }

    @Test("Help is an answer and ends with exit code 0")
    func help() {
        let error = #expect(throws: (any Error).self) {
            var command = try Gerbang.parseAsRoot(["submit", "--help"])
            try command.run()
        }
        guard let error else { return }
        let report = CommandRunner.report(of: error, from: Gerbang.self, style: Style())
        #expect(report.code == 0 && report.isAnswer)
        #expect(report.text.contains("Other users of this machine can read command lines"))
    }

    @Test("No option takes a key: it would stand on the command line")
    func noKeyOption() {
        #expect(throws: (any Error).self) { try Gerbang.parseAsRoot(["list", "--key", "gbk_a_b"]) }
    }

    @Test("What an operator says becomes the command's body")
    func resolution() throws {
        let id = RequestID.sample.description
        let done = try ResolveCommand.parse([id, "--as", "done", "--reference", "KIR-1"])
        #expect(try done.body() == ["as": "done", "agencyReference": "KIR-1"])
        let resend = try ResolveCommand.parse([id, "--as", "resend"])
        #expect(try resend.body() == ["as": "resend"])
    }

    @Test(
        "The language follows the locale",
        arguments: [("id_ID.UTF-8", Language.indonesian), ("C", .english), (nil, .english)] as [(String?, Language)]
    )
    func language(locale: String?, language: Language) {
        #expect(ClientOptions.language(of: locale) == language)
    }

    @Test("A key's file is new, and only its owner can read it")
    func secretFile() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID())").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try SecretFile(creating: path)
        try file.write("gbk_a_b\n")
        #expect(try InputFile.text(of: path, called: "the key file") == "gbk_a_b\n")
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        let error = #expect(throws: CommandError.self) { try SecretFile(creating: path).write("") }
        #expect(error?.status == .usage)
    }
}
