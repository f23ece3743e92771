internal import GerbangCore
internal import GerbangJSON

@testable internal import GerbangEngine

// What the agency does. It never lies (unless an option says so), but answers get lost and effects come late.
extension Simulation {
    private static let trouble = GerbangError(.agencyUnavailable, "simulated")

    /// A message arrives, or not: what the process will see of it, and after how long.
    mutating func deliver(_ call: Call) -> (RequestMachine.CallOutcome, Duration) {
        let end = duration(upTo: Self.callTimeout - .milliseconds(1))
        if chance(2) {
            return (.unprepared(GerbangError(chance(50) ? .invalidInput : .internalFault, "simulated")), .zero)
        }
        if chance(1) { return (.failure(WireFailure(.unsendable, .notSent)), .zero) }
        if chance(10) {
            note(call.request, "cannot connect")
            return (.failure(WireFailure([.connect, .resolve, .tls][roll(0...2)], .notSent)), end)
        }
        let verdict = decideAtOnce(call.request, end: end)
        guard !chance(25) else {
            let kind = [WireFailure.Kind.timeout, .reset, .malformed, .tooLarge, .cancelled][roll(0...4)]
            note(call.request, "\(verdict.name), but the answer is lost (\(kind.rawValue))")
            return (.failure(WireFailure(kind, .maybeSent)), kind == .timeout ? Self.callTimeout : end)
        }
        note(call.request, "\(verdict.name)")
        return (.verdict(verdict), end)
    }

    private mutating func decideAtOnce(_ index: Int, end: Duration) -> Verdict {
        let request = requests[index]
        requests[index].isRejected = false
        guard request.effect != .query else { return isHealing || roll(1...3) == 1 ? succeeded : mood(index) }
        if case .idempotent = request.effect, request.effects + request.unsettled > 0 {
            // It knows the key already.
            guard request.effects == 0 else { return succeeded }
            return request.registrations > 0 ? .pending(agencyReference: "R", checkAfter: .seconds(60)) : mood(index)
        }
        switch isHealing ? 1 : roll(1...100) {
        case ...50:
            schedulePlainEffect(index, within: end)
            return succeeded
        case ...58:
            requests[index].registrations += 1
            requests[index].unsettled += 1
            plan(.decision(request: index), after: duration(upTo: .seconds(7200)))
            return .pending(agencyReference: "R-\(index)", checkAfter: duration(upTo: .seconds(600)))
        case ...66:
            requests[index].isRejected = true
            return .rejected(GerbangError(.agencyRejected, "simulated"))
        case ...76:
            // The answer says nothing, and the effect may come later than the call ends.
            if roll(1...2) == 1 { scheduleLateEffect(index, end: end) }
            return .inDoubt(GerbangError(.outcomeUnknown, "simulated"))
        default:
            if options.doesAgencyLie, chance(30) { schedulePlainEffect(index, within: end) }
            return mood(index)
        }
    }

    /// An answer that says truly that nothing was done.
    private mutating func mood(_ index: Int) -> Verdict {
        switch roll(1...4) {
        case 1: .transient(Self.trouble, retryAfter: roll(1...2) == 1 ? nil : duration(upTo: .seconds(900)))
        case 2: .throttled(Self.trouble, until: clock + duration(upTo: .seconds(1800)))
        case 3: .unauthorized(GerbangError(.agencyUnauthorized, "simulated"))
        default: .transient(Self.trouble)
        }
    }

    private var succeeded: Verdict { .succeeded(output: ["ok": true], agencyReference: "A") }

    private mutating func schedulePlainEffect(_ index: Int, within end: Duration) {
        guard !chance(30) else { return scheduleLateEffect(index, end: end) }
        requests[index].unsettled += 1
        plan(.effect(request: index), after: .milliseconds(roll(0...Int(end.milliseconds))))
    }

    /// The effect comes up to the promised time after the call has ended, and after that if the agency breaks its promise.
    private mutating func scheduleLateEffect(_ index: Int, end: Duration) {
        requests[index].unsettled += 1
        let promised = requests[index].conclusiveAfter - .milliseconds(1)
        let delay = options.isAgencyTooLate ? promised * 3 : promised
        plan(.effect(request: index), after: end + duration(upTo: delay))
    }

    mutating func act(on index: Int) {
        requests[index].unsettled -= 1
        if case .idempotent = requests[index].effect, requests[index].effects > 0 { return }
        requests[index].effects += 1
        let request = requests[index]
        note(index, "EFFECT number \(request.effects)")
        if request.effect == .nonIdempotent, request.effects > 1 {
            fail("\(request.name): done \(request.effects) times")
        }
    }

    mutating func decide(_ index: Int) {
        requests[index].registrations -= 1
        if roll(1...4) == 1 {
            requests[index].unsettled -= 1
            requests[index].isRejected = true
            note(index, "the agency decides against it")
        } else {
            act(on: index)
        }
    }

    /// An inquiry: what the agency knows at this moment.
    mutating func ask(about call: Call) -> (RequestMachine.CallOutcome, Duration) {
        let delay = duration(upTo: Self.callTimeout - .milliseconds(1))
        let request = requests[call.request]
        if chance(8) { return (.failure(WireFailure(.timeout, chance(50) ? .maybeSent : .notSent)), delay) }
        if chance(8) { return (.finding(.unclear(Self.trouble, retryAfter: duration(upTo: .seconds(60)))), delay) }
        let finding: Finding =
            if request.effects > 0 {
                .done(output: ["ok": true], agencyReference: "A")
            } else if request.registrations > 0 {
                .pending(agencyReference: "R", checkAfter: .seconds(60))
            } else if request.isRejected {
                .rejected(GerbangError(.agencyRejected, "simulated"))
            } else {
                .notDone
            }
        note(call.request, "asked, the agency says \(finding)")
        return (.finding(finding), delay)
    }
}
