internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import GerbangWSSecurity
internal import HTTPTypes
internal import Synchronization
internal import Testing

@Suite("WS-Security: on the way to an agency")
struct TransportTests {
    /// Answers every message in the same way, and keeps the last one.
    private final class Line: HTTPTransport {
        private let outcome: WireOutcome
        let last = Mutex<OutboundRequest?>(nil)

        init(_ body: [UInt8], status: Int = 200, type: String = "text/xml") {
            outcome = .answered(WireResponse(status: status, headerFields: [.contentType: type], body: body))
        }

        init(_ failure: WireFailure) { outcome = .failed(failure) }

        func send(_ request: OutboundRequest) async -> WireOutcome {
            last.withLock { $0 = request }
            return outcome
        }
    }

    private func send(_ security: WSSecurity, _ line: Line, body: [UInt8] = Sample.envelope()) async throws
        -> WireOutcome
    {
        let list = try Authentication([.message(.init(security))])
        let transport = AuthenticatedTransport(line, authentication: list, clock: ManualClock(now: Sample.now))
        return await transport.send(OutboundRequest(method: .post, url: "http://localhost/", body: body))
    }

    @Test("Messages are signed, and an answer that holds is handed on without the header")
    func exchange() async throws {
        var security = try Sample.signer()
        security.verification = try Sample.reader().verification
        let line = Line(Array(try Sample.answer().utf8))
        guard case .answered(let answer) = try await send(security, line) else {
            Issue.record("not answered")
            return
        }
        #expect(String(decoding: answer.body, as: UTF8.self).contains("B 1234 XYZ"))
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("Signature"))
        #expect(answer.headerFields[.contentType] == "text/xml; charset=utf-8")
        let sent = try #require(line.last.withLock { $0 })
        #expect(throws: Never.self) { try Sample.reader().open(sent.body, at: Sample.now) }
    }

    @Test(
        "An answer that does not hold may have been preceded by an effect, whatever its status",
        arguments: [200, 401, 500, 503]
    )
    func unbelievable(status: Int) async throws {
        for body in [Sample.envelope(), Array("<html/>".utf8), []] {
            let outcome = try await send(Sample.reader(), Line(body, status: status))
            guard case .failed(let failure) = outcome else {
                Issue.record("believed")
                continue
            }
            #expect(failure.kind == .unverified && failure.sendState == .maybeSent)
            #expect(!failure.detail.contains("1234"))
        }
    }

    @Test("Failures of the wire stay what they are, and a message that is no envelope never leaves")
    func failures() async throws {
        let failure = WireFailure(.connect, .notSent)
        #expect(try await send(Sample.reader(), Line(failure)) == .failed(failure))
        let line = Line([])
        guard case .failed(let refused) = try await send(Sample.signer(), line, body: Array("{}".utf8)) else {
            Issue.record("sent")
            return
        }
        #expect(refused.kind == .unsendable && refused.sendState == .notSent)
        #expect(line.last.withLock { $0 } == nil)
    }

    @Test("A signature over the body that stands behind it covers what is sent")
    func order() async throws {
        let field = try #require(HTTPField.Name("X-Digest"))
        let list = try Authentication([
            .message(.init(try Sample.signer())),
            .signature(
                MessageSignature(
                    key: .hmacSHA256(Sensitive("k")),
                    stringToSign: try StringToSign(template: "{body.sha256}"),
                    header: field
                )
            ),
        ])
        let line = Line([])
        let transport = AuthenticatedTransport(line, authentication: list, clock: ManualClock(now: Sample.now))
        _ = await transport.send(OutboundRequest(method: .post, url: "http://localhost/", body: Sample.envelope()))
        let sent = try #require(line.last.withLock { $0 })
        var alone = sent
        alone.headerFields = [:]
        let again = Line([])
        let second = AuthenticatedTransport(
            again,
            authentication: try Authentication([list.schemes[1]]),
            clock: ManualClock(now: Sample.now)
        )
        _ = await second.send(alone)
        #expect(again.last.withLock { $0?.headerFields[field] } == sent.headerFields[field])
    }

    @Test("Equal settings are equal, and the scheme shows its name only")
    func values() throws {
        let security = try Sample.signer()
        #expect(AuthenticationScheme.message(.init(security)) == .message(.init(try Sample.signer())))
        #expect(AuthenticationScheme.message(.init(security)) != .message(.init(try Sample.reader())))
        var dumped = ""
        dump(try Authentication([.message(.init(security))]), to: &dumped)
        #expect(dumped.contains("wsSecurity") && !dumped.contains("BEGIN"))
    }
}
