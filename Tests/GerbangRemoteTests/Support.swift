internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangRemote
internal import GerbangTesting
internal import HTTPTypes
internal import Logging
internal import Synchronization
internal import Testing

/// Descriptors of an adapter that books inspections.
enum Sample {
    static let id = AdapterID(checked: "inspection-remote")
    static let service = ServiceID(checked: "transport.inspection.book")
    static let connection = ConnectionID(checked: "inspection")

    static func text(
        _ mode: RemoteDescriptor.Mode = .translate,
        _ effect: String = "nonIdempotent",
        version: String = "1.0.0",
        total: String = "30s",
        egress: String = "[]"
    ) -> String {
        let key = effect == "idempotent" ? ", \"idempotencyKey\": \"key\"" : ""
        return """
            {"remote": 1, "id": "inspection-remote", "version": "\(version)",
             "agency": {"id": "Dinas Uji Contoh", "en": "Example Inspection Office"},
             "mode": "\(mode.rawValue)", "hosts": ["127.0.0.1"], "egress": \(egress),
             "settings": [{"name": "token", "kind": "secret"}],
             "operations": [
               {"id": "book", "provides": "transport.inspection.book", "effect": "\(effect)"\(key),
                "inquiry": {"operation": "find", "conclusiveAfter": "1ms"},
                "timeouts": {"total": "\(total)", "firstByte": "\(total)"}},
               {"id": "find", "effect": "query", "timeouts": {"total": "\(total)", "firstByte": "\(total)"}}]}
            """
    }

    static let output: JSONValue = ["bookingNumber": "B-1", "date": "2026-02-02", "station": "JKT-01"]
}

/// An agency that books, and knows what it has booked. It recognises a key only where the operation is idempotent.
final class Agency: Sendable {
    let ledger = Ledger()
    private let recognisesKeys: Bool

    init(recognisesKeys: Bool) {
        self.recognisesKeys = recognisesKeys
    }

    func book(_ key: String) {
        guard !recognisesKeys || ledger.entries(for: key).isEmpty else { return }
        ledger.record(Ledger.Entry(key: key, operation: "book", reference: "B-1"))
    }

    func knows(_ key: String) -> Bool { !ledger.entries(for: key).isEmpty }

    /// The agency over HTTP.
    func serve() throws -> LoopbackServer {
        try LoopbackServer { [self] request in
            let key = String(decoding: request.body, as: UTF8.self)
            switch request.pathText {
            case "/book":
                book(key)
                return .text("booked")
            case "/find": return .text(knows(key) ? "booked" : "unknown")
            default: return .text("no such thing", status: 404)
            }
        }
    }
}

/// What an instance does with one message.
enum Mood: Sendable, Hashable, CaseIterable {
    case honest
    /// Ends the connection in place of an answer, as a killed process does.
    case killed
    /// Never answers.
    case hung
    /// Proves its answer with a secret of its own.
    case impostor
    /// Proves nothing.
    case unproven
    /// Answers with a proof that belongs to another question.
    case replayed
    /// Answers to another call.
    case otherCall
    /// Answers to an earlier call of the same request.
    case otherAttempt
    /// Answers something that is not JSON.
    case garbage
    /// Answers in words that the protocol does not have.
    case unknownWords
    /// Answers twice, the second time with something else.
    case twice
    /// Answers with an error.
    case failing
    /// Says that it has not begun.
    case declining
}

/// A process of the remote adapter.
final class RemoteProcess: Sendable {
    let instance: RemoteInstance
    let server: LoopbackServer
    private let desk: Desk

    init(_ file: String, _ agency: Agency, moods: [String: [Mood]] = [:], port: Int = 0) throws {
        let desk = Desk(agency, moods)
        self.desk = desk
        server = try LoopbackServer(port: port) { desk.serve($0) }
        instance = RemoteInstance(file: Array(file.utf8), address: try BaseURL(server.baseURL))
        desk.instance.withLock { [instance] in $0 = instance }
    }

