internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting

/// What became of one request, from its submission to its end or until an operator is needed.
struct Course: Sendable {
    var state: RequestState
    /// The kinds of its events in order, without `accepted`.
    var kinds: [RequestEvent.Kind]
    /// From the first outcome to the next call.
    var firstWait: Duration
    /// What the agency did for it.
    var effects: Int

    /// Submits `subject` to its agency with trouble ahead, and lets time pass as far as it takes.
    static func of(_ subject: Subject, _ trouble: Trouble) async throws -> Course {
        let clock = ManualClock()
        let agency = try SimulatedAgency.start(subject.agency, manifest: subject.manifest, clock: clock)
        defer { agency.stop() }
        let transport = try CurlTransport()
        defer { transport.shutdown() }
        let store = MemoryStore()
        let engine = try Engine(
            catalogue: .builtin(),
            connections: [agency.connection],
            store: store,
            transport: transport,
            clock: clock,
            randomSeed: 1
        )
        trouble.begin(agency, subject)
        let submission = Submission(
            service: ServiceID(checked: subject.service),
            region: try Region("31.74"),
            payload: subject.payload,
            idempotencyKey: "key"
        )
        let id = try await engine.submit(submission, as: ClientID(checked: "mpp")).status.id
        let running = Task { try await engine.run() }
        defer { running.cancel() }

        for _ in 0..<150_000 {
            guard let progress = try await store.record(id)?.progress, !progress.state.isFinal else { break }
            if progress.lease == nil {
                guard let due = progress.dueAt else { break }
                if progress.calls > 0 { try trouble.end(agency) }
                if due > clock.now() { clock.set(to: due) }
            }
            try await Task.sleep(for: .milliseconds(2))
        }
        let events = try await engine.events(of: id)
        let outcome = events.first { ![.accepted, .sending].contains($0.kind) }
        return Course(
            state: events.last?.state ?? .queued,
            kinds: events.dropFirst().map(\.kind),
            firstWait: outcome.flatMap { outcome in outcome.dueAt.map { $0 - outcome.at } } ?? .zero,
            effects: agency.ledger.entries.count
        )
    }
}

/// One operation of one agency, with an input that its simulator knows.
struct Subject: Sendable, CustomStringConvertible {
    var agency: String
    var service: String
    /// The simulator's name for the operation, and for the inquiry about it.
    var operation: String
    var inquiry: String?
    var payload: JSONValue
    /// The manifest that is used instead of the agency's Swift module.
    var manifest: AgencyManifest?

    var description: String { "\(agency) \(operation)\(manifest.map { " by \($0.path)" } ?? "")" }
}

/// A manifest of an agency.
struct AgencyManifest: Sendable {
    /// The adapter's name.
    var adapter: String
    /// The file, from the project's folder.
    var path: String
}

/// The trouble that a subject meets.
enum Trouble: Sendable, Hashable, CustomStringConvertible {
    /// At the first send.
    case fault(Fault)
    /// The agency takes no connections until the first wait.
    case refused
    /// The answer to the send is lost, and the first inquiry meets this.
    case atInquiry(Fault)

    static let all = Fault.allCases.map(Trouble.fault) + [.refused]
    static let atInquiries = Fault.allCases.map(Trouble.atInquiry)

    var description: String {
        switch self {
        case .fault(let fault): fault.rawValue
        case .refused: "refused"
        case .atInquiry(let fault): "lost, then \(fault.rawValue)"
        }
    }

    func begin(_ agency: SimulatedAgency, _ subject: Subject) {
        switch self {
        case .fault(let fault): agency.faults.inject(fault, operation: subject.operation)
        case .refused: agency.refuse()
        case .atInquiry(let fault):
            agency.faults.inject(.resetAfter, operation: subject.operation)
            agency.faults.inject(fault, operation: subject.inquiry ?? "")
        }
    }

    func end(_ agency: SimulatedAgency) throws {
        if case .refused = self { try agency.accept() }
    }
}
