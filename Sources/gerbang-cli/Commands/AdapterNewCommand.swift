internal import ArgumentParser
internal import Foundation
internal import GerbangCore
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
        let terminal = Terminal.standard
        guard output != "-" else {
            terminal.print(text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { String($0) })
            return
        }
        let path = output ?? "\(adapter)/adapter.yaml"
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandError(.usage, "\(path) is there already", advice: "choose another place with --output")
        }
        do {
            let file = URL(fileURLWithPath: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file, options: .withoutOverwriting)
        } catch {
            throw CommandError(.refused, "\(path) cannot be written", advice: "check the folder and its rights")
        }
        terminal.print(["wrote \(path)"])
        terminal.hint("next: gerbang adapter test \(path)")
    }
}

/// The command `gerbang adapter docs`.
struct AdapterDocsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "Write a page about a manifest's adapter, in Markdown.",
        discussion: """
            EXAMPLES
              gerbang adapter docs adapter.yaml > README.md
            """
    )

    @Argument(help: ArgumentHelp("The manifest.", valueName: "file"), completion: .file())
    var file: String

    func run() async throws {
        let page = try ManifestFile.load(file).documentation()
        Terminal.standard.print(
            page.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { String($0) }
        )
    }
}
