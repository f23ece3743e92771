internal import GerbangCore
internal import Testing

@Suite("Multipart messages, piece by piece")
struct MultipartReaderTests {
    private static let type = MediaType("multipart/related; boundary=b")

    private static let messages = [
        "preamble\r\n--b\r\nContent-Type: text/xml;\r\n charset=utf-8\r\nContent-ID: <root>\r\n\r\n<a/>\r\n--b--\r\n",
        "--b\r\n\r\n--bb\r\n-\r\n--\r\n--b x\r\n\r\n\r\n--b  \t\r\n\r\nx\r\ry\r\n--b--epilogue\r\n--b--",
        "x\n--b\n\nplain\n--b \nA: b\n\n\n\n--b--",
        "--b\r\nno empty line\r\n--b\r\n\r\n\r\n--b\r\n\r\nended\r\n--b--",
        "\r\n\r\n--b\r\nA:1\r\n\r\n" + String(repeating: "\r\n--", count: 40) + "\r\n--b--\r\n--b\r\n\r\nz\r\n--b--",
    ]

    private func read(_ text: String, step: Int) throws -> [(fields: [String: String], content: String?)] {
        var reader = try MultipartReader(type: Self.type)
        var parts: [(fields: [String: String], content: [UInt8], isEnded: Bool)] = []
        var rest = Array(text.utf8)[...]
        func take(_ events: [MultipartReader.Event]) {
            for event in events {
                switch event {
                case .part(let fields): parts.append((fields, [], false))
                case .content(let bytes): parts[parts.count - 1].content += bytes
                case .partEnd: parts[parts.count - 1].isEnded = true
                }
            }
        }
        while !rest.isEmpty {
            take(try reader.read(Array(rest.prefix(step))))
            rest = rest.dropFirst(step)
        }
        take(try reader.finish())
        return parts.map { ($0.fields, $0.isEnded ? String(decoding: $0.content, as: UTF8.self) : nil) }
    }

    @Test("Wherever it is cut, a message reads the same", arguments: messages)
    func cuts(text: String) throws {
        let whole = try read(text, step: text.utf8.count)
        let message = try MultipartMessage(parsing: Array(text.utf8), type: Self.type)
        #expect(whole.compactMap(\.content) == message.parts.map { String(decoding: $0.body, as: UTF8.self) })
        for step in 1...20 {
            let cut = try read(text, step: step)
            #expect(cut.map(\.content) == whole.map(\.content) && cut.map(\.fields) == whole.map(\.fields))
        }
    }

    @Test("A message that is cut anywhere is not taken for a complete one")
    func cut() throws {
        let bytes = Array("--b\r\n\r\nx\r\n--b\r\nA: b\r\n\r\ny\r\n--b--".utf8)
        for count in 0..<bytes.count {
            var reader = try MultipartReader(type: Self.type)
            _ = try reader.read(Array(bytes[..<count]))
            #expect(throws: MultipartError.self) { try reader.finish() }
            #expect(throws: MultipartError.self) {
                try MultipartMessage(parsing: Array(bytes[..<count]), type: Self.type)
            }
        }
        #expect(try MultipartMessage(parsing: bytes, type: Self.type).parts.count == 2)
    }

    @Test("Content is handed on as it comes; only what may be a delimiter is held back")
    func handedOn() throws {
        var reader = try MultipartReader(type: Self.type)
        _ = try reader.read(Array("--b\r\n\r\n".utf8))
        func content(_ text: String) throws -> String {
            try reader.read(Array(text.utf8)).map { event in
                if case .content(let bytes) = event { String(decoding: bytes, as: UTF8.self) } else { "?" }
            }.joined()
        }
        #expect(try content("abc") == "abc")
        #expect(try content("def\r") == "def")
        #expect(try content("\n--") == "")
        #expect(try content("x\r\n\r\n") == "\r\n--x\r\n")
        #expect(try content("--b") == "")
        #expect(try content("b") == "\r\n--bb")
        #expect(!reader.isComplete)
        #expect(try content("\r\n--b--\r\n") == "?" && reader.isComplete)
        #expect(try content("whatever") == "")
    }

    @Test("A line that pads its delimiter without end is content, and fields without end are refused")
    func bounded() throws {
        let padded = "--b\r\n\r\nx\r\n--b" + String(repeating: " ", count: 5_000) + "\r\n--b--"
        #expect(try read(padded, step: 7).first?.content?.utf8.count == 5_000 + 6)
        var reader = try MultipartReader(type: Self.type)
        _ = try reader.read(Array("--b\r\n".utf8))
        #expect(throws: MultipartError.self) {
            for _ in 0..<100 { _ = try reader.read([UInt8](repeating: 0x61, count: 1_000)) }
        }
    }

    @Test(
        "Transfer encodings come apart wherever they are cut",
        arguments: [
            ("base64", "QUJD\r\nRA==", "ABCD"), ("base64", "QUJDR", nil), ("base64", "QQ==QQ==", nil),
            ("quoted-printable", "a=3Db=\r\nc=\nd=C3=A9", "a=bcdé"), ("quoted-printable", "a=4", nil),
            ("quoted-printable", "=\r", nil), ("8bit", "=3D", "=3D"),
        ]
    )
    func encodings(name: String, text: String, content: String?) throws {
        for step in 1...text.utf8.count {
            var decoder = try TransferDecoder(fields: ["content-transfer-encoding": name])
            var rest = Array(text.utf8)[...]
            var result: [UInt8]? = []
            while let bytes = result, !rest.isEmpty {
                result = (try? decoder.decode(rest.prefix(step))).map { bytes + $0 }
                rest = rest.dropFirst(step)
            }
            if (try? decoder.finish()) == nil { result = nil }
            #expect(result.map { String(decoding: $0, as: UTF8.self) } == content)
        }
    }
}
