internal import Synchronization

/// Random decisions from a seed, for several tasks at once.
///
/// Which task draws which number depends on the scheduler, so a seed repeats the mixture rather than every step.
final class Dice: Sendable {
    private let state: Mutex<UInt64>

    init(seed: UInt64) {
        state = Mutex(seed)
    }

    /// A number within `range`.
    func number(_ range: ClosedRange<Int>) -> Int {
        withGenerator { Int.random(in: range, using: &$0) }
    }

    /// A span within a range of milliseconds.
    func milliseconds(_ range: ClosedRange<Int>) -> Duration { .milliseconds(number(range)) }

    /// Whether something happens that happens in `share` of all cases.
    func chance(_ share: Double) -> Bool {
        withGenerator { Double.random(in: 0..<1, using: &$0) < share }
    }

    /// One of `items`; `nil` when there is none.
    func pick<Item: Sendable>(_ items: [Item]) -> Item? {
        withGenerator { items.randomElement(using: &$0) }
    }

    /// Bytes without meaning.
    func bytes(_ count: Int) -> [UInt8] {
        withGenerator { generator in (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) } }
    }

    private func withGenerator<Result: Sendable>(_ body: (inout SplitMix) -> Result) -> Result {
        state.withLock { state in
            var generator = SplitMix(state: state)
            defer { state = generator.state }
            return body(&generator)
        }
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
