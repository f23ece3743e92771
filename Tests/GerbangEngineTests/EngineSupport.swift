internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

/// An adapter whose agency answers with one word, such as `ok` or `throttled 60`.
struct WordAdapter: Adapter {
    static let book = OperationID(checked: "book")
    static let find = OperationID(checked: "find")
    static let lookup = OperationID(checked: "lookup")

    var descriptor: AdapterDescriptor
    /// Called before a message is made: for tests in which something happens meanwhile.
    var onPrepare: @Sendable (AdapterCall) -> Void = { _ in }

    init(
        effect: Effect = .nonIdempotent,
        hasInquiry: Bool = true,
        attempts: Int = 15,
        timeouts: CallTimeouts = CallTimeouts()
    ) {
        let inquiry = Inquiry(operation: Self.find, conclusiveAfter: .seconds(60))
        descriptor = AdapterDescriptor(
            id: AdapterID(checked: "word"),
            version: "1.0.0",
            agency: LocalizedText(id: "Kata", en: "Word"),
            operations: [
                OperationDescriptor(
                    id: Self.book,
                    service: ServiceID(checked: "transport.inspection.book"),
                    effect: effect,
                    inquiry: hasInquiry ? inquiry : nil,
                    maximumAttempts: attempts
                ),
                OperationDescriptor(id: Self.find, effect: .query, timeouts: timeouts),
            ]
        )
    }

    /// Provides only a query.
    static var lookupOnly: WordAdapter {
        var adapter = WordAdapter()
        adapter.descriptor.operations = [
            OperationDescriptor(id: lookup, service: ServiceID(checked: "transport.vehicle.lookup"), effect: .query)
        ]
        return adapter
    }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        onPrepare(call)
        guard call.payload["station"]?.stringValue != "FULL" else {
            throw GerbangError(
                .invalidInput,
                "this station takes no bookings",
                field: JSONPointer.root.appending("station")
            )
        }
        return WireRequest(method: .post, path: [call.operation.id.text], body: Array(call.key.utf8))
    }

    /// The output of a booking.
    static let booking: JSONValue = ["bookingNumber": "1", "date": "2026-01-12", "station": "JKT-PULOGADUNG"]

    private func output(of call: AdapterCall) -> JSONValue {
        call.operation.id == Self.lookup
            ? ["plate": "B 1234 XYZ", "make": "Toyota", "model": "Avanza", "year": 2019] : Self.booking
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        let words = exchange.response.words
        let error = GerbangError(.agencyUnavailable, "said \(words.first ?? "nothing")")
        return switch words.first {
        case "ok": .succeeded(output: output(of: call), agencyReference: "A-1")
        case "odd": .succeeded(output: ["bookingNumber": 1], agencyReference: "A-1")
        case "pending": .pending(agencyReference: "R-1", checkAfter: .seconds(60))
        case "rejected": .rejected(GerbangError(.agencyRejected, "no"))
        case "transient": .transient(error)
        case "throttled": .throttled(error, until: call.now + .seconds(words.count > 1 ? Int(words[1]) ?? 0 : 30))
        default: call.unreadable("not a word of ours")
        }
    }

    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        switch exchange.response.words.first {
        case "done": .done(output: Self.booking, agencyReference: "A-1")
        case "odd": .done(output: ["bookingNumber": 1], agencyReference: "A-1")
        case "notDone": .notDone
        case "pending": .pending(agencyReference: "R-1", checkAfter: .seconds(60))
        case "rejected": .rejected(GerbangError(.agencyRejected, "no"))
        default: .unclear(GerbangError(.agencyUnreadable, "not a word of ours"))
        }
    }
}

extension WireResponse {
    fileprivate var words: [String] { String(decoding: body, as: UTF8.self).split(separator: " ").map(String.init) }
}

/// A transport that answers what a test has written down for each host and operation.
final class ScriptedTransport: HTTPTransport {
    enum Answer: Sendable {
        case word(String)
        case failure(WireFailure.Kind, SendState)
        /// No answer until ``ScriptedTransport/release(_:_:)``, or until the task is cancelled.
        case hang
    }

    private struct State {
        var answers: [String: [Answer]] = [:]
        var fallback: [String: Answer] = [:]
        var calls: [String] = []
        var keys: [String] = []
        var hanging: [(number: Int, place: String, continuation: CheckedContinuation<WireOutcome, Never>)] = []
        var next = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    /// What the next calls of `place` (such as `one/book`) get.
    func answer(_ place: String, _ answers: Answer...) {
        state.withLock { $0.answers[place, default: []] += answers }
    }

    /// What all calls of `place` get that nothing else was written down for.
    func always(_ place: String, _ answer: Answer) {
        state.withLock { $0.fallback[place] = answer }
    }

    /// The places that were called, in order.
    var calls: [String] { state.withLock { $0.calls } }

    func count(_ place: String) -> Int { calls.count { $0 == place } }

    /// How many calls hang.
    var hanging: Int { state.withLock { $0.hanging.count } }

