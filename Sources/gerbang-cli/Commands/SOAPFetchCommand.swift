internal import ArgumentParser
internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangSOAP
internal import GerbangXML
internal import HTTPTypes

extension SOAPCommand {
    /// The command `gerbang soap fetch`.
    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy a service's description, and what it imports, from the net into files.",
            discussion: """
                The only command that reads descriptions from the net. The files lead to each other by their names, so that \
                every other command reads them without the net; what the built-in catalogue has is not copied. Redirections \
                are told, not followed. The exit code is 1 where the copy is written but cannot be used, because something \
                that it needs could not be had.

                EXAMPLES
                  gerbang soap fetch 'https://services.example.go.id/Vehicles.svc?wsdl' --folder vehicles
                """
        )

        @Argument(help: ArgumentHelp("The description's address.", valueName: "url"))
        var url: String

        @Option(help: "The folder to write the files into; it is made where it is not there.", completion: .directory)
        var folder: String = "."

        @Option(help: "The time limit for each file.")
        var timeout: Span = Span(.seconds(30))

        @Flag(help: "Replace files that are there already.")
        var force = false

        func run() async throws {
            let transport = try CurlTransport.started()
            defer { transport.shutdown() }
            let copy: DescriptionCopy
            do throws(SOAPError) {
                copy = try await DescriptionCopy(of: url) { (address) async throws(DescriptionCopy.Failure) in
                    try await file(at: address, by: transport)
                }
            } catch {
                throw CommandError(.unreachable, "there is no description to copy", details: [SOAPText.line(error)])
            }
            let terminal = Terminal.standard
            for note in copy.notes { terminal.note(Printable.line(note)) }
            let paths = try write(copy.files)
            terminal.print(paths.map { "wrote \($0)" })
            guard let description = paths.first else { return }
            do throws(SOAPError) {
                let wsdl = try WSDL.load(file: description)
                terminal.hint(
                    "\(Printable.count(wsdl.operations.count, "operation")); next: gerbang soap describe \(description)"
                )
            } catch {
                throw CommandError(.refused, "the copy cannot be used", details: [SOAPText.line(error)])
            }
        }

        private func file(at address: String, by transport: CurlTransport) async throws(DescriptionCopy.Failure)
            -> [UInt8]
        {
            let request = OutboundRequest(
                method: .get,
                url: address,
                timeouts: CallTimeouts(firstByte: timeout.duration, total: timeout.duration),
                resend: .allowed,
                maximumResponseBytes: LoadLimits().xml.maximumBytes
            )
            switch await transport.send(request) {
            case .failed(let failure): throw DescriptionCopy.Failure(failure.description)
            case .answered(let response) where response.status == 200: return response.body
            case .answered(let response):
                let target = response.headerFields[.location].map { ", which leads to \(Printable.line($0))" } ?? ""
                throw DescriptionCopy.Failure("the answer has the status \(response.status)\(target)")
            }
        }

        /// Writes all files, or none where one is there already.
        private func write(_ files: [DescriptionCopy.File]) throws(CommandError) -> [String] {
            let place = URL(fileURLWithPath: folder)
            let targets = files.map { place.appending(path: $0.name) }
            if !force, let there = targets.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
                throw CommandError(
                    .usage,
                    "\(there.relativePath) is there already",
                    advice: "choose another --folder, or replace it with --force"
                )
            }
            do {
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                for (file, target) in zip(files, targets) { try Data(file.bytes).write(to: target, options: .atomic) }
            } catch {
                throw CommandError(.refused, "the files cannot be written", advice: "check the folder and its rights")
            }
            return files.map { folder == "." ? $0.name : "\(folder)/\($0.name)" }
        }
    }
}
