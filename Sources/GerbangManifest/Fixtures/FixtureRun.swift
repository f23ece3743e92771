public import GerbangCore
internal import GerbangJSON
internal import GerbangSchema
internal import HTTPTypes

/// What came of an example.
public struct FixtureResult: Sendable {
    /// The example's name.
    public var name: String
    /// Its operation.
    public var operation: OperationID
    /// Where it stands in the manifest.
    public var line: Int?
    /// What differs from what was expected; empty when all is well.
    public var differences: [String]

    /// Whether all is as expected.
    public var isPassed: Bool { differences.isEmpty }
}

extension Manifest {
    /// Runs the manifest's examples.
    ///
    /// - Parameter catalogue: The services whose output schemas successes are checked against.
    public func runFixtures(catalogue: ServiceCatalogue? = nil) -> [FixtureResult] {
        var schemas: [ServiceID: JSONSchema] = [:]
        for operation in descriptor.operations {
            guard let id = operation.service,
                let service = catalogue?[id] ?? services.first(where: { $0.id == id })
            else { continue }
            schemas[id] = try? JSONSchema(service.output)
        }
        return fixtures.map { run($0, schemas) }
    }

    private func run(_ fixture: Fixture, _ schemas: [ServiceID: JSONSchema]) -> FixtureResult {
        var result = FixtureResult(
            name: fixture.name,
            operation: fixture.operation,
            line: fixture.line,
            differences: []
        )
        var reader = SettingsReader(.object(fixture.settings))
        let adapter = definition.make(&reader)
        reader.reportUnknownKeys()
        guard let adapter, reader.issues.isEmpty, let operation = adapter.descriptor.operation(fixture.operation) else {
            result.differences = reader.issues.map { "settings\($0.pointer): \($0.message)" }
            if result.differences.isEmpty { result.differences = ["the settings make no adapter"] }
            return result
        }
        let call = fixture.call(operation)
        let message: WireRequest
        do throws(GerbangError) {
            message = try adapter.prepare(call)
        } catch {
            result.differences = fixture.differences(ofRefusal: error)
            return result
        }
        guard fixture.refuses == nil else {
            result.differences = ["the input was not refused"]
            return result
        }
        result.differences = fixture.sends.map { $0.differences(from: message) } ?? []
        if let expected = fixture.sends?.contract {
            let contract = operations.first { $0.descriptor.id == fixture.operation }?.contract
            result.differences += ContractFixture.differences(between: expected, and: message, by: contract)
        }
        guard let answer = fixture.answer else { return result }
        let exchange = Exchange(request: message, response: answer)
        if fixture.expected.verdict != nil {
            let outcome = FixtureOutcome(adapter.classify(exchange, for: call))
            result.differences += fixture.expected.differences(from: outcome, word: fixture.expected.verdict)
            if let output = outcome.output, let schema = operation.service.flatMap({ schemas[$0] }) {
                result.differences += schema.validate(output).map { "output: \($0)" }
            }
        }
        if fixture.expected.finding != nil {
            let outcome = FixtureOutcome(adapter.assess(exchange, for: call))
            result.differences += fixture.expected.differences(from: outcome, word: fixture.expected.finding)
            // What an inquiry finds done is the output of the operation that it asks about.
            let origins = descriptor.operations.filter { $0.inquiry?.operation == fixture.operation }
            if let output = outcome.output {
                for service in origins.compactMap(\.service) {
                    let issues = schemas[service]?.validate(output) ?? []
                    result.differences += issues.map { "output: \($0), by \(service)" }
                }
            }
        }
        return result
    }
}

extension Fixture {
    /// The call that the example makes.
    fileprivate func call(_ descriptor: OperationDescriptor) -> AdapterCall {
        let submission = Submission(
            service: descriptor.service ?? ServiceID(checked: "example"),
            region: region,
            payload: input,
            idempotencyKey: "example"
        )
        let request = ServiceRequest(
            id: requestID,
            client: ClientID(checked: "example"),
            submission: submission,
            connection: ConnectionID(checked: "example"),
            operation: descriptor.id,
            acceptedAt: now,
            deadline: now + .seconds(86_400)
        )
        return AdapterCall(
            operation: descriptor,
            request: request,
            attempt: attempt,
            agencyReference: reference,
            now: now
        )
    }

