internal import GerbangCore
internal import Logging
internal import Synchronization

/// The API keys in memory, read again at intervals, so that no request waits for the store to be let in.
final class KeyRing: Sendable {
    private struct State: Sendable {
        var keys: [String: APIKey] = [:]
        var isLoaded = false
        var isFailing = false
        /// How often an unknown key may still have the keys read again, as of `reloadsCountedAt`.
        var reloads = KeyRing.reloadBurst
        var reloadsCountedAt = Timestamp(milliseconds: 0)
    }

    /// How often unknown keys may have the keys read again in a row, and in which time one more is allowed: a new key
    /// works at once, and guessing keys does not keep the store busy.
    private static let reloadBurst = 8
    private static let reloadPause = Duration.milliseconds(250)

    private let store: any APIKeyStore
    private let refreshInterval: Duration
    private let clock: any WallClock
    private let logger: Logger
    private let state = Mutex(State())

    init(store: any APIKeyStore, refreshInterval: Duration, clock: any WallClock, logger: Logger) {
        self.store = store
        self.refreshInterval = refreshInterval
        self.clock = clock
        self.logger = logger
    }

    /// Whether no key was ever made, so that the API is open on loopback.
    var isEmpty: Bool { state.withLock { $0.isLoaded && $0.keys.isEmpty } }

    /// Whether there is a key that has not been revoked.
    var hasUsableKey: Bool { state.withLock { $0.keys.values.contains { $0.revokedAt == nil } } }

    /// Reads the keys.
    func load() async throws(GerbangError) {
        let keys = try await store.apiKeys()
        state.withLock { state in
            state.keys = Dictionary(keys.map { ($0.id, $0) }) { _, last in last }
            state.isLoaded = true
            state.isFailing = false
        }
    }

    /// Reads the keys again and again until the task is cancelled.
    ///
    /// While the store does not answer, the last ones count.
    func keepFresh() async {
        while !Task.isCancelled {
            try? await clock.sleep(until: clock.now() + refreshInterval)
            guard !Task.isCancelled else { return }
            await reload()
        }
    }

    /// Whom a key identifies; `nil` when it is not a key, unknown, wrong or revoked.
    func principal(holding plaintext: Substring) async -> Principal? {
        guard let id = APIKeys.identifier(of: plaintext) else { return nil }
        var found = key(id)
        if found == nil, mayReload() {
            await reload()
            found = key(id)
        }
        guard let found, found.revokedAt == nil, APIKeys.matches(plaintext, found) else { return nil }
        return Principal(client: found.client, role: found.role, tenant: found.tenant)
    }

    private func key(_ id: String) -> APIKey? { state.withLock { $0.keys[id] } }

    private func mayReload() -> Bool {
        let now = clock.now()
        return state.withLock { state in
            let earned = (now - state.reloadsCountedAt) / Self.reloadPause
            if earned >= 1 {
                state.reloads = min(Self.reloadBurst, state.reloads + Int(min(earned, Double(Self.reloadBurst))))
                state.reloadsCountedAt = now
            }
            guard state.reloads > 0 else { return false }
            state.reloads -= 1
            return true
        }
    }

    private func reload() async {
        do throws(GerbangError) {
            try await load()
        } catch {
            let isFirst = state.withLock { state in
                defer { state.isFailing = true }
                return !state.isFailing
            }
            guard isFirst else { return }
            logger.warning(
                "could not read the API keys; the last ones count",
                metadata: ["code": "\(error.code.rawValue)"]
            )
        }
    }
}

/// Who makes a call.
struct Principal: Sendable, Hashable {
    /// Who calls without a key from the same machine while no key exists.
    static let local = Principal(client: ClientID(checked: "local"), role: .operator)

    var client: ClientID
    var role: Role
    /// The only tenant whose requests and connections an operator sees; `nil` for all.
    var tenant: TenantID?

    /// How the principal is named in histories.
    var actor: String { "\(role.rawValue):\(client)" }

    /// The client whose requests it may see; `nil` for all.
    var scope: ClientID? { role == .operator ? nil : client }
}
