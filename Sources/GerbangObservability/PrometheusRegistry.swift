internal import CoreMetrics
internal import Synchronization

/// Keeps the metrics of a process and writes them in the Prometheus text format 0.0.4.
///
/// Metrics come from swift-metrics through ``PrometheusMetricsFactory``, from closures given to ``collect(_:)``, and from
/// the argument of ``render(extra:)``. Names are brought into the form that `promtool check metrics` asks for: snake
/// case, `_total` behind counters, `_seconds` behind timers. Label values pass a ``Redactor``, and the number of label
/// sets per metric is capped, so that neither personal data nor an unbounded set of labels ends up in a time series.
public final class PrometheusRegistry: Sendable {
    /// The value of `Content-Type` for what ``render(extra:)`` returns.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The default bounds for timers, in seconds: from a lookup in memory to an agency that takes its time.
    public static let defaultTimerBuckets: [Double] = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    /// The default bounds for recorders, whose unit is not known: powers of four up to a million.
    public static let defaultRecorderBuckets: [Double] = (0...10).map { Double(1 << (2 * $0)) }

    /// Counts how often a new label set was refused, by metric.
    static let overflowName = "gerbang_metrics_dropped_label_sets_total"
    /// Counts how often a name was asked for that is taken by a metric of another type.
    static let conflictName = "gerbang_metrics_name_conflicts_total"

    private struct Description {
        var help: String
        var buckets: [Double]?
    }

    private struct Family {
        var kind: MetricFamily.Kind
        var bounds: [Double]
        /// By the labels as they are written out, without the overflow series.
        var series: [String: Series] = [:]
        var overflow: Series?
        var dropped = 0
    }

    private struct State {
        var families: [String: Family] = [:]
        var descriptions: [String: Description] = [:]
        var collectors: [@Sendable () -> [MetricFamily]] = []
        var conflicts = 0
    }

    private let state = Mutex(State())
    private let redactor: Redactor
    private let labelSetLimit: Int

    /// Creates an empty registry.
    ///
    /// - Parameters:
    ///   - labelSetLimit: how many label sets a metric may have. What comes above it is added up in one series with the
    ///     label `overflow="true"` and counted in `gerbang_metrics_dropped_label_sets_total`.
    ///   - redactor: what hides personal data in label values.
    public init(labelSetLimit: Int = 1_000, redactor: Redactor = Redactor()) {
        self.labelSetLimit = max(1, labelSetLimit)
        self.redactor = redactor
    }

    /// Says what a metric means.
    ///
    /// - Parameters:
    ///   - name: the name as it appears in the output, for example `gerbang_requests_total`.
    ///   - help: one sentence.
    ///   - buckets: upper bounds of a histogram's buckets (seconds for a timer), which need not be sorted. They count
    ///     for a metric that has not been used yet.
    public func describe(_ name: String, help: String, buckets: [Double]? = nil) {
        let bounds = buckets.map { Set($0.filter(\.isFinite)).sorted() }
        state.withLock { $0.descriptions[name] = Description(help: help, buckets: bounds) }
    }

    /// Adds a source of families that is asked at every ``render(extra:)``.
    ///
    /// - Parameter source: returns quickly and does not block; it may be called from any thread. Await what has to be
    ///   awaited before, and hand it to ``render(extra:)``.
    public func collect(_ source: @escaping @Sendable () -> [MetricFamily]) {
        state.withLock { $0.collectors.append(source) }
    }

    /// Everything, in the text format, ordered by name and labels.
    ///
    /// Of two families with one name the first counts: a metric of the registry before one of a collector before an
    /// extra one. Within a family the same holds for samples with equal labels.
    ///
    /// - Parameter extra: families that the caller computed for this scrape.
    /// - Returns: UTF-8 of the type ``contentType``.
    public func render(extra: [MetricFamily] = []) -> [UInt8] {
        let (families, descriptions, collectors, conflicts) = state.withLock {
            ($0.families, $0.descriptions, $0.collectors, $0.conflicts)
        }
        var external: [String: MetricFamily] = [:]
        for family in internals(families, conflicts) + collectors.flatMap({ $0() }) + extra {
            let name = PrometheusNames.metric(family.name, kind: family.kind)
            if families[name] == nil, external[name] == nil { external[name] = family }
        }
        var text = PrometheusText()
        for name in (Array(families.keys) + Array(external.keys)).sorted() {
            let described = descriptions[name]?.help
            if let family = families[name] {
                let help = described ?? PrometheusNames.defaultHelp(for: name, kind: family.kind)
                text.begin(name: name, help: help, kind: family.kind)
                for (labels, series) in family.series.sorted(by: { $0.key < $1.key }) {
                    series.write(to: &text, name: name, labels: labels)
                }
                family.overflow?.write(to: &text, name: name, labels: "overflow=\"true\"")
            } else if let family = external[name] {
                text.begin(name: name, help: described ?? family.help, kind: family.kind)
                write(family, name: name, to: &text)
            }
        }
        return text.bytes
    }

