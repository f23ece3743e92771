internal import GerbangCore
internal import Synchronization

/// The tokens of one client at one token endpoint: fetched once for all who wait, renewed before they end.
///
/// A token is renewed when four fifths of its life are over; until it ends, calls go on with it while one task fetches
/// the next, so that an endpoint that is down for a while is not noticed. A share of the life and not a fixed time:
/// tokens that live for a minute are not renewed all the time, those that live for hours bridge a long outage.
///
/// A fetch that failed is not repeated before a while has passed, which grows with every failure in a row; calls
/// meanwhile get its failure at once.
final class TokenSource: Sendable {
    /// A token that was fetched.
    struct Token: Sendable {
        /// Tells tokens apart, also those of the same text.
        var number: Int
        var text: Sensitive<String>
        var renewAt: Timestamp
        var endsAt: Timestamp
    }

    /// How long a token is taken to be good for whose endpoint does not tell.
    static let assumedLifetime = Duration.seconds(300)
    /// The longest safety margin at a token's end, which covers the way to the agency.
    static let maximumMargin = Duration.seconds(10)

    private struct State: Sendable {
        var token: Token?
        var fetches = 0
        var isFetching = false
        /// How the last fetch ended.
        var last = Result<Token, WireFailure>.failure(TokenSource.cancelled)
        /// When the last failed fetch ended, and from when on the next may begin.
        var failures = Backoff()
        /// When a token was last thrown away because the agency refused it, and from when on the next may be.
        var refusals = Backoff()
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Result<Token, WireFailure>, Never>] = [:]
    }

    private enum Step {
        case use(Token, renewing: Bool)
        case fail(WireFailure)
        case wait(fetching: Bool)
    }

    private static let cancelled = WireFailure(.cancelled, .notSent, detail: "given up while waiting for a token")

    private let client: OAuth2Client
    private let base: any HTTPTransport
    private let profile: TransportProfile
    private let clock: any WallClock
    private let state = Mutex(State())

    init(_ client: OAuth2Client, base: any HTTPTransport, profile: TransportProfile, clock: any WallClock) {
        self.client = client
        self.base = base
        self.profile = profile
        self.clock = clock
    }

    /// A token that is good now; waits at most `limit` for one.
    func token(within limit: Duration) async throws(WireFailure) -> Token {
        let now = clock.now()
        return try await take(state.withLock { Self.step(&$0, at: now) }, within: limit)
    }

    /// Another token than `refused`, which the agency did not accept; `nil` when there is none to be had.
    ///
    /// The refused token is dropped only if it is still the present one. An agency that refuses every token, or one
    /// operation of many, does not make us fetch one for each of its answers: the first refusal is followed by a fetch
    /// at once, the next ones only after a growing while.
    func replacement(for refused: Token, within limit: Duration) async -> Token? {
        let now = clock.now()
        let step = state.withLock { state -> Step? in
            if state.token?.number == refused.number {
                guard state.refusals.allows(now) else { return nil }
                state.refusals.count(now, first: .seconds(5), ceiling: .seconds(300))
                state.token = nil
            }
            return Self.step(&state, at: now)
        }
        guard let step else { return nil }
        return try? await take(step, within: limit)
    }

    private static func step(_ state: inout State, at now: Timestamp) -> Step {
        let mayFetch = !state.isFetching && state.failures.allows(now)
        if let token = state.token, now < token.endsAt {
            let isRenewing = mayFetch && now >= token.renewAt
            if isRenewing { state.isFetching = true }
            return .use(token, renewing: isRenewing)
        }
        if state.isFetching { return .wait(fetching: false) }
        guard mayFetch else {
            if case .failure(let failure) = state.last { return .fail(failure) }
            return .fail(cancelled)
        }
        state.isFetching = true
        return .wait(fetching: true)
    }

    private func take(_ step: Step, within limit: Duration) async throws(WireFailure) -> Token {
        switch step {
        case .use(let token, let isRenewing):
            if isRenewing { startFetch() }
            return token
        case .fail(let failure):
            throw failure
        case .wait(let isFetching):
            if isFetching { startFetch() }
            return try await wait(within: limit).get()
        }
    }

    // MARK: - Waiting

    private func wait(within limit: Duration) async -> Result<Token, WireFailure> {
        let moment = clock.now() + limit
        return await withTaskGroup(of: Result<Token, WireFailure>.self) { group in
            group.addTask { await self.end() }
            group.addTask { [clock] in
                do {
                    try await clock.sleep(until: moment)
                    return .failure(WireFailure(.timeout, .notSent, detail: "no token in time"))
                } catch {
                    return .failure(Self.cancelled)
                }
            }
            let first = await group.next() ?? .failure(Self.cancelled)
            group.cancelAll()
            return first
        }
    }

    /// How the fetch under way ends.
    private func end() async -> Result<Token, WireFailure> {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result = state.withLock { state -> Result<Token, WireFailure>? in
                    // Cancelled before: the handler came too early to find anybody.
                    guard !Task.isCancelled else { return .failure(Self.cancelled) }
                    guard state.isFetching else { return state.last }
                    state.waiters[number] = continuation
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiters.removeValue(forKey: number) }
            continuation?.resume(returning: .failure(Self.cancelled))
        }
    }

    // MARK: - Fetching

    /// Fetches in a task of its own: nobody who waits for it can cancel it for the others.
    private func startFetch() {
        Task { await fetch() }
    }

    private func fetch() async {
        let asked = clock.now()
        let outcome: WireOutcome
        do throws(WireFailure) {
            outcome = await base.send(try client.tokenRequest(profile: profile, at: asked))
        } catch {
            outcome = .failed(error)
        }
        let now = clock.now()
        finish(TokenAnswer(outcome, now: now), asked: asked, at: now)
    }

    private func finish(_ answer: TokenAnswer, asked: Timestamp, at now: Timestamp) {
        let (result, waiters) = state.withLock { state in
            state.isFetching = false
            switch answer {
            case .token(let text, let lifetime):
                state.fetches += 1
                let token = Self.token(text, number: state.fetches, lifetime: lifetime, asked: asked)
                state.token = token
                state.failures = Backoff()
                state.last = .success(token)
            case .failure(let failure, let retryAfter):
                // Endpoints lock accounts that knock too often with a wrong secret.
                let isRefused = failure.kind == .unauthorized
                state.failures.count(
                    now,
                    first: isRefused ? .seconds(30) : .seconds(1),
                    ceiling: isRefused ? .seconds(600) : .seconds(60),
                    atLeast: retryAfter
                )
                state.last = .failure(failure)
            }
            defer { state.waiters = [:] }
            return (state.last, state.waiters)
        }
        for waiter in waiters.values { waiter.resume(returning: result) }
    }

    /// A lifetime counts from when the token was asked for; the agency's clock is not looked at.
    private static func token(
        _ text: Sensitive<String>,
        number: Int,
        lifetime: Duration?,
        asked: Timestamp
    ) -> Token {
        let lifetime = lifetime ?? assumedLifetime
        let margin = min(maximumMargin, lifetime / 10)
        return Token(
            number: number,
            text: text,
            renewAt: asked + lifetime * 4 / 5,
            endsAt: asked + (lifetime - margin)
        )
    }
}

/// A pause that doubles each time.
private struct Backoff: Sendable {
    private var times = 0
    private var since = Timestamp(milliseconds: .min)
    private var until = Timestamp(milliseconds: .min)

    /// Whether the pause is over; a clock that was set back ends it.
    func allows(_ now: Timestamp) -> Bool { now >= until || now < since }

    /// Begins the next pause; a long quiet time before it starts the doubling anew.
    mutating func count(_ now: Timestamp, first: Duration, ceiling: Duration, atLeast: Duration? = nil) {
        if now - until > ceiling { times = 0 }
        let pause = min(first * (1 << min(times, 16)), ceiling)
        times += 1
        since = now
        until = now + max(pause, atLeast ?? .zero)
    }
}
