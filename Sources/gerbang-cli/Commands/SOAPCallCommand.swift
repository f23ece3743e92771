internal import ArgumentParser
internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import HTTPTypes

extension SOAPCommand {
    /// The command `gerbang soap call`.
    struct Call: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Call an operation once, with JSON, and write the answer as JSON.",
            discussion: """
                The message is validated before it is sent, the answer after it came. The call is made once and never \
                repeated. The exit code is 1 for a fault and for an answer that breaks the contract.

                Binary content is base64 in the JSON. Files of any size are sent with --attach: where the input has \
                {"#attachment": "NAME"} the file takes its place. With --attachments those of the answer become files.

                EXAMPLES
                  gerbang soap call service.wsdl getVehicle --input '{"plate": "B 1234 XYZ"}'
                  gerbang soap call service.wsdl getVehicle --input @input.json --headers @headers.json --url https://…
                  gerbang soap call service.wsdl store --input '{"deed": {"#attachment": "scan"}}' \\
                    --attach 'scan=deed.pdf;application/pdf' --mtom --attachments received/
                """
        )

        @OptionGroup var operation: SOAPOperationOptions

        @Option(help: ArgumentHelp("The input: JSON, @ and a file, or @- for standard input.", valueName: "json"))
        var input: String = "{}"

        @Option(help: ArgumentHelp("The header blocks to send: a JSON object, @ and a file, or @-.", valueName: "json"))
        var headers: String = "{}"

        @Option(
            help: ArgumentHelp("A file to send, as the input names it; may be repeated.", valueName: "name=file[;type]")
        )
        var attach: [String] = []

        @Option(help: ArgumentHelp("The folder to put attachments of the answer in.", valueName: "folder"))
        var attachments: String?

        @Flag(help: "Send binary content beside the envelope (MTOM), whatever the description says.")
        var mtom = false

        @Option(help: "The address; that of the port unless given.")
        var url: String?

        @Option(help: "The time limit of the whole call.")
        var timeout: Span = Span(.seconds(30))

        @Flag(help: "Neither validate the message nor the answer by schema.")
        var noValidation = false

        @Flag(help: "Write output and header blocks, or the fault, as one JSON object.")
        var json = false

        func run() async throws {
            let operation = try operation.find()
            guard let address = url ?? operation.httpAddress else {
                throw CommandError(.usage, "the port has no address for HTTP", advice: "give one with --url")
            }
            let folder: AttachmentFolder?
            do throws(SOAPError) {
                folder = try attachments.map { path throws(SOAPError) in try AttachmentFolder(path) }
            } catch {
                throw CommandError(.usage, "--attachments cannot be used", details: [SOAPText.line(error)])
            }
            let messageID = "urn:uuid:\(UUID().uuidString.lowercased())"
            let message: StreamedSOAPMessage
            do throws(SOAPError) {
                message = try operation.encodeRequest(
                    try Self.json(input, called: "the input"),
                    attachments: try Self.files(attach),
                    headers: try Self.json(headers, called: "the headers"),
                    isValidated: !noValidation,
                    addressing: SOAPAddressing(messageID: messageID),
                    packaging: mtom ? .mtom() : .automatic
                )
            } catch {
                throw CommandError(.usage, "the message does not fit the contract", details: [SOAPText.line(error)])
            }
            let transport = try CurlTransport.started()
            defer { transport.shutdown() }
            let deadline = ContinuousClock.now.advanced(by: timeout.duration)
            switch await transport.stream(request(message.fields, to: address), body: message.body) {
            case .answered(let response):
                let answer = try await answer(in: response, of: operation, to: messageID, folder, until: deadline)
                try report(answer, of: operation, response)
            case .failed(let failure): throw Self.unanswered(failure)
            }
        }

        /// The files of `NAME=FILE` and `NAME=FILE;TYPE`; a file may have a `;` in its name.
        private static func files(_ texts: [String]) throws(SOAPError) -> [String: SOAPAttachment] {
            var files: [String: SOAPAttachment] = [:]
            for text in texts {
                let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
                guard parts.count == 2 else { throw SOAPError(.file, "--attach takes NAME=FILE or NAME=FILE;TYPE") }
                var (path, type) = (parts[1], String?.none)
                if !InputFile.exists(path), let mark = path.lastIndex(of: ";") {
                    type = String(path[path.index(after: mark)...])
                    path = String(path[..<mark])
                }
                guard files.updateValue(try SOAPAttachment(file: path, type: type), forKey: parts[0]) == nil else {
                    throw SOAPError(.file, "--attach gives two files the same name")
                }
            }
            return files
        }

        private static func json(_ text: String, called name: String) throws(SOAPError) -> JSONValue {
            do {
                let bytes =
                    text.hasPrefix("@")
                    ? try InputFile.bytes(of: String(text.dropFirst()), called: name) : Array(text.utf8)
                return try JSONValue(parsing: bytes)
            } catch {
                let reason = (error as? JSONError)?.description ?? (error as? CommandError)?.title ?? ""
                throw SOAPError(.json, "\(name) cannot be read: \(reason)")
            }
        }

        private func request(_ fields: [(name: String, value: String)], to address: String) -> OutboundRequest {
            var headerFields = HTTPFields()
            for field in fields {
                guard let name = HTTPField.Name(field.name) else { continue }
                headerFields[name] = field.value
            }
            return OutboundRequest(
                method: .post,
                url: address,
                headerFields: headerFields,
                timeouts: CallTimeouts(firstByte: timeout.duration, total: timeout.duration)
            )
        }

        private static func unanswered(_ failure: WireFailure) -> CommandError {
            CommandError(
                failure.kind == .timeout ? .timedOut : .unreachable,
                failure.kind == .unsendable ? "the message could not be sent" : "the service gave no complete answer",
                details: [failure.description],
                advice: failure.sendState == .notSent ? nil : "the service may have acted on the message all the same"
            )
        }

        private func report(_ answer: SOAPAnswer?, of operation: SOAPOperation, _ response: StreamedResponse) throws {
            let terminal = Terminal.standard
            switch answer {
            case nil: terminal.hint("accepted with status \(response.status)")
            case .output(let output, let blocks): terminal.print(json ? ["output": output, "headers": blocks] : output)
            case .fault(let fault):
                terminal.print(Self.json(fault))
                throw ExitCode(ExitStatus.refused.rawValue)
            }
        }

        /// Takes the answer in, its attachments into files where there is a folder for them; nil where none is expected.
        private func answer(
            in response: StreamedResponse,
            of operation: SOAPOperation,
            to messageID: String,
            _ folder: AttachmentFolder?,
            until deadline: ContinuousClock.Instant
        ) async throws -> SOAPAnswer? {
            if operation.isOneWay {
                guard (200..<300).contains(response.status) else {
                    throw Self.refused(response, "the service refused the message")
                }
                return nil
            }
            let type = response.headerFields[.contentType] ?? ""
            do {
                var reader = try folder.map { folder throws(SOAPError) in
                    try SOAPMessageReader(contentType: type, attachments: folder)
                }
                var body: [UInt8] = []
                for try await piece in response.body {
                    guard ContinuousClock.now < deadline else {
                        throw WireFailure(.timeout, .maybeSent, detail: "no complete answer in time")
                    }
                    if reader != nil {
                        try reader?.read(piece)
                        continue
                    }
                    body += piece
                    guard body.count <= OutboundRequest.defaultMaximumResponseBytes else {
                        throw SOAPError(
                            .limit,
                            "It is larger than 8 MiB; where that is its attachments, give them a folder by --attachments."
                        )
                    }
                }
                guard let message = try reader?.finish() else {
                    return try operation.decodeResponse(
                        body,
                        contentType: type,
                        isValidated: !noValidation,
                        relatesTo: messageID
                    )
                }
                for file in message.attachments {
                    Terminal.standard.hint("received \(file.path) (\(Printable.count(file.count, "byte")))")
                }
                return try operation.decodeResponse(message, isValidated: !noValidation, relatesTo: messageID)
            } catch let failure as WireFailure {
                throw Self.unanswered(failure)
            } catch let error as SOAPError {
                throw Self.refused(response, "the answer does not fit the contract", SOAPText.line(error))
            }
        }

        private static func refused(_ response: StreamedResponse, _ title: String, _ detail: String? = nil)
            -> CommandError
        {
            CommandError(.refused, title, details: ["HTTP status \(response.status)"] + (detail.map { [$0] } ?? []))
        }

        private static func json(_ answer: SOAPFaultAnswer) -> JSONValue {
            var fault: JSONObject = ["code": .string(answer.fault.code)]
            if !answer.fault.subcodes.isEmpty { fault["subcodes"] = .array(answer.fault.subcodes.map { .string($0) }) }
            fault["reason"] = answer.fault.reason().map { .string($0) }
            fault["actor"] = answer.fault.actor.map { .string($0) }
            fault["name"] = answer.name.map { .string($0) }
            fault["detail"] = answer.detail
            return ["fault": .object(fault)]
        }
    }
}
