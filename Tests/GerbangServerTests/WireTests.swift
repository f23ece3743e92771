internal import GerbangCore
internal import GerbangJSON
internal import GerbangServer
internal import Testing

@Suite("The server on the wire")
struct WireTests {
    private static let start =
        "POST /v1/requests HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        + "Idempotency-Key: a\r\n"

    private func isAlive(_ gateway: Gateway) async throws -> Bool {
        try await gateway.client().get("/healthz").status == 200
    }

    @Test("Random bytes do not kill it")
    func randomBytes() async throws {
        try await withGateway { gateway in
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<40 {
                let bytes = (0..<Int.random(in: 1...2000, using: &generator)).map { _ in
                    UInt8.random(in: .min ... .max, using: &generator)
                }
                let connection = try RawConnection(port: gateway.port)
                await connection.write(bytes)
            }
            #expect(try await isAlive(gateway))
        }
    }

    @Test(
        "What is not HTTP is told so in a problem",
        arguments: [
            "\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "NONSENSE / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        ]
    )
    func notHTTP(text: String) async throws {
        try await withGateway { gateway in
            let connection = try RawConnection(port: gateway.port)
            await connection.write(text)
            let answer = await connection.read()
            #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            #expect(answer.contains("urn:gerbang:problem:malformed-request"))
            #expect(try await isAlive(gateway))
        }
    }

    @Test("A header that is too large or has too many fields is refused", arguments: [true, false])
    func largeHeader(isLong: Bool) async throws {
        try await withGateway { gateway in
            let fields =
                isLong
                ? "X: \(String(repeating: "x", count: 40_000))\r\n"
                : (0..<200).map { "X-\($0): y\r\n" }.joined()
            let connection = try RawConnection(port: gateway.port)
            await connection.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\(fields)\r\n")
            #expect(await connection.read().hasPrefix("HTTP/1.1 400 "))
            #expect(try await isAlive(gateway))
        }
    }

    @Test("A chunked body above the limit is refused with 413 and not read to its end")
    func chunkedOversize() async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.maximumBodyBytes = 10_000
        try await withGateway(configuration: configuration) { gateway in
            let chunk = "4000\r\n\(String(repeating: " ", count: 0x4000))\r\n"
            let small = try RawConnection(port: gateway.port)
            await small.write("\(Self.start)Transfer-Encoding: chunked\r\n\r\n\(chunk)0\r\n\r\n")
            #expect(await small.read(until: "too-large").hasPrefix("HTTP/1.1 413 "))
            let endless = try RawConnection(port: gateway.port)
            await endless.write("\(Self.start)Transfer-Encoding: chunked\r\n\r\n")
            let chunks = Array(String(repeating: chunk, count: 16).utf8)
            var sent = 0
            while sent < 64 << 20, await endless.write(chunks) { sent += chunks.count }
            #expect(sent < 64 << 20)
            #expect(try await isAlive(gateway))
        }
    }

    @Test("A body in chunks and small pieces is read as one")
    func chunked() async throws {
        try await withGateway(.hang) { gateway in
            let connection = try RawConnection(port: gateway.port)
            await connection.write("\(Self.start)Transfer-Encoding: chunked\r\n\r\n")
            let body = Sample.identity.encoded()
            for start in stride(from: 0, to: body.count, by: 50) {
                let piece = body[start..<min(start + 50, body.count)]
                await connection.write(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
            }
            await connection.write("0\r\n\r\n")
            #expect(await connection.read(until: "}").hasPrefix("HTTP/1.1 202 "))
        }
    }

    @Test("A client that waits for 100 Continue is told to go on, unless the body is refused already")
    func expectContinue() async throws {
        try await withGateway(.hang) { gateway in
            let body = Sample.identity.encoded()
            let connection = try RawConnection(port: gateway.port)
            await connection.write("\(Self.start)Expect: 100-continue\r\nContent-Length: \(body.count)\r\n\r\n")
            #expect(await connection.read(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            await connection.write(body)
            #expect(await connection.read(until: "}").hasPrefix("HTTP/1.1 202 "))
            let large = try RawConnection(port: gateway.port)
            await large.write("\(Self.start)Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")
            #expect(await large.read(until: "too-large").hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test(
        "A header or a body that does not arrive in time ends the connection",
        arguments: ["GET /healthz HT", "\(start)Content-Length: 10\r\n\r\n{"]
    )
    func slowClient(text: String) async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.idleTimeout = .milliseconds(150)
        configuration.receiveTimeout = .milliseconds(150)
        try await withGateway(configuration: configuration) { gateway in
            let connection = try RawConnection(port: gateway.port)
            await connection.write(text)
            #expect(await connection.read() == "")
            #expect(try await isAlive(gateway))
        }
    }

    @Test("A body that trickles in is given up")
    func tricklingBody() async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.receiveTimeout = .milliseconds(200)
        try await withGateway(configuration: configuration) { gateway in
            let connection = try RawConnection(port: gateway.port)
            await connection.write("\(Self.start)Content-Length: 10000\r\n\r\n")
            var sent = 0
            while sent < 1000, await connection.write(" ") {
                sent += 1
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(sent < 1000)
        }
    }

    @Test("A client that asks and asks and takes no answer is let go", .timeLimit(.minutes(10)))
    func deafClient() async throws {
        var configuration = GatewayServer.Configuration.testing
        configuration.receiveTimeout = .milliseconds(200)
        try await withGateway(configuration: configuration) { gateway in
            let connection = try RawConnection(port: gateway.port)
            let questions = String(repeating: "GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n", count: 50)
            var sent = 0
            while sent < 1000, await connection.write(questions) { sent += 1 }
            #expect(sent < 1000)
            #expect(try await isAlive(gateway))
        }
    }

    @Test("HEAD answers like GET without a body")
    func head() async throws {
        try await withGateway { gateway in
            let connection = try RawConnection(port: gateway.port)
            await connection.write("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let answer = await connection.read()
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.lowercased().contains("content-length: 18\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("Requests in one packet are answered in order")
    func pipelining() async throws {
        try await withGateway { gateway in
            let connection = try RawConnection(port: gateway.port)
            let get = "GET /healthz HTTP/1.1\r\nHost: x\r\n"
            await connection.write("\(get)\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n\(get)Connection: close\r\n\r\n")
            let answer = await connection.read()
            let statuses = answer.split(separator: "HTTP/1.1 ").map { String($0.prefix(3)) }
            #expect(statuses == ["200", "404", "200"])
        }
    }

    @Test(
        "An idempotency key that is not UTF-8 is refused: it could not be told from another one",
        arguments: [[0xFF], [0x61, 0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80]] as [[UInt8]]
    )
    func keyOfOtherBytes(key: [UInt8]) async throws {
        try await withGateway { gateway in
            let connection = try RawConnection(port: gateway.port)
            let start = Self.start.replacing("Idempotency-Key: a\r\n", with: "Idempotency-Key: ")
            let rest = "\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
            await connection.write(Array(start.utf8) + key + Array(rest.utf8))
            let answer = await connection.read()
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
            #expect(try await isAlive(gateway))
        }
    }

    @Test("A field that may come once and comes twice is refused")
    func repeatedField() async throws {
        try await withGateway { gateway in
            let connection = try RawConnection(port: gateway.port)
            await connection.write(
                "\(Self.start)Idempotency-Key: b\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
            )
            let answer = await connection.read()
            #expect(answer.hasPrefix("HTTP/1.1 400 "))
            #expect(answer.contains("\"header\":\"Idempotency-Key\""))
        }
    }
}
