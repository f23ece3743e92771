/// A gateway as an MPP backend uses it: embedded in its process, or a daemon that it talks to.
///
/// A backend that is written against this protocol need not care which of the two it has.
public protocol GatewayProtocol: Sendable {
    /// Submits a request, and waits for its end for at most `wait`.
    ///
    /// When this returns, the request is on disk and will reach a final state. Submitting again with the same key is always
    /// safe: it gives the same request.
    ///
    /// - Throws: A ``GerbangError`` that names the field at fault; then nothing was accepted. An error whose code is
    ///   retryable says nothing about the submission: submit again with the same key.
    func submit(_ submission: Submission, waiting wait: Duration) async throws(GerbangError) -> Receipt

    /// Where a request stands.
    ///
    /// - Throws: ``GerbangError/Code/notFound`` when there is none with this identifier, or it is somebody else's.
    func status(of id: RequestID) async throws(GerbangError) -> RequestStatus

    /// Where a request stands once it has ended or `timeout` is over, whichever comes first.
    ///
    /// - Throws: ``GerbangError/Code/notFound`` when there is none with this identifier, or it is somebody else's.
    func wait(for id: RequestID, timeout: Duration) async throws(GerbangError) -> RequestStatus

    /// A request's history so far, after event number `sequence`.
    ///
    /// - Throws: ``GerbangError/Code/notFound`` when there is none with this identifier, or it is somebody else's.
    func history(of id: RequestID, after sequence: Int) async throws(GerbangError) -> [RequestEvent]

    /// A request's history after event number `sequence`, and what happens from now on, until it ends.
    func events(of id: RequestID, after sequence: Int) -> RequestEvents

    /// Cancels a request that has not been sent, or notes the wish if a call is under way. Doing it twice is no error.
    ///
    /// - Returns: Where the request then stands.
    /// - Throws: ``GerbangError/Code/conflict`` when the agency has it already or it has ended otherwise;
    ///   ``GerbangError/Code/notFound`` when there is none with this identifier, or it is somebody else's.
    func cancel(_ id: RequestID) async throws(GerbangError) -> RequestStatus
}

extension GatewayProtocol {
    /// Submits a request without waiting for its end; see ``submit(_:waiting:)``.
    public func submit(_ submission: Submission) async throws(GerbangError) -> Receipt {
        try await submit(submission, waiting: .zero)
    }

    /// A request's whole history so far.
    public func history(of id: RequestID) async throws(GerbangError) -> [RequestEvent] {
        try await history(of: id, after: 0)
    }

    /// A request's whole history, and what happens from now on, until it ends.
    public func events(of id: RequestID) -> RequestEvents { events(of: id, after: 0) }
}
