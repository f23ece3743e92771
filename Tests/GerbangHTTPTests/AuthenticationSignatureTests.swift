internal import Foundation
internal import GerbangCore
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@testable internal import GerbangHTTP

@Suite("Signatures")
struct AuthenticationSignatureTests {
    // MARK: - BPJS

    private static func bpjs(_ id: String, _ secret: String) throws -> Authentication {
        try Authentication([
            .apiKey(header: try Field.name("X-cons-id"), value: Sensitive(id)),
            .apiKey(header: try Field.name("user_key"), value: Sensitive("kunci")),
            .signature(
                MessageSignature(
                    key: .hmacSHA256(Sensitive(secret)),
                    stringToSign: try StringToSign(template: "{clientID}&{timestamp}"),
                    clientID: id,
                    header: try Field.name("X-signature"),
                    timestampFormat: .seconds,
                    timestampHeaders: [try Field.name("X-timestamp")]
                )
            ),
        ])
    }

    @Test(
        "BPJS: X-signature over the consumer and the second",
        arguments: [
            ("1234", "pwd", Int64(433_223_232), "eXMtvX2r7e7CLCIu3kpEpCrvciZgK8FuOhKv06NDAHk="),
            ("12345", "8uXjKq2rT0", 1_700_000_000, "/p65A1gG3aAez1HppgsXovSl5kceMdZ2KFjFq3HdKj0="),
        ]
    )
    func bpjs(id: String, secret: String, second: Int64, signature: String) throws {
        let now = Timestamp(milliseconds: second * 1000 + 999)
        let fields = try Self.bpjs(id, secret).authorize(.sample, at: now).headerFields
        #expect(fields[try Field.name("X-signature")] == signature)
        #expect(fields[try Field.name("X-timestamp")] == "\(second)")
        #expect(fields[try Field.name("X-cons-id")] == id)
    }

    @Test("BPJS: the time that an adapter has written, to decrypt the answer with it, is the one that is signed")
    func carriedTime() throws {
        var message = OutboundRequest.sample
        message.headerFields[try Field.name("X-Timestamp")] = "433223232"
        let fields = try Self.bpjs("1234", "pwd").authorize(message, at: ManualClock.start).headerFields
        #expect(fields[try Field.name("X-signature")] == "eXMtvX2r7e7CLCIu3kpEpCrvciZgK8FuOhKv06NDAHk=")
        #expect(fields[values: try Field.name("X-timestamp")] == ["433223232"])
    }

    @Test("the catalogue's own check value")
    func checkValue() throws {
        let bytes = try SigningKey.hmacSHA256(Sensitive("bbb")).sign(Array("aaa".utf8))
        #expect(Base64.encode(bytes) == "20BKS3PWnD3XU4JbSSZvVlGi2WWnDa8Sv9uHJ+wsELA=")
    }

    // MARK: - SNAP

    private static let snapBody = """
        {"partnerReferenceNo":"2020102900000000000001","amount":{"value":"12345678.00","currency":"IDR"},\
        "feeAmount":{"value":"12345678.00","currency":"IDR"},"merchantId":"00007100010926",\
        "terminalId":"213141251124","validityPeriod":"2009-07-03T12:08:56-07:00"}
        """

    private static func snap(_ token: String, _ format: MessageSignature.TimestampFormat) throws -> Authentication {
        try Authentication([
            .bearer(token: Sensitive(token)),
            .signature(
                MessageSignature(
                    key: .hmacSHA512(Sensitive("myclientsecret")),
                    stringToSign: try StringToSign(
                        template: "{method}:{target}:{token}:{body.minified.sha256}:{timestamp}"
                    ),
                    header: try Field.name("X-SIGNATURE"),
                    timestampFormat: format,
                    timestampHeaders: [try Field.name("X-TIMESTAMP")]
                )
            ),
        ])
    }

