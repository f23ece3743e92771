internal import Crypto
internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization

/// A client's own server, which is called back: it writes down everything that arrives, and is as unreliable as such
/// servers are until it is told to behave.
final class CallbackReceiver: Sendable {
    /// One call back that arrived as a whole.
    struct Arrival: Sendable, Hashable {
        /// `webhook-id`.
        var id: String
        /// The request that it tells of: the event's `subject`.
        var request: String
        /// The number of the event that it tells of.
        var sequence: Int
        /// The state that it tells.
        var state: String
        var body: [UInt8]
        /// Whether its signature was right.
        var isSigned: Bool
        /// Whether the receiver kept it and said so, though the answer may have got lost.
        var isTaken: Bool
    }

    private let desk: CallbackDesk
    private let server: LoopbackServer

    /// Starts to listen; `secret` is the key that signatures are made with.
    init(secret: [UInt8], dice: Dice) throws {
        let desk = CallbackDesk(secret: secret, dice: dice)
        server = try LoopbackServer { desk.serve($0) }
        self.desk = desk
    }

    /// Where to call.
    var url: String { "\(server.baseURL)/visits?mall=31.74" }
    /// Everything that arrived, in order.
    var arrivals: [Arrival] { desk.arrivals }

    /// Makes no more trouble from now on.
    func behave() { desk.behave() }

    func refuse() { server.pauseAccepting() }

    func accept() throws { try server.resumeAccepting() }

    func stop() { server.stop() }
}

/// What the receiver does with a call.
private final class CallbackDesk: Sendable {
    private struct State: Sendable {
        var arrivals: [CallbackReceiver.Arrival] = []
        var isUnruly = true
    }

    private let key: SymmetricKey
    private let dice: Dice
    private let state = Mutex(State())

    init(secret: [UInt8], dice: Dice) {
        key = SymmetricKey(data: secret)
        self.dice = dice
    }

    var arrivals: [CallbackReceiver.Arrival] { state.withLock(\.arrivals) }

    func behave() { state.withLock { $0.isUnruly = false } }

    func serve(_ request: ServedRequest) -> ServedReply {
        let event = (try? JSONValue(parsing: request.body)) ?? .null
        let (isTaken, reply) = fate(isUnruly: state.withLock(\.isUnruly))
        let arrival = CallbackReceiver.Arrival(
            id: field("webhook-id", of: request),
            request: event["subject"]?.stringValue ?? "",
            sequence: event["data"]?["sequence"]?.intValue.map { Int($0) } ?? 0,
            state: event["data"]?["state"]?.stringValue ?? "",
            body: request.body,
            isSigned: isSigned(request),
            isTaken: isTaken
        )
        state.withLock { $0.arrivals.append(arrival) }
        return reply
    }

    /// Whether a call is taken, and how it is answered.
    private func fate(isUnruly: Bool) -> (isTaken: Bool, reply: ServedReply) {
        let ok = ServedReply.text("", status: 200)
        guard isUnruly else { return (true, ok) }
        return switch dice.number(0...99) {
        case ..<6: (false, .text("", status: 500))
        case ..<9: (false, .text("", status: 302))
        case ..<14: (false, .reset)
        case ..<20: (true, .reset)
        case ..<22: (false, .hold)
        case ..<26: (true, .delayed(.milliseconds(50), ok))
        default: (true, ok)
        }
    }

    /// Checks the signature as the documentation tells receivers to.
    private func isSigned(_ request: ServedRequest) -> Bool {
        let moment = field("webhook-timestamp", of: request)
        guard let seconds = Int64(moment), abs(SystemClock().now().milliseconds / 1000 - seconds) < 300 else {
            return false
        }
        let signed = Array("\(field("webhook-id", of: request)).\(moment).".utf8) + request.body
        return field("webhook-signature", of: request).split(separator: " ").contains { signature in
            guard signature.hasPrefix("v1,"), let code = Data(base64Encoded: String(signature.dropFirst(3))) else {
                return false
            }
            return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key)
        }
    }

    private func field(_ name: String, of request: ServedRequest) -> String {
        HTTPField.Name(name).flatMap { request.headerFields[$0] } ?? ""
    }
}
