internal import GerbangCore

@testable internal import GerbangEngine

/// A discrete-event simulation of a gateway process, its store, one agency and an honest operator.
///
/// Everything random comes from one seed. The process dies, freezes, loses answers and reports twice; the agency is slow,
/// late and moody but never lies about what it did. After every step the request's history and fields are checked, and
/// at the end its final state against the agency's ledger.
struct Simulation {
    typealias Machine =
        @Sendable (RequestMachine.Input, RequestProgress, RequestMachine.Context) throws(GerbangError)
        -> Transition

    /// What is simulated: everything but the defaults is a fault that the checker has to find.
    struct Options: Sendable {
        var machine: Machine = RequestMachine.apply
        /// Whether a worker looks at its lease again before the first byte leaves.
        var checksLeaseBeforeSending = true
        /// Whether a lease is taken away only if it is still the one that was found to have ended.
        var fencesRecovery = true
        /// Whether only the head of a case is claimed.
        var keepsOrder = true
        /// How often, in percent of the steps, the process stands still for a while.
        var standstillPercent = 2
        /// Whether the gateway's clock may be set forward while it runs.
        var setsClockForward = false
        /// Whether the agency may act on a call later than its inquiry promises.
        var isAgencyTooLate = false
        /// Whether the agency may say "not now" although it acted.
        var doesAgencyLie = false
    }

    /// Something that will happen.
    enum Happening {
        case send(Call)
        case end(Call)
        case settle(Call)
        case recover([Int])
        case restart
        case effect(request: Int)
        case decision(request: Int)
    }

    struct Scheduled {
        var at: Timestamp
        var order: UInt64
        var happening: Happening
    }

    /// A call that the process makes.
    struct Call {
        var request: Int
        var epoch: Int
        var step: RequestProgress.Step
        /// In true time: the process measures it with a clock that nobody sets.
        var leaseUntil: Timestamp
        var isRetry: Bool
        var life: Int
        var outcome: RequestMachine.CallOutcome?
    }

    static let callTimeout = Duration.seconds(30)
    static let lease = Duration.seconds(60)

    let seed: UInt64
    let options: Options
    let isTracing: Bool
    var random: RandomSource.Generator
    /// True time, from which the gateway's clock may differ.
    var time = Timestamp(milliseconds: 1_767_578_400_000)
    var clockOffset = Duration.zero
    var requests: [SimulatedRequest] = []
    /// Of every case, the request that may be called.
    var heads: [Int: Int] = [:]
    var gate: ConnectionGate
    var schedule: [Scheduled] = []
    var life = 1
    var isAlive = true
    var frozenUntil: Timestamp?
    var isHealing = false
    var steps = 0
    var violation: String?
    var trace: [String] = []
    var seen: [RequestEvent.Kind: Int] = [:]
    var crashes = 0

    init(seed: UInt64, options: Options = Options(), isTracing: Bool = false) {
        self.seed = seed
        self.options = options
        self.isTracing = isTracing
        random = RandomSource.Generator(state: seed)
        gate = Simulation.newGate()
        for number in 0..<roll(1...3) { requests.append(makeRequest(number)) }
        for (index, request) in requests.enumerated().reversed() {
            if let key = request.caseNumber { heads[key] = index }
        }
    }

    static func newGate() -> ConnectionGate {
        let breaker = BreakerLimits(consecutiveFailures: 4, minimumCalls: 10)
        return ConnectionGate(limits: FlowLimits(concurrency: 2, breaker: breaker), calendar: ServiceCalendar())
    }

    /// The gateway's clock.
    var clock: Timestamp { time + clockOffset }

    /// Runs until every request has ended or something is wrong.
    mutating func run() {
        let chaos = roll(20...120)
        while violation == nil {
            steps += 1
            if steps == chaos { heal() }
            guard steps < chaos + 1500 else { return fail("not all requests have ended after \(steps) steps") }
            if !isHealing { makeTrouble() }
            commandAsOperator()
            guard let next = takeNext() else {
                if isHealing, requests.allSatisfy({ $0.progress.state.isFinal }) { break }
                if !isHealing { continue }
                return fail("nothing happens any more, but a request has not ended")
            }
            time = max(time, next.at)
            happen(next.happening)
        }
        if violation == nil { checkLedger() }
    }