    @Test("SNAP: the symmetric signature, also when the body is spread over lines")
    func snapSymmetric() throws {
        let spread = Self.snapBody.replacing(",", with: " ,\r\n\t").replacing(":{", with: " : {")
        for body in [Self.snapBody, spread] {
            let message = OutboundRequest(
                method: .post,
                url: "https://bank.example:8443/v1.0/qr/qr-mpm-generate",
                body: Array(body.utf8)
            )
            let now = try #require(Timestamp("2024-03-05T10:37:16.196Z"))
            let fields = try Self.snap("myaccesstoken", .iso8601Milliseconds(.utc)).authorize(message, at: now)
                .headerFields
            #expect(fields[try Field.name("X-TIMESTAMP")] == "2024-03-05T10:37:16.196Z")
            #expect(
                fields[try Field.name("X-SIGNATURE")]
                    == "wmzT7yjg1SxxCsxNsFgCR9SYXiZGGbceF6fV8xe97sAMHxZ+7OEBMIBmvb6Sj6GcksGp3iv77DiomgSbcST3XQ=="
            )
        }
    }

    @Test("SNAP: without a body, and with the hour of Jakarta")
    func snapEmpty() throws {
        let message = OutboundRequest(method: .get, url: "https://bank.example/v1.0/ping")
        let now = try #require(Timestamp("2024-03-05T03:37:16.800Z"))
        let fields = try Self.snap("tok", .iso8601(.wib)).authorize(message, at: now).headerFields
        #expect(fields[try Field.name("X-TIMESTAMP")] == "2024-03-05T10:37:16+07:00")
        #expect(
            fields[try Field.name("X-SIGNATURE")]
                == "gnJGraLHwBGd4BnIP0AexgJlTM8QMLWzlvAlyIaKDTbSyJ5hI7QLqOswlddY+h1igpuYkbdmAVhoIx1fbaP/8Q=="
        )
    }

    @Test("SNAP: the asymmetric signature is the one that OpenSSL makes", .enabled(if: OpenSSL.isAvailable))
    func snapAsymmetric() throws {
        let openssl = try OpenSSL()
        for pem in [try openssl.text("key.pem"), try openssl.text("pkcs1.pem")] {
            let client = OAuth2Client(
                tokenURL: "https://bank.example/snap/v1.0/access-token/b2b",
                grantPlacement: .json,
                requestAuthentication: try Authentication([
                    .apiKey(header: try Field.name("X-CLIENT-KEY"), value: Sensitive("G1234325")),
                    .signature(
                        MessageSignature(
                            key: .rsaSHA256(try RSAPrivateKey(pem: Sensitive(pem))),
                            stringToSign: try StringToSign(template: "{clientID}|{timestamp}"),
                            clientID: "G1234325",
                            header: try Field.name("X-SIGNATURE"),
                            timestampHeaders: [try Field.name("X-TIMESTAMP")]
                        )
                    ),
                ])
            )
            let now = try #require(Timestamp("2024-03-01T08:27:49.024Z"))
            let message = try client.tokenRequest(profile: TransportProfile(), at: now)
            #expect(message.headerFields[try Field.name("X-TIMESTAMP")] == "2024-03-01T15:27:49+07:00")
            #expect(message.headerFields[try Field.name("X-CLIENT-KEY")] == "G1234325")
            #expect(message.headerFields[.contentType] == "application/json")
            #expect(message.headerFields[.authorization] == nil)
            #expect(String(decoding: message.body, as: UTF8.self) == #"{"grantType":"client_credentials"}"#)
            let signature = message.headerFields[try Field.name("X-SIGNATURE")]
            #expect(try signature == openssl.signature(of: "G1234325|2024-03-01T15:27:49+07:00"))
        }
    }

    @Test("a signature with probabilistic padding satisfies OpenSSL", .enabled(if: OpenSSL.isAvailable))
    func pss() throws {
        let openssl = try OpenSSL()
        let key = SigningKey.rsaPSSSHA256(try RSAPrivateKey(pem: Sensitive(try openssl.text("key.pem"))))
        let signature = try key.sign(Array("pesan".utf8))
        #expect(try openssl.verifies(signature, of: "pesan"))
        #expect(try !openssl.verifies(signature, of: "pesan lain"))
        #expect(try key.sign(Array("pesan".utf8)) != signature)
    }

    @Test(
        "what is no usable RSA key is refused without repeating it",
        .enabled(if: OpenSSL.isAvailable),
        arguments: ["public.pem", "short.pem", "locked.pem", "nothing"]
    )
    func unusableKey(name: String) throws {
        let pem = name == "nothing" ? "rahasia" : try OpenSSL().text(name)
        let error = #expect(throws: GerbangError.self) { try RSAPrivateKey(pem: Sensitive(pem)) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(pem.prefix(20)) == false)
        #expect(error?.message.contains("password") == (name == "locked.pem"))
    }

    @Test("an RSA key does not show itself", .enabled(if: OpenSSL.isAvailable))
    func keyDescription() throws {
        let pem = try OpenSSL().text("key.pem")
        let key = try RSAPrivateKey(pem: Sensitive(pem))
        var dumped = "\(key) \(String(reflecting: key)) \(SigningKey.rsaSHA256(key))"
        dump(key, to: &dumped)
        dump(SigningKey.rsaPSSSHA256(key), to: &dumped)
        #expect(!dumped.contains("PRIVATE"))
        #expect(key == (try RSAPrivateKey(pem: Sensitive(pem))))
    }

    // MARK: - Strings to sign

    private func text(_ template: String, _ message: OutboundRequest) throws -> String {
        let bytes = try StringToSign(template: template).bytes(
            of: message,
            timestamp: "T",
            clientID: "C",
            token: "K"
        )
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "every part stands for what the table says",
        arguments: [
            ("{method}", "PUT"), ("{path}", "/a%20b/c"), ("{target}", "/a%20b/c?d=%2F&e"), ("{header.x-id}", "7, 8"),
            ("{body}", "{ \"a b\" : 1 }"), ("{body.minified}", "{\"a b\":1}"),
            ("{timestamp}|{clientID}|{token}", "T|C|K"), ("{{{method}}}", "{PUT}"), ("a\nb", "a\nb"),
            ("{body.sha256}", "cfdf23d98c671f2654799d0591fb8c236fe02f748301f8dfa7759f440de513ff"),
            ("{body.SHA256}", "CFDF23D98C671F2654799D0591FB8C236FE02F748301F8DFA7759F440DE513FF"),
            ("{body.minified.sha256}", "42506e1bd28e359193e5be915b4a52e43b8aeb1c5e52a19ccf3bd349e627ab9b"),
            ("{body.minified.SHA256}", "42506E1BD28E359193E5BE915B4A52E43B8AEB1C5E52A19CCF3BD349E627AB9B"),
        ]
    )
    func parts(template: String, expected: String) throws {
        let message = OutboundRequest(
            method: .put,
            url: "https://agency.example:8443/a%20b/c?d=%2F&e#f",
            headerFields: [try Field.name("X-Id"): "7"],
            body: Array("{ \"a b\" : 1 }".utf8)
        )
        var two = message
        two.headerFields.append(HTTPField(name: try Field.name("X-Id"), value: "8"))
        #expect(try text(template, two) == expected)
    }

    @Test("a URL without a path has the path that is sent for it")
    func rootPath() throws {
        #expect(try text("{target}", OutboundRequest(method: .get, url: "http://a.example")) == "/")
        #expect(try text("{target}", OutboundRequest(method: .get, url: "http://[::1]:80")) == "/")
        #expect(try text("{path}", OutboundRequest(method: .get, url: "http://a.example?b/c")) == "/")
        #expect(try text("{target}", OutboundRequest(method: .get, url: "http://a.example?b/c")) == "/?b/c")
    }

    @Test("a field that is to be signed and is missing keeps the message from being sent")
    func missingField() throws {
        let failure = #expect(throws: WireFailure.self) { try text("{header.X-Id}", .sample) }
        #expect(failure?.kind == .unsendable)
        #expect(failure?.sendState == .notSent)
    }

    @Test(
        "a template that is not understood is refused",
        arguments: [
            ("{jam}", "there is no part {jam}"), ("{header.}", "there is no part {header.}"),
            ("{header.a b}", "there is no part"), ("{Method}", "there is no part {Method}"),
            ("{method", "without its partner"), ("method}", "without its partner"), ("{", "without its partner"),
            ("{{}", "without its partner"), ("{}", "there is no part {}"),
        ]
    )
    func malformedTemplate(template: String, reason: String) {
        let error = #expect(throws: GerbangError.self) { try StringToSign(template: template) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(reason) == true)
    }

    @Test(
        "only white space between the tokens of JSON goes",
        arguments: [
            ("", ""), (" \t\r\n", ""), ("{ }", "{}"), (#"{"a" : "b  c" }"#, #"{"a":"b  c"}"#),
            (#"["\" \\", "x" ]"#, #"["\" \\","x"]"#), (#"{"b":1.0, "a" :1e2}"#, #"{"b":1.0,"a":1e2}"#),
            ("\u{a0}[1]", "\u{a0}[1]"), (#"{"é": "✓ "}"#, #"{"é":"✓ "}"#),
        ]
    )
    func minified(text: String, expected: String) {
        #expect(String(decoding: StringToSign.minified(Array(text.utf8)), as: UTF8.self) == expected)
    }

    @Test(
        "a moment in every format",
        arguments: [
            (MessageSignature.TimestampFormat.seconds, "1767578400"), (.milliseconds, "1767578400123"),
            (.iso8601(.wib), "2026-01-05T09:00:00+07:00"), (.iso8601(.utc), "2026-01-05T02:00:00Z"),
            (.iso8601(.wit), "2026-01-05T11:00:00+09:00"),
            (.iso8601Milliseconds(.wita), "2026-01-05T10:00:00.123+08:00"),
        ]
    )
    func moments(format: MessageSignature.TimestampFormat, text: String) {
        #expect(format.text(of: ManualClock.start + .milliseconds(123)) == text)
    }

    @Test("a second before 1970 is rounded down as well")
    func beforeTheEpoch() {
        #expect(MessageSignature.TimestampFormat.seconds.text(of: Timestamp(milliseconds: -1)) == "-1")
    }
}

/// `openssl` and a key that it made, in a folder of its own.
private final class OpenSSL {
    static let isAvailable = FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl")
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "gerbang-rsa-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for command in [
            "genrsa -out key.pem 2048", "rsa -in key.pem -traditional -out pkcs1.pem",
            "rsa -in key.pem -pubout -out public.pem", "genrsa -out short.pem 1024",
            "pkey -in key.pem -aes256 -passout pass:rahasia -out locked.pem",
        ] {
            #expect(try run(command) == 0)
        }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

    func signature(of text: String) throws -> String {
        try Data(text.utf8).write(to: folder.appending(path: "text"))
        #expect(try run("dgst -sha256 -sign key.pem -out signature text") == 0)
        return try Data(contentsOf: folder.appending(path: "signature")).base64EncodedString()
    }

    func verifies(_ signature: [UInt8], of text: String) throws -> Bool {
        try Data(text.utf8).write(to: folder.appending(path: "text"))
        try Data(signature).write(to: folder.appending(path: "signature"))
        let options = "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"
        return try run("dgst -sha256 -verify public.pem \(options) -signature signature text") == 0
    }

    private func run(_ arguments: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
