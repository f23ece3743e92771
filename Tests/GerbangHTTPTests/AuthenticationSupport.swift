internal import GerbangCore
internal import GerbangHTTP
internal import HTTPTypes
internal import Synchronization
internal import Testing

/// A line on which an agency and its token endpoint stand, and which keeps what was sent.
final class TestLine: HTTPTransport {
    typealias Answer = @Sendable (_ request: OutboundRequest, _ number: Int) async -> WireOutcome

    static let tokenURL = "https://sso.example/token"
    static let agencyURL = "https://agency.example/api/orang?halaman=2"

    private let answerToken: Answer
    private let answerCall: Answer
    private let log = Mutex<(tokens: [OutboundRequest], calls: [OutboundRequest])>(([], []))

    init(token: @escaping Answer, call: @escaping Answer = { _, _ in .status(200) }) {
        answerToken = token
        answerCall = call
    }

    /// The messages to the token endpoint.
    var tokens: [OutboundRequest] { log.withLock(\.tokens) }
    /// The messages to the agency.
    var calls: [OutboundRequest] { log.withLock(\.calls) }
    /// What the messages to the agency had in a field.
    func values(_ name: HTTPField.Name) -> [String] { calls.map { $0.headerFields[name] ?? "" } }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        guard request.url.contains("/token") else {
            let number = log.withLock { log in
                log.calls.append(request)
                return log.calls.count
            }
            return await answerCall(request, number)
        }
        let number = log.withLock { log in
            log.tokens.append(request)
            return log.tokens.count
        }
        return await answerToken(request, number)
    }
}

extension WireOutcome {
    static func status(_ status: Int, _ body: String = "", _ headerFields: HTTPFields = [:]) -> WireOutcome {
        .answered(WireResponse(status: status, headerFields: headerFields, body: Array(body.utf8)))
    }

    /// A token called after its number.
    static func token(_ number: Int, lifetime: String = "100") -> WireOutcome {
        .status(200, #"{"access_token":"token-\#(number)","token_type":"BearerToken","expires_in":\#(lifetime)}"#)
    }

    var status: Int? { response?.status }
}

/// A door that stays closed until it is opened.
final class Door: Sendable {
    private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state = (true, []) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Names that HTTPTypes does not have.
enum Field {
    static func name(_ text: String) throws -> HTTPField.Name { try #require(HTTPField.Name(text)) }
}

extension OAuth2Client {
    /// A client of the line's token endpoint.
    static let sample = OAuth2Client(
        tokenURL: TestLine.tokenURL,
        clientID: "gerbang",
        clientSecret: Sensitive("rahasia")
    )
}

extension OutboundRequest {
    /// A message to the line's agency.
    static let sample = OutboundRequest(method: .get, url: TestLine.agencyURL, timeouts: Shared.patient)
}

/// Waits until `condition` holds; it has ten seconds for it, of which it usually takes one millisecond.
func eventually(
    _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    for _ in 0..<300_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(1))
    }
    Issue.record("it never happened that \(what)", sourceLocation: sourceLocation)
}
