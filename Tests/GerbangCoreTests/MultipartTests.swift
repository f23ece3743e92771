internal import GerbangCore
internal import Testing

@Suite("Multipart messages")
struct MultipartTests {
    private func parse(
        _ text: String,
        _ type: String = "multipart/related; boundary=b",
        _ limits: MultipartMessage.Limits = .init()
    ) throws(MultipartError) -> MultipartMessage {
        try MultipartMessage(parsing: Array(text.utf8), type: MediaType(type), limits: limits)
    }

    @Test("Parts, their fields and their content")
    func parts() throws {
        let text =
            "preamble\r\n--b\r\nContent-Type: text/xml;\r\n charset=utf-8\r\nContent-ID: <root>\r\n\r\n<a/>\r\n"
            + "--b  \r\nContent-Transfer-Encoding: BASE64\r\ncontent-id:<1@x>\r\n\r\nQUI=\r\n\r\n--b\n\nplain\n--b--\r\nepilogue\r\n--b\r\n\r\nx"
        let message = try parse(text)
        #expect(message.parts.count == 3)
        #expect(message.root.contentID == "root" && message.root.type.parameters["charset"] == "utf-8")
        #expect(try message.parts[0].content() == Array("<a/>".utf8))
        #expect(try message.parts[1].content() == Array("AB".utf8))
        #expect(try message.parts[2].content() == Array("plain".utf8))
        #expect(try parse(text, "multipart/related; boundary=b; start=\"<1@x>\"").root.contentID == "1@x")
        #expect(try parse(text, "multipart/related; boundary=b; start=\"gone\"").root.contentID == "root")
    }

    @Test("Another boundary that begins with this one is content")
    func longerBoundary() throws {
        let message = try parse("--b\r\n\r\n--bb\r\nx\r\n--b--\r\n")
        #expect(try message.root.content() == Array("--bb\r\nx".utf8))
    }

    @Test(
        "Quoted-printable content, and what is none",
        arguments: [
            ("a=3Db=\r\nc=C3=A9", "a=bcé"), ("=", ""), ("a=4", nil), ("=ZZ", nil), ("", ""),
        ]
    )
    func quotedPrintable(written: String, content: String?) throws {
        let message = try parse("--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\(written)\r\n--b--")
        let read = try? message.root.content()
        #expect(read.map { String(decoding: $0, as: UTF8.self) } == content)
    }

    @Test(
        "What cannot be taken apart is refused",
        arguments: [
            ("", "multipart/related; boundary=b"), ("--b\r\n\r\nx", "multipart/related; boundary=b"),
            ("--b\r\n\r\nx\r\n--b--", "multipart/related"), ("--b--\r\n--b--", "multipart/related; boundary=b"),
            ("--b\r\nno empty line\r\n--b--", "multipart/related; boundary=b"),
        ]
    )
    func refused(text: String, type: String) {
        #expect(throws: MultipartError.self) { try parse(text, type) }
    }

    @Test("Too many parts and too many fields are refused")
    func limits() throws {
        var limits = MultipartMessage.Limits()
        limits.maximumParts = 3
        limits.maximumHeaderBytes = 20
        let part = "--b\r\n\r\nx\r\n"
        #expect(try parse(String(repeating: part, count: 3) + "--b--", limits: limits).parts.count == 3)
        #expect(throws: MultipartError.self) { try parse(String(repeating: part, count: 4) + "--b--", limits: limits) }
        #expect(throws: MultipartError.self) {
            try parse("--b\r\nA: 01234567890123456789\r\n\r\nx\r\n--b--", limits: limits)
        }
        let encoded = try parse("--b\r\nContent-Transfer-Encoding: x-own\r\n\r\nx\r\n--b--")
        #expect(throws: MultipartError.self) { try encoded.root.content() }
    }

    private func parse(_ text: String, limits: MultipartMessage.Limits) throws -> MultipartMessage {
        try parse(text, "multipart/related; boundary=b", limits)
    }

    @Test("What is written is read again, also where a part has the boundary in it")
    func writing() throws {
        let hostile = Array("x\r\n--gerbang-part-0\r\n\r\n--gerbang-part-1--\r\ngerbang-part-12gerbang-part-".utf8)
        let (type, body) = MultipartMessage.related(
            root: .init(type: "text/xml; charset=utf-8", identifier: "root@x", bytes: Array("<a/>".utf8)),
            parts: [.init(type: "application/octet-stream", identifier: "1@x", bytes: hostile)],
            parameters: [("start-info", "a\"b")]
        )
        let media = MediaType(type)
        #expect(media.essence == "multipart/related" && media.parameters["type"] == "text/xml")
        #expect(media.parameters["start-info"] == "a\"b")
        #expect(media.parameters["boundary"] == "gerbang-part-2")
        let message = try MultipartMessage(parsing: #require(body.bytesInMemory), type: media)
        #expect(message.parts.count == 2 && message.root.contentID == "root@x")
        #expect(try message.parts[1].content() == hostile)
    }

    @Test("Base64 of every length", arguments: 0..<10)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 29 + 200) }
        let text = Base64.encode(bytes)
        #expect(Base64.decode(text) == bytes && LenientBase64.decode(text.utf8) == bytes)
        #expect(text.utf8.count == (count + 2) / 3 * 4)
    }
}
