public import GerbangCore

extension RequestMachine {
    /// A wish to let another connection answer a request.
    public struct Reroute: Sendable, Hashable {
        /// The connection that the wish is about; it is void when another one answers the request by now.
        public var from: ConnectionID
        /// Who shall answer it.
        public var to: RequestProgress.Assignment
        /// Why `from` cannot take it.
        public var because: QueueReason
        /// Whether both lead to the same system of the agency, where `to` is idempotent by the same key.
        public var recognisesRepetition: Bool

        /// Creates a wish.
        public init(
            from: ConnectionID,
            to: RequestProgress.Assignment,
            because: QueueReason,
            recognisesRepetition: Bool = false
        ) {
            self.from = from
            self.to = to
            self.because = because
            self.recognisesRepetition = recognisesRepetition
        }
    }

    /// Gives the request to another connection, if nothing may have happened at the first one.
    ///
    /// Only what is queued for a send and whose every send is known not to have been done may go. A send of an idempotent
    /// operation whose fate is unknown is recognised by its key only by the system that got it, so that request may go only
    /// to another connection to that system. What is in doubt, or what the agency has acknowledged, never goes.
    mutating func reroute(_ wish: Reroute) {
        guard (progress.assignment?.connection ?? wish.from) == wish.from, progress.state == .queued,
            progress.lease == nil, progress.step == .send,
            progress.acknowledgedAt == nil, !progress.isCancelRequested,
            wish.from != wish.to.connection, !progress.left.contains(wish.to.connection)
        else { return }
        if progress.doubtfulSince != nil {
            guard case .idempotent = context.effect, wish.recognisesRepetition else { return }
        }
        progress.left.insert(wish.from)
        progress.assignment = wish.to
        progress.failures = 0
        enqueue(.new, after: .zero)
        record(
            .rerouted,
            detour: RequestEvent.Detour(from: wish.from, to: wish.to.connection, because: wish.because)
        )
    }
}
