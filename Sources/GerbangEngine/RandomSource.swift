internal import Synchronization

/// Random numbers: the system's, or a sequence that a seed repeats.
final class RandomSource: Sendable {
    private let state: Mutex<Generator>

    init(seed: UInt64?) {
        state = Mutex(Generator(state: seed ?? UInt64.random(in: .min ... .max)))
    }

    /// A number from 0 up to 1.
    func unit() -> Double {
        withGenerator { Double.random(in: 0..<1, using: &$0) }
    }

    func withGenerator<Result: Sendable>(_ body: (inout Generator) -> Result) -> Result {
        state.withLock { generator in body(&generator) }
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014). Not for secrets.
    struct Generator: RandomNumberGenerator, Sendable {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