    /// How often each path was asked.
    func count(_ path: String) -> Int { desk.asked.withLock { $0[path] ?? 0 } }

    func beat(_ fleet: RemoteFleet, isDraining: Bool = false) throws -> RemoteFleet.Reception {
        try fleet.note(Heartbeat(json: instance.heartbeat(isDraining: isDraining)), of: Sample.id)
    }

    private final class Desk: Sendable {
        let agency: Agency
        let moods: Mutex<[String: [Mood]]>
        let asked = Mutex<[String: Int]>([:])
        let instance = Mutex<RemoteInstance?>(nil)

        init(_ agency: Agency, _ moods: [String: [Mood]]) {
            self.agency = agency
            self.moods = Mutex(moods)
        }

        func serve(_ request: ServedRequest) -> ServedReply {
            asked.withLock { $0[request.pathText, default: 0] += 1 }
            let mood = moods.withLock { moods -> Mood in
                guard var left = moods[request.pathText], !left.isEmpty else { return .honest }
                defer { moods[request.pathText] = left }
                return left.removeFirst()
            }
            guard let instance = instance.withLock({ $0 }), let json = try? JSONValue(parsing: request.body),
                let nonce = instance.nonce(
                    provenBy: request.headerFields[.authorization],
                    path: request.pathText,
                    body: request.body
                )
            else { return .text("not the gateway", status: 401) }
            if mood == .declining { return reply(["call": json["call"] ?? nil], instance, nonce, status: 503) }
            // What is done is done before things go wrong: the worst case.
            let answer = honest(request.pathText, json)
            return reply(in: mood, answer, json, instance, nonce)
        }

        private func reply(
            in mood: Mood,
            _ answer: JSONObject,
            _ json: JSONValue,
            _ instance: RemoteInstance,
            _ nonce: String
        ) -> ServedReply {
            var answer = answer
            answer["call"] = json["call"]
            let id = json["call"]?["id"] ?? nil
            let attempt = json["call"]?["attempt"]?.intValue ?? 0
            switch mood {
            case .honest, .declining: return reply(.object(answer), instance, nonce)
            case .killed: return .reset
            case .hung: return .hold
            case .impostor:
                let other = RemoteInstance(file: [], address: instance.address)
                return reply(.object(answer), other, nonce)
            case .unproven: return .respond(body: JSONValue.object(answer).encoded())
            case .replayed: return reply(.object(answer), instance, "00000000000000000000000000000000")
            case .otherCall:
                answer["call"] = ["id": "0190a1b2-0000-7000-8000-000000000000", "attempt": 1]
                return reply(.object(answer), instance, nonce)
            case .otherAttempt:
                answer["call"] = ["id": id, "attempt": .number(JSONNumber(attempt - 1))]
                return reply(.object(answer), instance, nonce)
            case .garbage: return reply(bytes: Array("<html>".utf8), instance, nonce)
            case .unknownWords:
                return reply(
                    ["call": json["call"] ?? nil, "message": ["verb": "GET"], "verdict": ["kind": "probably"]],
                    instance,
                    nonce
                )
            case .failing: return reply(["call": json["call"] ?? nil], instance, nonce, status: 500)
            case .twice:
                let first = raw(.object(answer), instance, nonce)
                answer["verdict"] = ["kind": "rejected"]
                answer["message"] = nil
                return .raw(first + raw(.object(answer), instance, nonce))
            }
        }

        private func honest(_ path: String, _ json: JSONValue) -> JSONObject {
            let key = json["key"]?.stringValue ?? ""
            switch path {
            case "/prepare":
                let operation = json["operation"] ?? nil
                return ["message": ["method": "POST", "path": [operation], "body": .string(key)]]
            case "/classify":
                let answered = json["response"]?["body"]?.stringValue
                if json["purpose"]?.stringValue == "inquiry" { return finding(answered == "booked") }
                return ["verdict": ["kind": "succeeded", "output": Sample.output, "agencyReference": "B-1"]]
            case "/call":
                agency.book(key)
                return ["verdict": ["kind": "succeeded", "output": Sample.output, "agencyReference": "B-1"]]
            default: return finding(agency.knows(key))
            }
        }

