internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangServer
internal import HTTPTypes
internal import Synchronization

/// An agency in the same process that behaves as told.
final class FakeAgency: HTTPTransport {
    enum Behaviour: Sendable {
        /// Answers with this output.
        case succeed(JSONValue)
        /// Decides against it.
        case reject
        /// Says that it cannot now.
        case fail
        /// Takes the message and never answers.
        case hang
        /// The connection breaks after the message was sent.
        case lose
        /// Takes it and decides later.
        case pend
    }

    private let behaviour: Mutex<Behaviour>
    private let letters = Mutex<[OutboundRequest]>([])

    /// What was sent to others than agencies: calls back to clients.
    var callbacks: [OutboundRequest] { letters.withLock { $0 } }

    init(_ behaviour: Behaviour = .succeed(["matches": true, "elements": [:]])) {
        self.behaviour = Mutex(behaviour)
    }

    func behave(_ new: Behaviour) { behaviour.withLock { $0 = new } }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        guard request.url.hasPrefix("http://agency.invalid") else {
            letters.withLock { $0.append(request) }
            return .answered(WireResponse(status: 204))
        }
        switch behaviour.withLock({ $0 }) {
        case .succeed(let output): return .answered(WireResponse(status: 200, body: output.encoded()))
        case .reject: return .answered(WireResponse(status: 409))
        case .fail: return .answered(WireResponse(status: 500))
        case .pend: return .answered(WireResponse(status: 202))
        case .lose: return .failed(WireFailure(.reset, .maybeSent))
        case .hang:
            try? await Task.sleep(for: .seconds(300))
            return .failed(WireFailure(.cancelled, .maybeSent))
        }
    }
}

/// Provides one service in the way of ``FakeAgency``.
struct FakeAdapter: Adapter {
    var descriptor: AdapterDescriptor

    init(id: String, providing service: String, effect: Effect, attempts: Int) throws {
        let operation = OperationDescriptor(
            id: try OperationID("call"),
            service: try ServiceID(service),
            effect: effect,
            maximumAttempts: attempts
        )
        descriptor = AdapterDescriptor(
            id: try AdapterID(id),
            version: "1.0.0",
            agency: LocalizedText(id: "Instansi contoh", en: "Sample agency"),
            operations: [operation]
        )
    }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        WireRequest(method: .post, path: ["call"], body: call.payload.encoded())
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        switch exchange.response.status {
        case 200:
            guard let output = try? JSONValue(parsing: exchange.response.body) else {
                return call.unreadable("not JSON")
            }
            return .succeeded(output: output, agencyReference: "CONTOH-1")
        case 202: return .pending(agencyReference: "CONTOH-1", checkAfter: .seconds(60))
        case 409: return .rejected(GerbangError(.agencyRejected, "not this time", agencyCode: "R-9"))
        default: return .transient(GerbangError(.agencyUnavailable, "HTTP \(exchange.response.status)"))
        }
    }
}

/// API keys in memory.
final class KeyShelf: APIKeyStore {
    private let keys = Mutex<[APIKey]>([])
    private let isBroken = Mutex(false)

    /// Makes a key and returns it.
    func make(_ client: String, _ role: Role, tenant: TenantID? = nil) throws -> String {
        let made = APIKeys.generate(client: try ClientID(client), role: role, tenant: tenant, at: SystemClock().now())
        keys.withLock { $0.append(made.key) }
        return made.plaintext
    }

    func breakDown() { isBroken.withLock { $0 = true } }

    func save(_ key: APIKey) async throws(GerbangError) { keys.withLock { $0.append(key) } }

    func apiKeys() async throws(GerbangError) -> [APIKey] {
        guard !isBroken.withLock({ $0 }) else { throw GerbangError(.storageUnavailable, "the shelf is broken") }
        return keys.withLock { $0 }
    }

    func revokeAPIKey(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool {
        keys.withLock { keys in
            guard let index = keys.firstIndex(where: { $0.id == id }) else { return false }
            keys[index].revokedAt = moment
            return true
        }
    }
}
