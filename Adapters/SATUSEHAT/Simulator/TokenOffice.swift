internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization

/// Issues tokens (OAuth 2.0 client credentials, in the gateway's own form) and checks them.
final class TokenOffice: Sendable {
    private struct State: Sendable {
        /// The end of each token's validity.
        var tokens: [String: Timestamp] = [:]
        var issued = 0
    }

    /// What is wrong with the token of a call.
    enum Refusal {
        case invalid
        case expired
    }

    /// More tokens than this are forgotten.
    private static let limit = 10_000

    private let rules: SATUSEHATSimulator.Rules
    private let clock: any WallClock
    private let state = Mutex(State())

    init(rules: SATUSEHATSimulator.Rules, clock: any WallClock) {
        self.rules = rules
        self.clock = clock
    }

    var issuedCount: Int { state.withLock { $0.issued } }

    func expireAll() {
        state.withLock { state in
            for token in state.tokens.keys { state.tokens[token] = Timestamp(milliseconds: .min) }
        }
    }

    /// What speaks against a call; `nil` when its token is valid.
    func refusal(of request: ServedRequest) -> Refusal? {
        let parts = (request.headerFields[.authorization] ?? "").split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .invalid }
        guard let end = state.withLock({ $0.tokens[String(parts[1])] }) else { return .invalid }
        return clock.now() < end ? nil : .expired
    }

    /// The answer to `POST /oauth2/v1/accesstoken`.
    func issue(_ request: ServedRequest) -> ServedReply {
        let type = request.headerFields[.contentType]?.prefix { $0 != ";" }
        let form = FormBody(request.body)
        guard request.queryValue("grant_type") == "client_credentials",
            type == "application/x-www-form-urlencoded", form["client_id"] == rules.clientID,
            form["client_secret"] == rules.clientSecret
        else { return Self.badClient }
        return Reply.json(grant())
    }

    /// The platform's answer to a client that it does not know; `invalid` is not a severity that FHIR has.
    static let badClient = Reply.outcome(
        "value",
        "The user or system was not able to be authenticated"
            + " (either client_id or client_secret combination is unacceptable)",
        status: 401,
        severity: "invalid"
    )

    private func grant() -> JSONValue {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<14).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let token = Hexadecimal.lower(bytes)
        let now = clock.now()
        state.withLock { state in
            if state.tokens.count >= Self.limit { state.tokens.removeAll() }
            state.tokens[token] = now + rules.tokenLifetime
            state.issued += 1
        }
        return [
            "refresh_token_expires_in": "0", "api_product_list": "[api-sandbox]",
            "api_product_list_json": ["api-sandbox"], "organization_name": "ihs-prod-1",
            "developer.email": "dev@example.go.id", "token_type": "BearerToken",
            "issued_at": .string(String(now.milliseconds)), "client_id": .string(rules.clientID),
            "access_token": .string(token), "application_name": "gerbang-simulator", "scope": "",
            "expires_in": .string(String(rules.tokenLifetime.components.seconds)), "refresh_count": "0",
            "status": "approved",
        ]
    }
}

/// The fields of a body of type `application/x-www-form-urlencoded`.
struct FormBody {
    private var fields: [String: String] = [:]

    init(_ body: [UInt8]) {
        for item in body.split(separator: UInt8(ascii: "&")) {
            let equals = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
            fields[Self.decoded(item[..<equals])] = Self.decoded(item[equals...].dropFirst())
        }
    }

    subscript(name: String) -> String? { fields[name] }

    private static func decoded(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, let high = Hexadecimal.value(of: rest[rest.startIndex]),
                let low = Hexadecimal.value(of: rest[rest.startIndex + 1])
            {
                bytes.append(high << 4 | low)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
