internal import GerbangCore
internal import Metrics
internal import Synchronization

/// The metrics of calls back. Neither clients nor hosts are labels: there may be any number of them.
final class CallbackMetrics: Sendable {
    private let deliveries = Mutex<[String: Counter]>([:])
    private let time = Timer(label: "gerbang_callback")

    /// Counts a try that ended as `result`, one of `delivered`, `failed`, `postponed`, `givenUp`, `gone`.
    func deliveryEnded(_ result: String, took duration: Duration) {
        let counter = deliveries.withLock { counters in
            if let counter = counters[result] { return counter }
            let counter = Counter(label: "gerbang_callback_deliveries", dimensions: [("result", result)])
            counters[result] = counter
            return counter
        }
        counter.increment()
        time.recordNanoseconds(duration.milliseconds * 1_000_000)
    }
}
