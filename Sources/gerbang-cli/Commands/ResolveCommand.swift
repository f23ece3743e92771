internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang resolve`.
struct ResolveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Say what became of a request in doubt.",
        discussion: """
            A request is in doubt when it was sent and no answer tells whether the agency did it. Ask the agency, then say \
            what they said; your word goes into the request's history. This needs an operator's key.

            EXAMPLES
              gerbang resolve $ID --as done --reference KIR-2026-000123
              gerbang resolve $ID --as resend
            """
    )

    /// What an operator says of it.
    enum Word: String, ExpressibleByArgument, CaseIterable {
        case done
        case notDone
        case resend

        static var allValueDescriptions: [String: String] {
            [
                "done": "the agency did it: the request succeeds",
                "notDone": "the agency did not do it: the request fails and may be redriven",
                "resend": "the agency did not do it: it is sent again now",
            ]
        }
    }

    @Argument(help: "The request's identifier, as 'gerbang list' shows it.")
    var id: RequestID

    @Option(name: .customLong("as"), help: "What became of it.")
    var word: Word

    @Option(
        help: ArgumentHelp(
            "With --as done: the agency's answer in the service's output form, a JSON file or - for standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: String?

    @Option(help: ArgumentHelp("With --as done: the agency's number for it.", valueName: "text"))
    var reference: String?

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard word == .done || (output == nil && reference == nil) else {
            throw ValidationError("--output and --reference go with --as done.")
        }
    }

    func run() async throws {
        let body = try body()
        let found = try await options.client().resolve(id, body)
        let terminal = Terminal.standard
        guard !options.json else { return terminal.print(found.json) }
        terminal.print(terminal.card(showsAnswer: false).lines(found))
    }

    /// The body of the command.
    func body() throws -> JSONValue {
        var body: JSONObject = ["as": .string(word.rawValue)]
        if let output {
            let bytes = try InputFile.bytes(of: output, called: "the output")
            body["output"] = .object(try SubmissionBody.object(bytes, called: "the output"))
        }
        body["agencyReference"] = reference.map { .string($0) }
        return .object(body)
    }
}