        private func finding(_ isDone: Bool) -> JSONObject {
            ["finding": isDone ? ["kind": "done", "output": Sample.output] : ["kind": "notDone"]]
        }

        private func reply(
            _ json: JSONValue,
            _ instance: RemoteInstance,
            _ nonce: String,
            status: Int = 200
        ) -> ServedReply {
            reply(bytes: json.encoded(), instance, nonce, status: status)
        }

        private func reply(
            bytes: [UInt8],
            _ instance: RemoteInstance,
            _ nonce: String,
            status: Int = 200
        ) -> ServedReply {
            var fields: HTTPFields = [.contentType: "application/json"]
            if let name = HTTPField.Name("Gerbang-Proof") {
                fields[name] = instance.proof(ofAnswerTo: nonce, status: status, body: bytes)
            }
            return .respond(status: status, headerFields: fields, body: bytes)
        }

        private func raw(_ json: JSONValue, _ instance: RemoteInstance, _ nonce: String) -> [UInt8] {
            let body = json.encoded()
            let head = """
                HTTP/1.1 200 OK\r
                Content-Length: \(body.count)\r
                Gerbang-Proof: \(instance.proof(ofAnswerTo: nonce, body: body))\r
                \r

                """
            return Array(head.utf8) + body
        }
    }
}

/// An engine with one connection of a remote adapter.
struct RemoteWorld: Sendable {
    let agency: Agency
    let server: LoopbackServer
    let fleet: RemoteFleet
    let uptime: ManualClock
    let engine: Engine
    let store: MemoryStore
    let file: String

    init(_ mode: RemoteDescriptor.Mode, _ effect: String, total: String = "30s") throws {
        file = Sample.text(mode, effect, total: total)
        agency = Agency(recognisesKeys: effect != "nonIdempotent")
        server = try agency.serve()
        uptime = ManualClock()
        fleet = RemoteFleet(clock: uptime)
        store = MemoryStore()
        let descriptor = try RemoteDescriptor(parsing: file)
        let definition = try descriptor.definition(fleet: fleet, catalogue: .builtin())
        var reader = SettingsReader(["token": "t"])
        let adapter = try #require(definition.make(&reader))
        fleet.serve(RemoteDescriptor.hash(of: file.utf8), of: Sample.id)
        engine = try Engine(
            catalogue: .builtin(),
            connections: [
                Connection(
                    id: Sample.connection,
                    adapter: adapter,
                    baseURL: BaseURL(server.baseURL),
                    limits: FlowLimits(breaker: BreakerLimits(consecutiveFailures: 1000, minimumCalls: 1000)),
                    schedule: RetrySchedule(delays: [.milliseconds(10)], ceiling: .milliseconds(50))
                )
            ],
            store: store,
            transport: CurlTransport(),
            configuration: Engine.Configuration(stopGrace: .zero),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            availability: fleet
        )
    }

    func run(_ body: (RemoteWorld) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            do {
                try await body(self)
            } catch {
                engine.stop()
                group.cancelAll()
                throw error
            }
            engine.stop()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    func submit(_ key: String = "k-1") async throws -> RequestID {
        let submission = Submission(
            service: Sample.service,
            region: .nation,
            payload: ["plate": "B 1234 XYZ", "station": "JKT-01", "date": "2026-02-02"],
            idempotencyKey: key
        )
        return try await engine.submit(submission, as: ClientID(checked: "test")).status.id
    }

    /// Waits until the request has ended, and returns where it then stands.
    func end(of id: RequestID) async throws -> RequestStatus {
        let limit = SystemClock().now() + .seconds(120)
        return try #require(try await engine.wait(for: id, until: limit))
    }
}

/// Waits until something is so, for at most two minutes.
func eventually(_ what: Comment, _ condition: () async throws -> Bool) async throws {
    for _ in 0..<12_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("never came true: \(what)")
}
