internal import DukcapilSimulator
internal import GerbangCore
internal import GerbangTesting
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
        agencies.registry.faults.clear()
        agencies.transport.faults.clear()
    }

    private func inject() {
        guard let fault = dice.pick(Self.faults) else { return }
        switch dice.number(0...9) {
        case ..<5: agencies.transport.faults.inject(fault, operation: "book-inspection")
        case ..<7: agencies.transport.faults.inject(fault, operation: "find-booking")
        // A wait that the registry asks for holds everybody up; that is shown elsewhere.
        default: agencies.registry.faults.inject(fault == .unavailable ? .status500 : fault)
        }
    }

    private func refuseForAWhile() async {
        let (agencies, isRegistry) = (agencies, dice.chance(0.5))
        try? await Blocking.run { isRegistry ? agencies.registry.refuse() : agencies.transport.refuse() }
        await pause(dice.milliseconds(20...150))
        while true {
            do {
                return try isRegistry ? agencies.registry.accept() : agencies.transport.accept()
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
