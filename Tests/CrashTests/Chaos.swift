internal import DukcapilSimulator
internal import GerbangCore
internal import GerbangTesting
internal import OSSSimulator
internal import SATUSEHATSimulator
internal import TransportSimulator

/// Makes the agencies as unreliable as agencies are.
struct Chaos: Sendable {
    let agencies: Agencies
    let stage: Stage
    let dice: Dice

    private let clock = SystemClock()

    init(agencies: Agencies, stage: Stage, dice: Dice) {
        self.agencies = agencies
        self.stage = stage
        self.dice = dice
    }

    /// Those that may be followed by a wait are rare, or nothing would get done.
    private static let faults: [Fault] =
        [Fault.resetAfter, .resetBefore, .slow, .truncated, .garbage, .html, .status500].flatMap { [$0, $0, $0, $0] }
        + [.unavailable]

    /// Makes trouble until the task is cancelled; then there is no more of it.
    func rage() async {
        while !Task.isCancelled {
            await pause(dice.milliseconds(10...60))
            guard stage.current != nil else { continue }
            if dice.chance(0.02) {
                await refuseForAWhile()
            } else {
                inject()
            }
        }
        for plan in [agencies.registry.faults, agencies.transport.faults] { plan.clear() }
        for plan in [agencies.licensing.faults, agencies.health.faults] { plan.clear() }
    }

    private func inject() {
        guard let fault = dice.pick(Self.faults) else { return }
        switch dice.number(0...19) {
        case ..<6: agencies.transport.faults.inject(fault, operation: "book-inspection")
        case ..<8: agencies.transport.faults.inject(fault, operation: "find-booking")
        case ..<11: agencies.licensing.faults.inject(fault, operation: "receive-license-status")
        case ..<12: agencies.licensing.faults.inject(fault, operation: "check-license-status")
        case ..<14: agencies.health.faults.inject(fault, operation: "register-encounter")
        case ..<15: agencies.health.faults.inject(fault, operation: "find-encounter")
        case ..<16: agencies.health.faults.inject(.duplicate, operation: "register-encounter")
        case ..<17: agencies.health.expireTokens()
        // A wait that the registry asks for holds everybody up; that is shown elsewhere.
        default: agencies.registry.faults.inject(fault == .unavailable ? .status500 : fault)
        }
    }

    /// Somebody who can be out of reach for a while.
    private struct Absentee: Sendable {
        let refuse: @Sendable () -> Void
        let accept: @Sendable () throws -> Void
    }

    private func refuseForAWhile() async {
        let (agencies, number) = (agencies, dice.number(0...4))
        let absentee =
            switch number {
            case 0: Absentee(refuse: agencies.registry.refuse, accept: agencies.registry.accept)
            case 1: Absentee(refuse: agencies.transport.refuse, accept: agencies.transport.accept)
            case 2: Absentee(refuse: agencies.licensing.refuse, accept: agencies.licensing.accept)
            case 3: Absentee(refuse: agencies.health.refuse, accept: agencies.health.accept)
            default: Absentee(refuse: agencies.receiver.refuse, accept: agencies.receiver.accept)
            }
        try? await Blocking.run { absentee.refuse() }
        await pause(dice.milliseconds(20...150))
        while true {
            do {
                return try absentee.accept()
            } catch {
                // Another program may have got the port as its own end of a connection, for a moment.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private func pause(_ duration: Duration) async {
        try? await clock.sleep(until: clock.now() + duration)
    }
}
