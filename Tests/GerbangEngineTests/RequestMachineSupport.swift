internal import GerbangCore
internal import GerbangJSON

@testable internal import GerbangEngine

/// Requests in every state, made by the machine itself, and shorthands for putting inputs through it.
enum Machine {
    static let start = Timestamp(milliseconds: 1_767_578_400_000)
    static let deadline = start + .seconds(86_400)
    static let later = start + .seconds(3600)
    static let inquiry = Inquiry(operation: OperationID(checked: "ask"), conclusiveAfter: .seconds(60))
    static let trouble = GerbangError(.agencyUnavailable, "busy")
    static let unknown = GerbangError(.outcomeUnknown, "who knows")

    static func context(
        _ effect: Effect = .nonIdempotent,
        inquiry: Inquiry? = inquiry,
        attempts: Int = 15,
        at now: Timestamp = later
    ) -> RequestMachine.Context {
        RequestMachine.Context(effect: effect, inquiry: inquiry, maximumAttempts: attempts, now: now, jitter: 0.5)
    }

    static func apply(
        _ input: RequestMachine.Input,
        to progress: RequestProgress,
        _ context: RequestMachine.Context = context()
    ) throws -> RequestProgress {
        try RequestMachine.apply(input, to: progress, in: context).progress
    }

    static func claim(_ progress: RequestProgress, at now: Timestamp = later) throws -> RequestProgress {
        try apply(.claim(owner: "worker", leaseFor: .seconds(60)), to: progress, context(at: now))
    }

    static func settle(
        _ outcome: RequestMachine.CallOutcome,
        _ progress: RequestProgress,
        _ context: RequestMachine.Context = context()
    ) throws -> RequestProgress {
        try apply(.outcome(outcome, epoch: progress.epoch), to: progress, context)
    }

    static let queued = RequestProgress(acceptedAt: start, deadline: deadline)

    static func running() throws -> RequestProgress { try claim(queued, at: start) }
    static func inDoubt() throws -> RequestProgress {
        try settle(.verdict(.inDoubt(unknown)), running(), context(at: start))
    }
    static func inquiring() throws -> RequestProgress { try claim(inDoubt()) }
    static func awaiting() throws -> RequestProgress {
        try settle(
            .verdict(.pending(agencyReference: "R", checkAfter: .seconds(60))),
            running(),
            context(at: start)
        )
    }
    static func polling() throws -> RequestProgress { try claim(awaiting()) }
    static func retrying() throws -> RequestProgress {
        try settle(.verdict(.transient(trouble)), running(), context(at: start))
    }
    static func failed() throws -> RequestProgress {
        try settle(.unprepared(GerbangError(.internalFault, "broken")), running(), context(at: start))
    }
    static func discarded() throws -> RequestProgress { try apply(.discard(actor: "o"), to: failed()) }
    static func succeeded() throws -> RequestProgress {
        try settle(.verdict(.succeeded(output: nil)), running(), context(at: start))
    }
    static func rejected() throws -> RequestProgress {
        try settle(.verdict(.rejected(GerbangError(.agencyRejected, "no"))), running(), context(at: start))
    }
    static func cancelled() throws -> RequestProgress { try apply(.cancel(actor: "c"), to: queued) }
    static func expired() throws -> RequestProgress {
        try apply(.checkDeadline, to: queued, context(at: deadline))
    }
}
