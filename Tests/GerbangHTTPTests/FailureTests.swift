internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@Suite("Failures on the wire")
struct FailureTests {
    @Test("a refused connection: not sent")
    func refused() async throws {
        let server = try LoopbackServer { _ in .text("never") }
        server.pauseAccepting()
        let failure = try await Shared.get(server.baseURL).failure
        #expect(failure?.kind == .connect)
        #expect(failure?.sendState == .notSent)
    }

    @Test("a host name that does not exist: not sent")
    func unresolvable() async throws {
        let failure = try await Shared.get("http://agency.invalid/").failure
        #expect(failure?.kind == .resolve)
        #expect(failure?.sendState == .notSent)
        #expect(failure?.description.contains("agency") == false)
    }

    @Test("a reset before the request was read: no claim that it was not sent without proof")
    func resetBeforeReading() async throws {
        let server = try LoopbackServer(onConnect: { _ in .hangUp(.reset) }, handler: { _ in .text("never") })
        let failure = try #require(try await Shared.get(server.baseURL).failure)
        #expect([.reset, .connect].contains(failure.kind))
        #expect(failure.kind != .connect || failure.sendState == .notSent)
    }

    struct BadReply: Sendable, CustomTestStringConvertible {
        var name: String
        var reply: ServedReply
        var kind: WireFailure.Kind
        var testDescription: String { name }
    }

