internal import GerbangCore
internal import GerbangJSON

/// Chooses the connection that answers a request.
struct Router: Sendable {
    private struct Route: Sendable {
        var region: Region
        var connection: ConnectionID
        var operation: OperationID
    }

    private let routes: [ServiceID: [Route]]

    /// Connections that come first win over later ones with an equally narrow region.
    init(_ connections: [Connection]) {
        var routes: [ServiceID: [Route]] = [:]
        for connection in connections {
            for operation in connection.adapter.descriptor.operations {
                guard let service = operation.service else { continue }
                routes[service, default: []] += connection.regions.map { region in
                    Route(region: region, connection: connection.id, operation: operation.id)
                }
            }
        }
        self.routes = routes
    }

    /// The connection with the narrowest region around `region`.
    ///
    /// - Parameter isAccepting: Whether a connection takes new requests at the moment.
    /// - Throws: ``GerbangError/Code/noConnection`` when there is none.
    func route(
        _ service: ServiceID,
        in region: Region,
        where isAccepting: (ConnectionID) -> Bool = { _ in true }
    ) throws(GerbangError) -> (connection: ConnectionID, operation: OperationID) {
        var best: Route?
        var isClosed = false
        for route in routes[service] ?? [] where region.isWithin(route.region) {
            guard isAccepting(route.connection) else {
                isClosed = true
                continue
            }
            guard let current = best, current.region.digits.count >= route.region.digits.count else {
                best = route
                continue
            }
        }
        guard let best else {
            let reason =
                if routes[service] == nil {
                    "no connection offers \(service)"
                } else if isClosed {
                    "\(service) takes no new requests in \(region) at the moment"
                } else {
                    "\(service) is not offered in \(region)"
                }
            throw GerbangError(.noConnection, reason, field: JSONPointer.root.appending("region"))
        }
        return (best.connection, best.operation)
    }
}
