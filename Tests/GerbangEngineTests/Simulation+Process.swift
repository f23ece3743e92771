internal import GerbangCore

@testable internal import GerbangEngine

// What the gateway process does: claim, send, settle, recover, and go down at any point in between.
extension Simulation {
    mutating func claim() {
        guard case .open(let slots, let retrySlots) = gate.admission(at: clock) else { return }
        let now = clock
        let due = requests.indices
            .filter {
                !isBehind($0) && requests[$0].progress.lease == nil
                    && (requests[$0].progress.dueAt ?? .init(milliseconds: .max)) <= now
            }
            .sorted { requests[$0].progress.dueAt ?? now < requests[$1].progress.dueAt ?? now }
        var (taken, retries) = (0, 0)
        for index in due where taken < slots {
            let isRetry = requests[index].progress.failures > 0
            if isRetry {
                guard retries < retrySlots else { continue }
                retries += 1
            }
            taken += 1
            guard !crashes("before the claim is stored") else { return }
            apply(.claim(owner: "life-\(life)", leaseFor: Self.lease), to: index)
            let progress = requests[index].progress
            guard violation == nil, progress.lease != nil else { continue }
            gate.callBegan(isRetry: isRetry)
            let call = Call(
                request: index,
                epoch: progress.epoch,
                step: progress.step,
                leaseUntil: time + Self.lease,
                isRetry: isRetry,
                life: life
            )
            plan(.send(call), after: duration(upTo: .milliseconds(50)))
            guard !crashes("after the claim was stored") else { return }
        }
    }

    mutating func send(_ call: Call) {
        guard !crashes("before the message is sent") else { return }
        var call = call
        if options.checksLeaseBeforeSending, time + Self.callTimeout > call.leaseUntil {
            call.outcome = .failure(WireFailure(.cancelled, .notSent))
            note(call.request, "too late to send under this lease")
            plan(.end(call), after: .zero)
            return
        }
        let delay: Duration
        (call.outcome, delay) = call.step == .send ? deliver(call) : ask(about: call)
        requests[call.request].onTheWire += 1
        plan(.end(call), after: delay)
        _ = crashes("after the message was sent")
    }

    /// The call is over on the wire; its outcome is on its way to the store.
    mutating func end(_ call: Call) {
        requests[call.request].onTheWire = max(0, requests[call.request].onTheWire - 1)
        _ = gate.callEnded(health(of: call.outcome), isRetry: call.isRetry, at: clock, jitter: 0.5)
        plan(.settle(call), after: chance(5) ? duration(upTo: .seconds(300)) : duration(upTo: .milliseconds(20)))
    }

    mutating func settle(_ call: Call) {
        guard let outcome = call.outcome else { return }
        guard call.life != life || !crashes("before the outcome is stored") else { return }
        apply(.outcome(outcome, epoch: call.epoch), to: call.request)
        if chance(4) { plan(.settle(call), after: duration(upTo: .seconds(120))) }
        if call.life == life { _ = crashes("after the outcome was stored") }
    }

    mutating func sweep() {
        let ended = requests.indices.filter { index in
            requests[index].progress.lease.map { $0.until < clock } ?? false
        }
        if options.fencesRecovery {
            recover(ended)
        } else if !ended.isEmpty {
            plan(.recover(ended), after: duration(upTo: .seconds(2)))
        }
        for index in requests.indices
        where requests[index].progress.state == .queued && requests[index].progress.deadline < clock {
            apply(.checkDeadline, to: index)
        }
    }

    mutating func recover(_ listed: [Int]) {
        for index in listed {
            apply(.recover, to: index)
            guard !crashes("between two recoveries") else { return }
        }
    }

    mutating func restart() {
        isAlive = true
        life += 1
        gate = Self.newGate()
        note("the process starts again")
        recover(requests.indices.filter { requests[$0].progress.lease != nil })
    }

    // MARK: Trouble

    mutating func makeTrouble() {
        guard isAlive else { return }
        if chance(1) { crash("out of the blue") }
        if isAlive, frozenUntil == nil, chance(options.standstillPercent) { freeze(for: duration(upTo: .seconds(400))) }
        if chance(1) {
            let step = duration(upTo: .seconds(7200))
            clockOffset -= step
            note("the clock is set back by \(step)")
        }
        if options.setsClockForward, chance(10) {
            clockOffset += duration(upTo: .seconds(3600))
            note("the clock is set forward")
        }
        if chance(4) {
            let index = roll(0...requests.count - 1)
            let here = requests[index].progress.assignment?.connection ?? ConnectionID(checked: "first")
            let wish = RequestMachine.Reroute(
                from: here,
                to: .init(connection: ConnectionID(checked: "next-\(steps)"), operation: OperationID(checked: "ask")),
                because: .breakerOpen,
                recognisesRepetition: roll(1...4) == 1
            )
            apply(.reroute(wish), to: index)
        }
        if chance(2) { gate.isPaused.toggle() }
        if gate.isPaused, chance(40) { gate.isPaused = false }
    }

    mutating func crashes(_ point: String) -> Bool {
        guard chance(3) else { return false }
        crash(point)
        return true
    }

    private mutating func crash(_ point: String) {
        note("** the process dies \(point)")
        crashes += 1
        isAlive = false
        frozenUntil = nil
        for index in requests.indices { requests[index].onTheWire = 0 }
        let spared = roll(1...5) == 1
        schedule.removeAll { scheduled in
            switch scheduled.happening {
            case .send, .end, .recover, .restart: true
            // Sometimes another process reports what this one had found out.
            case .settle: !spared
            case .effect, .decision: false
            }
        }
        // What the agency still does about calls that broke off, it does within the time that its inquiry promises.
        if !options.isAgencyTooLate {
            for position in schedule.indices {
                guard case .effect(let request) = schedule[position].happening else { continue }
                let promised = time + (requests[request].conclusiveAfter - .milliseconds(1))
                schedule[position].at = min(schedule[position].at, promised)
            }
        }
        plan(.restart, after: duration(upTo: .seconds(600)))
    }

    /// The process stands still, with everything that it was about to do; the world goes on.
    private mutating func freeze(for span: Duration) {
        let end = time + span
        note("the process stands still for \(span)")
        frozenUntil = end
        for position in schedule.indices where schedule[position].at < end {
            switch schedule[position].happening {
            case .send, .end, .settle, .recover: schedule[position].at = end + duration(upTo: .milliseconds(600))
            case .restart, .effect, .decision: break
            }
        }
    }

    private func health(of outcome: RequestMachine.CallOutcome?) -> ConnectionGate.CallHealth {
        switch outcome {
        case .verdict(.throttled(_, let until)): .throttled(until: until)
        case .verdict(.transient), .verdict(.unauthorized), .verdict(.inDoubt), .failure, .finding(.unclear): .failed
        case .verdict, .finding: .healthy
        case .unprepared, nil: .unrelated
        }
    }
}

extension SimulatedRequest {
    var conclusiveAfter: Duration { inquiry?.conclusiveAfter ?? .seconds(60) }
}
