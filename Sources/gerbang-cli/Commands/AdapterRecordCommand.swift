internal import AdapterTooling
internal import ArgumentParser
internal import Foundation
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangManifest

/// The command `gerbang adapter record`.
struct AdapterRecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Call an agency once and make a fixture of it, with personal data replaced.",
        discussion: """
            The manifest makes the message and reads the answer, so that the fixture has everything that it needs: the \
            input, the answer and what comes of it. NIK, names, dates of birth, telephone numbers, addresses, numbers of \
            cards and accounts, tokens and secrets are replaced by invented ones of the same form, alike everywhere. \
            Texts that are kept are listed on standard error: look them over, since no program knows every name.

            The call is made once. An operation that changes something at the agency is called only with --effects.

            EXAMPLES
              gerbang adapter record adapter.yaml --operation lookup --url https://agency.example/api \\
                --settings '{"apiKey": {"env": "AGENCY_KEY"}}' --input @input.json --append
            """
    )

    @Argument(help: ArgumentHelp("The manifest.", valueName: "file"), completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The operation to call.", valueName: "id"))
    var operation: String

    @Option(help: "The base URL of the agency's interface.")
    var url: String

    @Option(help: ArgumentHelp("The input: JSON, @ and a file, or @- for standard input.", valueName: "json"))
    var input: String = "{}"

    @Option(
        help: ArgumentHelp(
            "The connection's settings: JSON or @ and a file; secrets as {\"env\": NAME} or {\"file\": PATH}.",
            valueName: "json"
        )
    )
    var settings: String = "{}"

    @Option(help: ArgumentHelp("The agency's own number, for an inquiry.", valueName: "number"))
    var reference: String?

    @Option(help: ArgumentHelp("The fixture's name.", valueName: "text"))
    var name: String?

    @Flag(help: "Call an operation although it changes something at the agency.")
    var effects = false

    @Flag(help: "Put the fixture into the manifest, instead of writing it to standard output.")
    var append = false

    func run() async throws {
        let manifest = try ManifestFile.load(file)
        guard let id = try? OperationID(operation), let descriptor = manifest.descriptor.operation(id) else {
            let known = manifest.descriptor.operations.map(\.id.text).joined(separator: ", ")
            throw CommandError(.usage, "the manifest has no operation \(operation)", advice: "it has \(known)")
        }
        guard descriptor.effect == .query || effects else {
            throw CommandError(
                .usage,
                "\(id) changes something at the agency: it is \(descriptor.effect.name)",
                advice: "call a test system, and say --effects"
            )
        }
        let settings = try SettingsArgument.resolved(settings)
        let input = try JSONArgument.value(input, called: "the input")
        let call = Self.call(descriptor, input, reference)
        let recording: FixtureRecording
        do throws(GerbangError) {
            let exchange = try await Self.exchange(call, manifest, settings, at: url)
            recording = try FixtureRecording(exchange, for: manifest, name: name ?? "\(id), recorded")
        } catch {
            let place = error.field.map { " at \($0)" } ?? ""
            throw CommandError(.refused, "the call cannot be recorded", details: ["\(error.message)\(place)"])
        }
        try write(recording)
    }

    private static func call(_ operation: OperationDescriptor, _ input: JSONValue, _ reference: String?) -> AdapterCall
    {
        let now = SystemClock().now()
        var generator = SystemRandomNumberGenerator()
        let submission = Submission(
            service: operation.service ?? ServiceID(checked: "recording"),
            region: .nation,
            payload: input,
            idempotencyKey: "recording"
        )
        let request = ServiceRequest(
            id: RequestID(at: now, using: &generator),
            client: ClientID(checked: "recording"),
            submission: submission,
            connection: ConnectionID(checked: "recording"),
            operation: operation.id,
            acceptedAt: now,
            deadline: now + .seconds(86_400)
        )
        return AdapterCall(operation: operation, request: request, agencyReference: reference, now: now)
    }

    private static func exchange(
        _ call: AdapterCall,
        _ manifest: Manifest,
        _ settings: JSONObject,
        at url: String
    ) async throws(GerbangError) -> FixtureRecording.Exchange {
        let base = try BaseURL(url)
        var reader = SettingsReader(.object(settings))
        let made = manifest.definition.make(&reader)
        try reader.finish(describing: "settings")
        guard let adapter = made else { throw GerbangError(.invalidConfiguration, "the settings make no adapter") }
        var schemes = SettingsReader(["authentication": adapter.authentication?.revealed ?? []])
        let authentication = Authentication(&schemes)
        try schemes.finish(describing: "authentication")
        let message = try adapter.prepare(call)
        let transport: CurlTransport
        do throws(WireFailure) {
            transport = try CurlTransport()
        } catch {
            throw GerbangError(.internalFault, "\(error)")
        }
        defer { transport.shutdown() }
        let outbound = OutboundRequest(message, below: base, timeouts: call.operation.timeouts, resend: .never)
        switch await AuthenticatedTransport(transport, authentication: authentication).send(outbound) {
        case .failed(let failure): throw GerbangError(.unreachable, "there is no answer: \(failure)")
        case .answered(let answer):
            return FixtureRecording.Exchange(call: call, message: message, answer: answer, settings: settings)
        }
    }

    private func write(_ recording: FixtureRecording) throws {
        let terminal = Terminal.standard
        if append {
            let text = try InputFile.text(of: file, called: "the manifest")
            let catalogue = try ManifestFile.catalogue()
            let new: String
            do throws(GerbangError) {
                new = try FixtureInsertion.insert(recording, into: text, file: file, catalogue: catalogue)
            } catch {
                throw CommandError(.refused, "the fixture cannot be put into \(file)", details: [error.message])
            }
            do {
                try Data(new.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
            } catch {
                throw CommandError(.refused, "\(file) cannot be written", advice: "check its rights")
            }
            terminal.print("wrote the fixture '\(Printable.line(recording.name))' into \(file)")
        } else {
            terminal.print(recording.yaml.split(separator: "\n").map { String($0) })
        }
        terminal.hint(
            "\(Printable.count(recording.replacedCount, "value")) \(recording.replacedCount == 1 ? "was" : "were") replaced"
        )
        for text in recording.kept { terminal.note("kept: \(Printable.line(text))") }
    }
}

/// Settings on the command line, with secrets where they are kept.
enum SettingsArgument {
    /// The settings with `{env: NAME}` and `{file: PATH}` replaced by what stands there.
    static func resolved(_ text: String) throws(CommandError) -> JSONObject {
        let value = try JSONArgument.value(text, called: "the settings")
        guard let object = value.objectValue else {
            throw CommandError(.usage, "the settings are not a JSON object")
        }
        return try resolved(object)
    }

    private static func resolved(_ object: JSONObject) throws(CommandError) -> JSONObject {
        var result = JSONObject()
        for (key, value) in object {
            guard let inner = value.objectValue else {
                result[key] = value
                continue
            }
            if inner.count == 1, let name = inner["env"]?.stringValue {
                guard let text = Environment.value(name) else {
                    throw CommandError(.usage, "the variable \(name) is not set", advice: "it is the secret '\(key)'")
                }
                result[key] = .string(text)
            } else if inner.count == 1, let path = inner["file"]?.stringValue {
                let text = try InputFile.text(of: path, called: "the secret '\(key)'")
                result[key] = .string(text.hasSuffix("\n") ? String(text.dropLast()) : text)
            } else {
                result[key] = .object(try resolved(inner))
            }
        }
        return result
    }
}

/// JSON on the command line.
enum JSONArgument {
    /// The value of a text, of a file after `@`, or of standard input for `@-`.
    static func value(_ text: String, called name: String) throws(CommandError) -> JSONValue {
        let bytes =
            text.hasPrefix("@") ? try InputFile.bytes(of: String(text.dropFirst()), called: name) : Array(text.utf8)
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw CommandError(.usage, "\(name) is not JSON", details: [error.description])
        }
    }
}
