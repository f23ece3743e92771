internal import HTTPTypes

// What holds personal data does not show it when it is printed, interpolated or dumped by accident.

extension Submission: CustomStringConvertible, CustomReflectable {
    /// The service, the region and the channel; nothing of the applicant, the payload or the key.
    public var description: String { "\(service) in \(region) (\(channel.rawValue))" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension RequestStatus: CustomStringConvertible, CustomReflectable {
    /// The identifier and the state; nothing of the output.
    public var description: String { "\(id) \(state.rawValue)" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension WireRequest: CustomStringConvertible, CustomReflectable {
    /// The method and the number of bytes; nothing of the path, the query, the fields or the body.
    public var description: String { "\(method.rawValue) with \(body.count) bytes" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension WireResponse: CustomStringConvertible, CustomReflectable {
    /// The status and the number of bytes; nothing of the fields or the body.
    public var description: String { "HTTP \(status) with \(body.count) bytes" }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Verdict: CustomStringConvertible, CustomReflectable {
    /// The word for it; nothing of the output.
    public var description: String { name }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
