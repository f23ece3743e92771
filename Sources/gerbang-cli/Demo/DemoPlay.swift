internal import DukcapilSimulator
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import TransportSimulator

/// What happens in the demo.
struct DemoPlay {
    let world: DemoWorld
    let stage: DemoStage

    private let clock = SystemClock()
    private let inspectionDay = SystemClock().now().date(in: .wib)

    /// Plays all scenes.
    ///
    /// - Returns: Whether everything held.
    func perform() async throws -> Bool {
        stage.heading("A gateway listens on \(world.daemon.url); two simulated agencies stand behind it")
        var requests: [RequestID] = []

        stage.heading("1  An identity is verified at the civil registry (REST; the verdict is inside an HTTP 200)")
        requests.append(try await submit("population.identity.verify", Self.identity, key: "demo-identity"))
        try await follow(requests[0])

        stage.heading("2  The registry is down; the request waits the outage out")
        world.registry.refuse()
        requests.append(try await submit("population.person.lookup", Self.person, key: "demo-outage"))
        let beforeRecovery = try await follow(requests[1], until: { $0.kind == .retryScheduled && $0.attempt == 2 })
        try world.registry.accept()
        stage.say(stage.style.ink("the registry is back", .faint))
        try await follow(requests[1], after: beforeRecovery)

        stage.heading(
            "3  A booking is made, but the reply is lost (SOAP, not idempotent): it is asked about, not resent"
        )
        world.transport.faults.inject(.resetAfter, operation: "book-inspection")
        requests.append(try await submit("transport.inspection.book", booking("B 9012 TRK"), key: "demo-lost-reply"))
        try await follow(requests[2])

        stage.heading("4  The gateway is killed with SIGKILL while a booking is under way, and started again")
        world.transport.faults.inject(.slow, operation: "book-inspection")
        requests.append(try await submit("transport.inspection.book", booking("D 4321 ABC"), key: "demo-kill"))
        let beforeKill = try await follow(requests[3], until: { $0.kind == .sending })
        world.daemon.kill()
        stage.say(stage.style.ink("killed", .red))
        try world.restartDaemon()
        stage.say(stage.style.ink("started again on \(world.daemon.url)", .faint))
        try await follow(requests[3], after: beforeKill)

        stage.heading("5  A client that never got its answer submits once more with the same key")
        let repeated = try await submit("transport.inspection.book", booking("D 4321 ABC"), key: "demo-kill")
        stage.say("the same request answers: \(repeated)")

        return try await verify(requests, repeated: repeated)
    }

    private func verify(_ requests: [RequestID], repeated: RequestID) async throws -> Bool {
        stage.heading("The transport agency's ledger: every booking that was made there")
        for entry in world.transport.ledger.entries { stage.say("\(entry.key)  \(entry.reference)") }

        stage.heading("What must hold")
        var holds = true
        func check(_ text: String, _ condition: Bool) {
            stage.check(text, condition)
            holds = holds && condition
        }
        for (index, id) in requests.enumerated() {
            let request = try await world.client.request(id).request
            check("request \(index + 1) succeeded", request.state == .succeeded)
        }
        for id in requests.suffix(2) {
            let count = world.transport.ledger.entries(for: id.description).count
            check("booking \(id) was made exactly once", count == 1)
        }
        check("the repeated submission is the same request", repeated == requests[3])
        for id in requests {
            let sequences = try await world.client.history(of: id).map(\.event.sequence)
            holds = holds && sequences == Array(1...max(1, sequences.count))
        }
        check("no history has a gap", holds)
        return holds
    }

    // MARK: Submitting and following

    private func submit(_ service: String, _ payload: JSONValue, key: String) async throws -> RequestID {
        let body: JSONValue = ["service": .string(service), "region": "31.74", "payload": payload]
        let found = try await world.client.submit(body, idempotencyKey: key)
        stage.say("\(service)  \(found.request.id)")
        return found.request.id
    }

    /// Shows a request's history after event number `sequence` as it happens, until the request ends or `isEnough`.
    ///
    /// - Returns: The number of the last event that was shown.
    @discardableResult
    private func follow(
        _ id: RequestID,
        after sequence: Int = 0,
        until isEnough: (RequestEvent) -> Bool = { _ in false }
    ) async throws -> Int {
        var timeline = Timeline(style: stage.style)
        var sequence = sequence
        let limit = clock.now() + .seconds(60)
        while clock.now() < limit {
            for event in try await world.client.history(of: id, after: sequence).map(\.event) {
                sequence = event.sequence
                stage.say(timeline.line(for: event))
                if event.state.isFinal || isEnough(event) { return sequence }
            }
            try await clock.sleep(until: clock.now() + .milliseconds(50))
        }
        throw CommandError(.timedOut, "request \(id) did not come to its end within a minute")
    }

    private static let identity: JSONValue = [
        "nik": "3174015708900003", "name": "SITI CONTOH", "birthPlace": "JAKARTA", "birthDate": "1990-08-17",
    ]

    private static let person: JSONValue = ["nik": "3273012512850001"]

    private func booking(_ plate: String) -> JSONValue {
        let day = CivilDate(daysSinceEpoch: inspectionDay.daysSinceEpoch + 7)
        return ["plate": .string(plate), "station": "JKT-PULOGADUNG", "date": .string(day.description)]
    }
}
