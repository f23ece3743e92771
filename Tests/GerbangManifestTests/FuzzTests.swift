internal import GerbangManifest
internal import Testing

/// A small generator of numbers that are always the same.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite("Mutated manifests")
struct FuzzTests {
    private static let pieces = [
        "${", "}", "\"", "'", ": ", "- ", "\n", "  ", "{}", "[]", "null", "true", "-1", "1e999", "&a", "*a", "!!str",
        "|", ">-",
        "${body}", "${secret.x}", "\u{0}", "é", "let:", "when:", "include: all", "~", "#", "\t", "%", "@", "\\u0000",
        "${{}}",
        "a.b.c", "(", "/", "//", "[[[[[[", "? : ",
    ]

    @Test("none crashes or hangs the loader, and what loads can be used", arguments: Support.shipped)
    func mutations(path: String) throws {
        let original = Array(try Support.file(path).unicodeScalars)
        var generator = SplitMix64(seed: 20_260_110)
        for _ in 0..<30 {
            var scalars = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = Int.random(in: 0..<scalars.count, using: &generator)
                let end = min(scalars.count, position + Int.random(in: 0...12, using: &generator))
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: scalars.removeSubrange(position..<end)
                case 1:
                    let piece = Self.pieces.randomElement(using: &generator) ?? ""
                    scalars.insert(contentsOf: piece.unicodeScalars, at: position)
                default:
                    scalars.insert(
                        contentsOf: scalars[position..<end],
                        at: Int.random(in: 0...position, using: &generator)
                    )
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            do throws(ManifestError) {
                let manifest = try Manifest.parse(String(text), file: "adapter.yaml")
                _ = manifest.runFixtures()
            } catch {
                #expect(error.issues.contains { $0.severity == .error })
                for issue in error.issues where issue.line != nil { #expect((issue.column ?? 0) >= 1) }
            }
        }
    }
}
