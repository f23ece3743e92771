public import GerbangCore
public import GerbangEngine

/// Everything a gateway is set up with, read from one file or made in code.
public struct GatewayConfiguration: Sendable {
    /// Where the HTTP API listens.
    public struct Server: Sendable, Hashable {
        /// The address.
        public var host = "127.0.0.1"
        /// The port; 0 takes a free one.
        public var port = 8080
        /// The largest request body, in bytes.
        public var maximumBodyBytes = 1 << 20
        /// The longest time that `Prefer: wait` may ask for.
        public var maximumWait = Duration.seconds(60)
        /// How many streams of events may be open at once.
        public var maximumEventStreams = 256
        /// Whether a proxy that ends TLS is the only way to reach the API.
        public var isBehindTLS = false

        /// Creates the defaults: loopback only.
        public init() {}
    }

    /// What is offered by SOAP, on the same port as the HTTP API.
    public struct SOAP: Sendable, Hashable {
        /// The services; none means that there is no SOAP face.
        public var services: [ServiceID] = []
        /// Where clients reach it, for the description; by default the host that they ask.
        public var address: String?

        /// Creates the defaults: no SOAP face.
        public init() {}
    }

    /// How much is logged, and in which form.
    public struct Log: Sendable, Hashable {
        /// A form of log lines.
        public enum Format: String, Sendable, Hashable {
            /// One JSON object a line.
            case json
            /// For people.
            case console
        }

        /// The least severe level that is written: `trace`, `debug`, `info`, `notice`, `warning`, `error`.
        public var level = "info"
        /// The form.
        public var format = Format.json

        /// Creates the defaults.
        public init() {}
    }

    /// The HTTP API.
    public var server = Server()
    /// The SOAP face.
    public var soap = SOAP()
    /// The log.
    public var log = Log()
    /// The path of the SQLite database.
    public var storagePath = "gerbang.db"
    /// The engine.
    public var engine = Engine.Configuration()
    /// The connections, in order of preference.
    public var connections: [Connection] = []
    /// For which submissions a connection is chosen before others.
    public var routes: [Route] = []
    /// When a request goes to another connection.
    public var failover = FailoverPolicy()
    /// The malls and regencies that share the gateway.
    public var tenants: [Tenant] = []
    /// Whether a changed configuration file is applied by itself.
    public var isWatched = false
    /// What it was read from; `nil` when it was made in code.
    public internal(set) var origin: ConfigurationDocument?
    /// Services beside those of the catalogue: those that adapters bring along.
    public var services: [Service] = []

    /// Creates a configuration without connections.
    public init() {}
}

extension GatewayConfiguration {
    /// Reads a whole configuration; what is wrong is collected in `reader`.
    init(_ reader: inout SettingsReader, adapters: AdapterRegistry) {
        if let server = reader.object("server", Server.init) { self.server = server }
        if let soap = reader.object("soap", SOAP.init) { self.soap = soap }
        if let log = reader.object("log", Log.init) { self.log = log }
        if let path = reader.object("storage", { $0.string("path") }) { storagePath = path }
        if let engine = reader.object("engine", Engine.Configuration.init) { self.engine = engine }
        if let callbacks = reader.object("callbacks", CallbackConfiguration.init) { engine.callbacks = callbacks }
        let tenants = readTenants(&reader)
        if let isWatched = reader.object("config", { $0.bool("watch", default: false) }) { self.isWatched = isWatched }
        services = adapters.services
        if let retention = reader.object("retention", { [engine] in Self.retention(&$0, engine) }) {
            engine.retention = retention
        }
        var names: Set<ConnectionID> = []
        var templates = ConnectionTemplates(&reader)
        func readConnection(_ reader: inout SettingsReader) -> Connection? {
            templates.check(&reader)
            let connection = Connection(&reader, adapters: adapters)
            if let id = connection?.id, !names.insert(id).inserted {
                reader.report("another connection is called \(id)", at: "id")
            }
            if let tenant = connection?.tenant, !tenants.contains(tenant) {
                reader.report("there is no tenant called \(tenant)", at: "tenant")
            }
            return connection
        }
        connections = reader.list("connections", completing: { templates.complete($0) }, readConnection)
        templates.reportUnused(&reader)
        let known = Dictionary(connections.map { ($0.id, $0) }) { first, _ in first }
        routes = reader.list("routes") { Route(&$0, to: known) }
        if let failover = reader.object("failover", FailoverPolicy.init) { self.failover = failover }
    }

    /// - Returns: The names of the tenants.
    private mutating func readTenants(_ reader: inout SettingsReader) -> Set<TenantID> {
        var names: Set<TenantID> = []
        var owners: [ClientID: TenantID] = [:]
        tenants = reader.list("tenants") { reader in
            guard let tenant = Tenant(&reader) else { return nil }
            if !names.insert(tenant.id).inserted { reader.report("another tenant is called \(tenant.id)", at: "id") }
            for client in tenant.clients.sorted() {
                guard let other = owners.updateValue(tenant.id, forKey: client) else { continue }
                reader.report("\(client) is already a client of \(other)", at: "clients")
            }
            return tenant
        }
        return names
    }
}

extension GatewayConfiguration {
    private static func retention(_ reader: inout SettingsReader, _ engine: Engine.Configuration) -> Duration? {
        let (finished, shortest) = (reader.duration("finished", default: engine.retention), engine.shortestRetention)
        if finished < shortest {
            let limit = DurationText.readable(shortest)
            reader.report(
                "must be at least \(limit): engine.maximumDeadline and a day, until when a key may come again",
                at: "finished"
            )
        }
        return finished
    }
}

extension GatewayConfiguration.Server {
    fileprivate init?(_ reader: inout SettingsReader) {
        self.init()
        host = reader.optionalString("host") ?? host
        if host.isEmpty || !host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) {
            reader.report("must be an address or a name such as 127.0.0.1, without spaces", at: "host")
        }
        port = reader.int("port", in: 0...65535, default: port)
        maximumBodyBytes = reader.int("maximumBodyBytes", in: 1024...(64 << 20), default: maximumBodyBytes)
        maximumWait = reader.duration("maximumWait", default: maximumWait)
        maximumEventStreams = reader.int("maximumEventStreams", in: 0...700, default: maximumEventStreams)
        isBehindTLS = reader.bool("behindTLS", default: isBehindTLS)
    }
}

extension GatewayConfiguration.SOAP {
    fileprivate init?(_ reader: inout SettingsReader) {
        self.init()
        services = reader.texts("services") { text throws(GerbangError) in try ServiceID(text) } ?? []
        address = reader.optionalString("address")
        if let address, (try? BaseURL(address)) == nil {
            reader.report("must be an address such as https://gerbang.example/soap", at: "address")
        }
    }
}

extension GatewayConfiguration.Log {
    fileprivate init?(_ reader: inout SettingsReader) {
        self.init()
        let levels = ["trace", "debug", "info", "notice", "warning", "error"].map { ($0, $0) }
        level = reader.choice("level", levels, default: level)
        format = reader.choice("format", [("json", .json), ("console", .console)], default: format)
    }
}

extension Engine.Configuration {
    fileprivate init?(_ reader: inout SettingsReader) {
        self.init()
        defaultDeadline = reader.duration("defaultDeadline", default: defaultDeadline)
        maximumDeadline = reader.duration("maximumDeadline", default: maximumDeadline)
        stopGrace = reader.duration("stopGrace", default: stopGrace)
        if defaultDeadline > maximumDeadline {
            reader.report("must not be longer than maximumDeadline", at: "defaultDeadline")
        }
    }
}
