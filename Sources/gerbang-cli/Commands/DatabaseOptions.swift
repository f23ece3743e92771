internal import ArgumentParser
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangSQLite
internal import Glibc

/// Which gateway's database a command opens.
struct DatabaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The gateway's SQLite database.", valueName: "file"), completion: .file())
    var database: String?

    @Option(
        help: ArgumentHelp("The gateway's configuration, which names the database.", valueName: "file"),
        completion: .file()
    )
    var config: String?

    func validate() throws {
        guard (database == nil) != (config == nil) else {
            throw ValidationError("Say where the keys are: either --database FILE or --config FILE.")
        }
    }

    /// Opens the database beside a gateway that may be running.
    ///
    /// - Parameter mayCreate: Whether the database may be made, as it is before a gateway's first start.
    /// - Throws: ``CommandError`` with status `usage` when there is none or it cannot be used.
    func open(mayCreate: Bool) throws(CommandError) -> SQLiteStore {
        let path = try self.path()
        guard mayCreate || access(path, F_OK) == 0 else {
            throw CommandError(.usage, "there is no database at \(path)", advice: "check --database or storage.path")
        }
        do throws(GerbangError) {
            return try SQLiteStore(path: path, exclusive: false)
        } catch {
            throw Self.failure(error)
        }
    }

    /// All keys of an open database.
    func keys(of store: SQLiteStore) async throws(CommandError) -> [APIKey] {
        do throws(GerbangError) {
            return try await store.apiKeys()
        } catch {
            throw Self.failure(error)
        }
    }

    /// The command's error for one of the database.
    static func failure(_ error: GerbangError) -> CommandError {
        CommandError(
            .usage,
            "the database cannot be used",
            details: [error.message],
            advice: "its folder must exist, and you need the right to write there"
        )
    }

    private func path() throws(CommandError) -> String {
        if let database { return database }
        guard let config else { return "" }
        do throws(ConfigurationFile.Invalid) {
            return try ConfigurationFile.storagePath(of: config)
        } catch {
            throw CommandError(
                .usage,
                "the configuration is not usable",
                details: error.issues.map(\.description)
            )
        }
    }
}
