internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization

/// The registry behind the server: takes one request after the other and decides what to answer.
final class RegistryDesk: Sendable {
    private struct Day: Sendable {
        var date: CivilDate?
        var used = 0
        var serial = 0
    }

    /// What the registry offers, by its own method names and those of the adapter's operations.
    private enum Method: String {
        case lookup = "CALL_NIK"
        case verify = "CALL_VERIFY_BY_ELEMEN"

        var operation: String { self == .lookup ? "call-nik" : "call-verify-by-element" }
    }

    private static let requestID = HTTPField.Name("X-Request-ID")

    private let rules: DukcapilSimulator.Rules
    private let clock: any WallClock
    private let ledger: Ledger
    private let faults: FaultPlan
    private let day = Mutex(Day())

    init(rules: DukcapilSimulator.Rules, clock: any WallClock, ledger: Ledger, faults: FaultPlan) {
        self.rules = rules
        self.clock = clock
        self.ledger = ledger
        self.faults = faults
    }

    func serve(_ request: ServedRequest) -> ServedReply {
        let path = request.path
        guard path.count >= 4, path[0] == "dukcapil", path[1] == "get_json",
            let method = Method(rawValue: path[path.count - 1].uppercased())
        else { return Page.html(status: 404) }
        guard request.method == .post else { return Page.html(status: 405) }
        let fault = faults.take(operation: method.operation)
        if let trouble = trouble(instead: fault) { return trouble }
        let institution = path[2..<(path.count - 1)].joined(separator: "/")
        let reply = answer(request, method, institution: institution)
        return spoil(reply, with: fault)
    }

    // MARK: - Faults

    /// Trouble that comes before anything is done.
    private func trouble(instead fault: Fault?) -> ServedReply? {
        switch fault {
        case .resetBefore: .reset
        case .status500: Page.html(status: 500)
        case .unavailable: .respond(status: 503, headerFields: [.retryAfter: "2"])
        case .quota: reply(.quotaExhausted)
        case .outsideHours: reply(.outsideAccessHours)
        case .unauthorized: reply(.loginFailed)
        case .slow, .hang, .resetAfter, .html, .truncated, .garbage, .duplicate, nil: nil
        }
    }

    /// Trouble on the way back.
    private func spoil(_ reply: ServedReply, with fault: Fault?) -> ServedReply {
        switch fault {
        case .slow: return .delayed(.milliseconds(300), reply)
        case .hang: return .hold
        case .resetAfter: return .reset
        case .html: return Page.html(status: 200)
        case .garbage:
            return .respond(headerFields: Page.fields, body: [0x00, 0xff, 0x7b, 0x22, 0xc3, 0x28, 0x5d, 0x80])
        case .truncated:
            guard case .respond(_, let fields, let body) = reply else { return reply }
            return .truncated(headerFields: fields, body: body, bodyBytes: body.count / 2, ending: .close)
        default: return reply
        }
    }

    // MARK: - Answers

    private func answer(_ request: ServedRequest, _ method: Method, institution: String) -> ServedReply {
        guard let fields = Form(request.body) else { return Page.html(status: 400) }
        if let refusal = refusal(of: fields, institution: institution) { return reply(refusal) }
        guard let nik = fields["NIK"] else { return reply(.parametersIncomplete) }
        let now = clock.now()
        guard rules.accessHours.contains(now.secondOfDay(in: rules.zone)) else { return reply(.outsideAccessHours) }
        guard let (used, serial) = takeQuota(on: now.date(in: rules.zone)) else { return reply(.quotaExhausted) }
        let key = Self.requestID.flatMap { request.headerFields[$0] } ?? ""
        ledger.record(Ledger.Entry(key: key, operation: method.operation, reference: "Q-\(serial)"))
        guard nik.utf8.count == 16, nik.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return reply(.malformedNIK, used: used)
        }
        guard let person = Person.register[nik] else { return reply(.notFound, used: used) }
        switch method {
        case .lookup:
            if person.remark == .deceased { return reply(.deceased, used: used) }
            return reply(person.record, remark: person.remark, used: used)
        case .verify:
            let comparison = person.comparison(with: fields)
            guard comparison.count > 1 else { return reply(.parametersIncomplete, used: used) }
            return reply(comparison, remark: person.remark, used: used)
        }
    }

    /// What speaks against the caller.
    private func refusal(of fields: Form, institution: String) -> Answer? {
        guard let userID = fields["USER_ID"], let password = fields["PASSWORD"], let address = fields["IP_USER"] else {
            return .credentialsEmpty
        }
        guard institution == rules.institution else { return .institutionInactive }
        guard userID == rules.userID, password == rules.password else { return .loginFailed }
        return rules.clientAddresses.contains(address) ? nil : .addressIncorrect
    }

    /// Counts a query; `nil` when the day's quota is used up.
    private func takeQuota(on date: CivilDate) -> (used: Int, serial: Int)? {
        day.withLock { day in
            if day.date != date {
                day.date = date
                day.used = 0
            }
            guard day.used < rules.dailyQuota else { return nil }
            day.used += 1
            day.serial += 1
            return (day.used, day.serial)
        }
    }

    private func reply(_ record: JSONObject, remark: Answer?, used: Int) -> ServedReply {
        var record = record
        for (key, value) in remark?.record(style: rules.errorStyle) ?? [:] { record[key] = value }
        return Page.of(record, used: used)
    }

    private func reply(_ answer: Answer, used: Int? = nil) -> ServedReply {
        Page.of(answer.record(style: rules.errorStyle), used: used)
    }
}
