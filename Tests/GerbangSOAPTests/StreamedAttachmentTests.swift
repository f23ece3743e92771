internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

@testable internal import GerbangSOAP

/// Attachments that are never in memory as a whole.
@Suite("Attachments that are streamed")
struct StreamedAttachmentTests {
    private static let schema = """
        <xs:import namespace="http://ws-i.org/profiles/basic/1.1/xsd"/><xs:import namespace="http://www.w3.org/2005/05/xmlmime"/>
        <xs:element name="request"><xs:complexType><xs:sequence xmlns:r="http://ws-i.org/profiles/basic/1.1/xsd"
          xmlns:m="http://www.w3.org/2005/05/xmlmime">
        <xs:element name="name" type="xs:string" minOccurs="0"/><xs:element name="file" type="xs:base64Binary" minOccurs="0" maxOccurs="9"/>
        <xs:element name="photo" type="m:base64Binary" minOccurs="0"/>
        <xs:element name="short" minOccurs="0"><xs:simpleType><xs:restriction base="xs:base64Binary"><xs:minLength value="2"/><xs:maxLength value="4"/></xs:restriction></xs:simpleType></xs:element>
        <xs:element name="letter" type="r:swaRef" minOccurs="0"/><xs:element name="free" type="xs:anyType" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
        """

    private let operation: SOAPOperation
    private let folder: TemporaryFolder

    init() throws {
        operation = try Fixture.operation(schema: Self.schema)
        folder = try TemporaryFolder()
    }

    private func attachment(_ name: String, _ bytes: [UInt8], type: String = "application/pdf") throws -> SOAPAttachment
    {
        try Data(bytes).write(to: folder.url.appending(path: name))
        return try SOAPAttachment(file: folder.path(name), type: type)
    }

