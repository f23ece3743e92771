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

    /// Refuses a tenant that the configuration does not have: its operator's key would open nothing. A database alone
    /// does not say which tenants there are.
    func check(_ tenant: TenantID) throws(CommandError) {
        guard let config else { return }
        let known = try read { () throws(ConfigurationFile.Invalid) in try ConfigurationFile.tenants(of: config) }
        guard !known.contains(tenant) else { return }
        let names = known.isEmpty ? "none" : known.map(\.text).joined(separator: ", ")
        throw CommandError(
            .usage,
            "the configuration has no tenant called \(tenant)",
            advice: "under 'tenants' there are: \(names)"
        )
    }

    private func path() throws(CommandError) -> String {
        if let database { return database }
        guard let config else { return "" }
        return try read { () throws(ConfigurationFile.Invalid) in try ConfigurationFile.storagePath(of: config) }
    }

    private func read<Found>(_ body: () throws(ConfigurationFile.Invalid) -> Found) throws(CommandError) -> Found {
        do throws(ConfigurationFile.Invalid) {
            return try body()
        } catch {
            throw CommandError(
                .usage,
                "the configuration is not usable",
                details: error.issues.map(\.description)
            )
        }
    }
}
