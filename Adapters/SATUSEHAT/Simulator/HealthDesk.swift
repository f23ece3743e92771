internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes

/// The platform behind the server: takes one request after the other and decides what to answer.
final class HealthDesk: Sendable {
    /// What the platform is asked for.
    private enum Errand {
        case token
        case findPatient
        case registerEncounter
        case findEncounter
        case read(type: String, id: String)

        /// The name for faults: that of the adapter's operation.
        var operation: String {
            switch self {
            case .token: "token"
            case .findPatient: "find-patient"
            case .registerEncounter: "register-encounter"
            case .findEncounter: "find-encounter"
            case .read: "read"
            }
        }

        init?(_ request: ServedRequest) {
            let path = request.path
            switch (request.method, path.count) {
            case (.post, 3) where path == ["oauth2", "v1", "accesstoken"]: self = .token
            case (.post, 3) where path == ["fhir-r4", "v1", "Encounter"]: self = .registerEncounter
            case (.get, 3) where path == ["fhir-r4", "v1", "Encounter"]: self = .findEncounter
            case (.get, 3) where path == ["fhir-r4", "v1", "Patient"]: self = .findPatient
            case (.get, 4) where path[..<2] == ["fhir-r4", "v1"]: self = .read(type: path[2], id: path[3])
            default: return nil
            }
        }
    }

    private static let requestID = HTTPField.Name("X-Request-Id")

    private let tokens: TokenOffice
    private let book: EncounterBook
    private let clock: any WallClock
    private let faults: FaultPlan

    init(tokens: TokenOffice, book: EncounterBook, clock: any WallClock, faults: FaultPlan) {
        self.tokens = tokens
        self.book = book
        self.clock = clock
        self.faults = faults
    }

    func serve(_ request: ServedRequest) -> ServedReply {
        guard let errand = Errand(request) else {
            return numbered(
                Reply.fault("messaging.adaptors.http.flow.ApplicationNotFound", "No such path", status: 404)
            )
        }
        if let refusal = refusal(of: request, for: errand) { return numbered(refusal) }
        let fault = faults.take(operation: errand.operation)
        if let fault, let trouble = trouble(instead: fault, of: errand) { return numbered(trouble) }
        return spoil(numbered(answer(request, errand, fault)), with: fault)
    }

    /// The gateway's answer to a call that is not authenticated; only the token endpoint needs no token.
    private func refusal(of request: ServedRequest, for errand: Errand) -> ServedReply? {
        if case .token = errand { return nil }
        return switch tokens.refusal(of: request) {
        case .invalid?: Self.invalidToken
        case .expired?: Reply.fault("keymanagement.service.access_token_expired", "Access Token expired", status: 401)
        case nil: nil
        }
    }

    private static let invalidToken = Reply.fault(
        "keymanagement.service.invalid_access_token",
        "Invalid access token",
        status: 401
    )

    // MARK: - Faults

    /// Trouble that comes before anything is done.
    private func trouble(instead fault: Fault, of errand: Errand) -> ServedReply? {
        switch fault {
        case .resetBefore: return .reset
        case .status500: return .text("Internal Server Error", status: 500)
        case .unavailable:
            let fields: HTTPFields = [.contentType: "text/plain", .retryAfter: "2"]
            return .respond(status: 503, headerFields: fields, body: Array("Service Unavailable".utf8))
        case .outsideHours: return .text("Service Unavailable", status: 503)
        case .quota:
            return Reply.fault("policies.ratelimit.QuotaViolation", "Rate limit quota violation", status: 429)
        case .unauthorized:
            if case .token = errand { return TokenOffice.badClient }
            return Self.invalidToken
        case .slow, .hang, .resetAfter, .html, .truncated, .garbage, .duplicate: return nil
        }
    }

    /// Trouble on the way back.
    private func spoil(_ reply: ServedReply, with fault: Fault?) -> ServedReply {
        switch fault {
        case .slow: return .delayed(.milliseconds(300), reply)
        case .hang: return .hold
        case .resetAfter: return .reset
        case .html: return numbered(Reply.html)
        case .garbage: return numbered(Reply.garbage)
        case .truncated:
            guard case .respond(let status, let fields, let body) = reply else { return reply }
            return .truncated(
                status: status,
                headerFields: fields,
                body: body,
                bodyBytes: body.count / 2,
                ending: .close
            )
        default: return reply
        }
    }

    /// The reply with a number of its own, for which support asks.
    private func numbered(_ reply: ServedReply) -> ServedReply {
        guard case .respond(let status, var fields, let body) = reply, let name = Self.requestID else { return reply }
        var generator = SystemRandomNumberGenerator()
        fields[name] = RequestID(at: clock.now(), using: &generator).description
        return .respond(status: status, headerFields: fields, body: body)
    }

    // MARK: - Answers

    private func answer(_ request: ServedRequest, _ errand: Errand, _ fault: Fault?) -> ServedReply {
        switch errand {
        case .token:
            return tokens.issue(request)
        case .findPatient:
            return findPatient(request)
        case .registerEncounter:
            let reply = book.register(request.body)
            return fault == .duplicate ? book.register(request.body) : reply
        case .findEncounter:
            return findEncounter(request)
        case .read(let type, let id):
            let resource =
                type == "Encounter" ? book.encounter(id) : Register.resource(type, id, of: book.organizationID)
            guard let resource else { return Reply.outcome("not-found", "Resource not found", status: 404) }
            return Reply.json(.object(resource))
        }
    }

    private func findPatient(_ request: ServedRequest) -> ServedReply {
        guard let (system, value) = identifier(in: request) else { return Self.noSearch }
        let found = system == "https://fhir.kemkes.go.id/id/nik" ? Register.patient(nik: value) : nil
        return Reply.searchResult([found].compactMap { $0 }, to: request, server: server(request))
    }

    private func findEncounter(_ request: ServedRequest) -> ServedReply {
        guard let (system, value) = identifier(in: request) else { return Self.noSearch }
        guard system == book.system else { return EncounterBook.otherOrganization }
        return Reply.searchResult(
            [book.encounter(numbered: value)].compactMap { $0 },
            to: request,
            server: server(request)
        )
    }

    private static let noSearch = Reply.outcome("value", "The search needs identifier=system|value")

    /// The system and the value of the search parameter `identifier`; `nil` when it is not the only one.
    private func identifier(in request: ServedRequest) -> (system: String, value: String)? {
        // A bar that is not percent-encoded is not a valid URL (RFC 3986 §2), and strict gateways refuse it.
        guard request.query.count == 1, !request.target.contains("|"),
            let parts = request.queryValue("identifier")?.split(separator: "|", omittingEmptySubsequences: false),
            parts.count == 2, !parts[1].isEmpty
        else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    private func server(_ request: ServedRequest) -> String {
        let host = HTTPField.Name("Host").flatMap { request.headerFields[$0] } ?? "localhost"
        return "http://\(host)"
    }
}
