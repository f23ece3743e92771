internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting

/// Evidence of a run with one booking that survived a crash, was settled by inquiry and called back, one that was
/// cancelled, two statuses of a permit that were reported one after the other, and an encounter that was registered.
struct Sample: Sendable {
    var evidence: Evidence
    /// An identifier that no request has.
    let other: RequestID

    init() throws {
        let (made, cancelled, reported, registered) = (Self.id(1), Self.id(2), Self.id(3), Self.id(4))
        let (next, permit) = (Self.id(6), OrderingKey(digest: String(repeating: "0", count: 32)))
        other = Self.id(5)
        let history = Self.history([
            (.accepted, .queued), (.sending, .running), (.recovered, .inDoubt), (.inquiring, .inDoubt),
            (.succeeded, .succeeded),
        ])
        let short = Self.history([(.accepted, .queued), (.cancelled, .cancelled)])
        let smooth = Self.history([(.accepted, .queued), (.sending, .running), (.succeeded, .succeeded)])
        // Sent once the other report on its permit had ended.
        let later = smooth.map { event in
            var event = event
            if event.sequence > 1 { event.at = event.at + .seconds(1) }
            return event
        }
        evidence = Evidence(
            journal: [
                Self.entry(
                    Wish(.book, key: "a", payload: [:], callback: "https://mpp.example/visits"),
                    made,
                    .succeeded
                ),
                Self.entry(Wish(.book, key: "b", payload: [:]), cancelled, .cancelled),
                Self.entry(Wish(.reportStatus, key: "c", payload: [:]), reported, .succeeded),
                Self.entry(Wish(.registerEncounter, key: "d", payload: [:]), registered, .succeeded),
                Self.entry(Wish(.reportStatus, key: "e", payload: [:]), next, .succeeded),
            ],
            stored: [
                Evidence.Stored(
                    id: made,
                    key: "a",
                    state: .succeeded,
                    reference: "KIR-1",
                    history: history,
                    callbacks: CallbackSummary(delivered: 3)
                ),
                Evidence.Stored(id: cancelled, key: "b", state: .cancelled, history: short),
                Evidence.Stored(id: reported, key: "c", ordering: permit, state: .succeeded, history: smooth),
                Evidence.Stored(id: registered, key: "d", state: .succeeded, reference: "E-1", history: smooth),
                Evidence.Stored(id: next, key: "e", ordering: permit, state: .succeeded, history: later),
            ],
            shown: [
                made: Evidence.Shown(state: .succeeded, history: history),
                cancelled: Evidence.Shown(state: .cancelled, history: short),
                reported: Evidence.Shown(state: .succeeded, history: smooth),
                registered: Evidence.Shown(state: .succeeded, history: smooth),
                next: Evidence.Shown(state: .succeeded, history: later),
            ],
            effects: [
                Ledger.Entry(key: made.description, operation: "book-inspection", reference: "KIR-1"),
                Ledger.Entry(key: reported.description, operation: "receive-license-status", reference: "S-1"),
                Ledger.Entry(key: registered.description, operation: "register-encounter", reference: "E-1"),
                Ledger.Entry(key: next.description, operation: "receive-license-status", reference: "S-2"),
            ],
            queries: [],
            callbacks: [
                Self.arrival(made, 2, .running, isTaken: false), Self.arrival(made, 2, .running),
                Self.arrival(made, 3, .inDoubt), Self.arrival(made, 5, .succeeded),
            ]
        )
    }

    mutating func append(_ kind: RequestEvent.Kind, _ state: RequestState) {
        let sequence = evidence.stored[0].history.count + 1
        evidence.stored[0].history.append(Self.event(sequence, kind, state))
    }

    private static func id(_ number: UInt64) -> RequestID { RequestID(high: 0x0190_0000_0000_7000, low: number) }

    private static func entry(_ wish: Wish, _ id: RequestID, _ state: RequestState) -> Journal.Entry {
        Journal.Entry(wish: wish, ids: [id], finalStates: [state])
    }

    private static func history(_ steps: [(RequestEvent.Kind, RequestState)]) -> [RequestEvent] {
        steps.enumerated().map { event($0.offset + 1, $0.element.0, $0.element.1) }
    }

    private static func event(_ sequence: Int, _ kind: RequestEvent.Kind, _ state: RequestState) -> RequestEvent {
        RequestEvent(sequence: sequence, at: Timestamp(milliseconds: Int64(sequence)), kind: kind, state: state)
    }

    private static func arrival(
        _ request: RequestID,
        _ sequence: Int,
        _ state: RequestState,
        isTaken: Bool = true
    ) -> CallbackReceiver.Arrival {
        CallbackReceiver.Arrival(
            id: "\(request)-\(sequence)",
            request: request.description,
            sequence: sequence,
            state: state.rawValue,
            body: [],
            isSigned: true,
            isTaken: isTaken
        )
    }
}
