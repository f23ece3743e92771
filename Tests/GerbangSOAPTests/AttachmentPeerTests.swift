internal import Foundation
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangSOAP

/// MTOM with a spyne service, and with Python's email package: `Tests/Peers/spyne/mtom.py`.
@Suite("Attachments with libraries nobody here wrote")
struct AttachmentPeerTests {
    private static func environment() async -> PythonEnvironment? {
        await PythonEnvironment.shared(PythonEnvironment.soap)
    }
    private static let skipped: Comment = "needs python3 with venv, and PyPI"
    private static let script = "\(Fixture.folder)/../../Peers/spyne/mtom.py"

    private func ask(_ version: String, _ task: JSONValue) async throws -> JSONValue {
        let output = try #require(await Self.environment()?.run(Self.script, [version], input: task.text() + "\n"))
        let answer = try JSONValue(parsing: output)
        #expect(answer["error"] == nil, "\(answer.text())")
        return answer
    }

    private func bytes(_ answer: JSONValue, _ key: String = "body") throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: answer[key]?.stringValue ?? "-")))
    }

    private func base64(_ bytes: [UInt8]) -> JSONValue { .string(Data(bytes).base64EncodedString()) }

    @Test(
        "They read what we package, and we read what they do",
        .enabled(skipped) { await environment() != nil },
        .timeLimit(.minutes(10))
    )
    func everything() async throws {
        let file =
            (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ ($0 >> 7)) }
            + Array("\r\n--gerbang-part-0--\r\n".utf8)
        for version in ["1.1", "1.2"] {
            let description = try await bytes(ask(version, ["do": "wsdl"]))
            let operation = try WSDL.load(files: ["a.wsdl": description], root: "a.wsdl").operation("store")
            let input: JSONValue = ["name": "akta & lampiran", "file": base64(file)]
            let message = try operation.encodeRequestMessage(input, packaging: .mtom())
            let type = message.fields[0].value
            let answer = try await ask(version, ["do": "call", "type": .string(type), "body": base64(message.body)])
            let read = try operation.decodeResponse(bytes(answer), contentType: answer["type"]?.stringValue ?? "")
            guard case .output(let output, _) = read, let receipt = output["storeResult"] else {
                Issue.record("\(read)")
                continue
            }
            #expect(receipt["name"] == "akta & lampiran" && receipt["size"] == .number(JSONNumber(file.count)))
            #expect(receipt["file"] == base64(file.reversed()))

            try await streaming(version, operation, file)

            let inline = try await ask(version, ["do": "inline", "type": .string(type), "body": base64(message.body)])
            #expect(inline["root"] == "application/xop+xml" && inline["types"] == ["application/octet-stream"])
            #expect(try operation.decodeRequest(bytes(inline)).body == input)
        }
        try await reading(file)
    }

    /// The same from a file.
    private func streaming(_ version: String, _ operation: SOAPOperation, _ file: [UInt8]) async throws {
        let folder = try TemporaryFolder()
        try Data(file).write(to: folder.url.appending(path: "akta"))
        let message = try operation.encodeRequest(
            ["name": "akta", "file": ["#attachment": "akta"]],
            attachments: ["akta": SOAPAttachment(file: folder.path("akta"), type: "application/pdf")],
            packaging: .mtom()
        )
        let body = try message.body.contents
        let answer = try await ask(
            version,
            ["do": "call", "type": .string(message.fields[0].value), "body": base64(body)]
        )
        let received = try receive(answer, folder)
        // spyne's answers have no parts.
        guard case .output(let output, _) = try operation.decodeResponse(received) else {
            Issue.record("spyne answered with a fault")
            return
        }
        #expect(output["storeResult"]?["file"] == base64(file.reversed()))
    }

    /// Takes a message in as it would come.
    private func receive(_ message: JSONValue, _ folder: TemporaryFolder) throws -> ReceivedSOAPMessage {
        var reader = try SOAPMessageReader(
            contentType: message["type"]?.stringValue ?? "",
            attachments: AttachmentFolder(folder.url.path)
        )
        var rest = try bytes(message)[...]
        while !rest.isEmpty {
            try reader.read(Array(rest.prefix(777)))
            rest = rest.dropFirst(777)
        }
        return try reader.finish()
    }

    /// A message with folded fields, quoted-printable, base64 and the root last.
    private func reading(_ file: [UInt8]) async throws {
        let operation = try Fixture.operation(
            schema:
                #"<xs:element name="request"><xs:complexType><xs:sequence><xs:element name="file" type="xs:base64Binary"/></xs:sequence></xs:complexType></xs:element>"#
        )
        let include = "<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:file%251@example.org\"/>"
        let written = try await ask(
            "1.1",
            [
                "do": "package", "body": base64(envelope("<t:request><t:file>\(include)</t:file></t:request>")),
                "file": base64(file),
            ]
        )
        let read = try operation.decodeRequest(bytes(written), contentType: written["type"]?.stringValue ?? "")
        #expect(read.body == ["file": base64(file)])

        let folder = try TemporaryFolder()
        let received = try receive(written, folder)
        let attachment = try #require(received.attachments.first)
        #expect(try operation.decodeRequest(received).body == ["file": ["#attachment": .string(attachment.name)]])
        #expect(try Data(contentsOf: URL(filePath: attachment.path)) == Data(file))
    }
}
