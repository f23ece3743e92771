internal import GerbangCore
internal import GerbangTesting
internal import Testing

@Suite("The check of the crash test finds what it looks for")
struct VerificationTests {
    @Test("Evidence of a sound run holds")
    func sound() throws {
        #expect(try Sample().evidence.violations() == [])
    }

    /// A way to spoil sound evidence, and the promise that is broken then.
    struct Spoiling: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let promise: Violation.Promise
        let spoil: @Sendable (inout Sample) -> Void

        init(_ name: String, _ promise: Violation.Promise, _ spoil: @escaping @Sendable (inout Sample) -> Void) {
            testDescription = name
            self.promise = promise
            self.spoil = spoil
        }
    }

    static let spoilings = [
        Spoiling("an acknowledged request is gone", .acknowledgedIsStored) { $0.evidence.stored.removeFirst() },
        Spoiling("a key was acknowledged twice", .oneKeyOneRequest) { sample in
            sample.evidence.journal[0].ids.insert(sample.other)
        },
        Spoiling("a key is stored twice", .oneKeyOneRequest) { sample in
            sample.evidence.stored[1].key = sample.evidence.stored[0].key
        },
        Spoiling("a request that nobody wanted", .nothingInvented) { $0.evidence.journal.removeLast() },
        Spoiling("a request that never ended", .everythingEnds) { sample in
            sample.evidence.stored[0].history.removeLast()
            sample.evidence.stored[0].state = .inDoubt
        },
        Spoiling("a request left in the queue", .everythingEnds) { $0.evidence.openRequests = 1 },
        Spoiling("two final states were told", .oneFinalState) { sample in
            sample.evidence.journal[0].finalStates = [.succeeded, .cancelled]
        },
        Spoiling("another final state is stored than was told", .oneFinalState) { sample in
            sample.evidence.journal[0].finalStates = [.rejected]
        },
        Spoiling("a booking was made twice", .atMostOnce) { sample in
            sample.evidence.bookings.append(sample.evidence.bookings[0])
        },
        Spoiling("a booking succeeded and was not made", .stateTellsTheTruth) { $0.evidence.bookings.removeAll() },
        Spoiling("another booking number is answered", .stateTellsTheTruth) { sample in
            sample.evidence.stored[0].bookingNumber = "KIR-0"
        },
        Spoiling("a booking was cancelled and made", .stateTellsTheTruth) { sample in
            let id = sample.evidence.stored[1].id.description
            sample.evidence.bookings.append(Ledger.Entry(key: id, operation: "book-inspection", reference: "KIR-9"))
        },
        Spoiling("an effect without an intent to send", .intentBeforeEffect) { sample in
            let id = sample.evidence.stored[1].id.description
            sample.evidence.bookings.append(Ledger.Entry(key: id, operation: "book-inspection", reference: "KIR-9"))
        },
        Spoiling("an effect for nobody", .intentBeforeEffect) { sample in
            let entry = Ledger.Entry(key: sample.other.description, operation: "call-nik", reference: "Q-1")
            sample.evidence.queries.append(entry)
        },
        Spoiling("a gap in a history", .soundHistory) { $0.evidence.stored[0].history.remove(at: 2) },
        Spoiling("a history that begins late", .soundHistory) { $0.evidence.stored[0].history.removeFirst() },
        Spoiling("a history that ends twice", .soundHistory) { sample in
            sample.append(.cancelled, .cancelled)
        },
        Spoiling("a booking that may have been made is queued again", .soundHistory) { sample in
            sample.evidence.stored[0].history[2].state = .queued
            sample.evidence.stored[0].history[3].kind = .sending
            sample.evidence.stored[0].history[3].state = .running
        },
        Spoiling("two calls at once", .soundHistory) { sample in
            sample.evidence.stored[0].history[2].kind = .cancelRequested
        },
        Spoiling("the API shows another state", .shownIsStored) { sample in
            sample.evidence.shown[sample.evidence.stored[0].id]?.state = .failed
        },
        Spoiling("the API hides a request", .shownIsStored) { $0.evidence.shown.removeAll() },
    ]

    @Test("Spoilt evidence does not hold", arguments: spoilings)
    func spoilt(_ spoiling: Spoiling) throws {
        var sample = try Sample()
        spoiling.spoil(&sample)
        let found = sample.evidence.violations()
        #expect(found.contains { $0.promise == spoiling.promise }, "found instead: \(found)")
    }

    @Test("Every promise is among those that were broken")
    func complete() {
        #expect(Set(Self.spoilings.map(\.promise)) == Set(Violation.Promise.allCases))
    }
}

/// Evidence of a run with one booking that survived a crash and was settled by inquiry, and one that was cancelled.
struct Sample: Sendable {
    var evidence: Evidence
    /// An identifier that no request has.
    let other: RequestID

    init() throws {
        let (made, cancelled) = (Self.id(1), Self.id(2))
        other = Self.id(3)
        let history = Self.history([
            (.accepted, .queued), (.sending, .running), (.recovered, .inDoubt), (.inquiring, .inDoubt),
            (.succeeded, .succeeded),
        ])
        let short = Self.history([(.accepted, .queued), (.cancelled, .cancelled)])
        evidence = Evidence(
            journal: [Self.entry("a", made, .succeeded), Self.entry("b", cancelled, .cancelled)],
            stored: [
                Evidence.Stored(id: made, key: "a", state: .succeeded, bookingNumber: "KIR-1", history: history),
                Evidence.Stored(id: cancelled, key: "b", state: .cancelled, history: short),
            ],
            shown: [
                made: Evidence.Shown(state: .succeeded, history: history),
                cancelled: Evidence.Shown(state: .cancelled, history: short),
            ],
            bookings: [Ledger.Entry(key: made.description, operation: "book-inspection", reference: "KIR-1")],
            queries: []
        )
    }

    mutating func append(_ kind: RequestEvent.Kind, _ state: RequestState) {
        let sequence = evidence.stored[0].history.count + 1
        evidence.stored[0].history.append(Self.event(sequence, kind, state))
    }

    private static func id(_ number: UInt64) -> RequestID { RequestID(high: 0x0190_0000_0000_7000, low: number) }

    private static func entry(_ key: String, _ id: RequestID, _ state: RequestState) -> Journal.Entry {
        Journal.Entry(wish: .booking(key: key), ids: [id], finalStates: [state])
    }

    private static func history(_ steps: [(RequestEvent.Kind, RequestState)]) -> [RequestEvent] {
        steps.enumerated().map { event($0.offset + 1, $0.element.0, $0.element.1) }
    }

    private static func event(_ sequence: Int, _ kind: RequestEvent.Kind, _ state: RequestState) -> RequestEvent {
        RequestEvent(sequence: sequence, at: Timestamp(milliseconds: Int64(sequence)), kind: kind, state: state)
    }
}