    /// Lets the oldest hanging call of `place` end.
    func release(_ place: String, _ answer: Answer) {
        let call = state.withLock { state in
            state.hanging.firstIndex { $0.place == place }.map { state.hanging.remove(at: $0) }
        }
        call?.continuation.resume(returning: Self.outcome(answer))
    }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        let place = request.url.split(separator: "/").dropFirst().joined(separator: "/")
        let (number, answer) = state.withLock { state -> (Int, Answer) in
            state.next += 1
            state.calls.append(place)
            guard var answers = state.answers[place], !answers.isEmpty else {
                return (state.next, state.fallback[place] ?? .word("ok"))
            }
            let answer = answers.removeFirst()
            state.answers[place] = answers
            return (state.next, answer)
        }
        guard case .hang = answer else { return Self.outcome(answer) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    guard !state.cancelled.contains(number) else { return true }
                    state.hanging.append((number, place, continuation))
                    return false
                }
                if isCancelled { continuation.resume(returning: Self.outcome(.failure(.cancelled, .maybeSent))) }
            }
        } onCancel: {
            let call = state.withLock { state in
                state.cancelled.insert(number)
                return state.hanging.firstIndex { $0.number == number }.map { state.hanging.remove(at: $0) }
            }
            call?.continuation.resume(returning: Self.outcome(.failure(.cancelled, .maybeSent)))
        }
    }

    private static func outcome(_ answer: Answer) -> WireOutcome {
        switch answer {
        case .word(let word): .answered(WireResponse(status: 200, body: Array(word.utf8)))
        case .failure(let kind, let sendState): .failed(WireFailure(kind, sendState))
        case .hang: .failed(WireFailure(.timeout, .maybeSent))
        }
    }
}

/// An engine with a clock, a store and a transport in the test's hand.
final class EngineHarness: Sendable {
    static let client = ClientID(checked: "mall")
    static let one = ConnectionID(checked: "one")
    static let two = ConnectionID(checked: "two")

    let clock: ManualClock
    let store: any RequestStore
    let transport: ScriptedTransport
    let engine: Engine

    init(
        _ adapter: WordAdapter = WordAdapter(),
        limits: FlowLimits = FlowLimits(),
        calendar: ServiceCalendar = ServiceCalendar(),
        clock: ManualClock = ManualClock(),
        store: any RequestStore = MemoryStore(),
        transport: ScriptedTransport = ScriptedTransport(),
        configuration: Engine.Configuration = Engine.Configuration()
    ) throws {
        self.clock = clock
        self.store = store
        self.transport = transport
        engine = try Engine(
            catalogue: .builtin(),
            connections: [
                Connection(
                    id: Self.one,
                    adapter: adapter,
                    baseURL: BaseURL("http://one"),
                    limits: limits,
                    calendar: calendar
                ),
                Connection(id: Self.two, adapter: WordAdapter.lookupOnly, baseURL: BaseURL("http://two")),
            ],
            store: store,
            transport: transport,
            configuration: configuration,
            clock: clock,
            randomSeed: 1
        )
    }

    /// Runs `body` while the engine works, and stops it afterwards.
    func whileRunning(_ body: () async throws -> Void) async throws {
        let running = Task { try await engine.run() }
        do {
            try await body()
        } catch {
            running.cancel()
            throw error
        }
        running.cancel()
        try await running.value
    }

    static func booking(_ key: String, station: String = "JKT-01", deadline: Timestamp? = nil) throws -> Submission {
        Submission(
            service: ServiceID(checked: "transport.inspection.book"),
            region: try Region("31.74"),
            payload: ["plate": "B 1234 XYZ", "station": .string(station), "date": "2026-02-01"],
            idempotencyKey: key,
            deadline: deadline
        )
    }

    @discardableResult
    func book(_ key: String = "key", deadline: Timestamp? = nil) async throws -> RequestID {
        try await engine.submit(Self.booking(key, deadline: deadline), as: Self.client).status.id
    }

    func lookUp(_ key: String) async throws -> RequestID {
        let submission = Submission(
            service: ServiceID(checked: "transport.vehicle.lookup"),
            region: .nation,
            payload: ["plate": "B 1234 XYZ"],
            idempotencyKey: key
        )
        return try await engine.submit(submission, as: Self.client).status.id
    }

    func progress(_ id: RequestID) async throws -> RequestProgress {
        try #require(try await store.record(id)).progress
    }

    func kinds(_ id: RequestID) async throws -> [RequestEvent.Kind] {
        try await engine.events(of: id).map(\.kind)
    }

    /// Moves the clock once the engine's time keeper sleeps.
    func pass(_ duration: Duration) async {
        await clock.waitForSleepers(1)
        clock.advance(by: duration)
    }

    /// Moves the clock in steps of `step` until the request is in `state`.
    func pass(in step: Duration, until id: RequestID, is state: RequestState) async throws {
        for _ in 0..<100_000 {
            if try await progress(id).state == state { return }
            await pass(step)
            try await Task.sleep(for: .milliseconds(3))
        }
        let stuck = try await progress(id).state
        Issue.record("it is \(stuck) and not \(state)")
    }

    func expect(
        _ id: RequestID,
        is state: RequestState,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await eventually("the request is \(state)", sourceLocation: sourceLocation) {
            try await self.progress(id).state == state
        }
    }
}

/// Waits until `condition` holds; it has five minutes for it, of which it usually takes one
/// millisecond.
func eventually(
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<300_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(1))
    }
    Issue.record("it never happened that \(what)", sourceLocation: sourceLocation)
}
