public import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangSchema

/// Everything that a configuration decides, checked and compiled as one and never changed afterwards.
///
/// The engine has one present snapshot, and replaces it as a whole (``Engine/apply(_:generation:)``). A submission and a
/// call each take the present one when they begin and use it to their end, so that nothing is ever handled by half of one
/// configuration and half of another.
public final class Snapshot: Sendable {
    /// Counts configurations: each has a greater number than the one before.
    public let generation: Int
    /// The SHA-256, in hexadecimal digits, of what it was read from; empty when it was made in code.
    public let hash: String
    /// The services that can be asked for.
    public let catalogue: ServiceCatalogue
    /// The connections.
    public let connections: [ConnectionID: Connection]

    /// Deadlines, intervals, and how clients are called back.
    let configuration: Engine.Configuration
    let router: RoutingTable
    /// When a request goes to another connection.
    let failover: FailoverPolicy
    /// The tenants.
    public let tenants: [TenantID: Tenant]
    private let tenantsByClient: [ClientID: TenantID]

    /// What carries the messages of those connections that prove who sends them.
    private let authenticated: [ConnectionID: AuthenticatedTransport]
    /// What carries the messages of those connections whose adapter does something with them on the way.
    private let carriers: [ConnectionID: any HTTPTransport]
    private let base: any HTTPTransport
    private let inputs: [ServiceID: JSONSchema]
    private let outputs: [ServiceID: JSONSchema]

    /// Checks and compiles a plan.
    ///
    /// What has not changed since `previous` is taken over from it: compiled schemas, and tokens that agencies gave us.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when two connections have one name, an adapter contradicts
    ///   itself or provides a service that the catalogue does not have, or a schema of the catalogue is broken.
    init(
        _ plan: Engine.Plan,
        generation: Int,
        after previous: Snapshot?,
        transport: any HTTPTransport,
        clock: any WallClock
    ) throws(GerbangError) {
        self.generation = generation
        hash = plan.hash
        catalogue = plan.catalogue
        configuration = plan.configuration
        base = transport
        connections = try Self.connections(of: plan)
        failover = plan.failover
        (tenants, tenantsByClient) = try Self.tenants(of: plan)
        try Self.check(plan.routes, against: connections)
        router = RoutingTable(plan.connections, routes: plan.routes)
        var authenticated: [ConnectionID: AuthenticatedTransport] = [:]
        for connection in plan.connections where !connection.authentication.isEmpty {
            if let known = previous?.connections[connection.id],
                known.authentication == connection.authentication, known.profile == connection.profile,
                let transport = previous?.authenticated[connection.id]
            {
                authenticated[connection.id] = transport
            } else {
                authenticated[connection.id] = AuthenticatedTransport(
                    transport,
                    authentication: connection.authentication,
                    profile: connection.profile,
                    clock: clock
                )
            }
        }
        self.authenticated = authenticated
        var carriers: [ConnectionID: any HTTPTransport] = [:]
        for connection in plan.connections {
            guard let adapter = connection.adapter as? any CarriedAdapter else { continue }
            carriers[connection.id] = adapter.carrier(to: authenticated[connection.id] ?? transport, by: transport)
        }
        self.carriers = carriers
        var (inputs, outputs): ([ServiceID: JSONSchema], [ServiceID: JSONSchema]) = ([:], [:])
        for service in plan.catalogue.all {
            let known = previous?.catalogue[service.id]
            inputs[service.id] =
                try known?.input == service.input
                ? previous?.inputs[service.id] : Self.schema(service.input, "the input schema of \(service.id)")
            outputs[service.id] =
                try known?.output == service.output
                ? previous?.outputs[service.id] : Self.schema(service.output, "the output schema of \(service.id)")
        }
        self.inputs = inputs
        self.outputs = outputs
    }

    /// Checks that a snapshot can be made of a plan.
    static func check(_ plan: Engine.Plan) throws(GerbangError) {
        _ = try connections(of: plan)
        for service in plan.catalogue.all {
            _ = try schema(service.input, "the input schema of \(service.id)")
            _ = try schema(service.output, "the output schema of \(service.id)")
        }
    }

    private static func connections(of plan: Engine.Plan) throws(GerbangError) -> [ConnectionID: Connection] {
        var byID: [ConnectionID: Connection] = [:]
        byID.reserveCapacity(plan.connections.count)
        // Many connections share an adapter; what it says of itself is checked once.
        var checked: Set<AdapterDescriptor> = []
        for connection in plan.connections {
            guard byID.updateValue(connection, forKey: connection.id) == nil else {
                throw GerbangError(.invalidConfiguration, "two connections are called \(connection.id)")
            }
            let descriptor = connection.adapter.descriptor
            guard checked.insert(descriptor).inserted else { continue }
            try descriptor.validate()
            for service in descriptor.operations.compactMap(\.service) where plan.catalogue[service] == nil {
                throw GerbangError(
                    .invalidConfiguration,
                    "connection \(connection.id) provides \(service), which the catalogue does not have; a manifest "
                        + "describes a service of its own in 'services'"
                )
            }
        }
        return byID
    }

