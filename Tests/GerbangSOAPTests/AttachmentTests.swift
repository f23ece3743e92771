internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML
internal import Testing

@testable internal import GerbangSOAP

/// MTOM and references to attachments.
@Suite struct AttachmentTests {
    private static let schema = """
        <xs:import namespace="http://ws-i.org/profiles/basic/1.1/xsd"/><xs:import namespace="http://www.w3.org/2005/05/xmlmime"/>
        <xs:element name="request"><xs:complexType><xs:sequence xmlns:r="http://ws-i.org/profiles/basic/1.1/xsd"
          xmlns:m="http://www.w3.org/2005/05/xmlmime">
        <xs:element name="name" type="xs:string"/><xs:element name="file" type="xs:base64Binary" minOccurs="0" maxOccurs="9"/>
        <xs:element name="photo" type="m:base64Binary" minOccurs="0"/>
        <xs:element name="short" minOccurs="0"><xs:simpleType><xs:restriction base="xs:base64Binary"><xs:maxLength value="4"/></xs:restriction></xs:simpleType></xs:element>
        <xs:element name="letter" type="r:swaRef" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>
        """

    private func operation() throws -> SOAPOperation { try Fixture.operation(schema: Self.schema) }

    private func bytes(_ count: Int, _ seed: Int = 7) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* seed &+ ($0 >> 8)) }
    }

    private func base64(_ bytes: [UInt8]) -> JSONValue { .string(Data(bytes).base64EncodedString()) }

    private func parts(_ message: SOAPMessage) throws -> MultipartMessage {
        try MultipartMessage(parsing: message.body, type: MediaType(message.fields[0].value))
    }

    @Test("Large values travel as parts, small ones in the envelope, and the JSON is the same again")
    func mtom() throws {
        let operation = try operation()
        let files = [bytes(5_000), bytes(3, 11), bytes(20_000, 13)]
        let input: JSONValue = ["name": "Budi & co", "file": .array(files.map { base64($0) })]
        let message = try operation.encodeRequestMessage(input, packaging: .mtom())
        #expect(message.fields[0].value.hasPrefix("multipart/related; boundary="))
        #expect(message.fields[0].value.contains("type=\"application/xop+xml\""))
        #expect(message.fields[0].value.contains("start-info=\"text/xml\""))
        #expect(message.fields.map { $0.name } == ["Content-Type", "SOAPAction"])
        let multipart = try parts(message)
        #expect(multipart.parts.count == 3)
        #expect(multipart.root.type.essence == "application/xop+xml")
        #expect(multipart.root.type.parameters["type"] == "text/xml")
        #expect(try multipart.parts.dropFirst().map { try $0.content() } == [files[0], files[2]])
        let read = try operation.decodeRequest(message.body, contentType: message.fields[0].value)
        #expect(read.body == input)
        // The same message is written in the same way, so that a second attempt is the first one again.
        #expect(try operation.encodeRequestMessage(input, packaging: .mtom()).body == message.body)
    }

    @Test("The content type of an attachment is the one that the value names")
    func contentType() throws {
        let operation = try operation()
        let photo: JSONValue = ["@contentType": "image/png", "#text": base64(bytes(2_000))]
        let input: JSONValue = ["name": "x", "photo": photo]
        let message = try operation.encodeRequestMessage(input, packaging: .mtom())
        #expect(try parts(message).parts.last?.type.essence == "image/png")
        #expect(try operation.decodeRequest(message.body, contentType: message.fields[0].value).body == input)
    }

    @Test("Facets hold for parts too, and base64 that is none is refused")
    func validation() throws {
        let operation = try operation()
        let long: JSONValue = ["name": "x", "short": base64(bytes(5))]
        #expect(refusal { _ = try operation.encodeRequestMessage(long, packaging: .mtom(threshold: 0)) }?.code == .xml)
        let broken: JSONValue = ["name": "x", "file": ["??"]]
        #expect(
            refusal { _ = try operation.encodeRequestMessage(broken, packaging: .mtom(threshold: 0)) }?.code == .json
        )
    }

    @Test("A reference carries its content, an address stays one")
    func references() throws {
        let operation = try operation()
        let input: JSONValue = ["name": "x", "letter": base64(bytes(100))]
        let message = try operation.encodeRequestMessage(input)
        let multipart = try parts(message)
        #expect(multipart.root.type.essence == "text/xml")
        #expect(try multipart.parts[1].content() == bytes(100))
        #expect(try operation.decodeRequest(message.body, contentType: message.fields[0].value).body == input)
        let address: JSONValue = ["name": "x", "letter": "cid:elsewhere"]
        let plain = try operation.encodeRequestMessage(address)
        #expect(plain.fields[0].value == "text/xml; charset=utf-8")
        #expect(try operation.decodeRequest(plain.body, contentType: plain.fields[0].value).body == address)
    }

    @Test("Without attachments a message is the plain one")
    func plain() throws {
        let operation = try operation()
        let input: JSONValue = ["name": "x", "file": [base64(bytes(5_000))]]
        for packaging in [SOAPPackaging.automatic, .inline] {
            let message = try operation.encodeRequestMessage(input, packaging: packaging)
            #expect(try message.body == operation.encodeRequest(input))
        }
    }

    @Test("Eight megabytes, more than libxml2 takes as one text, go out and come back")
    func large() throws {
        let operation = try operation()
        let input: JSONValue = ["name": "x", "file": [base64(bytes(8 << 20))]]
        let message = try operation.encodeRequestMessage(input, packaging: .mtom())
        #expect(message.body.count < (8 << 20) + 2_000)
        #expect(try operation.decodeRequest(message.body, contentType: message.fields[0].value).body == input)
    }

    // MARK: Hostile

    private static func message(_ body: String, parts: [(String, String)]) -> [UInt8] {
        var text = "--b\r\nContent-Type: application/xop+xml; type=\"text/xml\"\r\n\r\n"
        text += String(decoding: envelope("<t:request><t:name>x</t:name>\(body)</t:request>"), as: UTF8.self)
        for (identifier, content) in parts { text += "\r\n--b\r\nContent-ID: <\(identifier)>\r\n\r\n\(content)" }
        return Array((text + "\r\n--b--\r\n").utf8)
    }

    private static let xop = "xmlns:x=\"http://www.w3.org/2004/08/xop/include\""

    private static let refused: [(String, String)] = [
        ("<t:file><x:Include \(xop) href=\"cid:nobody\"/></t:file>", "did not come"),
        ("<t:file><x:Include \(xop) href=\"http://127.0.0.1:9/a\"/></t:file>", "did not come"),
        ("<t:file><x:Include \(xop) href=\"file:///etc/passwd\"/></t:file>", "did not come"),
        ("<t:file><x:Include \(xop)/></t:file>", "did not come"),
        ("<t:file>QQ==<x:Include \(xop) href=\"cid:a\"/></t:file>", "alone"),
        ("<t:file><x:Include \(xop) href=\"cid:a\"/><x:Include \(xop) href=\"cid:c\"/></t:file>", "alone"),
        (String(repeating: "<t:file><x:Include \(xop) href=\"cid:a\"/></t:file>", count: 2), "twice"),
        ("<t:letter>cid:nobody</t:letter>", "did not come"),
    ]

    @Test("References that lead nowhere, outside, or twice to the same part", arguments: refused)
    func hostile(body: String, reason: String) throws {
        let message = Self.message(body, parts: [("a", "A"), ("c", "C")])
        let operation = try operation()
        let error = refusal { _ = try operation.decodeRequest(message, contentType: "multipart/related; boundary=b") }
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        #expect(error?.code == .envelope)
    }

    @Test("An escaped address names the same part")
    func escaped() throws {
        let body = "<t:file><x:Include \(Self.xop) href=\"cid:a%40b\"/></t:file>"
        let message = Self.message(body, parts: [("a@b", "A")])
        let read = try operation().decodeRequest(message, contentType: "multipart/related; boundary=b")
        #expect(read.body == ["name": "x", "file": ["QQ=="]])
    }
}
