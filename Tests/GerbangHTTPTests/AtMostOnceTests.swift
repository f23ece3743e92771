internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

/// What happens when an agency reads a message on a reused connection, acts on it, and closes without an answer.
///
/// libcurl by itself then sends the message again on a new connection.
@Suite("A message goes out at most once")
struct AtMostOnceTests {
    private static func closingServer(_ received: Counter) throws -> LoopbackServer {
        try LoopbackServer { _ in
            received.next() == 2 ? .close : .text("ok")
        }
    }

    @Test(
        "a message that must not be repeated is not, and its fate is in doubt",
        arguments: [HTTPRequest.Method.post, .put, .delete, .get],
        [0, 5, 300_000]
    )
    func once(method: HTTPRequest.Method, bodyBytes: Int) async throws {
        let received = Counter()
        let server = try Self.closingServer(received)
        let transport = try CurlTransport()
        let request = OutboundRequest(
            method: method,
            url: server.baseURL,
            body: [UInt8](repeating: 0x61, count: bodyBytes),
            timeouts: Shared.patient,
            resend: .never
        )
        let first = await transport.send(request)
        #expect(first.response?.status == 200)
        let second = await transport.send(request)
        #expect(second.failure?.kind == .reset)
        #expect(second.failure?.sendState == .maybeSent)
        // A second sending would have used a second connection before the failure was reported.
        server.stop()
        #expect(received.value == 2)
    }

    @Test("the hazard is real: where repeating is allowed, the same server receives the message twice")
    func hazard() async throws {
        let received = Counter()
        let server = try Self.closingServer(received)
        let transport = try CurlTransport()
        let request = OutboundRequest(
            method: .post,
            url: server.baseURL,
            body: Array("hello".utf8),
            timeouts: Shared.patient,
            resend: .allowed
        )
        _ = await transport.send(request)
        let second = await transport.send(request)
        #expect(second.response?.status == 200)
        #expect(received.value == 3)
    }

    @Test("messages that must not be repeated share a connection")
    func reuse() async throws {
        let server = try LoopbackServer { _ in .text("ok") }
        let transport = try CurlTransport()
        for _ in 0..<20 {
            let outcome = await transport.send(
                OutboundRequest(method: .post, url: server.baseURL, body: [1], timeouts: Shared.patient)
            )
            #expect(outcome.response?.status == 200)
        }
        #expect(server.connectionCount < 20)
    }

    @Test("a connection that the server closed while idle is noticed, and the message goes out on a new one")
    func idleClose() async throws {
        let received = Counter()
        let server = try LoopbackServer { _ in
            received.next()
            return .thenClose(.text("ok"))
        }
        let transport = try CurlTransport()
        for _ in 0..<5 {
            let request = OutboundRequest(method: .post, url: server.baseURL, body: [1], timeouts: Shared.patient)
            let outcome = await transport.send(request)
            // The close may arrive while the next message is already on its way: then it is in doubt, never repeated.
            #expect(outcome.response?.status == 200 || outcome.failure?.sendState == .maybeSent)
        }
        server.stop()
        #expect(received.value <= 5)
    }
}
