public import GerbangCore

// Following what happens to a request.
extension Engine {
    /// What is new in a request's history.
    package enum News: Sendable {
        /// Events, at least one, in order.
        case events([RequestEvent])
        /// Nothing until the moment came.
        case nothing
        /// Nothing, and nothing will be: the request has ended, or the engine is about to stop.
        case over
    }

    /// How often the store is asked by somebody who waits, for what no hint told of.
    private static let lookInterval = Duration.seconds(5)

    /// A request's history after event number `sequence`, and what happens from now on, until it ends.
    ///
    /// Every event comes once, in order; after a break go on with the number of the last one. It ends with the event of
    /// the final state, when the task is cancelled, and at ``endWaits()``.
    ///
    /// - Parameter client: Only a request of this client; of anybody when it is `nil`.
    public func follow(
        _ id: RequestID,
        after sequence: Int = 0,
        for client: ClientID? = nil
    ) -> RequestEvents {
        RequestEvents(after: sequence) { [self] number throws(GerbangError) in
            guard let record = try await store.record(id), client == nil || record.request.client == client else {
                throw GerbangError(.notFound, "there is no request with this identifier")
            }
            while true {
                switch try await news(of: id, after: number, until: clock.now() + .seconds(3600)) {
                case .events(let events): return events
                case .over: return []
                case .nothing: continue
                }
            }
        }
    }

    /// Waits until there are events after number `sequence`, `moment` has come, or nobody wants to know any more.
    ///
    /// The store is what counts; a hint only has it asked sooner.
    ///
    /// - Parameter hasLeft: Whether to give up; asked again after ``lookAgain(at:)``.
    package func news(
        of id: RequestID,
        after sequence: Int,
        until moment: Timestamp,
        unless hasLeft: () -> Bool = { false }
    ) async throws(GerbangError) -> News {
        while true {
            var news = News.nothing
            var failure: GerbangError?
            await observers.wait(for: id, until: min(moment, clock.now() + Self.lookInterval)) {
                guard !hasLeft() else { return true }
                do throws(GerbangError) {
                    news = try await newsInStore(of: id, after: sequence)
                } catch {
                    failure = error
                    return true
                }
                if case .nothing = news { return false } else { return true }
            }
            if let failure { throw failure }
            guard case .nothing = news else { return news }
            guard !observers.isClosed, !Task.isCancelled, !hasLeft() else { return .over }
            guard clock.now() < moment else { return .nothing }
        }
    }

    /// Has everybody who waits for events of a request look whether there are some.
    package func lookAgain(at id: RequestID) { observers.wakeAll(id) }

    private func newsInStore(of id: RequestID, after sequence: Int) async throws(GerbangError) -> News {
        let events = try await store.events(of: id, after: sequence)
        guard events.isEmpty else { return .events(events) }
        // Read after the events: what has ended since then has another event, which the next look finds.
        guard let progress = try await store.record(id)?.progress else { return .over }
        return progress.state.isFinal && progress.sequence <= sequence ? .over : .nothing
    }
}
