internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangTesting

/// Everything that is known after a run, from three sides that know nothing of each other: the clients, the gateway
/// (its database and its API) and the agencies.
struct Evidence: Sendable {
    /// A request as it lies in the database.
    struct Stored: Sendable, Hashable {
        var id: RequestID
        var key: String
        var state: RequestState
        var bookingNumber: String?
        var history: [RequestEvent]
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
    /// What the transport agency did.
    var bookings: [Ledger.Entry]
    /// The queries that the registry answered.
    var queries: [Ledger.Entry]

    /// How many requests were in doubt and then settled by asking the agency.
    var settledByInquiry: Int {
        stored.filter { request in
            zip(request.history, request.history.dropFirst()).contains { earlier, later in
                earlier.kind == .inquiring && (later.kind == .foundNotDone || later.state.isFinal)
            }
        }.count
    }
}

extension Evidence.Stored {
    init(_ record: RequestRecord, history: [RequestEvent]) {
        self.init(
            id: record.request.id,
            key: record.request.submission.idempotencyKey,
            state: record.progress.state,
            bookingNumber: record.progress.output?["bookingNumber"]?.stringValue,
            history: history
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
        /// Histories have no gaps and only steps that the state machine allows.
        case soundHistory
        /// The API shows what is stored.
        case shownIsStored
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