    // MARK: Time

    /// The next thing that happens: something scheduled, or the scheduler or the sweeper waking up.
    private mutating func takeNext() -> Scheduled? {
        var candidates: [(at: Timestamp, order: UInt64, index: Int?)] = schedule.indices.map {
            (schedule[$0].at, schedule[$0].order, $0)
        }
        if isAlive, let wakeUp = nextWakeUp() { candidates.append((wakeUp, random.next(), nil)) }
        guard let first = candidates.min(by: { ($0.at, $0.order) < ($1.at, $1.order) }) else { return nil }
        if let index = first.index { return schedule.remove(at: index) }
        return Scheduled(at: first.at, order: 0, happening: .recover([]))
    }

    /// Whether an older request of the same case comes first.
    func isBehind(_ index: Int) -> Bool {
        guard options.keepsOrder, let key = requests[index].caseNumber else { return false }
        return heads[key] != index
    }

    /// When the process has to look at its requests again, in true time.
    private mutating func nextWakeUp() -> Timestamp? {
        var moments: [Timestamp] = []
        for request in requests {
            if let lease = request.progress.lease { moments.append(lease.until + .milliseconds(1)) }
            if let due = request.progress.dueAt, !isBehind(request.number) { moments.append(due) }
            if request.progress.state == .queued { moments.append(request.progress.deadline + .milliseconds(1)) }
        }
        guard var next = moments.min() else { return nil }
        if next <= clock {
            // Something is due: now, or when the gate opens.
            next = clock + .milliseconds(1)
            if case .closed(_, let until) = gate.admission(at: clock) {
                next = until ?? clock + .milliseconds(roll(1...5000))
            }
        }
        let moment = max(time, next + (.zero - clockOffset))
        return frozenUntil.map { max($0, moment) } ?? moment
    }

    mutating func plan(_ happening: Happening, after delay: Duration) {
        schedule.append(Scheduled(at: time + delay, order: random.next(), happening: happening))
    }

    private mutating func happen(_ happening: Happening) {
        switch happening {
        case .send(let call): send(call)
        case .end(let call): end(call)
        case .settle(let call): settle(call)
        case .recover(let listed):
            if let until = frozenUntil, time >= until { frozenUntil = nil }
            recover(listed)
            if listed.isEmpty, isAlive { sweep() }
            if listed.isEmpty, isAlive { claim() }
        case .restart: restart()
        case .effect(let request): act(on: request)
        case .decision(let request): decide(request)
        }
    }

    private mutating func heal() {
        isHealing = true
        gate.isPaused = false
        note("-- from here on nothing goes wrong any more")
        if !isAlive, !schedule.contains(where: { if case .restart = $0.happening { true } else { false } }) {
            plan(.restart, after: .seconds(1))
        }
    }

    // MARK: Chance

    mutating func roll(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    /// Whether something of a likelihood of `percent` happens; nothing bad does once the world heals.
    mutating func chance(_ percent: Int) -> Bool { !isHealing && roll(1...100) <= percent }

    mutating func duration(upTo limit: Duration) -> Duration {
        .milliseconds(roll(0...Int(max(limit.milliseconds, 0))))
    }

    // MARK: Telling

    mutating func note(_ line: @autoclosure () -> String) {
        guard isTracing else { return }
        trace.append("\(time) \(clockOffset == .zero ? "" : "(clock \(clock)) ")\(line())")
    }

    mutating func note(_ index: Int, _ line: @autoclosure () -> String) {
        guard isTracing else { return }
        let name = requests[index].name
        trace.append("\(time) \(clockOffset == .zero ? "" : "(clock \(clock)) ")\(name): \(line())")
    }

    mutating func fail(_ reason: String) {
        guard violation == nil else { return }
        violation = reason
        note("!! \(reason)")
    }
}
