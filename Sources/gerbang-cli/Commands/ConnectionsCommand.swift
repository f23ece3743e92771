internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang connections`.
struct ConnectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connections",
        abstract: "Show, pause and resume the connections to agencies.",
        discussion: """
            While a connection is paused, requests for it are accepted and wait; nothing is sent. The pause survives a \
            restart. This needs an operator's key.

            EXAMPLES
              gerbang connections
              gerbang connections pause dukcapil-jakarta
            """,
        subcommands: [List.self, Show.self, Pause.self, Resume.self],
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
            let client = try options.client()
            let answer = try await client.post(["connections", connection.text, "pause"], isRepeatable: true)
            ConnectionsCommand.show(answer.json, client, options)
        }
    }

    /// The command `gerbang connections resume`.
    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Send to a paused agency again.")

        @Argument(help: "The connection's name.")
        var connection: ConnectionID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let client = try options.client()
            let answer = try await client.post(["connections", connection.text, "resume"], isRepeatable: true)
            ConnectionsCommand.show(answer.json, client, options)
        }
    }

    private static func show(_ json: JSONValue, _ client: GatewayAPI, _ options: ClientOptions) {
        let terminal = Terminal.standard
        guard !options.json, let connection = ConnectionView(json) else { return terminal.print(json) }
        let report = ConnectionReport(style: terminal.style, language: client.language, now: SystemClock().now())
        terminal.print(report.lines(connection))
    }
}
