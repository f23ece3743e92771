internal import Metrics
internal import Synchronization

/// Counts and times the answers of one route.
///
/// Its handles are made once and kept.
final class RouteMeter: Sendable {
    private let route: String
    private let method: String
    private let timer: Timer
    private let counters = Mutex<[Int: Counter]>([:])

    init(route: String, method: String) {
        self.route = route
        self.method = method
        timer = Timer(label: "gerbang_http_request", dimensions: [("route", route)])
    }

    func answered(_ status: Int, nanoseconds: Int64) {
        timer.recordNanoseconds(nanoseconds)
        counter(status).increment()
    }

    private func counter(_ status: Int) -> Counter {
        counters.withLock { counters in
            if let counter = counters[status] { return counter }
            let counter = Counter(
                label: "gerbang_http_requests",
                dimensions: [("route", route), ("method", method), ("status", String(status))]
            )
            counters[status] = counter
            return counter
        }
    }
}
