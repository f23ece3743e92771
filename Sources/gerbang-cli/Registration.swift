internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangRegistration
internal import GerbangSQLite
internal import Glibc

/// The database of a gateway with what is registered in it, opened before the configuration is read: what is registered
/// decides which adapters the configuration's connections may name.
struct Registration {
    /// The path of the database.
    let path: String
    let store: SQLiteStore
    let registrar: Registrar

    /// Opens the database that a configuration file names, to work on it.
    ///
    /// - Parameter archive: What has held: it names the database when the file cannot be read.
    /// - Throws: ``GerbangError`` when the database cannot be opened.
    static func open(
        config: String,
        archive: ConfigurationArchive,
        probe: Probe
    ) async throws(GerbangError) -> Registration {
        let path = ConfigurationFile.storagePath(of: config, or: archive)
        let store = try SQLiteStore(path: path, probe: probe)
        let registrar = Registrar(
            store: store,
            builtin: try GatewayAdapters.registry(),
            catalogue: try .builtin()
        )
        try await registrar.load()
        return Registration(path: path, store: store, registrar: registrar)
    }

    /// The adapters of this build and those that are approved in the database that a configuration file names, if it has
    /// one: for commands that judge files.
    static func adapters(of config: String) async throws(GerbangError) -> AdapterRegistry {
        let builtin = try GatewayAdapters.registry()
        // What is wrong with the file is told by whoever reads all of it.
        guard let path = try? ConfigurationFile.storagePath(of: config), access(path, R_OK) == 0 else { return builtin }
        let store = try SQLiteStore(path: path, exclusive: false)
        let registrar = Registrar(store: store, builtin: builtin, catalogue: try .builtin())
        try await registrar.load()
        return try registrar.registry()
    }
}
