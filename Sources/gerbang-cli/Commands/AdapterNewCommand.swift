internal import AdapterConformance
internal import ArgumentParser
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest

/// The command `gerbang adapter new`.
struct AdapterNewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a manifest to begin with.",
        discussion: """
            It is complete and passes its own fixtures, against an agency that is made up. An existing file is left alone.

            EXAMPLES
              gerbang adapter new dinas-contoh
              gerbang adapter new dinas-contoh --output - | less
            """
    )

    @Argument(help: "The adapter's name: a-z, 0-9, '-', '_' and '.'.")
    var id: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write, or - for standard output; default: ID/adapter.yaml.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    func run() async throws {
        let adapter: AdapterID
        do throws(GerbangError) {
            adapter = try AdapterID(id)
        } catch {
            throw CommandError(.usage, "this cannot be an adapter's name", details: [error.message])
        }
        let text = ManifestStarter.text(id: adapter)
        try NewFile.write(text, to: output, defaultPath: "\(adapter)/adapter.yaml")
    }
}

/// The command `gerbang adapter docs`.
struct AdapterDocsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Write a page about an adapter, in Markdown.",
        discussion: """
            An adapter is a manifest's file, or the name of a Swift module of this build.

            EXAMPLES
              gerbang adapter docs adapter.yaml > README.md
              gerbang adapter docs dukcapil
            """
    )

    @Argument(help: ArgumentHelp("A manifest, or the name of a module.", valueName: "adapter"), completion: .file())
    var adapter: String

    func run() async throws {
        let argument = try AdapterArgument(adapter)
        let page =
            argument.manifest?.documentation()
            ?? argument.subject.definition.descriptor.documentation(settings: argument.subject.settings.keys)
        Terminal.standard.print(
            page.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { String($0) }
        )
    }
}
