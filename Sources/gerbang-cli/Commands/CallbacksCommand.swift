internal import ArgumentParser
internal import GerbangCore
internal import GerbangJSON
internal import GerbangSQLite

/// The command `gerbang callbacks`.
struct CallbacksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "callbacks",
        abstract: "Manage how clients are called back.",
        subcommands: [CallbackSecretCommand.self]
    )
}

/// The command `gerbang callbacks secret`.
struct CallbackSecretCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Make, list and revoke the secrets with which calls back are signed.",
        discussion: """
            A client with a secret may submit requests with a callback; every call back carries a signature by each of its \
            valid secrets (Standard Webhooks). To renew a secret, make a second one, give it to the client, and revoke the \
            first when the client uses the second.

            Secrets must be able to sign: they are kept in the gateway's database as they are, and the rights of its file \
            (0600) protect them. These commands open it directly, also while the gateway runs.

            EXAMPLES
              gerbang callbacks secret create --client mpp-jakarta --config gerbang.yaml \\
                --output mpp-jakarta.whsec
              gerbang callbacks secret list --database gerbang.db
              gerbang callbacks secret revoke 3f9a0c51d2e7 --client mpp-jakarta \\
                --database gerbang.db
            """,
        subcommands: [Create.self, List.self, Revoke.self]
    )

    /// The command `gerbang callbacks secret create`.
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a secret and show it, once.",
            discussion: "The secret goes to standard output, or into a file that only you can read."
        )

        @Option(help: ArgumentHelp("Whose calls back it signs, such as mpp-jakarta.", valueName: "name"))
        var client: ClientID

        @Option(
            help: ArgumentHelp("Write the secret into a new file with mode 0600.", valueName: "file"),
            completion: .file()
        )
        var output: String?

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let store = try database.open(mayCreate: true)
            let secret = CallbackSecret.generate(for: client, at: SystemClock().now())
            let file = try output.map { path throws(CommandError) in try SecretFile(creating: path) }
            do throws(GerbangError) {
                try await store.save(secret)
            } catch {
                throw DatabaseOptions.failure(error)
            }
            let terminal = Terminal.standard
            if let file { try file.write(secret.text.revealed + "\n") } else { terminal.print(secret.text.revealed) }
            let place = output.map { "; it stands in \(Printable.line($0))" } ?? "; it is shown this once"
            terminal.hint("callback secret \(secret.id) for \(client)\(place)")
        }
    }

    /// The command `gerbang callbacks secret list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the secrets by name, without themselves.")

        @Option(help: ArgumentHelp("Only those of this client.", valueName: "name"))
        var client: ClientID?

        @Flag(help: "Write JSON.")
        var json = false

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let terminal = Terminal.standard
            let secrets = try await database.callbackSecrets(of: client, in: database.open(mayCreate: false))
            guard !json else { return terminal.print(["items": .array(secrets.map(\.listed))]) }
            guard !secrets.isEmpty else { return terminal.hint("there are no callback secrets") }
            let (style, now) = (terminal.style, SystemClock().now())
            var table = Table("secret", "client", "created", "state")
            for secret in secrets {
                let revoked = secret.revokedAt.map { style.ink("revoked \(Moments.relative($0, to: now))", .yellow) }
                table.add([
                    secret.id, secret.client.text, Moments.dateAndTime(secret.createdAt, in: style.zone),
                    revoked ?? style.ink("valid", .green),
                ])
            }
            terminal.print(table.lines(style))
        }
    }

    /// The command `gerbang callbacks secret revoke`.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let a secret sign nothing any more, for good.",
            discussion:
                "What is called back next is signed without it. Without any valid secret nothing is called back."
        )

        @Argument(help: "The secret's name; 'gerbang callbacks secret list' shows it.")
        var secret: String

        @Option(help: ArgumentHelp("Whose it is: what is another's is not revoked.", valueName: "name"))
        var client: ClientID?

        @OptionGroup var database: DatabaseOptions

        func run() async throws {
            let store = try database.open(mayCreate: false)
            let known = try await database.callbackSecrets(of: client, in: store)
            var isRevoked = false
            if known.contains(where: { $0.id == secret }) {
                do throws(GerbangError) {
                    isRevoked = try await store.revokeCallbackSecret(secret, at: SystemClock().now())
                } catch {
                    throw DatabaseOptions.failure(error)
                }
            }
            guard isRevoked else {
                throw CommandError(
                    .notFound,
                    "there is no valid callback secret with this name",
                    advice: "'gerbang callbacks secret list' shows them"
                )
            }
            Terminal.standard.hint("callback secret \(Printable.line(secret)) is revoked")
        }
    }
}

extension DatabaseOptions {
    /// The callback secrets of an open database.
    fileprivate func callbackSecrets(
        of client: ClientID?,
        in store: SQLiteStore
    ) async throws(CommandError) -> [CallbackSecret] {
        do throws(GerbangError) {
            return try await store.callbackSecrets(of: client)
        } catch {
            throw Self.failure(error)
        }
    }
}

extension CallbackSecret {
    fileprivate var listed: JSONValue {
        var object: JSONObject = [
            "id": .string(id),
            "client": .string(client.text),
            "createdAt": .string(createdAt.description),
        ]
        object["revokedAt"] = revokedAt.map { .string($0.description) }
        return .object(object)
    }
}
