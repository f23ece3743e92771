public import GerbangCore
internal import Logging

// What operators see of connections, and say of them.
extension Engine {
    /// All connections with their present state.
    public func connectionStatuses() async throws(GerbangError) -> [ConnectionStatus] {
        let backlog = Dictionary(grouping: try await store.backlog(), by: \.connection)
        return snapshot.connections.values.sorted { $0.id < $1.id }.map { connection in
            status(of: connection, backlog: backlog[connection.id] ?? [])
        }
    }

    /// A connection with its present state; `nil` when there is none with this name.
    public func connectionStatus(of id: ConnectionID) async throws(GerbangError) -> ConnectionStatus? {
        guard let connection = snapshot.connections[id] else { return nil }
        return status(of: connection, backlog: try await store.backlog().filter { $0.connection == id })
    }

    /// Stops calls on a connection; submissions for it are still accepted. Survives a restart.
    ///
    /// - Returns: The connection's state afterwards; `nil` when there is none with this name.
    public func pause(_ connection: ConnectionID) async throws(GerbangError) -> ConnectionStatus? {
        try await change(connection, "paused") { $0.isPaused = true }
    }

    /// Lets calls on a paused connection go on, also before the moment that the agency asked us to wait for.
    ///
    /// - Returns: The connection's state afterwards; `nil` when there is none with this name.
    public func resume(_ connection: ConnectionID) async throws(GerbangError) -> ConnectionStatus? {
        try await change(connection, "resumed") { mark in
            mark.isPaused = false
            // Resuming is also an operator's word that the agency need not be waited for any longer.
            mark.notBefore = nil
        }
    }

    /// Says what a connection may do, whatever else keeps it from it: ``ConnectionMode``. Survives a restart, and the
    /// connection's absence from the configuration.
    ///
    /// Nothing that is queued changes its state. Calls under way end as they would.
    ///
    /// - Returns: The connection's state afterwards; `nil` when there is none with this name.
    public func setMode(
        _ mode: ConnectionMode,
        of connection: ConnectionID
    ) async throws(GerbangError) -> ConnectionStatus? {
        try await change(connection, mode.rawValue) { $0.mode = mode }
    }

    private func change(
        _ id: ConnectionID,
        _ word: String,
        _ change: @escaping @Sendable (inout ConnectionMark) -> Void
    ) async throws(GerbangError) -> ConnectionStatus? {
        guard snapshot.connections[id] != nil else { return nil }
        try await store.updateMark(of: id, change)
        _ = flow.update(id) { gate in
            var mark = gate.mark
            change(&mark)
            gate.recall(mark)
        }
        logger.notice("connection \(word)", metadata: ["connection": "\(id)"])
        wakeUps.continuation.yield()
        return try await connectionStatus(of: id)
    }
}
