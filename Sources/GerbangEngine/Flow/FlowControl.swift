internal import GerbangCore
internal import Synchronization

/// The gates of all connections, and which of them have work that is due.
///
/// What is known of due work is a hint that saves asking the store; the store is asked again at every poll.
final class FlowControl: Sendable {
    private struct State: Sendable {
        var gates: [ConnectionID: ConnectionGate]
        var dueAt: [ConnectionID: Timestamp] = [:]
    }

    private let state: Mutex<State>

    init(gates: [ConnectionID: ConnectionGate]) {
        state = Mutex(State(gates: gates))
    }

    /// Notes that `connection` has work at `moment`.
    func workIsDue(on connection: ConnectionID, at moment: Timestamp) {
        state.withLock { state in
            state.dueAt[connection] = min(state.dueAt[connection] ?? moment, moment)
        }
    }

    /// Notes when `connection` next has work as far as the store knows; `nil` for none.
    func setNextDue(_ moment: Timestamp?, on connection: ConnectionID) {
        state.withLock { $0.dueAt[connection] = moment }
    }

    /// What to claim now: for every connection with due work and an open gate, how many calls.
    func asks(at now: Timestamp) -> [ClaimAsk] {
        state.withLock { state in
            var asks: [ClaimAsk] = []
            for (connection, due) in state.dueAt where due <= now {
                guard case .open(let slots, let retrySlots)? = state.gates[connection]?.admission(at: now) else {
                    continue
                }
                // Until the store has answered nothing more is known to be due; what arrives meanwhile is noted anew.
                state.dueAt[connection] = nil
                asks.append(ClaimAsk(connection: connection, slots: slots, retrySlots: retrySlots))
            }
            return asks
        }
    }

    func callBegan(on connection: ConnectionID, isRetry: Bool) {
        state.withLock { $0.gates[connection]?.callBegan(isRetry: isRetry) }
    }

    func callEnded(
        on connection: ConnectionID,
        _ health: ConnectionGate.CallHealth,
        isRetry: Bool,
        at now: Timestamp,
        jitter: Double
    ) -> ConnectionGate.Edge? {
        state.withLock { state in
            state.gates[connection]?.callEnded(health, isRetry: isRetry, at: now, jitter: jitter)
        }
    }

    /// Changes one gate and returns it; `nil` when there is no such connection.
    func update(_ connection: ConnectionID, _ change: (inout ConnectionGate) -> Void) -> ConnectionGate? {
        state.withLock { state in
            guard var gate = state.gates[connection] else { return nil }
            change(&gate)
            state.gates[connection] = gate
            return gate
        }
    }

    func gate(_ connection: ConnectionID) -> ConnectionGate? {
        state.withLock { $0.gates[connection] }
    }
}