    private func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ ($0 >> 8)) }
    }

    private func body(_ message: StreamedSOAPMessage) throws -> [UInt8] { try message.body.contents }

    private func receive(_ body: [UInt8], _ type: String, step: Int = 1000, maximumBytes: Int = 1 << 20) throws
        -> ReceivedSOAPMessage
    {
        var reader = try SOAPMessageReader(
            contentType: type,
            attachments: AttachmentFolder(folder.url.path, maximumBytes: maximumBytes)
        )
        var rest = body[...]
        while !rest.isEmpty {
            try reader.read(Array(rest.prefix(step)))
            rest = rest.dropFirst(step)
        }
        return try reader.finish()
    }

    private func content(_ name: JSONValue?, of message: ReceivedSOAPMessage) throws -> [UInt8]? {
        guard let name = name?["#attachment"]?.stringValue,
            let attachment = message.attachments.first(where: { $0.name == name })
        else { return nil }
        let bytes = try Array(Data(contentsOf: URL(filePath: attachment.path)))
        #expect(bytes.count == attachment.count)
        return bytes
    }

    @Test("Files go out beside the envelope and come back as files", arguments: [3, 1000, 1 << 20])
    func roundTrip(step: Int) throws {
        let (scan, letter) = (bytes(20_000), Array("Salinan\r\n--gerbang-part-0--\r\n".utf8))
        let message = try operation.encodeRequest(
            [
                "name": "x", "file": [["#attachment": "scan"], "QUJD"],
                "photo": ["@contentType": "image/png", "#text": ["#attachment": "photo"]],
                "letter": ["#attachment": "letter"],
            ],
            attachments: [
                "scan": attachment("scan", scan), "photo": attachment("photo", [1, 2], type: "image/png"),
                "letter": attachment("letter", letter, type: "text/plain"),
            ],
            packaging: .mtom()
        )
        #expect(message.fields[0].value.hasPrefix("multipart/related; boundary=\"gerbang-part-"))
        let files = message.body.pieces.filter { if case .file = $0 { true } else { false } }
        #expect(files.map(\.count) == [scan.count, 2, letter.count])
        let body = try body(message)
        let received = try receive(body, message.fields[0].value, step: step)
        #expect(received.attachments.map(\.type) == ["application/pdf", "image/png", "text/plain"])
        let read = try operation.decodeRequest(received).body
        #expect(try content(read["file"]?.arrayValue?.first, of: received) == scan)
        #expect(read["file"]?.arrayValue?.last == "QUJD")
        #expect(read["photo"]?["@contentType"] == "image/png")
        #expect(try content(read["photo"]?["#text"], of: received) == [1, 2])
        #expect(try content(read["letter"], of: received) == letter)
        // Who takes it as a whole reads the same.
        let whole = try operation.decodeRequest(body, contentType: message.fields[0].value).body
        #expect(whole["file"]?.arrayValue?.first == .string(Data(scan).base64EncodedString()))
        #expect(whole["letter"] == .string(Data(letter).base64EncodedString()))
    }

    @Test("What comes in base64 lies decoded in its file, and any content may be an attachment")
    func encoded() throws {
        let include = "<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:a\"/>"
        let root = String(
            decoding: envelope("<t:request><t:free>\(include)</t:free></t:request>"),
            as: UTF8.self
        )
        let text =
            "--b\r\nContent-ID: <a>\r\nContent-Transfer-Encoding: base64\r\n\r\nQUJD\r\nREU=\r\n"
            + "--b\r\nContent-ID: <r>\r\nContent-Type: application/xop+xml\r\n\r\n\(root)\r\n--b--\r\n"
        let received = try receive(Array(text.utf8), "multipart/related; boundary=b; start=\"<r>\"", step: 5)
        let read = try operation.decodeRequest(received).body
        #expect(try content(read["free"], of: received) == Array("ABCDE".utf8))
    }

    @Test("Facets hold for files too", arguments: [(3, true), (1, false), (5, false)])
    func facets(count: Int, isValid: Bool) throws {
        let input: JSONValue = ["short": ["#attachment": "a"]]
        let file = try attachment("a", bytes(count))
        let encode = { (isValidated: Bool) throws(SOAPError) in
            try operation.encodeRequest(input, attachments: ["a": file], isValidated: isValidated, packaging: .mtom())
        }
        #expect((refusal { _ = try encode(true) }?.code == .xml) == !isValid)
        let message = try encode(false)
        let received = try receive(try body(message), message.fields[0].value)
        let error = refusal { _ = try operation.decodeRequest(received) }
        #expect((error?.code == .xml) == !isValid, "\(String(describing: error))")
    }

    @Test("Without MTOM a file stands in the envelope")
    func inline() throws {
        let file = try attachment("a", bytes(3_000))
        let message = try operation.encodeRequest(["file": [["#attachment": "a"]]], attachments: ["a": file])
        #expect(message.fields[0].value == "text/xml; charset=utf-8")
        let read = try operation.decodeRequest(try body(message)).body
        #expect(read["file"] == [.string(Data(bytes(3_000)).base64EncodedString())])
    }

    @Test("An attachment that is not given, not named, not binary or not there is refused")
    func mistakes() throws {
        let file = try attachment("a", [1])
        func refused(_ input: JSONValue, _ files: [String: SOAPAttachment]) -> SOAPError? {
            refusal { _ = try operation.encodeRequest(input, attachments: files, packaging: .mtom()) }
        }
        let missing = refused(["file": [["#attachment": "b"]]], ["a": file])
        #expect(missing?.pointer?.description == "/file/0" && missing?.message.contains("No attachment") == true)
        #expect(refused(["name": "x"], ["a": file])?.message.contains("nowhere") == true)
        #expect(refused(["name": ["#attachment": "a"]], ["a": file])?.pointer?.description == "/name")
        #expect(refusal { _ = try SOAPAttachment(file: folder.url.path) }?.code == .file)
        #expect(refusal { _ = try SOAPAttachment(file: "/nowhere/at/all") }?.code == .file)
        #expect(refusal { _ = try SOAPAttachment(file: folder.path("a"), type: "a\r\nb") }?.code == .file)
        // Where nothing travels beside the JSON, it is no value.
        #expect(refusal { _ = try operation.encodeRequest(["file": [["#attachment": "a"]]]) }?.code == .json)
    }

    @Test("A message that breaks off or is too large leaves no file behind", arguments: [true, false])
    func noRest(isCut: Bool) throws {
        let file = try attachment("a", bytes(5_000))
        let message = try operation.encodeRequest(
            ["file": [["#attachment": "a"], ["#attachment": "a"]]],
            attachments: ["a": file],
            packaging: .mtom()
        )
        let body = try body(message)
        let error = refusal {
            _ = try receive(
                isCut ? Array(body.dropLast(20)) : body,
                message.fields[0].value,
                maximumBytes: isCut ? 1 << 20 : 9_999
            )
        }
        #expect(error?.code == (isCut ? .envelope : .limit), "\(String(describing: error))")
        #expect(try folder.names == ["a"])
    }

    @Test("A folder that is not there, a message without its root, and an envelope that is too large are refused")
    func refused() throws {
        let text = "--b\r\nContent-ID: <a>\r\n\r\nx\r\n--b--\r\n"
        let type = "multipart/related; boundary=b; start=\"<r>\""
        #expect(refusal { _ = try receive(Array(text.utf8), type) }?.code == .envelope)
        #expect(refusal { _ = try receive(Array(text.utf8), "multipart/related") }?.code == .envelope)
        var reader = try SOAPMessageReader(contentType: type, attachments: AttachmentFolder("/nowhere/at/all"))
        #expect(refusal { try reader.read(Array(text.utf8)) }?.code == .file)
        var plain = try SOAPMessageReader(contentType: "text/xml", attachments: AttachmentFolder(folder.url.path))
        #expect(
            refusal { for _ in 0..<10 { try plain.read([UInt8](repeating: 0x20, count: 1 << 20)) } }?.code == .limit
        )
    }
}
