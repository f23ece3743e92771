internal import FoundationEssentials
internal import GerbangManifest

/// The loader of manifests: mistakes have places, and what loads can be used.
package struct ManifestTarget: FuzzTarget {
    package let name = "manifest"

    private let seeds: [[UInt8]]

    private static let mutation = Mutation(pieces: [
        "${", "}", "\"", "'", ": ", "- ", "\n", "  ", "{}", "[]", "null", "true", "-1", "1e999", "&a ", "*a", "!!str ",
        "|",
        ">-", "${body}", "${secret.x}", "\u{0}", "é", "let:", "when:", "include: all", "~", "#", "\t", "%", "@",
        "\\u0000",
        "${{}}", "a.b.c", "(", "/", "//", "[", "[[[[[[", "{a: ", "? : ", "x: x\n", "<<: ", "---\n", "...\n",
        "%YAML 1.2\n",
    ])

    package init(projectRoot: String) {
        seeds = ["Dukcapil", "Transport"].compactMap { agency in
            FileManager.default.contents(atPath: "\(projectRoot)/Adapters/\(agency)/adapter.yaml").map { Array($0) }
        }
    }

    package func input(_ random: inout SplitMix64) -> [UInt8] {
        Self.mutation.mutate(seeds.randomElement(using: &random) ?? [], &random)
    }

    package func run(_ input: [UInt8]) throws -> Bool {
        do throws(ManifestError) {
            let manifest = try Manifest.parse(String(decoding: input, as: UTF8.self), file: "adapter.yaml")
            _ = manifest.runFixtures()
            return true
        } catch {
            guard error.issues.contains(where: { $0.severity == .error }) else {
                throw Finding("refused without an error")
            }
            guard error.issues.allSatisfy({ $0.line.map { $0 >= 1 } ?? true && $0.column.map { $0 >= 1 } ?? true })
            else {
                throw Finding("a mistake outside of the text")
            }
            return false
        }
    }
}
