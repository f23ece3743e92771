public import GerbangJSON

/// The translator for one agency's interface.
///
/// An adapter is pure: it turns a call into a message and an answer into a verdict. It opens no connection, keeps no
/// state, never sleeps, never retries and never logs; the engine does all of that, alike for every agency. It is made
/// without input or output (see ``AdapterDefinition``) and used from many tasks at once.
public protocol Adapter: Sendable {
    /// What the adapter says of itself.
    var descriptor: AdapterDescriptor { get }

    /// How the messages of the connection prove who sends them, in the form of a connection's `authentication`; `nil`
    /// when that is the connection's own matter, or the adapter writes it into its messages.
    var authentication: Sensitive<JSONValue>? { get }

    /// Translates a call into the agency's message.
    ///
    /// The message of a call must be the same for every attempt as far as the agency can tell two effects apart.
    ///
    /// - Throws: A ``GerbangError`` when the input cannot be translated; nothing is sent then and the request fails
    ///   or is rejected without an attempt.
    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest

    /// Classifies the agency's answer to a call.
    ///
    /// Anything not understood is ``Verdict/inDoubt(_:)`` for an operation that is not idempotent, and
    /// ``Verdict/transient(_:retryAfter:)`` for others; ``AdapterCall/unreadable(_:)`` chooses.
    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict

    /// Reads what an inquiry found out. Only called for operations that are named as an ``Inquiry``.
    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding
}

extension Adapter {
    /// The connection's own matter.
    public var authentication: Sensitive<JSONValue>? { nil }

    /// An adapter without inquiries finds out nothing.
    public func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        .unclear(GerbangError(.internalFault, "operation \(call.operation.id) cannot settle a doubt"))
    }
}

/// A message and the answer to it.
public struct Exchange: Sendable, Hashable {
    /// The message as it was sent.
    public var request: WireRequest
    /// The agency's answer.
    public var response: WireResponse

    /// Creates an exchange.
    public init(request: WireRequest, response: WireResponse) {
        self.request = request
        self.response = response
    }
}

/// One call to an agency on behalf of a request.
public struct AdapterCall: Sendable {
    /// The operation to call: the one that provides the service, or the inquiry about it.
    public var operation: OperationDescriptor
    /// The request that it is made for.
    public var request: ServiceRequest
    /// The number of the call, starting at 1.
    public var attempt: Int
    /// The agency's own number for the request, if it has given one.
    public var agencyReference: String?
    /// The present moment.
    public var now: Timestamp

    /// Creates a call.
    public init(
        operation: OperationDescriptor,
        request: ServiceRequest,
        attempt: Int = 1,
        agencyReference: String? = nil,
        now: Timestamp
    ) {
        self.operation = operation
        self.request = request
        self.attempt = attempt
        self.agencyReference = agencyReference
        self.now = now
    }

    /// The key under which the agency shall know this request: the same for every attempt and every inquiry.
    public var key: String { request.id.description }

    /// The service's input.
    public var payload: JSONValue { request.submission.payload }

    /// The verdict on an answer that cannot be understood.
    public func unreadable(_ reason: String) -> Verdict {
        let error = GerbangError(.agencyUnreadable, reason)
        return operation.effect.isRepeatable ? .transient(error) : .inDoubt(error)
    }

    /// The verdict on an HTTP status that tells of trouble and a body that tells nothing.
    ///
    /// 401 and 403 blame our credentials; 429 asks to wait and states that nothing was done; 503 states so only for an
    /// operation that may be repeated; any other 5xx leaves it open; any other 4xx refuses the message.
    public func unexplained(_ response: WireResponse) -> Verdict {
        let retryAfter = RetryAfter.delay(from: response.headerFields, now: now)
        switch response.status {
        case 401, 403:
            return .unauthorized(GerbangError(.agencyUnauthorized, "HTTP \(response.status)"))
        case 429:
            let error = GerbangError(.agencyThrottled, "HTTP 429")
            return .throttled(error, until: now + (retryAfter ?? .seconds(30)))
        case 503 where operation.effect.isRepeatable:
            let error = GerbangError(.agencyUnavailable, "HTTP 503")
            return retryAfter.map { .throttled(error, until: now + $0) } ?? .transient(error)
        case 408, 425:
            return unreadable("HTTP \(response.status)")
        case 400...499:
            return .invalid(GerbangError(.agencyInvalidInput, "HTTP \(response.status) without an explanation"))
        default:
            return unreadable("HTTP \(response.status) without an explanation")
        }
    }
}
