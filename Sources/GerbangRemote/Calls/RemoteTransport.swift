internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON

/// Carries a wrapped call by way of an instance of a remote adapter.
///
/// What is known of the agency's call decides what the engine is told. Asking an instance to translate does nothing at
/// the agency, so it is asked again elsewhere, and its failure is one of a message that was never sent. Once the agency
/// has the message, or an instance that calls the agency itself has the call, nothing but a proven answer to this call
/// ends in anything but an unreadable one.
struct RemoteTransport: HTTPTransport {
    private let adapter: RemoteDescriptor
    private let fleet: RemoteFleet
    private let agency: any HTTPTransport
    private let plain: any HTTPTransport
    private let caller: InstanceCaller

    /// - Parameters:
    ///   - agency: What carries messages to the connection's agency, with its proofs.
    ///   - plain: What carries messages to instances and to other approved hosts.
    init(adapter: RemoteDescriptor, fleet: RemoteFleet, agency: any HTTPTransport, plain: any HTTPTransport) {
        self.adapter = adapter
        self.fleet = fleet
        self.agency = agency
        self.plain = plain
        caller = InstanceCaller(fleet: fleet, adapter: adapter.adapter.id, transport: plain)
    }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        guard let envelope = CallEnvelope(parsing: request.body) else {
            return .failed(WireFailure(.unsendable, .notSent, detail: "not a wrapped call"))
        }
        let limit = TimeLimit(request.timeouts.total)
        switch adapter.mode {
        case .translate: return await translate(envelope, request, limit)
        case .call: return await call(envelope, request, limit)
        }
    }

    // MARK: The instance calls the agency

    private func call(_ envelope: CallEnvelope, _ request: OutboundRequest, _ limit: TimeLimit) async -> WireOutcome {
        let path = envelope.isInquiry ? "inquire" : "call"
        var tried: Set<String> = []
        var last = WireFailure(.noInstance, .notSent)
        while limit.left > .zero, let instance = fleet.take(of: adapter.adapter.id, besides: tried) {
            tried.insert(instance.id)
            var timeouts = request.timeouts
            timeouts.limit(to: limit.left)
            let body = envelope.with(["within": .string(Self.seconds(limit.left))])
            let answer = await caller.ask(
                instance,
                path,
                body,
                mark: envelope.mark,
                timeouts: timeouts,
                resend: request.resend
            )
            fleet.release(instance, of: adapter.adapter.id, failed: answer.isFailure)
            switch answer {
            case .answered(let json): return Self.told(json)
            case .unreadable(let reason): return Self.told(["unreadable": .string(reason)])
            case .failed(let failure) where failure.sendState == .maybeSent: return .failed(failure)
            // What no instance has begun with goes to another one.
            case .failed(let failure): last = failure
            case .declined: last = WireFailure(.noInstance, .notSent, detail: "the instance takes no work")
            }
            guard !Task.isCancelled else { break }
        }
        return .failed(last)
    }

    // MARK: The gateway calls the agency

    private func translate(
        _ envelope: CallEnvelope,
        _ request: OutboundRequest,
        _ limit: TimeLimit
    ) async -> WireOutcome {
        let prepared = await askAnybody("prepare", envelope.json, envelope.mark, limit, atMost: limit.total / 4)
        let json: JSONValue
        switch prepared {
        case .answered(let answer): json = answer
        case .declined: return .failed(WireFailure(.noInstance, .notSent, detail: "no instance takes work"))
        case .unreadable(let reason): return .failed(WireFailure(.malformed, .notSent, detail: reason))
        case .failed(let failure): return .failed(WireFailure(failure.kind, .notSent, detail: failure.detail))
        }
        if let refused = json["refused"] {
            // An inquiry that cannot be translated tells nothing.
            return Self.told(envelope.isInquiry ? ["unreadable": "the inquiry was refused"] : ["refused": refused])
        }
        guard let (message, base) = message(json["message"]) else {
            return .failed(
                WireFailure(.malformed, .notSent, detail: "the adapter's message does not fit the protocol")
            )
        }
        var outbound = request
        outbound.method = message.method
        outbound.headerFields = message.headerFields
        outbound.body = message.body
        // A quarter of the time is kept for reading the answer: nobody could do it later.
        outbound.timeouts.limit(to: limit.left - limit.total / 4)
        outbound.url = base.map { message.url(below: $0) } ?? message.appended(to: request.url)
        switch await (base == nil ? agency : plain).send(outbound) {
        case .failed(let failure): return .failed(failure)
        case .answered(let response):
            let question = envelope.with(["message": message.remoteJSON, "response": response.remoteJSON])
            switch await askAnybody("classify", question, envelope.mark, limit, atMost: limit.left) {
            case .answered(let answer): return Self.told(answer)
            case .unreadable(let reason): return Self.told(["unreadable": .string(reason)])
            case .declined, .failed:
                return Self.told(["unreadable": "the agency answered, but no instance could read the answer"])
            }
        }
    }

    /// Asks what may be asked any number of times: when one instance fails, another one.
    private func askAnybody(
        _ path: String,
        _ question: JSONValue,
        _ mark: CallEnvelope.Mark,
        _ limit: TimeLimit,
        atMost share: Duration
    ) async -> InstanceCaller.Answer {
        var tried: Set<String> = []
        var last = InstanceCaller.Answer.failed(WireFailure(.noInstance, .notSent))
        let part = TimeLimit(min(share, limit.left))
        while part.left > .zero, !Task.isCancelled,
            let instance = fleet.take(of: adapter.adapter.id, besides: tried)
        {
            tried.insert(instance.id)
            var timeouts = CallTimeouts()
            // The first one must leave time for a second.
            timeouts.limit(to: tried.count == 1 ? part.left / 2 : part.left)
            last = await caller.ask(instance, path, question, mark: mark, timeouts: timeouts, resend: .allowed)
            fleet.release(instance, of: adapter.adapter.id, failed: last.isFailure)
            if case .answered = last { return last }
        }
        return last
    }

    /// The message to the agency, and where it goes if not to the connection's base URL; `nil` when it may not go there
    /// or does not fit.
    private func message(_ json: JSONValue?) -> (WireRequest, BaseURL?)? {
        guard let json else { return nil }
        var reader = SettingsReader(json)
        let base = reader.optionalValue("base") { text throws(GerbangError) in
            let url = try BaseURL(text)
            guard adapter.egress.contains(url) else {
                throw GerbangError(.forbidden, "is not one of the approved addresses")
            }
            return url
        }
        let message = WireRequest(&reader)
        reader.reportUnknownKeys()
        guard reader.issues.isEmpty, let message else { return nil }
        return (message, base)
    }

    private static func told(_ json: JSONValue) -> WireOutcome {
        .answered(WireResponse(status: 200, body: json.encoded()))
    }

    private static func seconds(_ duration: Duration) -> String {
        "\(max(0, duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000))ms"
    }
}

extension InstanceCaller.Answer {
    fileprivate var isFailure: Bool {
        switch self {
        case .answered, .declined: false
        case .unreadable: true
        case .failed(let failure): failure.kind != .cancelled
        }
    }
}

extension CallTimeouts {
    fileprivate mutating func limit(to limit: Duration) {
        let limit = max(limit, .milliseconds(1))
        total = min(total, limit)
        firstByte = min(firstByte, limit)
        connect = min(connect, limit)
    }
}

extension WireRequest {
    /// The URL of this message below `base`, which the connection's base URL has become.
    fileprivate func appended(to base: String) -> String {
        // The wrapped call has no path and no query, so what was made of it is the base URL itself.
        (try? BaseURL(base)).map { url(below: $0) } ?? base
    }
}

/// How much of a call's time is left, by a clock that nobody sets.
struct TimeLimit: Sendable {
    let total: Duration
    private let end: ContinuousClock.Instant

    init(_ total: Duration) {
        self.total = total
        end = ContinuousClock.now + total
    }

    var left: Duration { end - ContinuousClock.now }
}
