internal import AdapterTooling
internal import ArgumentParser
internal import Foundation
internal import GerbangCore
internal import GerbangManifest

/// The command `gerbang adapter from-openapi`.
struct AdapterImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "from-openapi",
        abstract: "Write a manifest from an OpenAPI document.",
        discussion: """
            The document is OpenAPI 3.0 or 3.1, in YAML or JSON. Each operation becomes one of the manifest: its message, \
            how it proves who asks, rules for the answers that are described, and a fixture for each. A POST is taken for \
            an operation that must not be repeated, and so are PUT, PATCH and DELETE, unless --key names the element by \
            which the agency recognises a repetition. A service that --service does not name, or that the catalogue does not \
            have, is described in the manifest, by the document's schemas.

            What cannot be translated is listed on standard error, with its place in the document and why. An existing \
            file is left alone.

            EXAMPLES
              gerbang adapter from-openapi openapi.yaml
              gerbang adapter from-openapi openapi.json --operation getVehicle --service getVehicle=transport.vehicle.lookup
              gerbang adapter from-openapi openapi.json --operation putBooking --key putBooking=reference --output -
            """
    )

    @Argument(help: ArgumentHelp("The document.", valueName: "file"), completion: .file())
    var file: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Operations to take, by operationId or as 'GET /path'; default: all.", valueName: "id")
    )
    var operation: [String] = []

    @Option(help: ArgumentHelp("The service that an operation provides.", valueName: "operation=service"))
    var service: [String] = []

    @Option(
        help: ArgumentHelp("The element that carries an operation's idempotency key.", valueName: "operation=element")
    )
    var key: [String] = []

    @Option(help: ArgumentHelp("The adapter's name; default: from the document's title.", valueName: "name"))
    var id: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write, or - for standard output; default: ID/adapter.yaml.", valueName: "file"),
        completion: .file()
    )
    var output: String?

    func run() async throws {
        var choice = OpenAPIImport.Choice()
        choice.operations = operation
        for (name, value) in try Self.pairs(service, called: "--service") {
            guard let service = ServiceID(argument: value) else {
                throw CommandError(.usage, "'\(value)' cannot be a service's name", advice: "see 'gerbang services'")
            }
            choice.services[name] = service
        }
        for (name, value) in try Self.pairs(key, called: "--key") { choice.keys[name] = value }
        let text = try InputFile.text(of: file, called: "the document")
        let made: OpenAPIImport
        do throws(GerbangError) {
            if let id { choice.adapter = try AdapterID(id) }
            made = try OpenAPIImport(text, choice: choice, catalogue: try ServiceCatalogue.builtin())
        } catch {
            throw CommandError(.usage, "\(file) cannot be translated", details: [error.message])
        }
        let terminal = Terminal.standard
        for note in made.notes { terminal.note(Printable.line("\(file): \(note)")) }
        try NewFile.write(made.manifest, to: output, defaultPath: Self.defaultPath(of: made.manifest))
    }

    private static func pairs(_ texts: [String], called option: String) throws(CommandError) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for text in texts {
            guard let mark = text.lastIndex(of: "="), mark != text.startIndex else {
                throw CommandError(.usage, "\(option) wants OPERATION=VALUE, not '\(text)'")
            }
            pairs.append((String(text[..<mark]), String(text[text.index(after: mark)...])))
        }
        return pairs
    }

    private static func defaultPath(of manifest: String) -> String {
        let id = manifest.split(separator: "\n").first { $0.hasPrefix("id: ") }.map { $0.dropFirst(4) } ?? "adapter"
        return "\(id)/adapter.yaml"
    }
}

/// A manifest that a command has made.
enum NewFile {
    /// Writes it where nothing is yet, or to standard output for `-`, and says what comes next.
    ///
    /// - Throws: ``CommandError`` when there is something already, or the file cannot be written.
    static func write(_ text: String, to output: String?, defaultPath: String) throws(CommandError) {
        let terminal = Terminal.standard
        guard output != "-" else {
            terminal.print(text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { String($0) })
            return
        }
        let path = output ?? defaultPath
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
