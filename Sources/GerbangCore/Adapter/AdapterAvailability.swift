/// Says whether an adapter can work at all, beyond what a connection knows of itself. Asked before every call, and within
/// a lock: it answers from memory.
public protocol AdapterAvailability: Sendable {
    /// Why no call with the adapter called `id` may begin now; `nil` when one may.
    func closure(of id: AdapterID) -> QueueReason?
    /// For how long nobody was heard of who could do the work of the adapter called `id`; `nil` while somebody can.
    func absence(of id: AdapterID) -> Duration?
    /// Whether requests for the adapter called `id` are accepted.
    func isAccepting(_ id: AdapterID) -> Bool
}

extension AdapterAvailability {
    /// Somebody can.
    public func absence(of id: AdapterID) -> Duration? { nil }

    /// They are.
    public func isAccepting(_ id: AdapterID) -> Bool { true }
}
