internal import FoundationEssentials
internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import OSSAdapter
internal import Testing

/// What the tests of this folder share: an adapter, calls and the files in `Fixtures`.
enum Support {
    /// 2026-03-02, a Monday, at 10:00 in Jakarta.
    static let morning = Timestamp(milliseconds: 1_772_420_400_000)

    static let settings: JSONValue = ["institution": "022", "userKey": "demo-user-key"]

    /// A permit that the simulator knows; its status there is 10.
    static let permitID = "I-202401150000000000001"

    static let permit: JSONObject = [
        "nib": "1234567890123", "ossId": "P02-202401150000000000001", "projectId": "R-202401150000000000001",
        "permitId": .string(permitID), "permitCode": "022000000001",
    ]

    /// The permit reported as 41, which was 10 before.
    static let report = with(permit, ["status": "41", "previousStatus": "10"])

    /// The permit handed in with the status 50, which was 10 before.
    static let issue = with(
        permit,
        [
            "permitNumber": "503/001/2026", "issuedOn": "2026-03-02", "previousStatus": "10",
            "signatory": ["name": "BUDI CONTOH", "nip": "198001012005011001", "title": "Kepala Dinas"],
        ]
    )

    static let business: JSONValue = ["nib": "1234567890123"]

    /// The object with `changes`, where null takes a member away.
    static func with(_ object: JSONObject, _ changes: JSONObject) -> JSONValue {
        var object = object
        for (key, value) in changes { object[key] = value.isNull ? JSONValue?.none : value }
        return .object(object)
    }

    static func payload(_ operation: OSSOperation) -> JSONValue {
        switch operation {
        case .inqueryNIB: business
        case .receiveLicenseStatus: report
        case .receiveLicense: issue
        case .checkLicenseStatus: ["permitId": .string(permitID)]
        }
    }

    static func adapter(_ changes: JSONObject = [:]) throws -> any Adapter {
        var reader = SettingsReader(with(settings.objectValue ?? [:], changes))
        let adapter = OSSAdapter.definition.make(&reader)
        try reader.finish(describing: "connection")
        return try #require(adapter)
    }

    /// A call of `operation`, made for a request of `origin` when it is an inquiry.
    static func call(
        _ operation: OSSOperation,
        _ payload: JSONValue? = nil,
        for origin: OSSOperation? = nil,
        region: String = "31.74",
        now: Timestamp = morning
    ) throws -> AdapterCall {
        let origin = origin ?? operation
        let descriptor = OSSAdapter.definition.descriptor
        let submission = Submission(
            service: try #require(descriptor.operation(origin.id)?.service),
            region: try Region(region),
            payload: payload ?? self.payload(origin),
            idempotencyKey: "test"
        )
        var generator = SystemRandomNumberGenerator()
        let request = ServiceRequest(
            id: RequestID(at: morning, using: &generator),
            client: try ClientID("mpp"),
            submission: submission,
            connection: try ConnectionID("oss"),
            operation: origin.id,
            acceptedAt: morning,
            deadline: morning + .seconds(86_400)
        )
        return AdapterCall(operation: try #require(descriptor.operation(operation.id)), request: request, now: now)
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

    static let folder: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(2)
        return (parts + ["Fixtures"]).joined(separator: "/")
    }()

    static let cases: [String] = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasPrefix("case-") }.sorted()

    static func fixture(_ file: String) throws -> JSONValue {
        let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(file)"))
        return try JSONValue(parsing: Array(data))
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

    /// The agency's number of a success.
    var reference: String? {
        if case .succeeded(_, let reference) = self { reference } else { nil }
    }
}

extension Finding {
    /// The word for the finding.
    var name: String {
        switch self {
        case .done: "done"
        case .pending: "pending"
        case .rejected: "rejected"
        case .notDone: "notDone"
        case .unclear: "unclear"
        }
    }
}
