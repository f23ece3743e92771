/// All samples of one metric, as they appear in the Prometheus text format.
///
/// A value type for numbers that are known only when they are asked for, such as the depth of a queue:
///
/// ```swift
/// registry.collect {
///     [MetricFamily(
///         name: "gerbang_queue_depth", help: "Requests waiting per connection.", kind: .gauge,
///         samples: depths.map { .init(labels: ["connection": $0.name], value: Double($0.count)) }
///     )]
/// }
/// ```
public struct MetricFamily: Sendable, Hashable {
    /// The type of a metric, by the words of the text format.
    public enum Kind: String, Sendable, Hashable {
        /// Only ever goes up, until the process restarts.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts observations in buckets.
        case histogram
    }

    /// One number with its labels.
    public struct Sample: Sendable, Hashable {
        /// What distinguishes the sample within the family; the order does not matter.
        public var labels: [String: String]
        /// The number, in the unit that the family's name ends in.
        public var value: Double
        /// What follows the family's name: empty, or `_bucket`, `_sum` or `_count` in a histogram.
        public var suffix: String

        /// Creates a sample.
        public init(labels: [String: String] = [:], value: Double, suffix: String = "") {
            self.labels = labels
            self.value = value
            self.suffix = suffix
        }
    }

    /// The name; a character that Prometheus does not allow becomes an underscore in the output.
    public var name: String
    /// One sentence for the reader of a dashboard.
    public var help: String
    /// The type.
    public var kind: Kind
    /// The numbers, in any order.
    public var samples: [Sample]

    /// Creates a family.
    public init(name: String, help: String, kind: Kind, samples: [Sample]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.samples = samples
    }

    /// Creates a family of one sample without labels.
    public init(name: String, help: String, kind: Kind, value: Double) {
        self.init(name: name, help: help, kind: kind, samples: [Sample(value: value)])
    }
}
