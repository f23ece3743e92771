public import GerbangCore
public import GerbangJSON
internal import GerbangManifest
internal import GerbangYAML

extension ConformanceSubject {
    /// An adapter driven with test data: `{settings, authentication, samples, deviations}`.
    ///
    /// A sample is `{operation, input, reference, region, now, requestId, sensitive, answer, otherAnswers}`; an answer is
    /// written as in a manifest's fixtures.
    ///
    /// - Throws: ``GerbangCore/GerbangError/Code/invalidConfiguration`` with everything that is wrong.
    public init(_ definition: AdapterDefinition, testData: JSONValue) throws(GerbangError) {
        var reader = SettingsReader(testData)
        let settings = reader.optionalJSON("settings")?.objectValue ?? [:]
        let authentication = reader.optionalJSON("authentication")
        let samples = reader.list("samples") { ConformanceSample(&$0) }
        let deviations = reader.list("deviations") { ConformanceDeviation(&$0) }
        for sample in samples where definition.descriptor.operation(sample.operation) == nil {
            reader.report("has a sample for \(sample.operation), which is no operation of the adapter", at: "samples")
        }
        try reader.finish(describing: "test data")
        self.init(
            definition,
            settings: settings,
            authentication: authentication,
            samples: samples,
            deviations: deviations
        )
    }

    /// The same with test data as text, in YAML or JSON; `file` is the name used in errors.
    public init(_ definition: AdapterDefinition, testData text: String, file: String) throws(GerbangError) {
        let document: YAMLDocument
        do throws(YAMLDocument.Malformed) {
            document = try YAMLDocument(text)
        } catch {
            let place = [error.line, error.column].compactMap { $0.map { ":\($0)" } }.joined()
            throw GerbangError(.invalidConfiguration, "\(file)\(place): \(error.message)")
        }
        try self.init(definition, testData: document.value)
    }
}

extension ConformanceSample {
    fileprivate init?(_ reader: inout SettingsReader) {
        let operation = reader.value("operation") { text throws(GerbangError) in try OperationID(text) }
        let input = reader.json("input")
        let reference = reader.optionalString("reference")
        let region = reader.optionalValue("region") { text throws(GerbangError) in try Region(text) }
        let now = reader.optionalValue("now") { text throws(GerbangError) in
            guard let moment = Timestamp(text) else {
                throw GerbangError(.invalidConfiguration, "must be a time such as 2026-01-10T10:00:00+07:00")
            }
            return moment
        }
        let requestID = reader.optionalValue("requestId") { text throws(GerbangError) in
            guard let id = RequestID(text) else { throw GerbangError(.invalidConfiguration, "must be a UUID") }
            return id
        }
        let sensitive = reader.texts("sensitive") { text throws(GerbangError) in
            guard let pointer = JSONPointer(text) else {
                throw GerbangError(.invalidConfiguration, "must be a JSON pointer such as /nik")
            }
            return pointer
        }
        let answer = reader.object("answer") { WireResponse(fixture: &$0) }
        let otherAnswers = reader.list("otherAnswers") { WireResponse(fixture: &$0) }
        guard let operation, let input else { return nil }
        self.init(
            operation: operation,
            input: input,
            reference: reference,
            region: region ?? .nation,
            now: now ?? Self.standardNow,
            requestID: requestID ?? Self.standardRequestID,
            answer: answer,
            otherAnswers: otherAnswers,
            sensitive: sensitive ?? []
        )
    }
}

extension ConformanceDeviation {
    fileprivate init?(_ reader: inout SettingsReader) {
        let check = reader.string("check")
        let operation = reader.optionalValue("operation") { text throws(GerbangError) in try OperationID(text) }
        let reason = reader.string("reason")
        guard let check, let reason else { return nil }
        self.init(check: check, operation: operation, reason: reason)
    }
}
