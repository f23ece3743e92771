import GerbangClient
import GerbangCore
import GerbangHTTP
import GerbangJSON
import HTTPTypes
import Synchronization

@testable import gerbang

/// A transport that answers from a script and keeps what it was asked.
final class ScriptedTransport: HTTPTransport {
    private struct State {
        var answers: [WireOutcome]
        var requests: [OutboundRequest] = []
    }

    private let state: Mutex<State>

    /// The last answer is given again and again.
    init(_ answers: [WireOutcome]) {
        state = Mutex(State(answers: answers))
    }

    var requests: [OutboundRequest] { state.withLock { $0.requests } }
    var urls: [String] { requests.map { String($0.url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }) } }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        state.withLock { state in
            state.requests.append(request)
            return state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
        }
    }
}

extension WireOutcome {
    static func json(_ json: JSONValue, status: Int = 200, fields: HTTPFields = [:]) -> WireOutcome {
        .answered(WireResponse(status: status, headerFields: fields, body: json.encoded()))
    }

    static let refusedConnection = WireOutcome.failed(WireFailure(.connect, .notSent))
}

/// A clock that jumps instead of waiting.
final class JumpingClock: WallClock {
    private let moment: Mutex<Timestamp>

    init(_ moment: Timestamp = .noon) {
        self.moment = Mutex(moment)
    }

    func now() -> Timestamp { moment.withLock { $0 } }

    func sleep(until moment: Timestamp) async throws {
        try Task.checkCancellation()
        self.moment.withLock { $0 = max($0, moment) }
    }
}

extension Timestamp {
    static let noon = Timestamp(milliseconds: 1_769_860_800_000)
}

extension RequestID {
    static let sample = RequestID(high: 0x019B_FE64_7C3A_7D50, low: 0x9D2B_3F0C_8A4B_E1AA)
}

enum Sample {
    static func client(_ transport: ScriptedTransport, key: String? = "gbk_a_b") throws -> GatewayAPI {
        GatewayAPI(base: try BaseURL("http://127.0.0.1:8080"), key: key, transport: transport)
    }

    static func request(_ state: RequestState = .succeeded, more: JSONObject = [:]) -> JSONValue {
        var object: JSONObject = [
            "id": .string(RequestID.sample.description),
            "client": "mpp-jakarta",
            "service": "transport.vehicle.lookup",
            "region": "31.74",
            "channel": "online",
            "connection": "transport-jakarta",
            "state": .string(state.rawValue),
            "attempts": 1,
            "acceptedAt": .string(Timestamp.noon.description),
            "updatedAt": .string(Timestamp.noon.description),
            "deadline": .string((Timestamp.noon + .seconds(3600)).description),
        ]
        for (key, value) in more { object[key] = value }
        return .object(object)
    }

    static func events(_ events: RequestEvent...) -> JSONValue {
        ["items": .array(events.map(\.json))]
    }
}
