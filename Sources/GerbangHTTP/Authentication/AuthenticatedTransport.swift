public import GerbangCore

/// A transport that authenticates every message of one connection before another transport carries it.
///
/// Tokens are fetched when they are first needed, kept, shared by all calls and renewed early. An answer with HTTP 401
/// says that nothing was done; if a token can be renewed, it is, and the message goes out once more, never a third time.
/// This holds for operations of every effect. Where nothing can be renewed, or less than a quarter of the call's time is
/// left, so that a second try might end in doubt, the answer is handed on as it is.
///
/// What keeps a message from being authenticated is a failure that was never sent: of kind
/// ``GerbangCore/WireFailure/Kind/unauthorized`` when the token endpoint refuses us, of kind
/// ``GerbangCore/WireFailure/Kind/unavailable`` when it cannot serve us now, and of the kind of its own failure when it
/// does not answer.
public struct AuthenticatedTransport: HTTPTransport {
    private let base: any HTTPTransport
    private let authentication: Authentication
    private let clock: any WallClock
    private let sources: [Int: TokenSource]
    /// The clock of time limits, which nobody sets.
    private let monotonicNow: @Sendable () -> MonotonicInstant

    /// Creates a transport for the messages of one connection.
    ///
    /// - Parameters:
    ///   - base: What carries messages, those to token endpoints among them.
    ///   - authentication: The schemes.
    ///   - profile: How token endpoints are reached: as the connection's agency.
    ///   - clock: The clock of signatures and of tokens' lifetimes.
    public init(
        _ base: any HTTPTransport,
        authentication: Authentication,
        profile: TransportProfile = TransportProfile(),
        clock: any WallClock = SystemClock()
    ) {
        self.init(base, authentication: authentication, profile: profile, clock: clock) { MonotonicInstant.now }
    }

    init(
        _ base: any HTTPTransport,
        authentication: Authentication,
        profile: TransportProfile = TransportProfile(),
        clock: any WallClock,
        monotonicNow: @escaping @Sendable () -> MonotonicInstant
    ) {
        self.base = base
        self.monotonicNow = monotonicNow
        self.authentication = authentication
        self.clock = clock
        var sources: [Int: TokenSource] = [:]
        for (index, scheme) in authentication.schemes.enumerated() {
            guard case .oauth2(let client) = scheme else { continue }
            sources[index] = TokenSource(client, base: base, profile: profile, clock: clock)
        }
        self.sources = sources
    }

    /// Authenticates and sends one message; see ``HTTPTransport``. The message's time limits cover everything.
    ///
    /// An answer that a ``MessageSecurity`` refuses is a failure with a message that may have arrived: it is never
    /// believed, whatever it says and whatever its status.
    public func send(_ request: OutboundRequest) async -> WireOutcome {
        let outcome = await exchange(request)
        guard authentication.judgesAnswers, case .answered(let answer) = outcome else { return outcome }
        do throws(WireFailure) {
            return .answered(try authentication.open(answer, at: clock.now()))
        } catch {
            return .failed(error)
        }
    }

    private func exchange(_ request: OutboundRequest) async -> WireOutcome {
        let limit = monotonicNow().advanced(by: request.timeouts.total)
        var tokens: [Int: TokenSource.Token] = [:]
        let first: OutboundRequest
        do throws(WireFailure) {
            for (index, source) in sources { tokens[index] = try await source.token(within: time(until: limit)) }
            first = try authorized(request, tokens, until: limit)
        } catch {
            return .failed(error)
        }
        let outcome = await base.send(first)
        guard case .answered(let response) = outcome, response.status == 401, !sources.isEmpty,
            await renew(&tokens, until: limit), time(until: limit) >= request.timeouts.total / 4,
            !Task.isCancelled, let second = try? authorized(request, tokens, until: limit)
        else { return outcome }
        return await base.send(second)
    }

    /// Replaces what was refused; false when nothing could be.
    private func renew(_ tokens: inout [Int: TokenSource.Token], until limit: MonotonicInstant) async -> Bool {
        var isRenewed = false
        for (index, source) in sources {
            guard let refused = tokens[index],
                let token = await source.replacement(for: refused, within: time(until: limit))
            else { continue }
            tokens[index] = token
            isRenewed = true
        }
        return isRenewed
    }

    /// The message with its proofs, and with the time that is left.
    private func authorized(
        _ request: OutboundRequest,
        _ tokens: [Int: TokenSource.Token],
        until limit: MonotonicInstant
    ) throws(WireFailure) -> OutboundRequest {
        var message = try authentication.authorize(request, tokens: tokens.mapValues(\.text), at: clock.now())
        guard !sources.isEmpty else { return message }
        let left = time(until: limit)
        guard left > .zero else { throw WireFailure(.timeout, .notSent, detail: "no time left after getting a token") }
        message.timeouts.total = left
        message.timeouts.firstByte = min(message.timeouts.firstByte, left)
        message.timeouts.connect = min(message.timeouts.connect, left)
        return message
    }

    private func time(until limit: MonotonicInstant) -> Duration {
        .milliseconds(monotonicNow().milliseconds(until: limit))
    }
}
