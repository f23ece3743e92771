internal import FoundationEssentials
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import Testing

/// What the tests of manifests share.
enum Support {
    static let now = Timestamp("2026-03-02T10:00:00+07:00") ?? Timestamp(milliseconds: 0)

    /// The package's folder.
    static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()

    static func file(_ path: String) throws -> String {
        let data = try #require(FileManager.default.contents(atPath: "\(root)/\(path)"), "\(path)")
        return String(decoding: data, as: UTF8.self)
    }

    /// The manifests that ship with the project.
    static let shipped = [
        "Adapters/Dukcapil/adapter.yaml", "Adapters/Transport/adapter.yaml", "Docs/Examples/BPJS/adapter.yaml",
        "Docs/Examples/VehicleRegister/adapter.yaml",
    ]

    /// A manifest with one operation whose request and response are given.
    static func manifest(
        request: String = "path: /x",
        response: String = "verdict: [{succeeded: {output: {}}}]",
        more: String = "",
        operation: String = "effect: query"
    ) -> String {
        """
        manifest: 1
        id: example
        version: 1.0.0
        agency: {id: Contoh, en: Example}
        settings:
          required: [key]
          properties:
            key: {type: string, secret: true}
            site: {type: string, default: a}
            zone: {type: string}
        \(more)
        operations:
          ask:
        \(indented(operation, 4))
            request:
        \(indented(request, 6))
            response:
        \(indented(response, 6))
        """
    }

    private static func indented(_ text: String, _ count: Int) -> String {
        let space = String(repeating: " ", count: count)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { space + $0 }.joined(separator: "\n")
    }

    static func load(_ text: String) throws -> Manifest { try Manifest.parse(text, file: "adapter.yaml") }

    static func issues(_ text: String) -> [ManifestIssue] {
        do throws(ManifestError) {
            return try Manifest.parse(text, file: "adapter.yaml").warnings
        } catch {
            return error.issues
        }
    }

    static func adapter(_ text: String, settings: JSONObject = ["key": "rahasia"]) throws -> any Adapter {
        try adapter(load(text), settings: settings)
    }

    static func adapter(_ manifest: Manifest, settings: JSONObject = ["key": "rahasia"]) throws -> any Adapter {
        var reader = SettingsReader(.object(settings))
        let adapter = manifest.definition.make(&reader)
        try reader.finish(describing: "connection")
        return try #require(adapter)
    }

    static func call(_ adapter: any Adapter, _ input: JSONValue, _ operation: String = "ask") throws -> AdapterCall {
        let descriptor = try #require(adapter.descriptor.operation(OperationID(operation)))
        let submission = Submission(
            service: ServiceID(checked: "example"),
            region: try Region("31.74"),
            payload: input,
            idempotencyKey: "k"
        )
        let request = ServiceRequest(
            id: RequestID(high: 0x0193_a6f0_5b00_7000, low: 0x8000_0000_0000_0001),
            client: ClientID(checked: "mpp"),
            submission: submission,
            connection: ConnectionID(checked: "example"),
            operation: descriptor.id,
            acceptedAt: now,
            deadline: now + .seconds(3600)
        )
        return AdapterCall(operation: descriptor, request: request, now: now)
    }

    /// The message of an adapter with this request.
    static func message(_ request: String, _ input: JSONValue) throws -> WireRequest {
        let adapter = try adapter(manifest(request: request))
        return try adapter.prepare(call(adapter, input))
    }

    /// The verdict of an adapter with this response.
    static func verdict(
        _ response: String,
        _ answer: WireResponse,
        effect: String = "query",
        more: String = ""
    ) throws -> Verdict {
        let adapter = try adapter(manifest(response: response, more: more, operation: "effect: \(effect)"))
        let call = try call(adapter, [:])
        return adapter.classify(Exchange(request: try adapter.prepare(call), response: answer), for: call)
    }

    static func json(_ value: JSONValue, status: Int = 200) -> WireResponse {
        WireResponse(status: status, body: value.encoded())
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
