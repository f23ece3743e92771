internal import ArgumentParser
internal import GerbangJSON
internal import GerbangSOAP

extension SOAPCommand {
    /// The command `gerbang soap sample`.
    struct Sample: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a sample of an operation's input, output or fault.",
            discussion: """
                The sample keeps to the schema, patterns and bounds included. It holds all that may be there in the outer \
                levels, and what must be there below.

                EXAMPLES
                  gerbang soap sample service.wsdl getVehicle
                  gerbang soap sample service.wsdl getVehicle --output --xml
                """
        )

        @OptionGroup var operation: SOAPOperationOptions

        @Flag(help: "Of the output instead of the input.")
        var output = false

        @Option(help: ArgumentHelp("Of this declared fault instead of the input.", valueName: "name"))
        var fault: String?

        @Flag(help: "Write the header blocks instead of the body.")
        var headers = false

        @Flag(help: "Write the envelope in XML, header blocks included.")
        var xml = false

        @Flag(help: "Write body, header blocks and envelope as one JSON object.")
        var json = false

        func validate() throws {
            guard !(output && fault != nil) else { throw ValidationError("Give --output or --fault, not both.") }
        }

        func run() async throws {
            let terminal = Terminal.standard
            let operation = try operation.find()
            let kind: SOAPOperation.MessageKind = fault.map { .fault($0) } ?? (output ? .output : .input)
            guard operation.messageKinds.contains(kind) else {
                let known = operation.messageKinds.map { SOAPText.kind($0) }.joined(separator: ", ")
                throw CommandError(.usage, "the operation has no \(SOAPText.kind(kind)); there are: \(known)")
            }
            do throws(SOAPError) {
                let body = try operation.sample(kind)
                let blocks: JSONValue = fault == nil ? try operation.sampleHeaders(kind) : [:]
                if xml || json {
                    let envelope = String(decoding: try operation.envelope(kind, body, headers: blocks), as: UTF8.self)
                    if xml {
                        terminal.print(envelope)
                    } else {
                        terminal.print(["body": body, "headers": blocks, "envelope": .string(envelope)])
                    }
                } else {
                    terminal.print(headers ? blocks : body)
                }
            } catch {
                throw CommandError(.refused, "no sample can be made", details: [SOAPText.line(error)])
            }
        }
    }
}
