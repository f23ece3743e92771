internal import DukcapilSimulator
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import OSSSimulator
internal import SATUSEHATSimulator
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
        stage.heading("A gateway listens on \(world.daemon.url); four simulated agencies stand behind it")
        var table = Table("connection", "form of the adapter")
        for (connection, form) in DemoWorld.packagings { table.add([connection, form]) }
        for line in table.lines(stage.style) { stage.say(line) }
        var requests: [RequestID] = []

        stage.heading("1  The licensing system (OSS) is in maintenance; a request for it waits for the end, untried")
        let waiting = try await submit("licensing.business.lookup", Self.business, key: "demo-maintenance")
        requests.append(waiting)
        let told = try await world.client.request(waiting).request.progress
        stage.say("the citizen reads: \(told.texts.indonesian)")
        stage.say("in English: \(told.texts.english)")

        stage.heading("2  An identity is verified at the civil registry (REST; the verdict is inside an HTTP 200)")
        let identity = try await submit("population.identity.verify", Self.identity, key: "demo-identity")
        requests.append(identity)
        try await follow(identity)

        stage.heading("3  The registry is down; the request waits the outage out")
        agencies.registry.refuse()
        let outlasting = try await submit("population.person.lookup", Self.person, key: "demo-outage")
        requests.append(outlasting)
        let beforeRecovery = try await follow(outlasting, until: { $0.kind == .retryScheduled && $0.attempt == 2 })
        try agencies.registry.accept()
        stage.say(stage.style.ink("the registry is back", .faint))
        try await follow(outlasting, after: beforeRecovery)

        stage.heading(
            "4  A booking is made, but the reply is lost (SOAP, not idempotent): it is asked about, not resent"
        )
        agencies.transport.faults.inject(.resetAfter, operation: "book-inspection")
        let doubted = try await submit("transport.inspection.book", booking("B 9012 TRK"), key: "demo-lost-reply")
        requests.append(doubted)
        try await follow(doubted)

        stage.heading("5  The gateway is killed with SIGKILL while a booking is under way, and started again")
        agencies.transport.faults.inject(.slow, operation: "book-inspection")
        let killed = try await submit("transport.inspection.book", booking("D 4321 ABC"), key: "demo-kill")
        requests.append(killed)
        let beforeKill = try await follow(killed, until: { $0.kind == .sending })
        world.daemon.kill()
        stage.say(stage.style.ink("killed", .red))
        try world.restartDaemon()
        stage.say(stage.style.ink("started again on \(world.daemon.url)", .faint))
        try await follow(killed, after: beforeKill)

        stage.heading("6  A client that never got its answer submits once more with the same key")
        let repeated = try await submit("transport.inspection.book", booking("D 4321 ABC"), key: "demo-kill")
        stage.say("the same request answers: \(repeated)")

        stage.heading("7  The health platform (FHIR, OAuth2) lets all its tokens expire: one new token, one more try")
        let patient = try await submit("health.patient.find", Self.patient, key: "demo-token")
        try await follow(patient)
        agencies.health.expireTokens()
        let issued = agencies.health.issuedTokenCount
        let again = try await submit("health.patient.find", Self.patient, key: "demo-token-again")
        try await follow(again)
        let renewed = agencies.health.issuedTokenCount - issued
        requests += [patient, again]

        stage.heading("8  The health platform says that it has an encounter already: it is looked up, not made anew")
        agencies.health.faults.inject(.duplicate, operation: "register-encounter")
        let encounter = try await submit("health.encounter.register", visit, key: "demo-duplicate")
        requests.append(encounter)
        try await follow(encounter)

        stage.heading("9  The licensing system is back, and the first request with it")
        try await follow(waiting)

        return try await verify(
            requests,
            once: [
                (doubted, agencies.transport.ledger), (killed, agencies.transport.ledger),
                (encounter, agencies.health.ledger),
            ],
            also: [
                ("the repeated submission is the same request", repeated == killed),
                ("one new token was enough", renewed == 1),
            ]
        )
    }

    private var agencies: DemoAgencies { world.agencies }

    private func verify(
        _ requests: [RequestID],
        once effects: [(id: RequestID, ledger: Ledger)],
        also facts: [(text: String, holds: Bool)]
    ) async throws -> Bool {
        stage.heading("The agencies' ledgers: everything that was done there")
        for entry in agencies.transport.ledger.entries + agencies.health.ledger.entries {
            stage.say("\(entry.operation)  \(entry.key)  \(entry.reference)")
        }

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
        for effect in effects {
            let count = effect.ledger.entries(for: effect.id.description).count
            check("what request \(effect.id) asked for was done exactly once", count == 1)
        }
        for fact in facts { check(fact.text, fact.holds) }
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
    private static let business: JSONValue = ["nib": "1234567890123"]
    /// One of the invented patients that the Ministry of Health publishes for tests.
    private static let patient: JSONValue = ["nik": "9271060312000001"]

    private var visit: JSONValue {
        [
            "patientId": "P02478375538", "practitionerId": "N10000001",
            "locationId": "b017aa54-f1df-4ec2-9d84-8823815d7228", "class": "ambulatory",
            "start": .string((clock.now() + .seconds(-600)).description),
        ]
    }

    private func booking(_ plate: String) -> JSONValue {
        let day = CivilDate(daysSinceEpoch: inspectionDay.daysSinceEpoch + 7)
        return ["plate": .string(plate), "station": "JKT-PULOGADUNG", "date": .string(day.description)]
    }
}
