internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

// The commands of `gerbang config` that talk to a running gateway.
extension ConfigCommand {
    /// The command `gerbang config show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what holds, with secrets masked, and what was last refused."
        )

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let json = try await options.client().get(["config"])
            guard !options.json else { return Terminal.standard.print(json) }
            let report = ConfigurationReportLines(zone: Terminal.standard.style.zone)
            Terminal.standard.print(report.report(json))
        }
    }

    /// The command `gerbang config diff`.
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a file would change, without changing it.",
            discussion: """
                The gateway reads the text as if it stood in its own configuration file: manifests and secrets that it names \
                are those of the gateway's machine. Secrets are never shown.

                EXAMPLES
                  gerbang config diff gerbang.yaml
                """
        )

        @Argument(help: "The file.", completion: .file())
        var file: String

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let answer = try await options.client().post(
                ["config", "check"],
                ConfigCommand.body(file),
                isRepeatable: true
            )
            guard !options.json else { return Terminal.standard.print(answer.json) }
            Terminal.standard.print(ConfigurationReportLines(zone: Terminal.standard.style.zone).changes(answer.json))
        }
    }

    /// The command `gerbang config apply`.
    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Apply a file to a running gateway.",
            discussion: """
                The gateway checks and compiles all of it before anything changes, and writes it into its own configuration \
                file. Work under way ends as it began. Without a file, the gateway reads its own file again, as after \
                SIGHUP, with all manifests, secrets and certificates that it names.

                EXAMPLES
                  gerbang config diff gerbang.yaml
                  gerbang config apply gerbang.yaml --replacing 7
                """
        )

        @Argument(help: "The file.", completion: .file())
        var file: String?

        @Option(help: ArgumentHelp("Only if this is the present generation.", valueName: "generation"))
        var replacing: Int?

        @OptionGroup var options: ClientOptions

        func validate() throws {
            guard file != nil || replacing == nil else {
                throw ValidationError("--replacing goes with a file")
            }
        }

        func run() async throws {
            let client = try options.client()
            let answer: GatewayAPI.Answer
            if let file {
                answer = try await client.post(["config"], ConfigCommand.body(file, generation: replacing))
            } else {
                answer = try await client.post(["config", "reload"])
            }
            ConfigCommand.show(answer.json, options)
        }
    }

    /// The command `gerbang config history`.
    struct History: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List what has held: when, by whom, what changed.")

        @Option(help: "How many generations at most.")
        var limit = 20

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let query = [WireRequest.QueryItem("limit", String(limit))]
            let json = try await options.client().get(["config", "history"], query)
            guard !options.json else { return Terminal.standard.print(json) }
            let report = ConfigurationReportLines(zone: Terminal.standard.style.zone)
            Terminal.standard.print((json["items"]?.arrayValue ?? []).flatMap { report.entry($0) })
        }
    }

    /// The command `gerbang config rollback`.
    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Apply what held in an earlier generation, by default the one before.",
            discussion: """
                It becomes a new generation. The gateway writes the earlier texts into its configuration file and manifests.

                EXAMPLES
                  gerbang config history
                  gerbang config rollback --to 6
                """
        )

        @Option(help: ArgumentHelp("The generation.", valueName: "generation"))
        var to: Int?

        @OptionGroup var options: ClientOptions

        func run() async throws {
            var body = JSONObject()
            body["generation"] = to.map { .number(JSONNumber($0)) }
            let answer = try await options.client().post(["config", "rollback"], .object(body))
            ConfigCommand.show(answer.json, options)
        }
    }

    private static func body(_ file: String, generation: Int? = nil) throws(CommandError) -> JSONValue {
        let bytes = try InputFile.bytes(of: file, called: "the configuration")
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(.usage, "the configuration is not UTF-8 text")
        }
        var body: JSONObject = ["text": .string(text)]
        body["generation"] = generation.map { .number(JSONNumber($0)) }
        return .object(body)
    }

    private static func show(_ json: JSONValue, _ options: ClientOptions) {
        guard !options.json else { return Terminal.standard.print(json) }
        Terminal.standard.print(ConfigurationReportLines(zone: Terminal.standard.style.zone).entry(json))
    }
}
