public import GerbangCore
public import GerbangJSON
public import GerbangManifest
internal import GerbangYAML
internal import HTTPTypes

/// A real exchange with an agency, made into a fixture in which nothing of the people in it is left.
///
/// NIK, names, dates of birth, telephone numbers, addresses, numbers of cards and accounts, tokens and secrets are
/// replaced by invented ones of the same form, everywhere alike. The manifest has to come to the same verdict with the
/// invented answer as with the real one; where it does not, as with an answer that is encrypted, there is no fixture.
public struct FixtureRecording: Sendable {
    /// The exchange as it was.
    public struct Exchange: Sendable {
        /// The call.
        public var call: AdapterCall
        /// The message that was sent.
        public var message: WireRequest
        /// The agency's answer.
        public var answer: WireResponse
        /// The connection's settings, secrets written out.
        public var settings: JSONObject

        /// Creates an exchange.
        public init(call: AdapterCall, message: WireRequest, answer: WireResponse, settings: JSONObject) {
            self.call = call
            self.message = message
            self.answer = answer
            self.settings = settings
        }
    }

    /// The fixture's name.
    public let name: String
    /// The fixture, as an item of a manifest's `fixtures`.
    public let fixture: JSONValue
    /// Texts of the answer that stand in the fixture as they were, for somebody to look over: `place: text`.
    public let kept: [String]
    /// How many values were replaced.
    public let replacedCount: Int

    /// The fixture as YAML, as an item of the list `fixtures`.
    public var yaml: String {
        YAMLText.write(.array([fixture])).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
    }

    /// Makes a fixture.
    ///
    /// - Parameters:
    ///   - exchange: What happened.
    ///   - manifest: The manifest that is to get the fixture.
    ///   - name: The fixture's name.
    /// - Throws: ``GerbangCore/GerbangError`` when the answer cannot be made anonymous without changing its meaning.
    public init(_ exchange: Exchange, for manifest: Manifest, name: String) throws(GerbangError) {
        var cleaning = Cleaning(sensitive: manifest.sensitivePlaces(of: exchange.call.operation.id))
        for (key, value) in exchange.settings { cleaning.noteSecret(value, called: key) }
        let input = cleaning.input(exchange.call.payload)
        if let nik = exchange.call.request.submission.applicant.nik { cleaning.note(nik.revealed, as: .nik) }
        if let name = exchange.call.request.submission.applicant.name { cleaning.note(name.revealed, as: .name) }
        let answer = cleaning.answer(exchange.answer)
        let adapter = try Self.adapter(manifest, manifest.fixtureSettings)
        let original = try Self.adapter(manifest, exchange.settings)

        var call = exchange.call
        let before = Outcome(original, exchange.message, exchange.answer, call)
        call.request.submission.payload = input
        call.request.submission.applicant = Applicant()
        call.request.id = FixtureRequest.id
        let message: WireRequest
        do throws(GerbangError) {
            message = try adapter.prepare(call)
        } catch {
            throw GerbangError(
                .invalidInput,
                "the invented input is refused: \(error.code.rawValue)",
                field: error.field
            )
        }
        let after = Outcome(adapter, message, answer.response, call)
        guard before.word == after.word, before.error == after.error else {
            throw GerbangError(
                .agencyUnreadable,
                "with invented data the answer comes to '\(after.word)' instead of '\(before.word)'; it is encrypted, signed or "
                    + "checked against what was replaced: write this fixture by hand"
            )
        }
        var fixture: JSONObject = ["name": .string(name), "operation": .string(call.operation.id.text)]
        fixture["now"] = .string(call.now.text(in: .wib))
        if !(input.objectValue?.isEmpty ?? false) { fixture["input"] = input }
        fixture["reference"] = call.agencyReference.map { .string(cleaning.applied(to: $0)) }
        fixture["answer"] = answer.json
        for (key, value) in after.json(isInquiry: call.operation.service == nil) { fixture[key] = value }
        self.name = name
        self.fixture = .object(fixture)
        kept = cleaning.kept
        replacedCount = cleaning.substitutions.replaced.count
        if let left = cleaning.left(in: self.fixture.text()) {
            throw GerbangError(.internalFault, "a value of the original would be left in the fixture: \(left)")
        }
    }

    private static func adapter(_ manifest: Manifest, _ settings: JSONObject) throws(GerbangError) -> any Adapter {
        var reader = SettingsReader(.object(settings))
        let adapter = manifest.definition.make(&reader)
        try reader.finish(describing: "settings of the fixtures (fixtureSettings)")
        guard let adapter else { throw GerbangError(.invalidConfiguration, "the settings make no adapter") }
        return adapter
    }
}

/// The request that fixtures are about.
private enum FixtureRequest {
    static let id = RequestID(high: 0x0193_a6f0_5b00_7000, low: 0x8000_0000_0000_0001)
}

/// What a manifest makes of an answer.
private struct Outcome {
    var word: String
    var error: String?
    var output: JSONValue?
    var reference: String?

    init(_ adapter: any Adapter, _ message: WireRequest, _ answer: WireResponse, _ call: AdapterCall) {
        let exchange = Exchange(request: message, response: answer)
        guard call.operation.service == nil else {
            let verdict = adapter.classify(exchange, for: call)
            word = verdict.name
            switch verdict {
            case .succeeded(let output, let reference): (self.output, self.reference) = (output, reference)
            case .pending(let reference, _): self.reference = reference
            case .rejected(let error), .invalid(let error), .transient(let error, _), .throttled(let error, _),
                .unauthorized(let error), .inDoubt(let error):
                self.error = error.code.rawValue
            }
            return
        }
        switch adapter.assess(exchange, for: call) {
        case .done(let output, let reference): (word, self.output, self.reference) = ("done", output, reference)
        case .pending(let reference, _): (word, self.reference) = ("pending", reference)
        case .rejected(let error): (word, self.error) = ("rejected", error.code.rawValue)
        case .notDone: word = "notDone"
        case .unclear(let error, _): (word, self.error) = ("unclear", error.code.rawValue)
        }
    }

    func json(isInquiry: Bool) -> JSONObject {
        var object: JSONObject = [isInquiry ? "finding" : "verdict": .string(word)]
        object["error"] = error.map { .string($0) }
        object["output"] = output
        object["agencyReference"] = reference.map { .string($0) }
        return object
    }
}
