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

                EXAMPLES
                  gerbang soap call service.wsdl getVehicle --input '{"plate": "B 1234 XYZ"}'
                  gerbang soap call service.wsdl getVehicle --input @input.json --headers @headers.json --url https://…
                """
        )

        @OptionGroup var operation: SOAPOperationOptions

        @Option(help: ArgumentHelp("The input: JSON, @ and a file, or @- for standard input.", valueName: "json"))
        var input: String = "{}"

        @Option(help: ArgumentHelp("The header blocks to send: a JSON object, @ and a file, or @-.", valueName: "json"))
        var headers: String = "{}"

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
            let messageID = "urn:uuid:\(UUID().uuidString.lowercased())"
            let message: SOAPMessage
            do throws(SOAPError) {
                message = try operation.encodeRequestMessage(
                    try Self.json(input, called: "the input"),
                    headers: try Self.json(headers, called: "the headers"),
                    isValidated: !noValidation,
                    addressing: SOAPAddressing(messageID: messageID)
                )
            } catch {
                throw CommandError(.usage, "the message does not fit the contract", details: [SOAPText.line(error)])
            }
            let response = try await send(message.body, message.fields, to: address)
            try report(response, of: operation, to: messageID)
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

        private func send(
            _ body: [UInt8],
            _ fields: [(name: String, value: String)],
            to address: String
        ) async throws(CommandError) -> WireResponse {
            var headerFields = HTTPFields()
            for field in fields {
                guard let name = HTTPField.Name(field.name) else { continue }
                headerFields[name] = field.value
            }
            let request = OutboundRequest(
                method: .post,
                url: address,
                headerFields: headerFields,
                body: body,
                timeouts: CallTimeouts(firstByte: timeout.duration, total: timeout.duration)
            )
            let transport: CurlTransport
            do throws(WireFailure) {
                transport = try CurlTransport()
            } catch {
                throw CommandError(.unreachable, "the transport cannot start", details: [error.description])
            }
            defer { transport.shutdown() }
            switch await transport.send(request) {
            case .answered(let response): return response
            case .failed(let failure):
                throw CommandError(
                    failure.kind == .timeout ? .timedOut : .unreachable,
                    "the service gave no answer",
                    details: [failure.description],
                    advice: failure.sendState == .notSent
                        ? nil : "the service may have acted on the message all the same"
                )
            }
        }

        private func report(_ response: WireResponse, of operation: SOAPOperation, to messageID: String) throws {
            let terminal = Terminal.standard
            if operation.isOneWay {
                guard (200..<300).contains(response.status) else {
                    throw Self.refused(response, "the service refused the message")
                }
                return terminal.hint("accepted with status \(response.status)")
            }
            let answer: SOAPAnswer
            do throws(SOAPError) {
                answer = try operation.decodeResponse(
                    response.body,
                    contentType: response.headerFields[.contentType] ?? "",
                    isValidated: !noValidation,
                    relatesTo: messageID
                )
            } catch {
                throw Self.refused(response, "the answer does not fit the contract", SOAPText.line(error))
            }
            switch answer {
            case .output(let output, let blocks): terminal.print(json ? ["output": output, "headers": blocks] : output)
            case .fault(let fault):
                terminal.print(Self.json(fault))
                throw ExitCode(ExitStatus.refused.rawValue)
            }
        }

        private static func refused(_ response: WireResponse, _ title: String, _ detail: String? = nil) -> CommandError
        {
            CommandError(
                .refused,
                title,
                details: ["HTTP status \(response.status), \(Printable.count(response.body.count, "byte"))"]
                    + (detail.map { [$0] } ?? [])
            )
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
