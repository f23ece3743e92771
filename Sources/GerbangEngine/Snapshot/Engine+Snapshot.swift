public import GerbangCore
internal import Logging
internal import Synchronization

extension Engine {
    /// What a snapshot is made of.
    public struct Plan: Sendable {
        /// The services that can be asked for.
        public var catalogue: ServiceCatalogue
        /// The connections, in order of preference.
        public var connections: [Connection]
        /// Deadlines, intervals, and how clients are called back.
        public var configuration: Configuration
        /// For which submissions a connection is chosen before others.
        public var routes: [Route]
        /// When a request goes to another connection.
        public var failover: FailoverPolicy
        /// The malls and regencies that share this gateway.
        public var tenants: [Tenant]
        /// The SHA-256, in hexadecimal digits, of what it was read from; empty when it was made in code.
        public var hash: String

        /// Creates a plan.
        public init(
            catalogue: ServiceCatalogue,
            connections: [Connection],
            configuration: Configuration = Configuration(),
            routes: [Route] = [],
            failover: FailoverPolicy = FailoverPolicy(),
            tenants: [Tenant] = [],
            hash: String = ""
        ) {
            self.catalogue = catalogue
            self.connections = connections
            self.configuration = configuration
            self.routes = routes
            self.failover = failover
            self.tenants = tenants
            self.hash = hash
        }

        /// Checks that a snapshot can be made of it.
        ///
        /// - Throws: ``GerbangError/Code/invalidConfiguration`` with the first contradiction.
        public func validate() throws(GerbangError) {
            try Snapshot.check(self)
        }
    }

    /// The present snapshot. Take it once for one piece of work, and use it to its end.
    public var snapshot: Snapshot { present.withLock { $0 } }

    /// Replaces the present snapshot by one made of `plan`, for everything that begins from now on.
    ///
    /// It is checked and compiled whole before the one pointer to it changes; when it throws, nothing has changed. What is
    /// under way ends as it began. What a connection is found to be at run time (calls under way, breaker, pause, waits
    /// that its agency asked for, tokens, measurements) belongs to its name and outlives the change. Requests of a
    /// connection that is gone wait, and go on when one of its name comes back.
    ///
    /// - Parameter generation: The new snapshot's number, greater than the present one's; by default the next.
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when the plan does not hold together;
    ///   ``GerbangError/Code/storageUnavailable`` when what is remembered of connections cannot be read.
    @discardableResult
    public func apply(_ plan: Plan, generation: Int? = nil) async throws(GerbangError) -> Snapshot {
        // What operators said of a connection that comes back still holds.
        let marks = try await store.connectionMarks()
        while true {
            let before = snapshot
            let next = try Snapshot(
                plan,
                generation: generation ?? before.generation + 1,
                after: before,
                transport: transport,
                clock: clock
            )
            // Somebody else's change in between is built upon, not overwritten by a number that is too small.
            let isApplied = try present.withLock { present throws(GerbangError) in
                guard present === before else { return false }
                guard next.generation > before.generation else {
                    throw GerbangError(
                        .conflict,
                        "generation \(next.generation) is not newer than the present one, \(before.generation)"
                    )
                }
                flow.use(next.connections, marks: marks)
                present = next
                return true
            }
            guard isApplied else { continue }
            callbacks.use(next.configuration.callbacks)
            forecast.forget(allBut: next.connections)
            metrics.forget(allBut: next.connections)
            logger.notice(
                "configuration applied",
                metadata: ["generation": "\(next.generation)", "connections": "\(next.connections.count)"]
            )
            wakeUps.continuation.yield()
            return next
        }
    }
}
