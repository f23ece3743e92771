internal import GerbangCore
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization

/// An agency on the loopback interface that answers as it is told.
final class FaultyAgency: Sendable {
    /// What the agency does with the next messages.
    enum Behaviour: Sendable {
        /// Resets every connection before it reads anything.
        case resetBefore
        /// Gives these replies one after the other, the last again and again.
        case replies([ServedReply])
    }

    /// The path of the endpoint that hands out tokens.
    static let tokenPath = "conformance-token"

    private struct State {
        var behaviour = Behaviour.replies([.hold])
        var given = 0
        var received: [ServedRequest] = []
        var tokens = 0
    }

    private final class Script: Sendable {
        let state = Mutex(State())

        func fate() -> ConnectionFate {
            state.withLock { state in
                if case .resetBefore = state.behaviour { return .hangUp(.reset) }
                return .serve
            }
        }

        func reply(to request: ServedRequest) -> ServedReply {
            state.withLock { state in
                if request.path.first == FaultyAgency.tokenPath {
                    state.tokens += 1
                    let body = "{\"access_token\":\"kenari-token-\(state.tokens)\",\"expires_in\":3600}"
                    let fields: HTTPFields = [.contentType: "application/json", .connection: "close"]
                    return .respond(headerFields: fields, body: Array(body.utf8))
                }
                state.received.append(request)
                guard case .replies(let replies) = state.behaviour, !replies.isEmpty else { return .reset }
                defer { state.given += 1 }
                return replies[min(state.given, replies.count - 1)]
            }
        }
    }

    private let script: Script
    private let server: LoopbackServer

    init() throws(LoopbackServerError) {
        let script = Script()
        self.script = script
        server = try LoopbackServer(onConnect: { _ in script.fate() }, handler: { script.reply(to: $0) })
    }

    var baseURL: String { server.baseURL }
    /// The address with TLS, which this server does not speak.
    var secureURL: String { "https://127.0.0.1:\(server.port)" }
    var tokenURL: String { "\(server.baseURL)/\(Self.tokenPath)" }
    /// The messages that were read since the last change of behaviour.
    var received: [ServedRequest] { script.state.withLock(\.received) }

    func behave(_ behaviour: Behaviour) {
        script.state.withLock { state in
            state.behaviour = behaviour
            state.given = 0
            state.received = []
        }
    }

    func stop() {
        server.stop()
    }

    /// A machine on which nobody listens.
    static func deserted() throws(LoopbackServerError) -> LoopbackServer {
        let server = try LoopbackServer { _ in .close }
        server.pauseAccepting()
        return server
    }
}

extension ServedReply {
    /// An answer that says that its connection ends, so that every call makes its own: one that ended unannounced could
    /// be taken from the pool once more and look like a reset.
    static func once(_ response: WireResponse) -> ServedReply {
        // Framing belongs to the server.
        var fields = response.headerFields
        fields[.transferEncoding] = nil
        fields[.contentLength] = nil
        fields[.connection] = "close"
        return .respond(status: response.status, headerFields: fields, body: response.body)
    }
}
