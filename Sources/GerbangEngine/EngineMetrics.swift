internal import GerbangCore
internal import Metrics
internal import Synchronization

/// The engine's metrics. Labels come from the configuration and from closed sets, never from a request's content.
final class EngineMetrics: Sendable {
    private struct CallKey: Hashable {
        var connection: ConnectionID
        var operation: OperationID
        var result: String
    }

    private struct EndKey: Hashable {
        var service: ServiceID
        var state: RequestState
    }

    private struct OutputKey: Hashable {
        var service: ServiceID
        var connection: ConnectionID
    }

    private struct Handles: Sendable {
        var calls: [CallKey: Counter] = [:]
        var times: [ConnectionID: Timer] = [:]
        var ends: [EndKey: Counter] = [:]
        var invalidOutputs: [OutputKey: Counter] = [:]
    }

    private let accepted = Counter(label: "gerbang_requests_accepted")
    private let replayed = Counter(label: "gerbang_requests_replayed")
    private let stale = Counter(label: "gerbang_outcomes_stale")
    private let rerouted = Counter(label: "gerbang_requests_rerouted")
    private let removed = Counter(label: "gerbang_requests_removed")
    private let handles = Mutex(Handles())

    func requestWasAccepted() { accepted.increment() }

    func requestWasReplayed() { replayed.increment() }

    func requestsWereRemoved(_ count: Int) { removed.increment(by: Int64(count)) }

    func outcomeWasStale() { stale.increment() }

    func requestWasRerouted() { rerouted.increment() }

    func outputWasInvalid(of service: ServiceID, on connection: ConnectionID) {
        let counter = handles.withLock { handles in
            handles.invalidOutputs.value(for: OutputKey(service: service, connection: connection)) {
                Counter(
                    label: "gerbang_outputs_invalid",
                    dimensions: [("connection", connection.text), ("service", service.text)]
                )
            }
        }
        counter.increment()
    }

    func callEnded(on connection: ConnectionID, operation: OperationID, result: String, took duration: Duration) {
        let key = CallKey(connection: connection, operation: operation, result: result)
        let (counter, timer) = handles.withLock { handles in
            let counter = handles.calls.value(for: key) {
                Counter(
                    label: "gerbang_calls",
                    dimensions: [
                        ("connection", connection.text), ("operation", operation.text), ("result", result),
                    ]
                )
            }
            let timer = handles.times.value(for: connection) {
                Timer(label: "gerbang_call", dimensions: [("connection", connection.text)])
            }
            return (counter, timer)
        }
        counter.increment()
        timer.recordNanoseconds(duration.milliseconds * 1_000_000)
    }

    /// Ends the series of connections that are not configured any more.
    func forget(allBut connections: [ConnectionID: Connection]) {
        handles.withLock { handles in
            for (key, counter) in handles.calls where connections[key.connection] == nil {
                counter.destroy()
                handles.calls[key] = nil
            }
            for (key, counter) in handles.invalidOutputs where connections[key.connection] == nil {
                counter.destroy()
                handles.invalidOutputs[key] = nil
            }
            for (id, timer) in handles.times where connections[id] == nil {
                timer.destroy()
                handles.times[id] = nil
            }
        }
    }

    func requestEnded(_ service: ServiceID, as state: RequestState) {
        let key = EndKey(service: service, state: state)
        let counter = handles.withLock { handles in
            handles.ends.value(for: key) {
                Counter(
                    label: "gerbang_requests_finished",
                    dimensions: [("service", service.text), ("state", state.rawValue)]
                )
            }
        }
        counter.increment()
    }
}

extension Dictionary {
    /// The value for `key`, made by `make` the first time.
    fileprivate mutating func value(for key: Key, _ make: () -> Value) -> Value {
        if let value = self[key] { return value }
        let value = make()
        self[key] = value
        return value
    }
}
