internal import GerbangCore
internal import Synchronization

/// The gates of all connections, and which of them have work that is due.
///
/// What is known of due work is a hint that saves asking the store; the store is asked again at every poll.
final class FlowControl: Sendable {
    private struct State: Sendable {
        var gates: [ConnectionID: ConnectionGate] = [:]
        /// The gates of connections that are not configured any more, until their last call has ended.
        var leaving: [ConnectionID: ConnectionGate] = [:]
        var dueAt: [ConnectionID: Timestamp] = [:]
        var inFlight = 0
    }

    private let state = Mutex(State())
    private let availability: (any AdapterAvailability)?

    /// Creates gates for no connection.
    ///
    /// - Parameter availability: Asked whether a connection's adapter can work at all.
    init(availability: (any AdapterAvailability)? = nil) {
        self.availability = availability
    }

    /// Takes over the limits and hours of another configuration; what the gates have found out stays.
    ///
    /// - Parameter marks: What is remembered of connections that have no gate yet.
    func use(_ connections: [ConnectionID: Connection], marks: [ConnectionID: ConnectionMark]) {
        state.withLock { state in
            let before = state.gates
            state.gates = [:]
            state.gates.reserveCapacity(connections.count)
            for (id, connection) in connections {
                if var gate = before[id] ?? state.leaving.removeValue(forKey: id) {
                    gate.use(connection.limits, connection.calendar)
                    gate.adapter = connection.adapter.descriptor.id
                    state.gates[id] = gate
                } else {
                    var gate = ConnectionGate(limits: connection.limits, calendar: connection.calendar)
                    gate.adapter = connection.adapter.descriptor.id
                    gate.availability = availability
                    if let mark = marks[id] { gate.recall(mark) }
                    state.gates[id] = gate
                }
            }
            for (id, gate) in before where state.gates[id] == nil && gate.inFlight > 0 { state.leaving[id] = gate }
        }
    }

    /// Notes that `connection` has work at `moment`.
    func workIsDue(on connection: ConnectionID, at moment: Timestamp) {
        state.withLock { state in
            state.dueAt[connection] = min(state.dueAt[connection] ?? moment, moment)
        }
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

    /// How many calls are under way, on all connections.
    var inFlight: Int { state.withLock { $0.inFlight } }

    /// Whether a connection takes new requests.
    func isAccepting(_ connection: ConnectionID) -> Bool {
        state.withLock { $0.gates[connection]?.isAccepting ?? true }
    }

    func callBegan(on connection: ConnectionID, isRetry: Bool) {
        state.withLock { state in
            state.inFlight += 1
            // The configuration may have changed between the claim and now.
            if state.gates[connection] != nil {
                state.gates[connection]?.callBegan(isRetry: isRetry)
            } else {
                state.leaving[connection, default: ConnectionGate()].callBegan(isRetry: isRetry)
            }
        }
    }

    func callEnded(
        on connection: ConnectionID,
        _ health: ConnectionGate.CallHealth,
        isRetry: Bool,
        at now: Timestamp,
        jitter: Double
    ) -> ConnectionGate.Edge? {
        state.withLock { state in
            state.inFlight -= 1
            if state.gates[connection] != nil {
                return state.gates[connection]?.callEnded(health, isRetry: isRetry, at: now, jitter: jitter)
            }
            _ = state.leaving[connection]?.callEnded(health, isRetry: isRetry, at: now, jitter: jitter)
            if state.leaving[connection]?.inFlight == 0 { state.leaving[connection] = nil }
            return nil
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
