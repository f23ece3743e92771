internal import Foundation
internal import GerbangCore
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@Suite("Loopback server")
struct LoopbackServerTests {
    @Test(
        "requests are taken apart and numbered, also when they come in one piece or byte by byte",
        arguments: [false, true]
    )
    func requests(isSlow: Bool) throws {
        let seen = Mutex<[ServedRequest]>([])
        let server = try LoopbackServer { request in
            seen.withLock { $0.append(request) }
            return .text("\(request.requestNumberOnConnection)")
        }
        let client = try RawClient(port: server.port)
        let text =
            "POST /a%20b//c%2Fd?x=1+2&y=%C3%A9&z HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
            + "GET / HTTP/1.1\r\nX-One: 1\r\nConnection: close\r\n\r\n"
        if isSlow {
            for byte in text.utf8 {
                client.write([byte])
            }
        } else {
            client.write(Array(text.utf8))
        }
        let answers = client.readToEnd()
        #expect(answers.components(separatedBy: "HTTP/1.1 200 OK\r\n").count == 3)
        #expect(answers.hasSuffix("\r\n\r\n2"))
        let requests = seen.withLock(\.self)
        #expect(requests.map(\.method) == [.post, .get])
        #expect(requests.map(\.requestNumberOnConnection) == [1, 2])
        #expect(requests.map(\.connectionNumber) == [1, 1])
        let first = try #require(requests.first)
        #expect(first.path == ["a b", "c/d"])
        #expect(first.query == [.init("x", "1 2"), .init("y", "é"), .init("z", "")])
        #expect(first.queryValue("x") == "1 2")
        #expect(first.body == Array("abc".utf8))
        #expect(requests.last?.pathText == "/")
    }

    struct Rubbish: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var status: String
        var testDescription: String { name }

        init(_ name: String, _ text: String, _ status: String) {
            self.name = name
            self.text = text
            self.status = status
        }
    }

    static let rubbish = [
        Rubbish("no target", "GET\r\n\r\n", "400"),
        Rubbish("another version", "GET /%zz HTTP/9.9\r\n\r\n", "400"),
        Rubbish("relative target", "GET relative HTTP/1.1\r\n\r\n", "400"),
        Rubbish("no colon", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "400"),
        Rubbish("negative length", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"),
        Rubbish("enormous length", "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "400"),
        Rubbish("large length", "POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n", "413"),
        Rubbish("no length", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "411"),
        Rubbish("TLS", "\u{16}\u{3}\u{1}\u{2}", "400"),
        Rubbish("endless header", "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 80_000), "431"),
    ]

    @Test("rubbish is answered with an error or the end of the connection, and the server goes on", arguments: rubbish)
    func refuses(_ rubbish: Rubbish) throws {
        let server = try LoopbackServer { _ in .text("ok") }
        let client = try RawClient(port: server.port)
        client.write(Array(rubbish.text.utf8))
        client.endWriting()
        #expect(client.readToEnd().hasPrefix("HTTP/1.1 \(rubbish.status) "))
        let other = try RawClient(port: server.port)
        other.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
        #expect(other.readToEnd().hasSuffix("ok"))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var reply: ServedReply
        var received: String
        var testDescription: String { name }
    }

    private static let head = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"

    static let cases = [
        Case(name: "close", reply: .close, received: ""),
        Case(name: "raw", reply: .raw(Array("xyz".utf8)), received: "xyz"),
        Case(
            name: "truncated",
            reply: .truncated(body: Array("abcd".utf8), bodyBytes: 2, ending: .close),
            received: head + "ab"
        ),
        Case(
            name: "answer, then close",
            reply: .thenClose(.respond(body: Array("abcd".utf8))),
            received: head + "abcd"
        ),
        Case(
            name: "delayed drip",
            reply: .delayed(
                .milliseconds(1),
                .thenClose(.drip(body: Array("abcd".utf8), bytesAtOnce: 10, every: .microseconds(100)))
            ),
            received: head + "abcd"
        ),
        Case(
            name: "announced close",
            reply: .respond(status: 204, headerFields: [.connection: "close"], body: [1]),
            received: "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        ),
    ]

    @Test("a reply puts exactly its bytes on the wire", arguments: cases)
    func reply(_ item: Case) throws {
        let server = try LoopbackServer { _ in item.reply }
        let client = try RawClient(port: server.port)
        client.write(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(client.readToEnd() == item.received)
        #expect(!client.wasReset)
    }

    @Test("a reset reaches the client as a reset", arguments: [true, false])
    func reset(isBeforeReading: Bool) throws {
        let server = try LoopbackServer(
            onConnect: { _ in isBeforeReading ? .hangUp(.reset) : .serve },
            handler: { _ in .reset }
        )
        let client = try RawClient(port: server.port)
        client.write(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(client.readToEnd().isEmpty)
        #expect(client.wasReset)
    }

    @Test("a paused server refuses connections and listens again on the same port")
    func pause() throws {
        let server = try LoopbackServer { _ in .text("ok") }
        let standing = try RawClient(port: server.port)
        standing.write(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(standing.readSome().hasPrefix("HTTP/1.1 200"))
        for _ in 0..<5 {
            server.pauseAccepting()
            server.pauseAccepting()
            #expect(throws: RawClient.Refused.self) { try RawClient(port: server.port) }
            try server.resumeAccepting()
            try server.resumeAccepting()
            let client = try RawClient(port: server.port)
            client.write(Array("GET / HTTP/1.0\r\n\r\n".utf8))
            #expect(client.readToEnd().hasSuffix("ok"))
        }
        #expect(standing.readToEnd().isEmpty)
        let taken = #expect(throws: LoopbackServerError.self) {
            try LoopbackServer(port: server.port) { _ in .close }
        }
        #expect(taken?.code == .portInUse)
        #expect(throws: LoopbackServerError.self) { try LoopbackServer(port: 70_000) { _ in .close } }
    }

    @Test("stopping ends held, delayed and idle connections, and nothing of them is left")
    func stop() throws {
        let server = try LoopbackServer(
            onConnect: { $0 == 3 ? .ignore : .serve },
            handler: { $0.path == ["hold"] ? .hold : .delayed(.seconds(600), .text("late")) }
        )
        let clients = try (0..<4).map { _ in try RawClient(port: server.port) }
        clients[0].write(Array("GET /hold HTTP/1.1\r\n\r\n".utf8))
        clients[1].write(Array("GET /late HTTP/1.1\r\n\r\n".utf8))
        while server.connectionCount < 4 {
            usleep(1000)
        }
        server.stop()
        server.stop()
        for client in clients {
            #expect(client.readToEnd().isEmpty)
        }
        #expect(throws: RawClient.Refused.self) { try RawClient(port: server.port) }
    }

    @Test("many servers and connections leave no descriptors behind")
    func descriptors() async {
        // In a process of its own, since other tests open and close descriptors meanwhile.
        await #expect(processExitsWith: .success) {
            func count() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? -1 }
            func round() throws {
                let server = try LoopbackServer { $0.path.isEmpty ? .text("ok") : .reset }
                for path in ["/", "/reset", "/"] {
                    let client = try RawClient(port: server.port)
                    client.write(Array("GET \(path) HTTP/1.0\r\n\r\n".utf8))
                    _ = client.readToEnd()
                }
                server.stop()
            }
            try round()
            let before = count()
            for _ in 0..<50 {
                try round()
            }
            guard before > 0, count() == before else { exit(1) }
        }
    }
}
