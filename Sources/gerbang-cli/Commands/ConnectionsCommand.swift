internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang connections`.
struct ConnectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connections",
        abstract: "Show the connections to agencies, and say what they may do.",
        discussion: """
            Paused: requests are accepted and wait; nothing is sent. Draining: no new requests are taken; those that it has \
            go on. Disabled: no new requests are taken, and those that it has wait. All of these survive a restart; none \
            changes a request. Another connection for the same service and region takes the new requests meanwhile. This \
            needs an operator's key.

            EXAMPLES
              gerbang connections
              gerbang connections pause dukcapil-jakarta
              gerbang connections drain dukcapil-jakarta
            """,
        subcommands: [
            List.self, Show.self, Pause.self, Resume.self, Enable.self, Drain.self, Disable.self,
        ],
        defaultSubcommand: List.self
    )

    /// The command `gerbang connections list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the connections with their present state.")

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let terminal = Terminal.standard
            let json = try await options.client().get(["connections"])
            guard !options.json else { return terminal.print(json) }
            let connections = (json["items"]?.arrayValue ?? []).compactMap { ConnectionView($0) }
            guard !connections.isEmpty else { return terminal.hint("no connections are configured") }
            let report = ConnectionReport(style: terminal.style, language: .english, now: SystemClock().now())
            terminal.print(report.table(connections))
        }
    }

    /// The command `gerbang connections show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show one connection.")

        @Argument(help: "The connection's name.")
        var connection: ConnectionID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let client = try options.client()
            ConnectionsCommand.show(try await client.get(["connections", connection.text]), client, options)
        }
    }

    /// The command `gerbang connections pause`.
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Stop sending to an agency; requests are still accepted and wait."
        )

        @Argument(help: "The connection's name.")
        var connection: ConnectionID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            try await ConnectionsCommand.command("pause", connection, options)
        }
    }

    /// The command `gerbang connections resume`.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send to a paused agency again.")

        @Argument(help: "The connection's name.")
        var connection: ConnectionID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            try await ConnectionsCommand.command("resume", connection, options)
        }
    }

    /// The command `gerbang connections enable`.
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a connection take new requests and make their calls again."
        )

        @Argument(help: "The connection's name.")
        var connection: ConnectionID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            try await ConnectionsCommand.command("enable", connection, options)
        }
    }

    /// The command `gerbang connections drain`.
    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take no new requests for a connection; those that it has go on."
        )

        @Argument(help: "The connection's name.")
        var connection: ConnectionID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            try await ConnectionsCommand.command("drain", connection, options)
        }
    }

    /// The command `gerbang connections disable`.
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take no new requests for a connection and make no more calls; those that it has wait."
        )

        @Argument(help: "The connection's name.")
        var connection: ConnectionID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            try await ConnectionsCommand.command("disable", connection, options)
        }
    }

    private static func command(_ verb: String, _ connection: ConnectionID, _ options: ClientOptions) async throws {
        let client = try options.client()
        let answer = try await client.post(["connections", connection.text, verb], isRepeatable: true)
        show(answer.json, client, options)
    }

    private static func show(_ json: JSONValue, _ client: GatewayAPI, _ options: ClientOptions) {
        let terminal = Terminal.standard
        guard !options.json, let connection = ConnectionView(json) else { return terminal.print(json) }
        let report = ConnectionReport(style: terminal.style, language: client.language, now: SystemClock().now())
        terminal.print(report.lines(connection))
    }
}
