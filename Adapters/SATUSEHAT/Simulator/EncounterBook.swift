internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Synchronization

/// The encounters that the platform has. It looks at a message as strictly as the platform is known to.
final class EncounterBook: Sendable {
    private struct State: Sendable {
        var byNumber: [String: JSONObject] = [:]
        var numbers: [String: String] = [:]
    }

    /// What is wrong with a message.
    private struct Refusal: Error {
        var code: String
        var text: String
        var expression: String?

        init(_ code: String, _ text: String, at expression: String? = nil) {
            self.code = code
            self.text = text
            self.expression = expression
        }
    }

    /// What the platform says about resources of another organisation.
    static let otherOrganization = Reply.outcome(
        "processing",
        "resource cannot be accessed due to business rule",
        status: 403
    )

    private static let classSystem = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    private static let classes: Set<String> = ["AMB", "EMER", "IMP", "HH", "TELE", "VR"]
    /// 2014-06-03T00:00:00Z.
    private static let earliest = Timestamp(milliseconds: 1_401_753_600_000)

    let organizationID: String
    /// The system of the organisation's numbers for encounters.
    let system: String
    private let clock: any WallClock
    private let ledger: Ledger
    private let state = Mutex(State())

    init(organizationID: String, clock: any WallClock, ledger: Ledger) {
        self.organizationID = organizationID
        system = "http://sys-ids.kemkes.go.id/encounter/\(organizationID)"
        self.clock = clock
        self.ledger = ledger
    }

    /// The encounter with a logical identifier.
    func encounter(_ id: String) -> JSONObject? {
        state.withLock { state in state.numbers[id].flatMap { state.byNumber[$0] } }
    }

    /// The encounter with the organisation's number.
    func encounter(numbered number: String) -> JSONObject? {
        state.withLock { $0.byNumber[number] }
    }

    /// The answer to `POST /Encounter`.
    func register(_ body: [UInt8]) -> ServedReply {
        guard let encounter = (try? JSONValue(parsing: body))?.objectValue else {
            return Reply.outcome("structure", "The body is not a JSON object")
        }
        guard isOurs(encounter) else { return Self.otherOrganization }
        let number: String
        do throws(Refusal) {
            number = try check(encounter)
        } catch {
            return Reply.outcome(error.code, error.text, at: error.expression)
        }
        guard let created = enter(encounter, number: number) else {
            return Reply.outcome("duplicate", "Encounter.identifier already exists", at: "Encounter.identifier")
        }
        let id = created["id"]?.stringValue ?? ""
        return Reply.json(.object(created), status: 201, location: "/fhir-r4/v1/Encounter/\(id)/_history/1")
    }

    /// Enters an encounter; `nil` when there is one with that number.
    private func enter(_ encounter: JSONObject, number: String) -> JSONObject? {
        let now = clock.now()
        var generator = SystemRandomNumberGenerator()
        let id = RequestID(at: now, using: &generator).description
        var created = encounter
        created["id"] = .string(id)
        created["meta"] = ["versionId": "1", "lastUpdated": .string(now.description)]
        return state.withLock { state in
            guard state.byNumber[number] == nil else { return nil }
            state.byNumber[number] = created
            state.numbers[id] = number
            ledger.record(Ledger.Entry(key: number, operation: "register-encounter", reference: id))
            return created
        }
    }

    /// Whether an encounter names no other organisation than the client's.
    private func isOurs(_ encounter: JSONObject) -> Bool {
        let systems = (encounter["identifier"]?.arrayValue ?? []).compactMap { $0["system"]?.stringValue }
        let others = systems.filter { $0.hasPrefix("http://sys-ids.kemkes.go.id/encounter/") && $0 != system }
        let provider = encounter["serviceProvider"]?["reference"]?.stringValue
        return others.isEmpty && (provider == nil || provider == "Organization/\(organizationID)")
    }

    /// The organisation's number of an encounter that is as the platform wants it.
    private func check(_ encounter: JSONObject) throws(Refusal) -> String {
        guard encounter["resourceType"] == "Encounter" else {
            throw Refusal("structure", "resourceType must be Encounter", at: "Encounter.resourceType")
        }
        let identifier = (encounter["identifier"]?.arrayValue ?? []).first { $0["system"]?.stringValue == system }
        guard let number = identifier?["value"]?.stringValue, !number.isEmpty else {
            throw Refusal("structure", "identifier is required", at: "Encounter.identifier")
        }
        guard encounter["serviceProvider"] != nil else {
            throw Refusal("structure", "serviceProvider is required", at: "Encounter.serviceProvider")
        }
        guard encounter["status"] == "arrived" else {
            throw Refusal("value", "a new encounter has the status arrived", at: "Encounter.status")
        }
        guard encounter["class"]?["system"]?.stringValue == Self.classSystem,
            let code = encounter["class"]?["code"]?.stringValue, Self.classes.contains(code)
        else { throw Refusal("value", "class is not one of the known ones", at: "Encounter.class") }
        try checkReferences(of: encounter)
        try checkTime(encounter["period"], at: "Encounter.period.start")
        let history = encounter["statusHistory"]?.arrayValue ?? []
        guard let last = history.last, last["status"]?.stringValue == "arrived" else {
            throw Refusal("structure", "statusHistory must end with the status", at: "Encounter.statusHistory")
        }
        for step in history { try checkTime(step["period"], at: "Encounter.statusHistory.period.start") }
        return number
    }

    private func checkReferences(of encounter: JSONObject) throws(Refusal) {
        let participant = encounter["participant"]?[0]
        guard participant?["type"]?[0]?["coding"]?[0]?["code"]?.stringValue == "ATND" else {
            throw Refusal("structure", "an attender is required", at: "Encounter.participant")
        }
        let references = [
            ("Patient", encounter["subject"], "Encounter.subject.reference"),
            ("Practitioner", participant?["individual"], "Encounter.participant[0].individual.reference"),
            ("Location", encounter["location"]?[0]?["location"], "Encounter.location[0].location.reference"),
        ]
        for (type, reference, expression) in references {
            let parts = reference?["reference"]?.stringValue?.split(separator: "/").map { String($0) } ?? []
            guard parts.count == 2, parts[0] == type, Register.resource(type, parts[1], of: organizationID) != nil
            else { throw Refusal("value", "Reference not found", at: expression) }
        }
    }

    private func checkTime(_ period: JSONValue?, at expression: String) throws(Refusal) {
        guard let text = period?["start"]?.stringValue, text.hasSuffix("+00:00"), let start = Timestamp(text) else {
            throw Refusal("format", "the time must be in UTC, with +00:00", at: expression)
        }
        guard (Self.earliest...max(Self.earliest, clock.now())).contains(start) else {
            throw Refusal("value", "the time must lie between 2014-06-03 and now", at: expression)
        }
    }
}
