internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang adapters`.
struct AdaptersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapters",
        abstract: "Register adapters, and decide on those that were registered.",
        discussion: """
            An agency registers a file, a manifest or the description of a remote adapter, signed with the key of its \
            adapter. It waits until an operator has looked at it and approves it; connections of the configuration may \
            then name the adapter. Another version replaces it, for what begins from then on, when that is approved. See \
            Docs/RemoteAdapters.md.

            EXAMPLES
              gerbang adapters key create --adapter vehicle-remote --output vehicle.key \\
                --config gerbang.yaml
              gerbang adapters register adapter.json --key vehicle.key
              gerbang adapters diff vehicle-remote
              gerbang adapters approve vehicle-remote 1.0.0
            """,
        subcommands: [
            List.self, Show.self, Diff.self, Approve.self, Reject.self, Rollback.self, Enable.self, Drain.self,
            Disable.self, AdapterRegisterCommand.self, AdapterKeyCommand.self,
        ],
        defaultSubcommand: List.self
    )

    /// The command `gerbang adapters list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List registered adapters.")

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let terminal = Terminal.standard
            let json = try await options.client().get(["adapters"])
            guard !options.json else { return terminal.print(json) }
            let adapters = json["items"]?.arrayValue ?? []
            guard !adapters.isEmpty else { return terminal.hint("no adapters are registered") }
            terminal.print(AdapterReport.table(adapters).lines(terminal.style))
        }
    }

    /// The command `gerbang adapters show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show an adapter with its versions and instances.")

        @Argument(help: "The adapter's name.")
        var adapter: AdapterID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            AdaptersCommand.show(try await options.client().get(["adapters", adapter.text]), options)
        }
    }

    /// The command `gerbang adapters diff`.
    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a version would change, and what its conformance tests said."
        )

        @Argument(help: "The adapter's name.")
        var adapter: AdapterID

        @Argument(help: "The version. (default: the one that waits)")
        var version: String?

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let query = version.map { [WireRequest.QueryItem("version", $0)] } ?? []
            let json = try await options.client().get(["adapters", adapter.text, "diff"], query)
            let terminal = Terminal.standard
            guard !options.json else { return terminal.print(json) }
            terminal.print(AdapterReport.diff(json, terminal.style))
        }
    }

    /// The command `gerbang adapters approve`.
    struct Approve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a version in and put it to work, for what begins from now on."
        )

        @Argument(help: "The adapter's name.")
        var adapter: AdapterID

        @Argument(help: "The version.")
        var version: String

        @OptionGroup var options: ClientOptions

        func run() async throws {
            try await AdaptersCommand.decide(adapter, "approve", ["version": .string(version)], options)
        }
    }

    /// The command `gerbang adapters reject`.
    struct Reject: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Turn a version away.")

        @Argument(help: "The adapter's name.")
        var adapter: AdapterID

        @Argument(help: "The version.")
        var version: String

        @Option(help: ArgumentHelp("Why, for the agency.", valueName: "text"))
        var reason: String?

        @OptionGroup var options: ClientOptions

        func run() async throws {
            var body: JSONObject = ["version": .string(version)]
            body["reason"] = reason.map { .string($0) }
            try await AdaptersCommand.decide(adapter, "reject", .object(body), options)
        }
    }

    /// The command `gerbang adapters rollback`.
    struct Rollback: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Put an earlier version to work again.")

        @Argument(help: "The adapter's name.")
        var adapter: AdapterID

        @Argument(help: "The version; it was approved before.")
        var version: String

        @OptionGroup var options: ClientOptions

        func run() async throws {
            try await AdaptersCommand.decide(adapter, "rollback", ["version": .string(version)], options)
        }
    }

    /// The command `gerbang adapters enable`.
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let an adapter take requests and make calls.")

        @Argument(help: "The adapter's name.")
        var adapter: AdapterID

        @OptionGroup var options: ClientOptions

        func run() async throws { try await AdaptersCommand.decide(adapter, "enable", nil, options) }
    }

    /// The command `gerbang adapters drain`.
    struct Drain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take no new requests for an adapter; those that it has go on."
        )

        @Argument(help: "The adapter's name.")
        var adapter: AdapterID

        @OptionGroup var options: ClientOptions

        func run() async throws { try await AdaptersCommand.decide(adapter, "drain", nil, options) }
    }

    /// The command `gerbang adapters disable`.
    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take no new requests for an adapter and begin no call; what it has waits. Survives a restart."
        )

        @Argument(help: "The adapter's name.")
        var adapter: AdapterID

        @OptionGroup var options: ClientOptions

        func run() async throws { try await AdaptersCommand.decide(adapter, "disable", nil, options) }
    }

    private static func decide(
        _ adapter: AdapterID,
        _ verb: String,
        _ body: JSONValue?,
        _ options: ClientOptions
    ) async throws {
        show(try await options.client().post(["adapters", adapter.text, verb], body).json, options)
    }

    private static func show(_ json: JSONValue, _ options: ClientOptions) {
        let terminal = Terminal.standard
        guard !options.json else { return terminal.print(json) }
        terminal.print(AdapterReport.lines(json, terminal.style))
    }
}
