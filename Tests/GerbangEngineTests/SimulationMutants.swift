internal import GerbangCore

@testable internal import GerbangEngine

/// Faults that the simulation has to find: a checker that finds nothing proves nothing.
struct Mutant: Sendable, CustomStringConvertible {
    var description: String
    /// A part of what the checker has to object.
    var objection: String
    var options: Simulation.Options

    private init(_ description: String, finds objection: String, _ change: (inout Simulation.Options) -> Void) {
        self.description = description
        self.objection = objection
        options = Simulation.Options()
        change(&options)
    }

    private init(
        machine description: String,
        finds objection: String,
        _ machine: @escaping Simulation.Machine
    ) {
        self.init(description, finds: objection) { $0.machine = machine }
    }

    static let all: [Mutant] = [
        Mutant(machine: "a doubtful call is sent again without asking", finds: "done 2 times") {
            input,
            progress,
            context throws(GerbangError) in
            var context = context
            context.effect = .query
            return try RequestMachine.apply(input, to: progress, in: context)
        },
        Mutant(machine: "a crash queues every request again", finds: "done 2 times") {
            input,
            progress,
            context throws(GerbangError) in
            var context = context
            if case .recover = input { context.effect = .query }
            return try RequestMachine.apply(input, to: progress, in: context)
        },
        Mutant(machine: "a negative answer counts however early", finds: "done 2 times") {
            input,
            progress,
            context throws(GerbangError) in
            var context = context
            context.inquiry?.conclusiveAfter = .zero
            return try RequestMachine.apply(input, to: progress, in: context)
        },
        Mutant(
            machine: "the outcome of an old lease is taken for that of the new one",
            finds: "an outcome under an old lease"
        ) {
            input,
            progress,
            context throws(GerbangError) in
            guard case .outcome(let outcome, _) = input else {
                return try RequestMachine.apply(input, to: progress, in: context)
            }
            return try RequestMachine.apply(.outcome(outcome, epoch: progress.epoch), to: progress, in: context)
        },
        Mutant(machine: "a request goes to another agency although its fate is unknown", finds: "another agency gets") {
            input,
            progress,
            context throws(GerbangError) in
            guard case .reroute = input else { return try RequestMachine.apply(input, to: progress, in: context) }
            var progress = progress
            progress.doubtfulSince = nil
            return try RequestMachine.apply(input, to: progress, in: context)
        },
        Mutant("requests of one case overtake each other", finds: "two requests of one case") { $0.keepsOrder = false },
        Mutant(machine: "attempts are not limited", finds: "attempt") { input, progress, context throws(GerbangError) in
            var context = context
            context.maximumAttempts = .max
            return try RequestMachine.apply(input, to: progress, in: context)
        },
        Mutant(machine: "an event gets lost", finds: "the events are miscounted") {
            input,
            progress,
            context throws(GerbangError) in
            var transition = try RequestMachine.apply(input, to: progress, in: context)
            if case .recover = input { transition.events.removeAll() }
            return transition
        },
        Mutant(machine: "cancelling during a call ends the request at once", finds: "ended as cancelled, but was done")
        {
            input,
            progress,
            context throws(GerbangError) in
            var transition = try RequestMachine.apply(input, to: progress, in: context)
            if case .cancel = input, progress.state == .running {
                transition.progress.state = .cancelled
                transition.progress.lease = nil
                transition.progress.finishedAt = context.now
                transition.events[0].state = .cancelled
                transition.events[0].kind = .cancelled
            }
            return transition
        },
        Mutant(machine: "a claim keeps the old epoch", finds: "without an epoch of its own") {
            input,
            progress,
            context throws(GerbangError) in
            var transition = try RequestMachine.apply(input, to: progress, in: context)
            if case .claim = input { transition.progress.epoch = progress.epoch }
            return transition
        },
        Mutant(machine: "a request is queued without a due time", finds: "queued for never") {
            input,
            progress,
            context throws(GerbangError) in
            var transition = try RequestMachine.apply(input, to: progress, in: context)
            if case .outcome = input, transition.progress.state == .queued { transition.progress.dueAt = nil }
            return transition
        },
        Mutant(machine: "a deadline ends a request in doubt", finds: "ended as expired, but was done") {
            input,
            progress,
            context throws(GerbangError) in
            var doubtful = progress
            if case .claim = input, progress.state == .inDoubt, context.now >= progress.deadline {
                (doubtful.step, doubtful.doubtfulSince) = (.send, nil)
            }
            return try RequestMachine.apply(input, to: doubtful, in: context)
        },
        Mutant(
            machine: "an idempotent request is given up although it is not known what became of it",
            finds: "but was done"
        ) { input, progress, context throws(GerbangError) in
            var certain = progress
            if case .idempotent = context.effect { certain.doubtfulSince = nil }
            return try RequestMachine.apply(input, to: certain, in: context)
        },
        Mutant("a worker that stood still sends under a lease that was taken away", finds: "done 2 times") {
            $0.checksLeaseBeforeSending = false
            $0.standstillPercent = 12
        },
        Mutant("a lease is taken away although it is a new one", finds: "done 2 times") {
            $0.fencesRecovery = false
            $0.standstillPercent = 12
        },
        Mutant("the clock is set forward while a doubt is open", finds: "done 2 times") { $0.setsClockForward = true },
        Mutant("the agency acts later than it promised", finds: "done 2 times") { $0.isAgencyTooLate = true },
        Mutant("the agency says that it did nothing, and did", finds: "done 2 times") { $0.doesAgencyLie = true },
    ]
}
