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

    @Test("Until its message is complete, a file says by its name that it is not")
    func unfinished() throws {
        let message = packaged(envelope("<t:request/>"))
        var reader: SOAPMessageReader? = try SOAPMessageReader(
            contentType: "multipart/related; boundary=b",
            attachments: AttachmentFolder(folder.url.path)
        )
        try reader?.read(message)
        #expect(try folder.names.count == 1 && folder.names.allSatisfy { $0.hasSuffix(".part") })
        let received = try reader?.finish()
        #expect(try folder.names == received?.attachments.map(\.name))
        // What is given up goes.
        reader = try SOAPMessageReader(
            contentType: "multipart/related; boundary=b",
            attachments: AttachmentFolder(folder.url.path)
        )
        try reader?.read(message)
        reader = nil
        #expect(try folder.names.count == 1)
    }

    @Test("A folder that is not there, a message without its root, and an envelope that is too large are refused")
    func refused() throws {
        let text = "--b\r\n--b--\r\n"
        let type = "multipart/related; boundary=b; start=\"<r>\""
        #expect(refusal { _ = try receive(Array(text.utf8), type) }?.code == .envelope)
        #expect(refusal { _ = try receive(Array(text.utf8), "multipart/related") }?.code == .envelope)
        for path in ["/nowhere/at/all", "", folder.path("a")] {
            #expect(refusal { _ = try AttachmentFolder(path) }?.code == .file)
        }
        var plain = try SOAPMessageReader(contentType: "text/xml", attachments: AttachmentFolder(folder.url.path))
        #expect(
            refusal { for _ in 0..<10 { try plain.read([UInt8](repeating: 0x20, count: 1 << 20)) } }?.code == .limit
        )
    }

    // MARK: Where a file cannot take the place of content

    private static let include = "<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:a\"/>"

    private func packaged(_ body: [UInt8]) -> [UInt8] {
        Array(
            """
            --b\r
            Content-ID: <r>\r
            Content-Type: application/xop+xml; type="text/xml"\r
            \r
            \(String(decoding: body, as: UTF8.self))\r
            --b\r
            Content-ID: <a>\r
            \r
            ABC\r
            --b--\r

            """.utf8
        )
    }

    private static let odd = """
        <xs:element name="request"><xs:complexType><xs:sequence>
        <xs:element name="text" type="xs:string" minOccurs="0"/>
        <xs:element name="fixed" type="xs:base64Binary" fixed="QUJD" minOccurs="0"/>
        <xs:element name="other" type="xs:base64Binary" fixed="QUJE" minOccurs="0"/>
        <xs:element name="maybe" type="xs:base64Binary" nillable="true" minOccurs="0"/>
        <xs:element name="inner" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="a" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
        <xs:element name="mixed" minOccurs="0"><xs:complexType mixed="true"><xs:sequence><xs:element name="a" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
        <xs:element name="numbers" minOccurs="0"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>
        <xs:element name="open" minOccurs="0"><xs:complexType><xs:sequence><xs:any minOccurs="0" processContents="lax"/>
          <xs:element name="maybe" type="xs:base64Binary" nillable="true"/></xs:sequence></xs:complexType></xs:element>
        <xs:any processContents="lax" minOccurs="0" namespace="##other"/>
        </xs:sequence></xs:complexType></xs:element>
        """

    private static let places: [(String, JSONValue?)] = [
        ("<t:text>\(include)</t:text>", ["text": "QUJD"]), ("<t:fixed>\(include)</t:fixed>", ["fixed": "QUJD"]),
        ("<t:other>\(include)</t:other>", nil), ("<t:inner>\(include)</t:inner>", nil),
        ("<t:maybe xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:nil=\"1\">\(include)</t:maybe>", nil),
        (
            "<t:open><t:maybe xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:nil=\"1\">\(include)</t:maybe></t:open>",
            nil
        ),
        ("<t:mixed>\(include)</t:mixed>", ["mixed": ["#content": ["QUJD"]]]),
        ("<t:numbers>\(include)</t:numbers>", nil),
        ("<t:mixed><t:a/>\(include)</t:mixed>", nil), ("<t:mixed>\(include)<t:a/></t:mixed>", nil),
        ("<o:doc xmlns:o=\"urn:o\"><o:x/>\(include)</o:doc>", nil),
    ]

    @Test("Content of which more is asked comes back as base64, or is refused, and is never lost", arguments: places)
    func wrongPlace(body: String, read: JSONValue?) throws {
        let operation = try Fixture.operation(schema: Self.odd)
        let message = packaged(envelope("<t:request>\(body)</t:request>"))
        let type = "multipart/related; boundary=b; start=\"<r>\""
        let received = try receive(message, type)
        let streamed = try? operation.decodeRequest(received).body
        #expect(streamed == read)
        // In memory it is the same.
        #expect((try? operation.decodeRequest(message, contentType: type).body) == read)
    }

    @Test("A document that is wanted as text has its content in it")
    func document() throws {
        let operation = try Fixture.operation(schema: Self.odd).reading(documents: .xml)
        let document = "<o:doc xmlns:o=\"urn:o\">\(Self.include)</o:doc>"
        let message = packaged(envelope("<t:request>\(document)</t:request>"))
        let received = try receive(message, "multipart/related; boundary=b; start=\"<r>\"")
        let text = try operation.decodeRequest(received).body["#any"]?["#xml"]?.stringValue
        #expect(text?.contains(">QUJD<") == true, "\(text ?? "")")
    }

    @Test("A fault has its content in itself")
    func fault() throws {
        let detail =
            "<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring><detail><q xmlns=\"\">\(Self.include)</q></detail></s:Fault>"
        let text =
            "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\(detail)</s:Body></s:Envelope>"
        let received = try receive(packaged(Array(text.utf8)), "multipart/related; boundary=b; start=\"<r>\"")
        guard case .fault(let fault) = try operation.decodeResponse(received) else {
            Issue.record("it is no fault")
            return
        }
        #expect(fault.detail == [["q": "QUJD"]])
    }

    @Test("The first part is the root where none is called as the content type says")
    func misnamedRoot() throws {
        let message = packaged(envelope("<t:request><t:file>\(Self.include)</t:file></t:request>"))
        let received = try receive(message, "multipart/related; boundary=b; start=\"<nobody>\"")
        let read = try operation.decodeRequest(received).body
        #expect(try content(read["file"]?.arrayValue?.first, of: received) == Array("ABC".utf8))
        #expect(try folder.names == received.attachments.map(\.name))
    }

    @Test("A part has the type that the value names, unless the file has one of its own")
    func types() throws {
        let file = try SOAPAttachment(file: attachment("a", [1]).path)
        let input: JSONValue = ["photo": ["@contentType": "image/png", "#text": ["#attachment": "a"]]]
        let message = try operation.encodeRequest(input, attachments: ["a": file], packaging: .mtom())
        #expect(try receive(body(message), message.fields[0].value).attachments.map(\.type) == ["image/png"])
    }

    @Test("Free content may be an attachment, and xop:Include is never written for anything else")
    func free() throws {
        let file = try attachment("a", bytes(100))
        let input: JSONValue = ["free": ["#attachment": "a"]]
        let message = try operation.encodeRequest(input, attachments: ["a": file], packaging: .mtom())
        let received = try receive(body(message), message.fields[0].value)
        #expect(try content(operation.decodeRequest(received).body["free"], of: received) == bytes(100))
        let name = "{http://www.w3.org/2004/08/xop/include}Include"
        let injected: JSONValue = ["free": ["#content": [.object([name: ["@href": "cid:part1@gerbang"]])]]]
        #expect(refusal { _ = try operation.encodeRequestMessage(injected, packaging: .mtom()) }?.code == .json)
    }

    @Test("A file too large for an envelope is refused with its place")
    func tooLargeInline() throws {
        let file = try attachment("a", [UInt8](repeating: 7, count: (7 << 20) + 1))
        let error = refusal {
            _ = try operation.encodeRequest(["file": [["#attachment": "a"]]], attachments: ["a": file])
        }
        #expect(error?.code == .limit && error?.pointer?.description == "/file/0", "\(String(describing: error))")
    }
}