    fileprivate func differences(ofRefusal error: GerbangError) -> [String] {
        guard let refuses else { return ["the input is refused: \(error)"] }
        let field = error.field?.description ?? ""
        return field == refuses ? [] : ["refuses the field '\(field)' instead of '\(refuses)': \(error.message)"]
    }
}

extension Fixture.ExpectedMessage {
    fileprivate func differences(from message: WireRequest) -> [String] {
        var differences: [String] = []
        func compare(_ what: String, _ expected: String?, _ found: String?) {
            guard let expected, expected != found else { return }
            differences.append("sends \(what) '\(found ?? "")' instead of '\(expected)'")
        }
        compare("the method", method, message.method.rawValue)
        if let target, let base = try? BaseURL("http://agency") {
            compare("the path", target, String(message.url(below: base).dropFirst("http://agency".count)))
        }
        for (name, value) in headers {
            guard let fieldName = HTTPField.Name(name) else { continue }
            let found = message.headerFields[fieldName]
            if value == nil, found != nil { differences.append("sends the header \(name)") }
            compare("the header \(name)", value, found)
        }
        if let json {
            guard let found = try? JSONValue(parsing: message.body) else {
                return differences + ["sends a body that is not JSON"]
            }
            if found != json {
                differences.append(contentsOf: JSONDifference.between(json, found, at: .root).map { "sends \($0)" })
            }
        }
        if let text { compare("the body", text, String(decoding: message.body, as: UTF8.self)) }
        return differences
    }
}

/// A verdict or finding, taken apart.
private struct FixtureOutcome {
    var word: String
    var output: JSONValue?
    var error: GerbangError?
    var reference: String?
    var until: Timestamp?
    var checkAfter: Duration?

    init(_ verdict: Verdict) {
        word = verdict.name
        switch verdict {
        case .succeeded(let output, let reference): (self.output, self.reference) = (output, reference)
        case .pending(let reference, let after): (self.reference, checkAfter) = (reference, after)
        case .throttled(let error, let until): (self.error, self.until) = (error, until)
        case .rejected(let error), .invalid(let error), .transient(let error, _), .unauthorized(let error),
            .inDoubt(let error):
            self.error = error
        }
    }

    init(_ finding: Finding) {
        switch finding {
        case .done(let output, let reference): (word, self.output, self.reference) = ("done", output, reference)
        case .pending(let reference, let after): (word, self.reference, checkAfter) = ("pending", reference, after)
        case .rejected(let error): (word, self.error) = ("rejected", error)
        case .notDone: word = "notDone"
        case .unclear(let error, _): (word, self.error) = ("unclear", error)
        }
    }
}

extension Fixture.Expectation {
    fileprivate func differences(from outcome: FixtureOutcome, word: String?) -> [String] {
        guard word == outcome.word else {
            let reason = outcome.error.map { ": \($0)" } ?? ""
            return ["comes to \(outcome.word) instead of \(word ?? "")\(reason)"]
        }
        var differences: [String] = []
        func compare(_ what: String, _ expected: String?, _ found: String?) {
            guard let expected, expected != found else { return }
            differences.append("has the \(what) '\(found ?? "")' instead of '\(expected)'")
        }
        compare("error", error, outcome.error?.code.rawValue)
        compare("agency's code", agencyCode, outcome.error?.agencyCode)
        compare("field", field, outcome.error?.field?.description)
        compare("reference", reference, outcome.reference)
        compare("time to wait for", until?.description, outcome.until?.description)
        compare("delay", checkAfter.map(DurationText.readable), outcome.checkAfter.map(DurationText.readable))
        if let output {
            let found = outcome.output ?? .null
            if found != output {
                differences += JSONDifference.between(output, found, at: .root).map { "output: \($0)" }
            }
        }
        return differences
    }
}

/// Where two JSON values differ, for people; the values are examples and may be shown.
enum JSONDifference {
    static func between(_ expected: JSONValue, _ found: JSONValue, at pointer: JSONPointer) -> [String] {
        guard expected != found else { return [] }
        if let expected = expected.objectValue, let found = found.objectValue {
            let keys = expected.keys + found.keys.filter { expected[$0] == nil }
            return keys.flatMap { key -> [String] in
                let place = pointer.appending(key)
                switch (expected[key], found[key]) {
                case (let expected?, let found?): return between(expected, found, at: place)
                case (.some, nil): return ["\(place) is missing"]
                default: return ["\(place) is not expected"]
                }
            }
        }
        return ["\(pointer) is \(found.text()) instead of \(expected.text())"]
    }
}