    private static func tenants(
        of plan: Engine.Plan
    ) throws(GerbangError) -> ([TenantID: Tenant], [ClientID: TenantID]) {
        var (byID, byClient): ([TenantID: Tenant], [ClientID: TenantID]) = ([:], [:])
        for tenant in plan.tenants {
            guard byID.updateValue(tenant, forKey: tenant.id) == nil else {
                throw GerbangError(.invalidConfiguration, "two tenants are called \(tenant.id)")
            }
            for client in tenant.clients.sorted() {
                guard let other = byClient.updateValue(tenant.id, forKey: client) else { continue }
                throw GerbangError(.invalidConfiguration, "client \(client) is one of \(other) and one of \(tenant.id)")
            }
        }
        for connection in plan.connections {
            guard let tenant = connection.tenant, byID[tenant] == nil else { continue }
            throw GerbangError(
                .invalidConfiguration,
                "connection \(connection.id) belongs to \(tenant), which is no tenant"
            )
        }
        return (byID, byClient)
    }

    private static func check(
        _ routes: [Route],
        against connections: [ConnectionID: Connection]
    ) throws(GerbangError) {
        for route in routes {
            guard let connection = connections[route.connection] else {
                throw GerbangError(
                    .invalidConfiguration,
                    "a route leads to \(route.connection), which is no connection"
                )
            }
            for region in route.regions ?? [] where !connection.regions.contains(where: { region.isWithin($0) }) {
                throw GerbangError(
                    .invalidConfiguration,
                    "a route leads to \(route.connection) for \(region), which that connection does not serve"
                )
            }
        }
    }

    private static func schema(_ schema: JSONValue, _ what: String) throws(GerbangError) -> JSONSchema {
        do throws(SchemaError) {
            return try JSONSchema(schema)
        } catch {
            throw GerbangError(.invalidConfiguration, "\(what): \(error)")
        }
    }
}

extension Snapshot {
    /// The tenant that a client belongs to.
    public func tenant(of client: ClientID) -> Tenant? { tenantsByClient[client].flatMap { tenants[$0] } }

    /// What carries the messages of a connection: the one transport, behind the connection's authentication and whatever
    /// its adapter needs.
    func transport(of connection: ConnectionID) -> any HTTPTransport {
        carriers[connection] ?? authenticated[connection] ?? base
    }

    /// The compiled schema of a service's input; `nil` when there is no such service.
    func input(of service: ServiceID) -> JSONSchema? { inputs[service] }

    /// The compiled schema of a service's output; `nil` when there is no such service.
    func output(of service: ServiceID) -> JSONSchema? { outputs[service] }

    /// Where in a submission a place of its payload is. Keys that the service does not know are not repeated: one may be
    /// somebody's number that went astray.
    func place(of pointer: JSONPointer, inPayloadOf service: ServiceID) -> JSONPointer {
        let known = catalogue[service].map { SchemaSearch($0.input).masked(pointer) } ?? .root
        return JSONPointer.root.appending("payload").appending(contentsOf: known)
    }

    /// The operation that a request asks for; `nil` when its connection, or the operation, is not configured.
    func operation(of record: RequestRecord) -> OperationDescriptor? {
        connections[record.connection]?.adapter.descriptor.operation(record.operation)
    }

    /// The operation that a step calls: the one that was asked for, or its inquiry.
    func operation(for step: RequestProgress.Step, of record: RequestRecord) -> OperationDescriptor? {
        guard let operation = operation(of: record) else { return nil }
        guard step != .send else { return operation }
        return operation.inquiry.flatMap { connections[record.connection]?.adapter.descriptor.operation($0.operation) }
    }

    /// What the state machine has to know of a request. A request whose connection or operation is not configured is
    /// treated as one that must not be repeated.
    func context(of record: RequestRecord, now: Timestamp, jitter: Double) -> RequestMachine.Context {
        guard let connection = connections[record.connection], let operation = operation(of: record) else {
            return RequestMachine.Context(effect: .nonIdempotent, generation: generation, now: now, jitter: jitter)
        }
        var context = connection.context(of: operation, now: now, jitter: jitter)
        context.generation = generation
        return context
    }
}
