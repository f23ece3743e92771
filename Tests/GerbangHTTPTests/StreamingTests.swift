internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@Suite("Answers that are handed over as they come")
struct StreamingTests {
    private static func open(
        _ url: String,
        timeouts: CallTimeouts = Shared.patient
    ) async throws -> StreamOutcome {
        try await Shared.transport.get().stream(OutboundRequest(method: .get, url: url, timeouts: timeouts))
    }

    private static func answer(_ url: String, timeouts: CallTimeouts = Shared.patient) async throws -> StreamedResponse
    {
        try #require(await open(url, timeouts: timeouts).answer)
    }

    private static func all(_ body: ResponsePieces) async throws(WireFailure) -> [UInt8] {
        var (bytes, reader) = ([UInt8](), body.makeAsyncIterator())
        while let piece = try await reader.next() { bytes += piece }
        return bytes
    }

    @Test("header and first piece are there while the rest is still to come")
    func early() async throws {
        let fields: HTTPFields = [.contentType: "text/event-stream"]
        let server = try LoopbackServer { _ in
            .stalled(status: 201, headerFields: fields, body: Array("abc".utf8), bodyBytes: 1)
        }
        let answer = try await Self.answer(server.baseURL)
        #expect(answer.status == 201)
        #expect(answer.headerFields[.contentType] == "text/event-stream")
        var reader = answer.body.makeAsyncIterator()
        #expect(try await reader.next() == Array("a".utf8))
    }

    @Test(
        "an answer arrives whole and in order, however slowly it is taken, and larger than any limit for whole answers"
    )
    func large() async throws {
        let body = (0..<(12 << 20)).map { UInt8(truncatingIfNeeded: $0 / 4096 &+ $0) }
        let server = try LoopbackServer { _ in .respond(body: body) }
        let answer = try await Self.answer(server.baseURL)
        var (bytes, pieces, reader) = ([UInt8](), 0, answer.body.makeAsyncIterator())
        while let piece = try await reader.next() {
            bytes += piece
            pieces += 1
            // Now and then the transport is ahead and has to wait.
            if pieces.isMultiple(of: 40) { try await Task.sleep(for: .milliseconds(2)) }
        }
        #expect(bytes == body)
        #expect(pieces > 1)
    }

    @Test("an answer without a body ends at once; one that is refused is an answer too", arguments: [200, 204, 503])
    func empty(status: Int) async throws {
        let server = try LoopbackServer { _ in .respond(status: status) }
        let answer = try await Self.answer(server.baseURL)
        #expect(answer.status == status)
        #expect(try await Self.all(answer.body) == [])
    }

    @Test("a whole answer and a stream share a connection, one after the other")
    func reuse() async throws {
        let server = try LoopbackServer { _ in .text("whole") }
        let transport = try CurlTransport()
        for _ in 0..<20 {
            let request = OutboundRequest(
                method: .get,
                url: server.baseURL,
                timeouts: Shared.patient,
                resend: .allowed
            )
            let answer = try #require(await transport.stream(request).answer)
            #expect(try await Self.all(answer.body) == Array("whole".utf8))
            #expect(await transport.send(request).response?.body == Array("whole".utf8))
        }
        // One, unless the machine is so busy that a connection grows old between two messages.
        #expect(server.connectionCount < 20)
    }

    @Test("a body that breaks off says so after what had come")
    func broken() async throws {
        let server = try LoopbackServer { _ in
            .truncated(body: Array("abcdef".utf8), bodyBytes: 3, ending: .close)
        }
        var reader = try await Self.answer(server.baseURL).body.makeAsyncIterator()
        #expect(try await reader.next() == Array("abc".utf8))
        let failure = await #expect(throws: WireFailure.self) { try await reader.next() }
        #expect(failure?.kind == .reset)
    }

    @Test("no answer is a failure, as for whole answers")
    func failures() async throws {
        let server = try LoopbackServer { _ in .reset }
        let failure = try #require(try await Self.open(server.baseURL).failure)
        #expect(failure.kind == .reset && failure.sendState == .maybeSent)
        let nowhere = try #require(try await Self.open("http://127.0.0.1:1").failure)
        #expect(nowhere.kind == .connect && nowhere.sendState == .notSent)
        let unsendable = try #require(try await Self.open("ftp://x").failure)
        #expect(unsendable.kind == .unsendable)
    }

    @Test("a piece that does not come in time ends it; an answer may last longer than that")
    func idle() async throws {
        let limits = CallTimeouts(connect: .seconds(60), firstByte: .seconds(60), total: .milliseconds(300))
        let silent = try LoopbackServer { _ in
            .stalled(body: Array("ab".utf8), bodyBytes: 1)
        }
        var reader = try await Self.answer(silent.baseURL, timeouts: limits).body.makeAsyncIterator()
        #expect(try await reader.next() == Array("a".utf8))
        let failure = await #expect(throws: WireFailure.self) { try await reader.next() }
        #expect(failure?.kind == .timeout)

        let patient = CallTimeouts(connect: .seconds(60), firstByte: .seconds(60), total: .seconds(2))
        let slow = try LoopbackServer { _ in
            .drip(body: Array("abcdef".utf8), bytesAtOnce: 16, every: .milliseconds(500))
        }
        #expect(try await Self.all(Self.answer(slow.baseURL, timeouts: patient).body) == Array("abcdef".utf8))
    }

