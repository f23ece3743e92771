internal import ArgumentParser
internal import Foundation
internal import GerbangCore
internal import GerbangManifest
internal import GerbangSOAP

/// The command `gerbang adapter from-wsdl`.
struct AdapterFromWSDLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "from-wsdl",
        abstract: "Write a manifest for the operations of a SOAP service.",
        discussion: """
            Makes a folder with adapter.yaml, the description and the schemas it needs, and a service for every operation \
            of every port, with its input and output as JSON Schema. Every operation has an example made from its schemas, \
            so that 'gerbang adapter test' passes at once. What the agency's operations do is not in a description: those \
            that change nothing there are named with --query, all others are not repeated.

            EXAMPLES
              gerbang adapter from-wsdl service.wsdl --query getVehicle
              gerbang adapter from-wsdl service.wsdl --id dishub --operation getVehicle --operation book --output dishub
            """
    )

    @Argument(help: "The description, a WSDL 1.1 file.", completion: .file(extensions: ["wsdl"]))
    var file: String

    @Option(help: ArgumentHelp("The adapter's name; made from the service's name unless given.", valueName: "name"))
    var id: String?

    @Option(help: ArgumentHelp("The agency's name.", valueName: "name"))
    var agency: String?

    @Option(
        name: .customLong("operation"),
        help: ArgumentHelp("Only this operation; may be repeated.", valueName: "name")
    )
    var operations: [String] = []

    @Option(
        name: .customLong("query"),
        help: ArgumentHelp("An operation that changes nothing at the agency; may be repeated.", valueName: "name")
    )
    var queries: [String] = []

    @Option(help: ArgumentHelp("Only the operations of this port.", valueName: "name"))
    var port: String?

    @Option(help: ArgumentHelp("Only the operations of this service.", valueName: "name"))
    var service: String?

    @Flag(
        help:
            "Send binary content of 1 kB and more beside the envelope (MTOM), asked for by the description or not."
    )
    var mtom = false

    @OptionGroup var options: SOAPFileOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder to write; default: the adapter's name.", valueName: "folder"),
        completion: .directory
    )
    var output: String?

    func run() async throws {
        let wsdl = try options.loadOrFail(file)
        let made: ManifestFromWSDL
        do throws(GerbangError) {
            var options = ManifestFromWSDL.Options()
            if let id { options.id = try AdapterID(id) }
            options.agency = agency.map { LocalizedText(id: $0, en: $0) }
            options.operations = operations
            options.queries = queries
            options.port = port
            options.service = service
            options.usesMTOM = mtom
            made = try ManifestFromWSDL(wsdl, options: options)
        } catch {
            throw CommandError(.usage, "no manifest can be written for \(file)", details: [error.message])
        }
        let folder = output ?? made.id.text
        try write(made, into: folder)
        let terminal = Terminal.standard
        for remark in made.remarks { terminal.hint(Printable.line(remark)) }
        let manifest = try ManifestFile.load("\(folder)/adapter.yaml")
        for warning in manifest.warnings { terminal.hint(Printable.line(warning.description)) }
        let results = manifest.runFixtures(catalogue: try ManifestFile.catalogue())
        let passed = results.filter(\.isPassed).count
        terminal.print([
            Printable.line(
                "wrote \(folder)/adapter.yaml: \(Printable.count(manifest.descriptor.operations.count, "operation"))"
            ),
            "\(passed) of \(Printable.count(results.count, "fixture")) passed",
        ])
        let open = manifest.descriptor.operations.filter { $0.effect == .nonIdempotent }.map(\.id.text)
        if !open.isEmpty {
            terminal.hint(
                Printable.line(
                    "not repeated, and without an inquiry: \(open.joined(separator: ", ")); see the comments there"
                )
            )
        }
        terminal.hint(
            Printable.line("next: name it in 'adapters' of the configuration, with a connection to \(made.id)")
        )
        guard passed == results.count else { throw ExitCode(ExitStatus.refused.rawValue) }
    }

    /// Writes all files, or none where one is there already.
    private func write(_ made: ManifestFromWSDL, into folder: String) throws(CommandError) {
        let base = URL(fileURLWithPath: folder, isDirectory: true)
        guard !FileManager.default.fileExists(atPath: base.appending(path: "adapter.yaml").path) else {
            throw CommandError(
                .usage,
                "\(folder)/adapter.yaml is there already",
                advice: "choose another folder with --output"
            )
        }
        let source = URL(fileURLWithPath: options.folder ?? URL(fileURLWithPath: file).deletingLastPathComponent().path)
        do {
            var files: [(String, Data)] = made.files.map { ($0.path, Data($0.text.utf8)) }
            for path in made.descriptions { files.append((path, try Data(contentsOf: source.appending(path: path)))) }
            for (path, data) in files {
                let target = base.appending(path: path)
                try FileManager.default.createDirectory(
                    at: target.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                // The description may lie in the folder already.
                guard (try? Data(contentsOf: target)) != data else { continue }
                try data.write(to: target, options: .withoutOverwriting)
            }
        } catch {
            throw CommandError(
                .refused,
                "\(folder) cannot be written",
                advice: "check the folder, its files and rights"
            )
        }
    }
}
