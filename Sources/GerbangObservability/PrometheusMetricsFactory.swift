public import CoreMetrics

/// Connects swift-metrics to a ``PrometheusRegistry``.
///
/// | swift-metrics | Prometheus |
/// |---|---|
/// | `Counter`, `FloatingPointCounter` | counter, with `_total` behind the name |
/// | `Meter`, `Gauge` | gauge |
/// | `Recorder` | histogram |
/// | `Timer` | histogram in seconds, with `_seconds` behind the name |
///
/// The same label and dimensions give the same handler. Keep the metric objects: making one costs a lookup under the
/// registry's lock, recording does not.
public struct PrometheusMetricsFactory: MetricsFactory {
    private let registry: PrometheusRegistry

    /// Creates a factory, for `MetricsSystem.bootstrap` or as an argument of single metrics.
    public init(registry: PrometheusRegistry) {
        self.registry = registry
    }

    /// The counter of this name and these dimensions.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        registry.counter(label, dimensions)
    }

    /// The counter of this name and these dimensions, the same as for whole numbers.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        registry.counter(label, dimensions)
    }

    /// The gauge of this name and these dimensions.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        registry.gauge(label, dimensions)
    }

    /// The histogram of this name and these dimensions, or the gauge when nothing is to be aggregated.
    public func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? registry.recorder(label, dimensions) : registry.gauge(label, dimensions)
    }

    /// The histogram of this name and these dimensions, in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        registry.timer(label, dimensions)
    }

    /// Takes the handler out of the output.
    public func destroyCounter(_ handler: any CounterHandler) { registry.remove(handler) }
    /// Takes the handler out of the output.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { registry.remove(handler) }
    /// Takes the handler out of the output.
    public func destroyMeter(_ handler: any MeterHandler) { registry.remove(handler) }
    /// Takes the handler out of the output.
    public func destroyRecorder(_ handler: any RecorderHandler) { registry.remove(handler) }
    /// Takes the handler out of the output.
    public func destroyTimer(_ handler: any TimerHandler) { registry.remove(handler) }
}
