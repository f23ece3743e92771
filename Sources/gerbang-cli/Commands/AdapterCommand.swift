internal import ArgumentParser
internal import GerbangCore
internal import GerbangManifest

/// The command `gerbang adapter`.
struct AdapterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapter",
        abstract: "Write, check, prove and describe adapters.",
        discussion: """
            A manifest is an adapter as data: Docs/Manifest.md describes it, Docs/WritingAnAdapter.md leads through it.

            EXAMPLES
              gerbang adapter new dinas-contoh
              gerbang adapter lint dinas-contoh/adapter.yaml
              gerbang adapter test dinas-contoh/adapter.yaml
            """,
        subcommands: [
            AdapterTestCommand.self, AdapterLintCommand.self, AdapterNewCommand.self, AdapterImportCommand.self,
            AdapterFromWSDLCommand.self, AdapterRecordCommand.self, AdapterDocsCommand.self,
        ]
    )
}

/// Reads manifests for commands.
enum ManifestFile {
    /// Reads a manifest that must be right.
    ///
    /// - Throws: ``CommandError`` with status `usage` and every issue.
    static func load(_ path: String) throws(CommandError) -> Manifest {
        let catalogue = try catalogue()
        do throws(ManifestError) {
            return try Manifest.load(path: path, catalogue: catalogue)
        } catch {
            throw CommandError(.usage, "the manifest is not usable", details: error.issues.map(\.description))
        }
    }

    /// The services that outputs are checked against.
    static func catalogue() throws(CommandError) -> ServiceCatalogue {
        do throws(GerbangError) {
            return try ServiceCatalogue.builtin()
        } catch {
            throw CommandError(.refused, "the service catalogue cannot be read", details: [error.message])
        }
    }
}
