internal import GerbangCore

/// How long something took lately: a small histogram in which older observations count less and less.
///
/// It keeps four steps to each doubling, from a millisecond to several years, so what it tells is at most a quarter too
/// long and never too short.
struct DurationHistogram: Sendable {
    private static let stepsPerDoubling = 4
    private static let size = 160
    /// Each observation counts this much more than the one before: about the last fifty decide.
    private static let growth = 1.02
    private static let heaviest = 1e9

    private var weights: [Double]
    private var total = 0.0
    private var weightedSum = 0.0
    private var nextWeight = 1.0

    /// Creates a histogram that takes `usual` for as good as two observations.
    init(expecting usual: Duration) {
        weights = Array(repeating: 0, count: Self.size)
        note(usual)
        note(usual)
    }

    /// Adds an observation.
    mutating func note(_ duration: Duration) {
        let milliseconds = max(duration.milliseconds, 1)
        weights[Self.bucket(of: milliseconds)] += nextWeight
        total += nextWeight
        weightedSum += nextWeight * Double(milliseconds)
        nextWeight *= Self.growth
        if nextWeight > Self.heaviest { lighten() }
    }

    /// The mean.
    var mean: Duration { .milliseconds(Int64((weightedSum / total).rounded())) }

    /// The duration that `share` of the observations did not exceed.
    func quantile(_ share: Double) -> Duration {
        var sum = 0.0
        for (bucket, weight) in weights.enumerated() where weight > 0 {
            sum += weight
            if sum >= share * total { return .milliseconds(Self.upperBound(of: bucket)) }
        }
        return mean
    }

    private mutating func lighten() {
        for bucket in weights.indices { weights[bucket] /= Self.heaviest }
        total /= Self.heaviest
        weightedSum /= Self.heaviest
        nextWeight /= Self.heaviest
    }

    /// The bucket is told by the position of the highest bit and the two bits below it.
    private static func bucket(of milliseconds: Int64) -> Int {
        let exponent = 63 - milliseconds.leadingZeroBitCount
        let mantissa = exponent >= 2 ? Int(milliseconds >> (exponent - 2)) & 3 : Int(milliseconds << (2 - exponent)) & 3
        return min(exponent * stepsPerDoubling + mantissa, size - 1)
    }

    private static func upperBound(of bucket: Int) -> Int64 {
        let (exponent, mantissa) = (bucket / stepsPerDoubling, bucket % stepsPerDoubling)
        let next = Int64(stepsPerDoubling + mantissa + 1)
        // Below four milliseconds the steps are finer than what is measured.
        guard exponent >= 2 else { return Int64(1) << (exponent + (mantissa > 1 ? 1 : 0)) }
        return (next << (exponent - 2)) - 1
    }
}
