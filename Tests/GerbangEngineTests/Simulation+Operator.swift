internal import GerbangCore

@testable internal import GerbangEngine

// What clients and an honest operator do: the operator says what became of a request only when that can be known.
extension Simulation {
    mutating func commandAsOperator() {
        if isHealing {
            for index in requests.indices where isWaitingForOperator(index) { resolve(index) }
        } else if chance(6) {
            let index = roll(0...(requests.count - 1))
            switch roll(1...5) {
            case 1: command(.cancel(actor: "client"), index)
            case 2: command(.redrive(actor: "operator", deadline: clock + .seconds(roll(60...86_400))), index)
            case 3: command(.discard(actor: "operator"), index)
            default: resolve(index)
            }
        }
    }

    private func isWaitingForOperator(_ index: Int) -> Bool {
        let progress = requests[index].progress
        let isOpen = progress.state == .inDoubt || progress.state == .awaitingAgency
        return isOpen && progress.dueAt == nil && progress.lease == nil
    }

    private mutating func resolve(_ index: Int) {
        guard [.inDoubt, .awaitingAgency].contains(requests[index].progress.state) else {
            return command(.resolve(.resend, actor: "operator"), index)
        }
        guard requests[index].isTruthKnown else { return }
        let resolution: RequestMachine.Resolution =
            if requests[index].effects > 0 {
                .done(output: nil, agencyReference: nil)
            } else {
                roll(1...3) == 1 ? .notDone : .resend
            }
        command(.resolve(resolution, actor: "operator"), index)
    }

    private mutating func command(_ input: RequestMachine.Input, _ index: Int) {
        let before = requests[index].progress
        let isAllowed = before.allows(input)
        let wasApplied = apply(input, to: index)
        if wasApplied != isAllowed {
            fail("\(requests[index].name): \(before.state) \(isAllowed ? "refuses" : "allows") \(input)")
        }
    }
}

extension RequestProgress {
    /// Whether a command is possible, told once more and apart from the machine.
    fileprivate func allows(_ input: RequestMachine.Input) -> Bool {
        switch input {
        case .cancel: [.queued, .running, .inDoubt, .cancelled].contains(state)
        case .redrive: state == .failed
        case .discard: state == .failed && isDeadLetter
        case .resolve: state == .inDoubt || state == .awaitingAgency
        default: true
        }
    }
}
