/// A request's history as it happens: every event once, in order.
///
/// It ends after the event with which the request ended, when the task is cancelled, and when the gateway stops; whether the
/// request has ended is told by the last event's state. To go on later, ask for the events after the last one's
/// ``RequestEvent/sequence``.
public struct RequestEvents: AsyncSequence, Sendable {
    /// What it is made of.
    public typealias Element = RequestEvent
    /// What can go wrong.
    public typealias Failure = GerbangError

    /// Waits until there are events after the given number; none when there will be no more.
    package typealias Source = @Sendable (_ after: Int) async throws(GerbangError) -> [RequestEvent]

    private let sequence: Int
    private let makeSource: @Sendable () -> Source

    /// Creates the history after event number `sequence`; all readers share one source.
    package init(after sequence: Int, source: @escaping Source) {
        self.init(after: sequence, makingSource: { source })
    }

    /// Creates the history after event number `sequence`; every reader gets a source of its own.
    package init(after sequence: Int, makingSource: @escaping @Sendable () -> Source) {
        self.sequence = sequence
        makeSource = makingSource
    }

    /// Begins after the event number that the sequence was made with.
    public func makeAsyncIterator() -> Iterator {
        Iterator(sequence: sequence, source: makeSource())
    }

    /// One reader of a history.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate var sequence: Int
        fileprivate let source: Source
        private var batch: ArraySlice<RequestEvent> = []
        private var isOver = false

        fileprivate init(sequence: Int, source: @escaping Source) {
            self.sequence = sequence
            self.source = source
        }

        /// Waits for the next event; `nil` when there will be none.
        ///
        /// - Throws: ``GerbangError/Code/notFound`` when there is no such request; another ``GerbangError`` when the
        ///   gateway does not answer.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(GerbangError) -> RequestEvent? {
            if batch.isEmpty, !isOver, !Task.isCancelled {
                batch = try await source(sequence)[...]
                // What ended may go on, when an operator puts it back; within one answer the last word counts.
                isOver = batch.last?.state.isFinal ?? true
            }
            guard let event = batch.popFirst() else {
                isOver = true
                return nil
            }
            sequence = event.sequence
            return event
        }
    }
}
