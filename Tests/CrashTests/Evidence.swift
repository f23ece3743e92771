internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangTesting

/// Everything that is known after a run, from three sides that know nothing of each other: the clients, the gateway
/// (its database and its API), and those whom it calls: the agencies, and the clients' own server.
struct Evidence: Sendable {
    /// A request as it lies in the database.
    struct Stored: Sendable, Hashable {
        var id: RequestID
        var key: String
        /// The case that it belongs to, if it had to wait for others of it.
        var ordering: OrderingKey?
        var state: RequestState
        /// The agency's number of what was done, as the output has it.
        var reference: String?
        var history: [RequestEvent]
        /// What the gateway counts of the calls back.
        var callbacks: CallbackSummary?
    }

    /// A request as the API shows it.
    struct Shown: Sendable, Hashable {
        var state: RequestState
        var history: [RequestEvent]
    }

    /// What the clients know.
    var journal: [Journal.Entry]
    /// What the database holds.
    var stored: [Stored]
    /// What the API shows.
    var shown: [RequestID: Shown]
    /// How many requests the database still counts as not ended.
    var openRequests = 0
    /// What the agencies did that must be done once.
    var effects: [Ledger.Entry]
    /// The queries that the registry answered.
    var queries: [Ledger.Entry]
    /// What arrived at the clients' server.
    var callbacks: [CallbackReceiver.Arrival] = []
    /// From when on which form of the adapters was used.
    var lives: [PackagingChange] = []

    /// How many requests were in doubt and then settled by asking the agency.
    var settledByInquiry: Int {
        stored.filter { request in
            zip(request.history, request.history.dropFirst()).contains { earlier, later in
                earlier.kind == .inquiring && (later.kind == .foundNotDone || later.state.isFinal)
            }
        }.count
    }

    /// How many requests were called after another of their case.
    var ordered: Int {
        let called = stored.filter { $0.ordering != nil && $0.history.contains { $0.kind == .sending } }
        return called.count - Set(called.map(\.ordering)).count
    }

    /// How many requests that ended were called about with both forms of an adapter.
    var finishedByTheOtherForm: Int {
        stored.filter { request in
            let calls = request.history.filter { $0.kind == .sending || $0.kind == .inquiring }
            let forms = calls.compactMap { call in lives.last { $0.from <= call.at }?.packaging }
            return request.state.isFinal && Set(forms).count > 1
        }.count
    }
}

/// From when on a form of the adapters was used.
struct PackagingChange: Sendable, Hashable {
    var from: Timestamp
    var packaging: Packaging
}

extension Evidence.Stored {
    init(_ record: RequestRecord, history: [RequestEvent], callbacks: CallbackSummary? = nil) {
        let field = Wish.Service(rawValue: record.request.submission.service.text)?.referenceField
        self.init(
            id: record.request.id,
            key: record.request.submission.idempotencyKey,
            ordering: record.request.ordering,
            state: record.progress.state,
            reference: field.flatMap { record.progress.output?[$0]?.stringValue },
            history: history,
            callbacks: callbacks
        )
    }
}

/// Something that must not be.
struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The promise that was broken.
    enum Promise: String, Sendable, CaseIterable {
        /// An acknowledged request is stored.
        case acknowledgedIsStored
        /// One key stands for one request, over all restarts.
        case oneKeyOneRequest
        /// Nothing is stored that nobody asked for.
        case nothingInvented
        /// Every request comes to its end.
        case everythingEnds
        /// A final state stays as it is, and everybody is told the same.
        case oneFinalState
        /// What must be done once is done at most once.
        case atMostOnce
        /// Succeeded means done, anything else means not done.
        case stateTellsTheTruth
        /// Nothing is sent before the intent to send it is stored.
        case intentBeforeEffect
        /// What belongs to one case is done one after the other.
        case oneAfterTheOther
        /// Histories have no gaps and only steps that the state machine allows.
        case soundHistory
        /// The API shows what is stored.
        case shownIsStored
        /// Every change of a request with a callback arrives at least once.
        case everyCallbackArrives
        /// No change arrives before the one before it was taken.
        case callbacksComeInOrder
        /// Every call back has a right signature.
        case callbackIsSigned
        /// What is called back again is the same, byte by byte.
        case callbackStaysTheSame
        /// A call back tells what the history has at its number.
        case callbackTellsTheTruth
        /// Nobody is called back who did not ask for it.
        case callbackWasAskedFor
    }

    let promise: Promise
    let subject: String
    let detail: String

    init(_ promise: Promise, _ subject: some CustomStringConvertible, _ detail: String) {
        self.promise = promise
        self.subject = subject.description
        self.detail = detail
    }

    var description: String { "\(promise.rawValue): \(subject): \(detail)" }
}
