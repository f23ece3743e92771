internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import GerbangEngine

@Suite("Every state and every input")
struct RequestMachineTableTests {
    /// A state, and what each input makes of it: the next state, `=` for no change at all, `!` for a conflict.
    struct Row: Sendable, CustomStringConvertible {
        var description: String
        var make: @Sendable () throws -> RequestProgress
        var cells: String
    }

    static let columns =
        "claim      late       recover    overdue    cancel     redrive    done       notDone    resend     discard"

    static let rows: [Row] = [
        Row(
            description: "queued",
            make: { Machine.queued },
            cells:
                "running    expired    =          expired    cancelled  !          !          !          !          !"
        ),
        Row(
            description: "queued again",
            make: Machine.retrying,
            cells:
                "running    expired    =          expired    cancelled  !          !          !          !          !"
        ),
        Row(
            description: "running",
            make: Machine.running,
            cells:
                "!          !          inDoubt    =          running    !          !          !          !          !"
        ),
        Row(
            description: "in doubt",
            make: Machine.inDoubt,
            cells:
                "inDoubt    inDoubt    =          =          inDoubt    !          succeeded  failed     queued     !"
        ),
        Row(
            description: "in doubt, asking",
            make: Machine.inquiring,
            cells:
                "!          !          inDoubt    =          inDoubt    !          succeeded  failed     queued     !"
        ),
        Row(
            description: "awaiting the agency",
            make: Machine.awaiting,
            cells:
                "awaitingAgency awaitingAgency = =           !          !          ?          ?          ?          !"
        ),
        Row(
            description: "awaiting the agency, asking",
            make: Machine.polling,
            cells:
                "!          !          awaitingAgency =      !          !          ?          ?          ?          !"
        ),
        Row(
            description: "succeeded",
            make: Machine.succeeded,
            cells:
                "!          !          =          =          !          !          !          !          !          !"
        ),
        Row(
            description: "rejected",
            make: Machine.rejected,
            cells:
                "!          !          =          =          !          !          !          !          !          !"
        ),
        Row(
            description: "failed",
            make: Machine.failed,
            cells:
                "!          !          =          =          !          queued     !          !          !          failed"
        ),
        Row(
            description: "failed and discarded",
            make: Machine.discarded,
            cells:
                "!          !          =          =          !          queued     !          !          !          !"
        ),
        Row(
            description: "expired",
            make: Machine.expired,
            cells:
                "!          !          =          =          !          !          !          !          !          !"
        ),
        Row(
            description: "cancelled",
            make: Machine.cancelled,
            cells:
                "!          !          =          =          =          !          !          !          !          !"
        ),
    ]

    private func transition(_ column: String, _ progress: RequestProgress) throws(GerbangError) -> Transition {
        let (now, after) = (Machine.later, Machine.deadline + .seconds(1))
        func apply(_ input: RequestMachine.Input, at moment: Timestamp) throws(GerbangError) -> Transition {
            try RequestMachine.apply(input, to: progress, in: Machine.context(at: moment))
        }
        return switch column {
        case "claim": try apply(.claim(owner: "w", leaseFor: .seconds(60)), at: now)
        case "late": try apply(.claim(owner: "w", leaseFor: .seconds(60)), at: after)
        case "recover": try apply(.recover, at: now)
        case "overdue": try apply(.checkDeadline, at: after)
        case "cancel": try apply(.cancel(actor: "a"), at: now)
        case "redrive": try apply(.redrive(actor: "a", deadline: after), at: now)
        case "done": try apply(.resolve(.done(output: nil, agencyReference: "A"), actor: "a"), at: now)
        case "notDone": try apply(.resolve(.notDone, actor: "a"), at: now)
        case "resend": try apply(.resolve(.resend, actor: "a"), at: now)
        default: try apply(.discard(actor: "a"), at: now)
        }
    }

    @Test("leads where the table says", arguments: rows)
    func table(_ row: Row) throws {
        let columns = Self.columns.split(separator: " ").map(String.init)
        let cells = row.cells.split(separator: " ").map(String.init)
        try #require(columns.count == cells.count)
        let before = try row.make()
        for (column, cell) in zip(columns, cells) where cell != "?" {
            do throws(GerbangError) {
                let result = try transition(column, before)
                guard cell != "=" else {
                    #expect(result.events.isEmpty && result.progress == before, "\(column)")
                    continue
                }
                #expect(cell == result.progress.state.rawValue, "\(column)")
                #expect(result.events.last?.state == result.progress.state, "\(column)")
                let numbers = result.events.map(\.sequence)
                #expect(!numbers.isEmpty && numbers == (1...numbers.count).map { before.sequence + $0 }, "\(column)")
            } catch {
                #expect(cell == "!", "\(column): \(error)")
                #expect(error.code == .conflict)
            }
        }
    }

    @Test("an outcome without a lease is noted and changes nothing", arguments: rows)
    func staleOutcome(_ row: Row) throws {
        let before = try row.make()
        for epoch in [before.epoch - 1, before.epoch + 1] {
            let result = try RequestMachine.apply(
                .outcome(.verdict(.succeeded(output: nil)), epoch: epoch),
                to: before,
                in: Machine.context()
            )
            var expected = before
            expected.sequence += 1
            expected.updatedAt = Machine.later
            #expect(result.progress == expected)
            #expect(result.events.map(\.kind) == [.staleOutcome])
        }
    }

    @Test("an outcome under an old lease leaves the error alone")
    func staleFailure() throws {
        let before = try Machine.succeeded()
        let failure = RequestMachine.CallOutcome.failure(WireFailure(.timeout, .maybeSent))
        let after = try Machine.apply(.outcome(failure, epoch: 0), to: before)
        #expect(after.error == nil)
    }

    @Test("a request that is not due cannot be claimed, and one that is due can")
    func claimsInTime() throws {
        let retrying = try Machine.retrying()
        let due = try #require(retrying.dueAt)
        #expect(throws: GerbangError.self) { try Machine.claim(retrying, at: due + .milliseconds(-1)) }
        let claimed = try Machine.claim(retrying, at: due)
        #expect(claimed.epoch == 2)
        #expect(claimed.calls == 2)
        #expect(claimed.attempts == 1)
        let lease = RequestProgress.Lease(owner: "worker", since: due, until: due + .seconds(60))
        #expect(claimed.lease == lease)
        #expect(claimed.dueAt == nil)
    }
}
