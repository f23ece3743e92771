internal import AdapterConformance
internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

/// An adapter that is right, for an agency that is made up, with places at which it can be made wrong.
struct ScriptedAdapter: Adapter {
    /// What it offers.
    enum Kind: Sendable {
        /// A query.
        case lookup
        /// An operation that must not be repeated, and its inquiry.
        case booking
        /// An operation that is recognised by its key.
        case reporting

        var output: JSONValue {
            switch self {
            case .lookup: ["plate": "B 1234 XYZ", "make": "Contoh", "model": "Satu", "year": 2019]
            case .booking: ["bookingNumber": "KIR-1", "date": "2026-01-20", "station": "JKT-PULOGADUNG"]
            case .reporting: ["permitId": "I-1", "status": ["code": "41", "sla": "pause"]]
            }
        }

        var operations: [OperationDescriptor] {
            switch self {
            case .lookup:
                [OperationDescriptor(id: "ask", service: "transport.vehicle.lookup", effect: .query)]
            case .booking:
                [
                    OperationDescriptor(
                        id: "book",
                        service: "transport.inspection.book",
                        effect: .nonIdempotent,
                        inquiry: Inquiry(operation: OperationID(checked: "find"))
                    ),
                    OperationDescriptor(id: "find", effect: .query),
                ]
            case .reporting:
                [OperationDescriptor(id: "report", service: "licensing.permit.status", effect: .idempotent(key: "ref"))]
            }
        }
    }

    var descriptor: AdapterDescriptor
    var secret: Sensitive<String>
    var output: JSONValue
    var printed = ""
    var refusal: GerbangError?
    var fields: HTTPFields = [:]
    var target: @Sendable (AdapterCall) -> [WireRequest.QueryItem] = { _ in [] }
    var body: @Sendable (AdapterCall) -> JSONValue = { ["ref": .string($0.key), "input": $0.payload] }
    /// What it makes of an answer instead of what is right; `nil` for what is right.
    var classifies: @Sendable (WireResponse, AdapterCall) -> Verdict? = { _, _ in nil }
    var assesses: @Sendable (WireResponse) -> Finding? = { _ in nil }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        if let refusal { throw refusal }
        var fields = fields
        fields[.authorization] = "Bearer \(secret.revealed)"
        return WireRequest(
            method: .post,
            path: [call.operation.id.text],
            query: target(call),
            headerFields: fields,
            body: body(call).encoded()
        )
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        let response = exchange.response
        if let verdict = classifies(response, call) { return verdict }
        guard response.status == 200 else { return call.unexplained(response) }
        guard let json = try? JSONValue(parsing: response.body), json["done"]?.boolValue == true else {
            return call.unreadable("the answer says nothing")
        }
        return .succeeded(output: output)
    }

    func assess(_ exchange: Exchange, for call: AdapterCall) -> Finding {
        if let finding = assesses(exchange.response) { return finding }
        switch classify(exchange, for: call) {
        case .succeeded(let output, _): return .done(output: output)
        case .throttled(let error, let until): return .unclear(error, retryAfter: until - call.now)
        case .unauthorized(let error), .transient(let error, _), .inDoubt(let error), .invalid(let error),
            .rejected(let error):
            return .unclear(error)
        case .pending: return .unclear(GerbangError(.agencyUnreadable, "pending"))
        }
    }

    static func definition(
        _ kind: Kind,
        isSilent: Bool = false,
        _ describe: (inout AdapterDescriptor) -> Void = { _ in },
        _ change: @escaping @Sendable (inout ScriptedAdapter) -> Void = { _ in }
    ) -> AdapterDefinition {
        var descriptor = AdapterDescriptor(
            id: AdapterID(checked: "scripted"),
            version: "1.0.0",
            agency: LocalizedText(id: "Contoh", en: "Example"),
            operations: kind.operations
        )
        describe(&descriptor)
        let described = descriptor
        return AdapterDefinition(descriptor: described) { reader in
            let secret = isSilent ? reader.optionalSecret("secret") : reader.secret("secret")
            guard let secret else { return nil }
            var adapter = ScriptedAdapter(descriptor: described, secret: secret, output: kind.output)
            change(&adapter)
            return adapter
        }
    }

    static func subject(_ kind: Kind) -> ConformanceSubject {
        let answer = WireResponse(status: 200, body: Array("{\"done\":true}".utf8))
        let inputs: [String: JSONValue] = [
            "ask": ["plate": "B 1234 XYZ"], "report": ["permitId": "I-1"], "find": [:],
            "book": ["plate": "B 1234 XYZ", "station": "JKT-PULOGADUNG", "date": "2026-01-20"],
        ]
        return ConformanceSubject(
            definition(kind),
            settings: ["secret": "rahasia-uji"],
            samples: kind.operations.map { operation in
                ConformanceSample(operation: operation.id, input: inputs[operation.id.text] ?? [:], answer: answer)
            }
        )
    }
}

extension OperationDescriptor {
    /// An operation with names that are known to be well-formed.
    fileprivate init(id: String, service: String? = nil, effect: Effect, inquiry: Inquiry? = nil) {
        self.init(
            id: OperationID(checked: id),
            service: service.map { ServiceID(checked: $0) },
            effect: effect,
            inquiry: inquiry
        )
    }
}
