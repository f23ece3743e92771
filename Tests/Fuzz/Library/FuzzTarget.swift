/// A part of the program that takes whatever it is given, with inputs to begin with and a way to find out that it
/// misbehaves.
///
/// Crashes and endless loops show by themselves; everything else is a ``Finding``.
package protocol FuzzTarget: Sendable {
    /// The name in commands.
    var name: String { get }

    /// A new input.
    func input(_ random: inout SplitMix64) -> [UInt8]

    /// Gives an input to the target.
    ///
    /// - Returns: Whether the input was taken as valid.
    /// - Throws: ``Finding`` when something does not hold.
    func run(_ input: [UInt8]) throws -> Bool
}

/// Something that does not hold.
package struct Finding: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// What a fuzzer did.
package struct FuzzReport: Sendable {
    /// How many inputs were given.
    package var executions = 0
    /// How many of them were taken as valid.
    package var valid = 0

    package init() {}
}

extension FuzzTarget {
    /// Runs so many inputs that follow from a seed.
    package func run(seed: UInt64, executions: Int) throws -> FuzzReport {
        var random = SplitMix64(seed: seed)
        var report = FuzzReport()
        for _ in 0..<executions {
            if try run(input(&random)) { report.valid += 1 }
            report.executions += 1
        }
        return report
    }
}

/// The targets by their names.
package enum FuzzTargets {
    /// All of them; the seeds of the manifests are read from the project's folder.
    package static func all(projectRoot: String) -> [any FuzzTarget] {
        [
            JSONTarget(), ExpressionTarget(), ManifestTarget(projectRoot: projectRoot),
            WSDLTarget(projectRoot: projectRoot), MessageTarget(projectRoot: projectRoot), MultipartTarget(),
        ]
    }
}

/// Numbers that repeat for a seed.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

/// Damages inputs.
struct Mutation {
    /// Pieces that mean something to the target.
    let pieces: [[UInt8]]

    init(pieces: [String]) {
        self.pieces = pieces.map { Array($0.utf8) }
    }

    /// Changes an input in a few places.
    func mutate(_ original: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...5, using: &random) {
            let position = Int.random(in: 0...bytes.count, using: &random)
            let end = min(bytes.count, position + Int.random(in: 0...16, using: &random))
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes.removeSubrange(position..<end)
            case 1: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: position)
            case 2:
                let copy = Array(bytes[position..<end])
                bytes.insert(contentsOf: copy, at: Int.random(in: 0...bytes.count, using: &random))
            case 3: if position < bytes.count { bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
            case 4: if position < bytes.count { bytes[position] = UInt8.random(in: 0...255, using: &random) }
            case 5:
                // Many times the same, as a sender of trouble would do it.
                let count = Int.random(in: 1...300, using: &random)
                let piece = pieces.randomElement(using: &random) ?? []
                bytes.insert(contentsOf: (0..<count).flatMap { _ in piece }, at: position)
            default: bytes.replaceSubrange(position..<end, with: pieces.randomElement(using: &random) ?? [])
            }
        }
        return bytes
    }
}
