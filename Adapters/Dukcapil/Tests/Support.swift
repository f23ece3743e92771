internal import DukcapilAdapter
internal import FoundationEssentials
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import HTTPTypes
internal import Synchronization
internal import Testing

/// What the tests of this folder share: an adapter, calls and the files in `Fixtures`.
enum Support {
    static let verify = DukcapilAdapter.verifyByElement
    static let lookup = DukcapilAdapter.callNIK

    /// 2026-03-02, a Monday, at 10:00 in Jakarta.
    static let morning = Timestamp(milliseconds: 1_772_420_400_000)

    static let settings: JSONValue = [
        "institution": "MPP-JAKSEL", "userId": "DEMO", "password": "rahasia", "clientAddress": "10.1.2.3",
    ]

    /// The adapter that the test drives: the Swift module or the manifest.
    static var definition: AdapterDefinition { BothPackagings.packaging.definition }

    static func adapter(_ changes: JSONObject = [:]) throws -> any Adapter {
        var object = settings.objectValue ?? [:]
        for (key, value) in changes { object[key] = value }
        var reader = SettingsReader(.object(object))
        let adapter = definition.make(&reader)
        try reader.finish(describing: "connection")
        return try #require(adapter)
    }

    static func call(_ operation: OperationID, _ payload: JSONValue, now: Timestamp = morning) throws -> AdapterCall {
        let descriptor = try #require(definition.descriptor.operation(operation))
        let service = try #require(descriptor.service)
        let submission = Submission(
            service: service,
            region: try Region("31.74"),
            payload: payload,
            idempotencyKey: "test"
        )
        var generator = SystemRandomNumberGenerator()
        let request = ServiceRequest(
            id: RequestID(at: now, using: &generator),
            client: try ClientID("mpp"),
            submission: submission,
            connection: try ConnectionID("dukcapil-31"),
            operation: operation,
            acceptedAt: now,
            deadline: now + .seconds(86_400)
        )
        return AdapterCall(operation: descriptor, request: request, now: now)
    }

    static func classify(
        _ body: [UInt8],
        status: Int = 200,
        fields: HTTPFields = [:],
        for call: AdapterCall,
        with adapter: (any Adapter)? = nil
    ) throws -> Verdict {
        let adapter = try adapter ?? self.adapter()
        let response = WireResponse(status: status, headerFields: fields, body: body)
        return adapter.classify(Exchange(request: try adapter.prepare(call), response: response), for: call)
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
}

/// A clock that stands still until it is moved.
final class ManualClock: WallClock {
    private let moment: Mutex<Timestamp>

    init(_ moment: Timestamp) {
        self.moment = Mutex(moment)
    }

    func now() -> Timestamp { moment.withLock { $0 } }

    func move(to moment: Timestamp) {
        self.moment.withLock { $0 = moment }
    }

    func sleep(until moment: Timestamp) async throws {}
}