    private func write(_ family: MetricFamily, name: String, to text: inout PrometheusText) {
        var written: Set<String> = []
        for sample in family.samples {
            var labels = sample.labels
            let bound = family.kind == .histogram ? labels.removeValue(forKey: "le") : nil
            let rendered = PrometheusText.labels(labels.map { ($0.key, $0.value) }, redactor: redactor)
            guard written.insert("\(sample.suffix)|\(bound ?? "")|\(rendered)").inserted else { continue }
            let value = PrometheusText.number(sample.value)
            text.sample(name: name, suffix: sample.suffix, labels: rendered, bound: bound, value: value)
        }
    }

    /// The registry's metrics about itself, as far as there is something to tell.
    private func internals(_ families: [String: Family], _ conflicts: Int) -> [MetricFamily] {
        var result: [MetricFamily] = []
        let dropped = families.filter { $0.value.dropped > 0 }.sorted { $0.key < $1.key }
        if !dropped.isEmpty {
            result.append(
                MetricFamily(
                    name: Self.overflowName,
                    help: "Lookups of label sets beyond the limit of a metric, which were added up in one series.",
                    kind: .counter,
                    samples: dropped.map { .init(labels: ["metric": $0.key], value: Double($0.value.dropped)) }
                )
            )
        }
        if conflicts > 0 {
            result.append(
                MetricFamily(
                    name: Self.conflictName,
                    help: "Lookups of a metric under a name that belongs to a metric of another type.",
                    kind: .counter,
                    value: Double(conflicts)
                )
            )
        }
        return result
    }
}

// MARK: - Handlers

extension PrometheusRegistry {
    func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterSeries {
        let name = PrometheusNames.metric(label, kind: .counter)
        let series = series(name, .counter, dimensions) { _ in .counter(CounterSeries()) }
        guard case .counter(let counter) = series else { return CounterSeries() }
        return counter
    }

    func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeSeries {
        let name = PrometheusNames.metric(label, kind: .gauge)
        let series = series(name, .gauge, dimensions) { _ in .gauge(GaugeSeries()) }
        guard case .gauge(let gauge) = series else { return GaugeSeries() }
        return gauge
    }

    func recorder(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        let name = PrometheusNames.metric(label, kind: .histogram)
        return histogram(name, dimensions, defaultBuckets: Self.defaultRecorderBuckets)
    }

    func timer(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        let name = PrometheusNames.metric(label, kind: .histogram, unit: "seconds")
        return histogram(name, dimensions, defaultBuckets: Self.defaultTimerBuckets)
    }

    private func histogram(
        _ name: String,
        _ dimensions: [(String, String)],
        defaultBuckets: [Double]
    ) -> HistogramSeries {
        let series = series(name, .histogram, dimensions, defaultBuckets: defaultBuckets) {
            .histogram(HistogramSeries(bounds: $0))
        }
        guard case .histogram(let histogram) = series else { return HistogramSeries(bounds: defaultBuckets) }
        return histogram
    }

    /// The series of these labels, made when there is none; `nil` when the name belongs to another type.
    private func series(
        _ name: String,
        _ kind: MetricFamily.Kind,
        _ dimensions: [(String, String)],
        defaultBuckets: [Double] = [],
        make: ([Double]) -> Series
    ) -> Series? {
        let labels = PrometheusText.labels(dimensions, redactor: redactor)
        return state.withLock { state in
            let bounds = state.descriptions[name]?.buckets ?? defaultBuckets
            var family = state.families.removeValue(forKey: name) ?? Family(kind: kind, bounds: bounds)
            defer { state.families[name] = family }
            guard family.kind == kind else {
                state.conflicts += 1
                return nil
            }
            if let known = family.series[labels] { return known }
            guard family.series.count < labelSetLimit else {
                family.dropped += 1
                let overflow = family.overflow ?? make(family.bounds)
                family.overflow = overflow
                return overflow
            }
            let new = make(family.bounds)
            family.series[labels] = new
            return new
        }
    }

    /// Forgets the series of a handler, so that it no longer appears.
    func remove(_ handler: AnyObject) {
        state.withLock { state in
            for (name, family) in state.families {
                guard let labels = family.series.first(where: { $0.value.handler === handler })?.key else { continue }
                state.families[name]?.series[labels] = nil
                if family.series.count == 1, family.overflow == nil { state.families[name] = nil }
                return
            }
        }
    }
}

extension Series {
    fileprivate var handler: AnyObject {
        switch self {
        case .counter(let counter): counter
        case .gauge(let gauge): gauge
        case .histogram(let histogram): histogram
        }
    }
}
