internal import CoreMetrics
internal import Synchronization

/// A number that only goes up; serves integer and floating-point counters alike.
///
/// The two parts are kept apart so that whole numbers stay exact and cost one atomic addition.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fractional = Atomic<UInt64>(0)

    var value: Double {
        Double(whole.load(ordering: .relaxed)) + Double(bitPattern: fractional.load(ordering: .relaxed))
    }

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(amount, ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.store(0, ordering: .relaxed)
    }
}

/// A number that goes up and down, and the last value of a recorder that does not aggregate.
final class GaugeSeries: MeterHandler, RecorderHandler {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func increment(by amount: Double) { bits.add(amount) }
    func decrement(by amount: Double) { bits.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }
}

/// Observations counted in buckets; serves recorders and timers.
///
/// One mutex per series, so that buckets, sum and count agree in every scrape.
final class HistogramSeries: RecorderHandler, TimerHandler {
    struct State {
        /// One count per bucket, not cumulative; the last is for what is above all bounds.
        var counts: [UInt64]
        var sum = 0.0
    }

    let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    var snapshot: State { state.withLock { $0 } }

    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        guard value.isFinite else { return }
        var bucket = 0
        while bucket < bounds.count, value > bounds[bucket] { bucket += 1 }
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }
}

/// The handlers of one set of labels.
enum Series {
    case counter(CounterSeries)
    case gauge(GaugeSeries)
    case histogram(HistogramSeries)

    func write(to text: inout PrometheusText, name: String, labels: String) {
        switch self {
        case .counter(let counter):
            text.sample(name: name, labels: labels, value: PrometheusText.number(counter.value))
        case .gauge(let gauge):
            text.sample(name: name, labels: labels, value: PrometheusText.number(gauge.value))
        case .histogram(let histogram):
            let state = histogram.snapshot
            var cumulative: UInt64 = 0
            for (index, count) in state.counts.enumerated() {
                cumulative += count
                let bound = index < histogram.bounds.count ? PrometheusText.number(histogram.bounds[index]) : "+Inf"
                text.sample(name: name, suffix: "_bucket", labels: labels, bound: bound, value: "\(cumulative)")
            }
            text.sample(name: name, suffix: "_sum", labels: labels, value: PrometheusText.number(state.sum))
            text.sample(name: name, suffix: "_count", labels: labels, value: "\(cumulative)")
        }
    }
}

extension Atomic<UInt64> {
    /// Adds to the floating-point number whose bits are kept here.
    fileprivate borrowing func add(_ amount: Double) {
        var current = load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: current) + amount).bitPattern
            let (exchanged, original) = weakCompareExchange(expected: current, desired: next, ordering: .relaxed)
            if exchanged { return }
            current = original
        }
    }
}
