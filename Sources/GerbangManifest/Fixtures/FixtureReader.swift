internal import GerbangCore
internal import GerbangJSON
internal import GerbangYAML
internal import HTTPTypes

/// Reads the examples of a manifest.
struct FixtureReader {
    let compilation: Compilation
    /// The contracts of operations that have one.
    let contracts: [OperationID: Contract]

    /// The request that examples are about unless they say otherwise.
    private static let requestID = RequestID(high: 0x0193_a6f0_5b00_7000, low: 0x8000_0000_0000_0001)

    func read(_ reader: inout SettingsReader) -> [Fixture] {
        let shared = reader.optionalJSON("fixtureSettings")?.objectValue ?? [:]
        guard let value = reader.optionalJSON("fixtures"), !value.isNull else { return [] }
        guard let items = value.arrayValue else {
            reader.report("must be a list of examples", at: "fixtures")
            return []
        }
        return items.enumerated().compactMap { index, item in
            let pointer = JSONPointer.root.appending("fixtures").appending(index)
            return compilation.read(item, at: pointer) { fixture(&$0, shared) }
        }
    }

    private func fixture(_ reader: inout SettingsReader, _ shared: JSONObject) -> Fixture? {
        let name = reader.string("name")
        let operation = reader.value("operation") { text throws(GerbangError) in try OperationID(text) }
        var settings = shared
        for (key, value) in reader.optionalJSON("settings")?.objectValue ?? [:] {
            settings[key] = value.isNull ? nil : value
        }
        let input = reader.optionalJSON("input") ?? [:]
        let now = reader.optionalValue("now", Self.moment) ?? Timestamp(milliseconds: 1_768_014_000_000)
        let attempt = reader.int("attempt", in: 1...1000, default: 1)
        let reference = reader.optionalString("reference")
        let requestID = reader.optionalValue("requestId") { text throws(GerbangError) in
            guard let id = RequestID(text) else { throw GerbangError(.invalidConfiguration, "must be a UUID") }
            return id
        }
        let region = reader.optionalValue("region") { text throws(GerbangError) in try Region(text) } ?? .nation
        let sends = reader.object("sends", expectedMessage)
        let refuses = reader.optionalString("refuses")
        let contract = operation.flatMap { contracts[$0] }
        let answer = reader.object("answer") { self.answer(&$0, contract) }
        var expected = Fixture.Expectation()
        expected.verdict = reader.optionalString("verdict")
        expected.finding = reader.optionalString("finding")
        expected.output = reader.optionalJSON("output")
        expected.error = reader.optionalString("error")
        expected.agencyCode = reader.optionalString("agencyCode")
        expected.field = reader.optionalString("field")
        expected.reference = reader.optionalString("agencyReference")
        expected.until = reader.optionalValue("until", Self.moment)
        expected.checkAfter = reader.optionalDuration("checkAfter")
        if answer != nil, expected.verdict == nil, expected.finding == nil {
            reader.report("needs 'verdict' or 'finding': what shall come of the answer")
        }
        if answer == nil, sends == nil, refuses == nil {
            reader.report("needs 'answer', 'sends' or 'refuses': otherwise it tests nothing")
        }
        guard let name, let operation else { return nil }
        return Fixture(
            name: name,
            operation: operation,
            input: input,
            settings: settings,
            now: now,
            attempt: attempt,
            reference: reference,
            requestID: requestID ?? Self.requestID,
            region: region,
            sends: sends,
            refuses: refuses,
            answer: answer,
            expected: expected,
            place: FixturePlace(places: compilation.document.places, pointer: reader.pointer)
        )
    }

    private static func moment(_ text: String) throws(GerbangError) -> Timestamp {
        guard let moment = Timestamp(text) else {
            throw GerbangError(.invalidConfiguration, "must be a time such as 2026-01-10T10:00:00+07:00")
        }
        return moment
    }

    private func expectedMessage(_ reader: inout SettingsReader) -> Fixture.ExpectedMessage? {
        var message = Fixture.ExpectedMessage()
        message.method = reader.optionalString("method")
        message.target = reader.optionalString("path")
        for (name, value) in reader.optionalJSON("headers")?.objectValue ?? [:] {
            message.headers.append((name, value.stringValue ?? value.numberValue?.text))
        }
        message.json = reader.optionalJSON("json")
        message.text = reader.optionalString("text")
        message.contract = reader.optionalJSON("contract")
        return message
    }

    private func answer(_ reader: inout SettingsReader, _ contract: Contract?) -> WireResponse? {
        guard reader.has("contract") || reader.has("fault") else { return WireResponse(fixture: &reader) }
        if contract == nil, compilation.hasBrokenContract {
            for key in ["status", "contract", "fault"] { _ = reader.optionalJSON(key) }
            return nil
        }
        return ContractFixture.answer(&reader, contract)
    }
}
