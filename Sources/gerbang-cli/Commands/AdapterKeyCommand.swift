internal import ArgumentParser
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangRemote
internal import GerbangSQLite
internal import Glibc

/// The command `gerbang adapters key`.
struct AdapterKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make keys with which agencies sign, and make them known to a gateway.",
        discussion: """
            A key speaks for one adapter. Best the agency makes it and hands over its public half, which 'key add' makes \
            known; 'key create' with --config or --database does both at once. To renew a key, make a second one known, and \
            revoke the first when the agency uses the second.
            """,
        subcommands: [Create.self, Add.self, List.self, Revoke.self]
    )

    /// The command `gerbang adapters key create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key, and show its public half.",
            discussion: "The key goes into a file that only you can read."
        )

        @Option(help: ArgumentHelp("The adapter that it speaks for.", valueName: "name"))
        var adapter: AdapterID

        @Option(
            help: ArgumentHelp("Write the key into a new file with mode 0600.", valueName: "file"),
            completion: .file()
        )
        var output: String

        @Option(help: ArgumentHelp("Make it known in this database too.", valueName: "file"), completion: .file())
        var database: String?

        @Option(
            help: ArgumentHelp("Make it known to the gateway of this configuration too.", valueName: "file"),
            completion: .file()
        )
        var config: String?

        func run() async throws {
            let key = AgencyKey()
            let file = try SecretFile(creating: output)
            if database != nil || config != nil {
                var options = DatabaseOptions()
                options.database = database
                options.config = config
                try options.validate()
                try await AdapterKeyCommand.save(
                    AdapterKey(id: key.id, adapter: adapter, publicKey: key.publicKey, createdAt: SystemClock().now()),
                    in: options.open(mayCreate: true)
                )
            }
            try file.write(key.text.revealed + "\n")
            Terminal.standard.print(key.publicText)
            Terminal.standard.hint("key \(key.id) for \(adapter) stands in \(Printable.line(output))")
        }
    }

    /// The command `gerbang adapters key add`.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make the public half of an agency's key known.")

        @Option(help: ArgumentHelp("The adapter that it speaks for.", valueName: "name"))
        var adapter: AdapterID

        @Argument(help: "The public half: gap_…")
        var publicKey: String

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            guard let (id, key) = AgencyKey.publicKey(text: publicKey) else {
                throw CommandError(
                    .usage,
                    "this is not the public half of a key",
                    advice: "it is what 'gerbang adapters key create' prints, beginning with gap_"
                )
            }
            try await AdapterKeyCommand.save(
                AdapterKey(id: id, adapter: adapter, publicKey: key, createdAt: SystemClock().now()),
                in: database.open(mayCreate: true)
            )
            Terminal.standard.hint("key \(id) speaks for \(adapter)")
        }
    }

    /// The command `gerbang adapters key list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys that are known.")

        @Flag(help: "Write JSON.")
        var json = false

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let keys = try await AdapterKeyCommand.asking {
                try await database.open(mayCreate: false).adapterKeys()
            }
            let terminal = Terminal.standard
            guard !json else { return terminal.print(["items": .array(keys.map(\.listed))]) }
            guard !keys.isEmpty else { return terminal.hint("there are no keys") }
            let (style, now) = (terminal.style, SystemClock().now())
            var table = Table("key", "adapter", "known since", "state")
            for key in keys {
                let revoked = key.revokedAt.map { style.ink("revoked \(Moments.relative($0, to: now))", .yellow) }
                table.add([
                    key.id, key.adapter.text, Moments.dateAndTime(key.createdAt, in: style.zone),
                    revoked ?? style.ink("valid", .green),
                ])
            }
            terminal.print(table.lines(style))
        }
    }

    /// The command `gerbang adapters key revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key useless, for good and at once.")

        @Argument(help: "The key's name: 12 hexadecimal digits.")
        var key: String

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let store = try database.open(mayCreate: false)
            let isRevoked = try await AdapterKeyCommand.asking {
                guard try await store.revokeAdapterKey(key, at: SystemClock().now()) else { return false }
                _ = try await store.append(AdapterKeyCommand.note("revoke", key))
                return true
            }
            guard isRevoked else {
                throw CommandError(
                    .notFound,
                    "there is no valid key with this name",
                    advice: "'gerbang adapters key list' shows them"
                )
            }
            Terminal.standard.hint("key \(Printable.line(key)) is revoked")
        }
    }

    private static func save(_ key: AdapterKey, in store: SQLiteStore) async throws {
        let builtin = try GatewayAdapters.registry()
        guard builtin[key.adapter] == nil else {
            throw CommandError(
                .usage,
                "\(key.adapter) is built into the gateway",
                advice: "an agency's adapter needs a name of its own"
            )
        }
        try await asking {
            try await store.save(key)
            _ = try await store.append(note("create", key.id, detail: "for \(key.adapter)"))
        }
    }

    /// What a command on this machine did; whoever it was had the right to write the database.
    private static func note(_ verb: String, _ key: String, detail: String? = nil) -> AuditNote {
        AuditNote(
            at: SystemClock().now(),
            actor: "command:uid-\(getuid())",
            action: "adapters.key.\(verb)",
            subject: key,
            detail: detail
        )
    }

    private static func asking<Value>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await body()
        } catch let error as GerbangError where error.code == .conflict {
            throw CommandError(.refused, error.message)
        } catch let error as GerbangError {
            throw DatabaseOptions.failure(error)
        }
    }
}

extension AdapterKey {
    fileprivate var listed: JSONValue {
        var object: JSONObject = [
            "id": .string(id),
            "adapter": .string(adapter.text),
            "createdAt": .string(createdAt.description),
        ]
        object["revokedAt"] = revokedAt.map { .string($0.description) }
        return .object(object)
    }
}