    static let badReplies = [
        BadReply(name: "reset after reading", reply: .reset, kind: .reset),
        BadReply(name: "closed after reading", reply: .close, kind: .reset),
        BadReply(
            name: "truncated and closed",
            reply: .truncated(body: [1, 2, 3, 4], bodyBytes: 2, ending: .close),
            kind: .reset
        ),
        BadReply(
            name: "truncated and reset",
            reply: .delayed(.milliseconds(5), .truncated(body: [1, 2, 3, 4], bodyBytes: 2, ending: .reset)),
            kind: .reset
        ),
        BadReply(name: "garbage", reply: .raw(Array("\u{1}\u{2}garbage\r\n\r\n".utf8)), kind: .malformed),
        BadReply(name: "HTML without a header", reply: .raw(Array("<html>busy</html>".utf8)), kind: .malformed),
        BadReply(name: "half a header", reply: .raw(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8)), kind: .reset),
        BadReply(
            name: "an interim answer only",
            reply: .raw(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)),
            kind: .reset
        ),
        BadReply(
            name: "a broken chunk",
            reply: .raw(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".utf8)),
            kind: .reset
        ),
        BadReply(
            name: "chunks without an end",
            reply: .raw(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n".utf8)),
            kind: .reset
        ),
    ]

    @Test("no answer, or an unreadable one: maybe sent", arguments: badReplies)
    func badReply(_ bad: BadReply) async throws {
        let server = try LoopbackServer { _ in bad.reply }
        let failure = try await Shared.get(server.baseURL).failure
        #expect(failure?.kind == bad.kind)
        #expect(failure?.sendState == .maybeSent)
    }

    @Test("a TLS handshake with a server that speaks none: not sent")
    func noTLS() async throws {
        let server = try LoopbackServer { _ in .text("plain") }
        let failure = try await Shared.get("https://127.0.0.1:\(server.port)/").failure
        #expect(failure?.kind == .tls)
        #expect(failure?.sendState == .notSent)
    }

    // MARK: - Time limits

    /// Runs into a time limit after the server has received the request, on a busy machine with a longer limit.
    private func overdueFailure(
        _ reply: ServedReply,
        limits: (Duration) -> CallTimeouts
    ) async throws -> WireFailure? {
        let received = Counter()
        let server = try LoopbackServer { _ in
            received.next()
            return reply
        }
        var limit = Duration.milliseconds(200)
        while true {
            let failure = try await Shared.get(server.baseURL, timeouts: limits(limit)).failure
            if received.value > 0 {
                return failure
            }
            limit *= 2
        }
    }

    @Test("no first byte in time: maybe sent")
    func firstByteOverdue() async throws {
        let failure = try await overdueFailure(.hold) { limit in
            CallTimeouts(connect: .seconds(60), firstByte: limit, total: .seconds(120))
        }
        #expect(failure == WireFailure(.timeout, .maybeSent, detail: "no byte of an answer in time"))
    }

    @Test("an answer that drips too slowly: maybe sent")
    func totalOverdue() async throws {
        let body = [UInt8](repeating: 0x2e, count: 1_000_000)
        let failure = try await overdueFailure(.drip(body: body, bytesAtOnce: 80, every: .milliseconds(20))) { limit in
            CallTimeouts(connect: .seconds(60), firstByte: .seconds(120), total: limit)
        }
        #expect(failure == WireFailure(.timeout, .maybeSent, detail: "no complete answer in time"))
    }

    @Test("a handshake that does not get ahead: not sent")
    func connectOverdue() async throws {
        let server = try LoopbackServer(onConnect: { _ in .ignore }, handler: { _ in .hold })
        let limits = CallTimeouts(connect: .milliseconds(200), firstByte: .seconds(120), total: .seconds(120))
        let failure = try await Shared.get("https://127.0.0.1:\(server.port)/", timeouts: limits).failure
        #expect(failure == WireFailure(.timeout, .notSent, detail: "no connection in time"))
    }

    @Test("a slow answer within the limits arrives whole")
    func slowButWhole() async throws {
        let body = Array("a slow answer".utf8)
        let server = try LoopbackServer { _ in
            .delayed(.milliseconds(20), .drip(body: body, bytesAtOnce: 7, every: .milliseconds(1)))
        }
        #expect(try await Shared.get(server.baseURL).response?.body == body)
    }

    // MARK: - Size limits

    @Test("a body beyond the limit is not read, with or without an announced length", arguments: [true, false])
    func tooLarge(isAnnounced: Bool) async throws {
        let body = [UInt8](repeating: 0x78, count: 200_000)
        let server = try LoopbackServer { _ in
            isAnnounced ? .respond(body: body) : .raw(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + body)
        }
        let refused = try await Shared.get(server.baseURL, maximumResponseBytes: 199_999).failure
        #expect(refused?.kind == .tooLarge)
        #expect(refused?.sendState == .maybeSent)
        let accepted = try await Shared.get(server.baseURL, maximumResponseBytes: 200_000).response
        #expect(accepted?.body == body)
    }

    @Test("a header beyond the limits is not read", arguments: [(1, 70_000), (300, 10)])
    func headTooLarge(lines: Int, bytes: Int) async throws {
        let line = "X-Filler: " + String(repeating: "x", count: bytes) + "\r\n"
        let server = try LoopbackServer { _ in
            .raw(Array("HTTP/1.1 200 OK\r\n\(String(repeating: line, count: lines))\r\n".utf8))
        }
        let failure = try await Shared.get(server.baseURL).failure
        #expect(failure?.kind == .tooLarge)
        #expect(failure?.sendState == .maybeSent)
    }

    // MARK: - Proxy

    @Test("a proxy makes a tunnel for plain HTTP as well, and its own header fields are not the agency's")
    func proxyWorks() async throws {
        let agency = try LoopbackServer { .text($0.target) }
        let proxy = try TunnelProxy(to: agency.port)
        var request = OutboundRequest(method: .get, url: "http://agency.invalid/a", timeouts: Shared.patient)
        request.profile.proxy = .init(url: "http://127.0.0.1:\(proxy.port)", user: "loket", password: "rahasia")
        let response = try #require(try await Shared.send(request).response)
        #expect(response.body == Array("/a".utf8))
        #expect(response.headerFields.map(\.name) == [.contentType, .contentLength])
        let asked = try #require(proxy.requests.first)
        #expect(asked.hasPrefix("CONNECT agency.invalid:80 HTTP/1.1\r\n"))
        #expect(asked.contains("Proxy-Authorization: Basic bG9rZXQ6cmFoYXNpYQ==\r\n"))
    }

    @Test("a proxy that is not there or refuses: not sent")
    func proxyFails() async throws {
        let agency = try LoopbackServer { _ in .text("never") }
        let proxy = try LoopbackServer { _ in .text("no") }
        var request = OutboundRequest(method: .get, url: agency.baseURL, timeouts: Shared.patient)
        request.profile.proxy = .init(url: proxy.baseURL, user: "loket", password: "rahasia")
        for _ in 0..<2 {
            let failure = try await Shared.send(request).failure
            #expect(failure?.kind == .proxy)
            #expect(failure?.sendState == .notSent)
            proxy.pauseAccepting()
        }
        #expect(agency.connectionCount == 0)
    }
}
