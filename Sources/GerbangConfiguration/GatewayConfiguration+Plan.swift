public import GerbangCore
public import GerbangEngine

extension GatewayConfiguration {
    /// What an engine's snapshot is made of.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when the shipped catalogue is broken.
    public func plan() throws(GerbangError) -> Engine.Plan {
        Engine.Plan(
            catalogue: try .builtin().adding(services),
            connections: connections,
            configuration: engine,
            routes: routes,
            failover: failover,
            tenants: tenants,
            hash: origin?.hash ?? ""
        )
    }

    /// What differs from `running` and holds from the next start only, as names of fields.
    func atNextStart(from running: GatewayConfiguration) -> [String] {
        var fields: [String] = []
        let (new, old) = (server, running.server)
        if new.host != old.host { fields.append("server.host") }
        if new.port != old.port { fields.append("server.port") }
        if new.maximumBodyBytes != old.maximumBodyBytes { fields.append("server.maximumBodyBytes") }
        if new.maximumWait != old.maximumWait { fields.append("server.maximumWait") }
        if new.maximumEventStreams != old.maximumEventStreams { fields.append("server.maximumEventStreams") }
        if soap != running.soap { fields.append("soap") }
        if log.level != running.log.level { fields.append("log.level") }
        if log.format != running.log.format { fields.append("log.format") }
        return fields
    }
}
