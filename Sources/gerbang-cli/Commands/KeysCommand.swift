internal import ArgumentParser
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangJSON
internal import GerbangSQLite
internal import GerbangServer
internal import Glibc

/// The command `gerbang keys`.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, list and revoke API keys.",
        discussion: """
            Keys are kept in the gateway's database, as hashes; these commands open it directly, on the gateway's machine, \
            also while the gateway runs. A key works at once, and a revoked one stops working within seconds.

            As long as there is no key, everybody on the gateway's machine may do everything, and the gateway listens \
            nowhere else.

            EXAMPLES
              gerbang keys create --client mpp-jakarta --config gerbang.yaml \\
                --output mpp-jakarta.key
              gerbang keys create --client ani --operator --database gerbang.db
              gerbang keys list --database gerbang.db
              gerbang keys revoke 3f9a0c51d2e7 --database gerbang.db
            """,
        subcommands: [Create.self, List.self, Revoke.self]
    )

    /// The command `gerbang keys create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key and show it, once.",
            discussion: "The key goes to standard output, or into a file that only you can read."
        )

        @Option(help: ArgumentHelp("Whom the key identifies, such as mpp-jakarta.", valueName: "name"))
        var client: ClientID

        @Flag(help: "An operator's key: it sees the requests of all clients, settles them and steers connections.")
        var `operator` = false

        @Option(
            help: ArgumentHelp("Bind an operator's key to one tenant's requests and connections.", valueName: "name")
        )
        var tenant: TenantID?

        @Option(
            help: ArgumentHelp("Write the key into a new file with mode 0600.", valueName: "file"),
            completion: .file()
        )
        var output: String?

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            guard tenant == nil || `operator` else {
                throw CommandError(
                    .usage,
                    "--tenant goes with --operator",
                    advice: "the tenant of a client stands in the configuration, under 'tenants'"
                )
            }
            if let tenant { try database.check(tenant) }
            let store = try database.open(mayCreate: true)
            let made = APIKeys.generate(
                client: client,
                role: `operator` ? .operator : .client,
                tenant: tenant,
                at: SystemClock().now()
            )
            let file = try output.map { path throws(CommandError) in try SecretFile(creating: path) }
            do throws(GerbangError) {
                try await store.save(made.key)
            } catch {
                throw DatabaseOptions.failure(error)
            }
            let terminal = Terminal.standard
            if let file { try file.write(made.plaintext + "\n") } else { terminal.print(made.plaintext) }
            let place = output.map { "; it stands in \(Printable.line($0))" } ?? "; it is shown this once"
            terminal.hint("key \(made.key.id) for \(client) (\(made.key.role.rawValue))\(place)")
        }
    }

    /// The command `gerbang keys list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys, without their secrets.")

        @Flag(help: "Write JSON.")
        var json = false

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let terminal = Terminal.standard
            let keys = try await database.keys(of: database.open(mayCreate: false))
            guard !json else { return terminal.print(["items": .array(keys.map(\.listed))]) }
            guard !keys.isEmpty else { return terminal.hint("there are no keys") }
            let (style, now) = (terminal.style, SystemClock().now())
            var table = Table("key", "client", "role", "tenant", "created", "state")
            for key in keys {
                let revoked = key.revokedAt.map { style.ink("revoked \(Moments.relative($0, to: now))", .yellow) }
                table.add([
                    key.id, key.client.text, key.role.rawValue, key.tenant?.text ?? "",
                    Moments.dateAndTime(key.createdAt, in: style.zone),
                    revoked ?? style.ink("valid", .green),
                ])
            }
            terminal.print(table.lines(style))
        }
    }

    /// The command `gerbang keys revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key useless, for good.",
            discussion:
                "The key's name is its middle part: 3f9a0c51d2e7 in gbk_3f9a0c51d2e7_…; 'gerbang keys list' shows it."
        )

        @Argument(help: "The key's name.")
        var key: String

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let store = try database.open(mayCreate: false)
            let isRevoked: Bool
            do throws(GerbangError) {
                isRevoked = try await store.revokeAPIKey(key, at: SystemClock().now())
            } catch {
                throw DatabaseOptions.failure(error)
            }
            guard isRevoked else {
                throw CommandError(
                    .notFound,
                    "there is no valid key with this name",
                    advice: "'gerbang keys list' shows them"
                )
            }
            Terminal.standard.hint("key \(Printable.line(key)) is revoked; the gateway knows within seconds")
        }
    }
}

extension APIKey {
    fileprivate var listed: JSONValue {
        var object: JSONObject = [
            "id": .string(id),
            "client": .string(client.text),
            "role": .string(role.rawValue),
            "createdAt": .string(createdAt.description),
        ]
        object["tenant"] = tenant.map { .string($0.text) }
        object["revokedAt"] = revokedAt.map { .string($0.description) }
        return .object(object)
    }
}
