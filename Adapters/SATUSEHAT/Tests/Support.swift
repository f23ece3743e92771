internal import FoundationEssentials
internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import SATUSEHATAdapter
internal import Testing

/// What the tests of this folder share: an adapter, calls and the files in `Fixtures`.
enum Support {
    static let findPatient = SATUSEHATAdapter.findPatient
    static let register = SATUSEHATAdapter.registerEncounter
    static let findEncounter = SATUSEHATAdapter.findEncounter

    /// 2026-03-02, a Monday, at 10:00 in Jakarta.
    static let morning = Timestamp(milliseconds: 1_772_420_400_000)
    /// The request that the recorded answers are about.
    static let recordedKey = "019bb000-0000-7000-8000-000000000001"

    static let settings: JSONValue = ["organizationId": "10000004"]
    static let patient: JSONValue = ["nik": "9271060312000001"]
    static let encounter: JSONValue = [
        "patientId": "P02478375538", "patientName": "Ardianto Putra", "practitionerId": "N10000001",
        "practitionerName": "Dokter Contoh", "locationId": "b017aa54-f1df-4ec2-9d84-8823815d7228",
        "locationName": "Poli Umum", "class": "ambulatory", "start": "2024-01-15T08:00:00+07:00",
    ]

    /// The encounter's input with some members changed; `nil` takes one away.
    static func encounter(_ changes: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        var object = encounter.objectValue ?? [:]
        for (key, value) in changes { object[key] = value }
        return .object(object)
    }

    static func adapter(_ changes: JSONObject = [:]) throws -> any Adapter {
        var object = settings.objectValue ?? [:]
        for (key, value) in changes { object[key] = value }
        var reader = SettingsReader(.object(object))
        let adapter = SATUSEHATAdapter.definition.make(&reader)
        try reader.finish(describing: "connection")
        return try #require(adapter)
    }

    /// A call of a request with an identifier of its own, or with `key` if that is given.
    static func call(
        _ operation: OperationID,
        _ payload: JSONValue,
        key: String? = nil,
        now: Timestamp = morning
    ) throws -> AdapterCall {
        let descriptor = try #require(SATUSEHATAdapter.definition.descriptor.operation(operation))
        let service = operation == findPatient ? "health.patient.find" : "health.encounter.register"
        let submission = Submission(
            service: try ServiceID(service),
            region: try Region("31.74"),
            payload: payload,
            idempotencyKey: "test"
        )
        var generator = SystemRandomNumberGenerator()
        let request = ServiceRequest(
            id: try #require(key.map { RequestID($0) } ?? RequestID(at: now, using: &generator)),
            client: try ClientID("mpp"),
            submission: submission,
            connection: try ConnectionID("satusehat"),
            operation: operation == findEncounter ? register : operation,
            acceptedAt: now,
            deadline: now + .seconds(86_400)
        )
        return AdapterCall(operation: descriptor, request: request, now: now)
    }

    /// The inquiry about the request of a registration.
    static func inquiry(about call: AdapterCall) throws -> AdapterCall {
        let descriptor = try #require(SATUSEHATAdapter.definition.descriptor.operation(findEncounter))
        return AdapterCall(operation: descriptor, request: call.request, now: call.now)
    }

    static func exchange(
        _ body: [UInt8],
        status: Int = 200,
        fields: HTTPFields = [:],
        for call: AdapterCall
    ) throws -> Exchange {
        let response = WireResponse(status: status, headerFields: fields, body: body)
        return Exchange(request: try adapter().prepare(call), response: response)
    }

    static func classify(
        _ body: [UInt8],
        status: Int = 200,
        fields: HTTPFields = [:],
        for call: AdapterCall
    ) throws -> Verdict {
        try adapter().classify(exchange(body, status: status, fields: fields, for: call), for: call)
    }

    // MARK: - Fixtures

    static let package: String = folder(4)
    private static let fixtures = folder(2) + "/Fixtures"

    /// The folder that many levels above this file.
    private static func folder(_ levels: Int) -> String {
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(levels).joined(separator: "/")
    }

    static let cases: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: fixtures)) ?? [])
        .filter { $0.hasPrefix("case-") }.sorted()

    static func fixture(_ file: String) throws -> JSONValue {
        let data = try #require(FileManager.default.contents(atPath: "\(fixtures)/\(file)"))
        return try JSONValue(parsing: Array(data))
    }
}

/// A recorded answer and what it means.
struct RecordedCase {
    let fixture: JSONValue
    let call: AdapterCall
    let body: [UInt8]
    let status: Int

    init(_ file: String) throws {
        fixture = try Support.fixture(file)
        let operation = try OperationID(#require(fixture["operation"]?.stringValue))
        call = try Support.call(operation, #require(fixture["payload"]), key: Support.recordedKey)
        body = try fixture["text"]?.stringValue.map { Array($0.utf8) } ?? #require(fixture["answer"]).encoded()
        status = try #require(fixture["status"]?.intValue)
    }
}

extension Verdict {
    /// The error of a verdict that has one.
    var error: GerbangError? {
        switch self {
        case .rejected(let error), .invalid(let error), .transient(let error, _), .throttled(let error, _),
            .unauthorized(let error), .inDoubt(let error):
            error
        case .succeeded, .pending: nil
        }
    }

    /// The output of a success.
    var output: JSONValue? {
        if case .succeeded(let output, _) = self { output } else { nil }
    }

    /// The agency's number in a success.
    var reference: String? {
        if case .succeeded(_, let reference) = self { reference } else { nil }
    }
}

extension Finding {
    var name: String {
        switch self {
        case .done: "done"
        case .pending: "pending"
        case .rejected: "rejected"
        case .notDone: "notDone"
        case .unclear: "unclear"
        }
    }

    /// The error of a finding that has one.
    var error: GerbangError? {
        switch self {
        case .rejected(let error), .unclear(let error, _): error
        case .done, .pending, .notDone: nil
        }
    }

    /// The output of what was done.
    var output: JSONValue? {
        if case .done(let output, _) = self { output } else { nil }
    }

    /// The agency's number of what was done.
    var reference: String? {
        if case .done(_, let reference) = self { reference } else { nil }
    }
}
