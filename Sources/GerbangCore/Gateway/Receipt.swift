/// What became of a submission that was accepted.
public struct Receipt: Sendable, Hashable {
    /// The request.
    public var status: RequestStatus
    /// Whether the client had submitted it before under the same key.
    public var isReplay: Bool

    /// The request's identifier.
    public var id: RequestID { status.id }

    /// Creates a receipt.
    public init(status: RequestStatus, isReplay: Bool) {
        self.status = status
        self.isReplay = isReplay
    }
}
