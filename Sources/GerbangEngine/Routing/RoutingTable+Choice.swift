internal import GerbangCore
internal import GerbangJSON

extension RoutingTable {
    /// The connection that shall answer a new request.
    ///
    /// - Parameters:
    ///   - id: The request, which decides draws.
    ///   - isAccepting: Whether a connection takes new requests at all.
    ///   - obstacle: Why a connection cannot take a request for so long that another one should.
    /// - Throws: ``GerbangError/Code/noConnection`` when there is none.
    func choose(
        for facts: RouteFacts,
        id: RequestID,
        where isAccepting: (ConnectionID) -> Bool = { _ in true },
        obstacle: (ConnectionID) -> QueueReason? = { _ in nil }
    ) throws(GerbangError) -> Candidate {
        let all = candidates(for: facts, id: id)
        let accepting = all.filter { isAccepting($0.connection) }
        guard let first = accepting.first else {
            throw GerbangError(
                .noConnection,
                reason(for: facts, isClosed: !all.isEmpty),
                field: JSONPointer.root.appending("region")
            )
        }
        guard obstacle(first.connection) != nil else { return first }
        // Nobody else: it waits for the one that it belongs to.
        return accepting.dropFirst().first { $0.takesOver && obstacle($0.connection) == nil } ?? first
    }

    /// Who shall take over a request that its connection cannot take: the best of those that may take over, take requests
    /// and have not had it yet.
    func successors(
        of connection: ConnectionID,
        left: Set<ConnectionID>,
        for facts: RouteFacts,
        id: RequestID,
        where isAccepting: (ConnectionID) -> Bool,
        obstacle: (ConnectionID) -> QueueReason?
    ) -> [Candidate] {
        candidates(for: facts, id: id).filter { candidate in
            candidate.takesOver && candidate.connection != connection && !left.contains(candidate.connection)
                && isAccepting(candidate.connection) && obstacle(candidate.connection) == nil
        }
    }

    private func reason(for facts: RouteFacts, isClosed: Bool) -> String {
        if !offers(facts.service) {
            "no connection offers \(facts.service)"
        } else if isClosed {
            "\(facts.service) takes no new requests in \(facts.region) at the moment"
        } else {
            "\(facts.service) is not offered in \(facts.region)"
        }
    }
}