    @Test("cancelling ends it at once: before the header, and between two pieces")
    func cancellation() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let silent = try LoopbackServer { _ in
            arrival.yield()
            return .hold
        }
        let url = silent.baseURL
        let waiting = Task { try await Self.open(url) }
        for await _ in arrivals { break }
        waiting.cancel()
        let failure = try #require(try await waiting.value.failure)
        #expect(failure.kind == .cancelled)

        let server = try LoopbackServer { _ in
            .stalled(body: Array("ab".utf8), bodyBytes: 1)
        }
        let body = try await Self.answer(server.baseURL).body
        let (firsts, first) = AsyncStream.makeStream(of: Void.self)
        let reading = Task {
            var reader = body.makeAsyncIterator()
            while try await reader.next() != nil { first.yield() }
        }
        for await _ in firsts { break }
        reading.cancel()
        let end = await #expect(throws: WireFailure.self) { try await reading.value }
        #expect(end?.kind == .cancelled)
    }

    @Test("an answer that nobody holds is given up; so is every one when the transport ends")
    func letGo() async throws {
        // The server's stop waits for its connections: it would never end with one that lasts.
        let server = try LoopbackServer { _ in
            .stalled(body: Array("ab".utf8), bodyBytes: 1)
        }
        let transport = try CurlTransport()
        let request = OutboundRequest(method: .get, url: server.baseURL, timeouts: Shared.patient)
        do {
            let answer = try #require(await transport.stream(request).answer)
            var reader = answer.body.makeAsyncIterator()
            #expect(try await reader.next() != nil)
        }
        let held = try #require(await transport.stream(request).answer)
        transport.shutdown()
        var reader = held.body.makeAsyncIterator()
        _ = try? await reader.next()
        let end = await #expect(throws: WireFailure.self) { try await reader.next() }
        #expect(end?.kind == .cancelled)
    }

    @Test("what is not taken stays outside once there is enough of it, and is asked for when it was taken")
    func pressure() async throws {
        let calls = Counter()
        let pipe = ResponsePipe { calls.next() }
        let piece = [UInt8](repeating: 7, count: 16 << 10)
        var taken = 0
        while piece.withUnsafeBytes({ pipe.offer($0) }) { taken += 1 }
        #expect(taken == ResponsePipe.capacity / piece.count)
        #expect(pipe.isHeldUp)
        #expect(piece.withUnsafeBytes { pipe.offer($0) } == false)
        #expect(try await pipe.next()?.count == ResponsePipe.capacity)
        #expect(calls.value == 1 && !pipe.isHeldUp)
        #expect(piece.withUnsafeBytes { pipe.offer($0) })
        pipe.finish(nil)
        #expect(try await pipe.next() == piece)
        #expect(try await pipe.next() == nil)
        #expect(calls.value == 1)
    }

    @Test("A body of bytes and files is read while it is sent, and again from its beginning where that is allowed")
    func upload() async throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "0123456789", count: 300_000)
        try folder.write(text, to: "large")
        try folder.write("", to: "empty")
        var body = StreamedBody()
        body.append(.bytes(Array("head:".utf8)))
        body.append(.file(path: folder.path("large"), count: text.utf8.count))
        body.append(.file(path: folder.path("empty"), count: 0))
        body.append(.bytes(Array(":".utf8)))
        body.append(.bytes(Array("tail".utf8)))
        #expect(body.pieces.count == 3 && body.count == text.utf8.count + 10)
        let bodies = Mutex<[[UInt8]]>([])
        let server = try LoopbackServer { request in
            bodies.withLock { $0.append(request.body) }
            return .text("done")
        }
        let transport = try CurlTransport()
        let request = OutboundRequest(method: .post, url: server.baseURL, timeouts: Shared.patient, resend: .allowed)
        for _ in 0..<2 {
            let answer = try #require(await transport.stream(request, body: body).answer)
            #expect(try await Self.all(answer.body) == Array("done".utf8))
        }
        let expected = Array("head:\(text):tail".utf8)
        #expect(bodies.withLock { $0 } == [expected, expected])
    }

    @Test("A file that is gone, or of another size than it was, ends the call", arguments: [true, false])
    func unreadable(isGone: Bool) async throws {
        let folder = try TemporaryFolder()
        try folder.write("abc", to: "file")
        var body = StreamedBody()
        body.append(.bytes([UInt8](repeating: 0x20, count: 10)))
        body.append(.file(path: folder.path(isGone ? "gone" : "file"), count: 4))
        let server = try LoopbackServer { _ in .text("done") }
        let request = OutboundRequest(method: .post, url: server.baseURL, timeouts: Shared.patient)
        guard case .failed(let failure) = try await Shared.transport.get().stream(request, body: body) else {
            Issue.record("the call did not end")
            return
        }
        #expect(failure.kind == .unsendable, "\(failure)")
    }
}

extension StreamOutcome {
    fileprivate var answer: StreamedResponse? {
        if case .answered(let answer) = self { answer } else { nil }
    }

    fileprivate var failure: WireFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }
}
