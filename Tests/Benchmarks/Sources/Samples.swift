/// Many durations and their order.
struct Samples: Sendable {
    private var values: [Double] = []

    /// Microseconds.
    mutating func add(_ microseconds: Double) { values.append(microseconds) }

    var count: Int { values.count }

    /// The value that `share` of all are not above, in microseconds.
    func percentile(_ share: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    var median: Double { percentile(0.5) }
}
