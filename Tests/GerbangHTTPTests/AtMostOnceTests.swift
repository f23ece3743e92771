internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

/// What happens when an agency reads a message on a reused connection, acts on it, and closes without an answer.
///
/// libcurl by itself then sends the message again on a new connection.
@Suite("A message goes out at most once")
struct AtMostOnceTests {
    private struct Observation {
        var first: WireOutcome
        var second: WireOutcome
        /// How often the server received a message, the first one included.
        var received: Int
    }

    /// Sends a message twice to such a server, again and again until the second one went over the reused connection.
    private func observe(
        _ method: HTTPRequest.Method,
        bodyBytes: Int,
        resend: Resend
    ) async throws -> Observation {
        while true {
            let received = Counter()
            let wasReused = Mutex(false)
            let server = try LoopbackServer { request in
                guard received.next() == 2 else { return .text("ok") }
                wasReused.withLock { $0 = request.requestNumberOnConnection == 2 }
                return .close
            }
            let transport = try CurlTransport()
            let request = OutboundRequest(
                method: method,
                url: server.baseURL,
                body: [UInt8](repeating: 0x61, count: bodyBytes),
                timeouts: Shared.patient,
                resend: resend
            )
            let first = await transport.send(request)
            let second = await transport.send(request)
            // What is still on its way to the server must not escape the count.
            transport.shutdown()
            server.stop()
            if wasReused.withLock(\.self) {
                return Observation(first: first, second: second, received: received.value)
            }
        }
    }

    @Test(
        "a message that must not be repeated is not, and its fate is in doubt",
        arguments: [HTTPRequest.Method.post, .put, .delete, .get],
        [0, 5, 300_000]
    )
    func once(method: HTTPRequest.Method, bodyBytes: Int) async throws {
        let observation = try await observe(method, bodyBytes: bodyBytes, resend: .never)
        #expect(observation.first.response?.status == 200)
        #expect(observation.second.failure?.kind == .reset)
        #expect(observation.second.failure?.sendState == .maybeSent)
        #expect(observation.received == 2)
    }

    @Test("the hazard is real: where repeating is allowed, the same server receives a POST twice")
    func hazard() async throws {
        let observation = try await observe(.post, bodyBytes: 5, resend: .allowed)
        #expect(observation.second.response?.status == 200)
        #expect(observation.received == 3)
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
