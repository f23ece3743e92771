public import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangSchema
internal import GerbangYAML

/// A manifest made from an OpenAPI document: a beginning that works, and a list of what it leaves out.
public struct OpenAPIImport: Sendable {
    /// What to take from a document, and what a document does not say.
    public struct Choice: Sendable {
        /// The adapter's name; made from the document's title unless told.
        public var adapter: AdapterID?
        /// The operations, by `operationId`, by the manifest's name for it or as `GET /path`; all when empty.
        public var operations: [String] = []
        /// The service that an operation provides, by the operation's name as in ``operations``.
        public var services: [String: ServiceID] = [:]
        /// The element that carries the key of an idempotent operation, by the operation's name.
        public var keys: [String: String] = [:]

        /// Takes everything.
        public init() {}
    }

    /// The text of `adapter.yaml`.
    public let manifest: String
    /// What was not translated, in the order of the document.
    public let notes: [ImportNote]

    /// Translates a document.
    ///
    /// - Parameters:
    ///   - text: OpenAPI 3.0 or 3.1, in YAML or JSON.
    ///   - choice: What to take.
    ///   - catalogue: The services whose outputs the answers are made into.
    /// - Throws: ``GerbangCore/GerbangError/Code/malformedRequest`` when it is no such document, or has no such operation.
    public init(_ text: String, choice: Choice = Choice(), catalogue: ServiceCatalogue) throws(GerbangError) {
        let document = try OpenAPIDocument(text)
        let operations = try Self.chosen(choice, of: document)
        var draft = ManifestDraft(document, choice: choice, catalogue: catalogue)
        for operation in operations { draft.add(operation) }
        let result = draft.finished()
        manifest = result.text
        notes = result.notes
    }

    private static func chosen(
        _ choice: Choice,
        of document: OpenAPIDocument
    ) throws(GerbangError) -> [OpenAPIDocument.Operation] {
        let all = document.operations.filter { !["options", "head", "trace"].contains($0.method) }
        guard !all.isEmpty else { throw GerbangError(.malformedRequest, "the document has no operation") }
        let names = choice.operations + choice.keys.keys + choice.services.keys
        for name in names where !all.contains(where: { $0.isCalled(name) }) {
            let known = all.map { $0.operationID ?? "\($0.method.uppercased()) \($0.path)" }.joined(separator: ", ")
            throw GerbangError(.malformedRequest, "there is no operation '\(name)'; the document has \(known)")
        }
        guard !choice.operations.isEmpty else { return all }
        return all.filter { operation in choice.operations.contains { operation.isCalled($0) } }
    }
}

extension OpenAPIDocument.Operation {
    /// Whether somebody means this operation by `name`.
    func isCalled(_ name: String) -> Bool {
        name == operationID || name == self.name || name.lowercased() == "\(method) \(path)".lowercased()
    }
}

/// The manifest while it is made.
private struct ManifestDraft {
    let document: OpenAPIDocument
    let choice: OpenAPIImport.Choice
    let catalogue: ServiceCatalogue
    private let adapter: AdapterID
    private var operations = JSONObject()
    private var settings = JSONObject()
    private var requiredSettings: [String] = []
    private var authentication: [JSONValue]?
    private var fixtures: [JSONValue] = []
    private var services: [JSONValue] = []
    private var deviations: [JSONValue] = []
    private var notes: [ImportNote] = []
    private var comments: [JSONPointer: String] = [:]

    init(_ document: OpenAPIDocument, choice: OpenAPIImport.Choice, catalogue: ServiceCatalogue) {
        self.document = document
        self.choice = choice
        self.catalogue = catalogue
        adapter =
            choice.adapter ?? AdapterID(checked: String(OpenAPIDocument.Operation.slug(document.title).prefix(40)))
    }

    mutating func add(_ operation: OpenAPIDocument.Operation) {
        let name = unusedName(String(operation.name.prefix(48)))
        let place = JSONPointer(tokens: ["operations", name])
        let access = OpenAPIAuthentication(document, for: operation)
        merge(access, operation)
        let told = choice.keys.first { operation.isCalled($0.key) }?.value
        let chosen = choice.services.first { operation.isCalled($0.key) }?.value
        let service = chosen ?? ServiceID(checked: "\(adapter).\(name)")
        let known = catalogue[service]
        let request = OpenAPIRequest(
            document,
            operation,
            key: told,
            secretQuery: access.query,
            checksInput: known != nil
        )
        notes += request.notes
        let key = told ?? request.keyHeader
        let effect = operation.method == "get" ? "query" : key == nil ? "nonIdempotent" : "idempotent"
        var item: JSONObject = ["provides": .string(service.text)]
        if chosen == nil {
            comments[place.appending("provides")] =
                "Described in 'services'. If it is one of the catalogue ('gerbang services'), name that one (--service)."
        }
        if let title = operation.value["summary"]?.stringValue {
            item["title"] = ["id": .string(title), "en": .string(title)]
        }
        item["effect"] = .string(effect)
        if let key { item["idempotencyKey"] = .string(key) }
        if effect == "nonIdempotent" {
            comments[place.appending("effect")] = """
                \(operation.method.uppercased()): a second call may act a second time. Declare an 'inquiry' that finds out what became of a
                call, or 'idempotent' with the element by which the agency recognises a repetition (--key).
                """
            notes.append(
                ImportNote(
                    place: operation.pointer.description,
                    reason: "taken for nonIdempotent, without an inquiry: a doubt waits for an operator; declare one"
                )
            )
        }
        item["timeouts"] = ["connect": "5s", "firstByte": "20s", "total": "30s"]
        item["request"] = .object(request.request)
        let answers = OpenAPIAnswers(
            document,
            operation,
            effect: effect,
            output: known?.output
        )
        notes += answers.notes
        item["response"] = .object(answers.response)
        operations[name] = .object(item)
        if known == nil {
            let described = OpenAPIService(
                id: service,
                operation: operation,
                input: request.input,
                output: answers.described.schema
            )
            services.append(described.json)
        }
        let (input, isFitting) = SchemaSample.fitting(request.input, example: nil) { SchemaSample.value(for: $0) }
        if !isFitting {
            let reason = "no input could be made that fits the schema; give the fixtures one by hand"
            comments[JSONPointer.root.appending("fixtures").appending(fixtures.count)] = "Of this operation, \(reason)."
            notes.append(ImportNote(place: operation.pointer.description, reason: reason))
        }
        let differences = OpenAPIDeviations(
            operation,
            called: name,
            request,
            answers,
            input: input,
            hasSecretQuery: !access.query.isEmpty
        )
        deviations += differences.items
        notes += differences.notes
        for example in answers.examples {
            var fixture: JSONObject = ["name": .string("\(name): \(example.name)"), "operation": .string(name)]
            fixture["input"] = input
            fixture["answer"] = example.answer
            fixture["verdict"] = .string(example.verdict)
            fixture["error"] = example.error.map { .string($0) }
            fixtures.append(.object(fixture))
        }
    }

    private func unusedName(_ name: String) -> String {
        var candidate = name
        var number = 2
        while operations[candidate] != nil {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }

    private mutating func merge(_ access: OpenAPIAuthentication, _ operation: OpenAPIDocument.Operation) {
        notes += access.notes
        for (name, setting) in access.settings { settings[name] = setting }
        for name in access.requiredSettings where !requiredSettings.contains(name) { requiredSettings.append(name) }
        guard let schemes = authentication else { return authentication = access.schemes }
        guard schemes != access.schemes else { return }
        if schemes.isEmpty {
            authentication = access.schemes
        } else if !access.schemes.isEmpty {
            notes.append(
                ImportNote(
                    place: operation.pointer.appending("security").description,
                    reason: "other operations prove who asks in another way; a manifest has one for all of them"
                )
            )
        }
    }

    mutating func finished() -> (text: String, notes: [ImportNote]) {
        var root: JSONObject = ["manifest": 1, "id": .string(adapter.text), "version": "0.1.0"]
        root["agency"] = ["id": .string(document.title), "en": .string(document.title)]
        root["support"] = "experimental"
        if let server = document.server {
            comments[JSONPointer(tokens: ["agency"])] =
                "A connection's baseURL: \(server.split(separator: "\n").joined())"
        }
        if !settings.isEmpty {
            var schema = JSONObject()
            if !requiredSettings.isEmpty { schema["required"] = .array(requiredSettings.map { .string($0) }) }
            schema["properties"] = .object(settings)
            root["settings"] = .object(schema)
        }
        if let authentication, !authentication.isEmpty { root["authentication"] = .array(authentication) }
        if !services.isEmpty {
            root["services"] = .array(services)
            comments[JSONPointer(tokens: ["services"])] = """
                What can be asked for, in the form of the service catalogue, made from the document. Give the services names, texts and
                a legal basis. What an answer holds beyond its schema is left out; one that breaks it is unreadable.
                """
        }
        root["operations"] = .object(operations)
        var values = JSONObject()
        for name in requiredSettings { values[name] = .string("contoh-\(OpenAPIDocument.Operation.slug(name))") }
        if !values.isEmpty {
            root["fixtureSettings"] = .object(values)
            comments[JSONPointer(tokens: ["fixtureSettings"])] =
                "Invented values for tests. A connection has the real ones, which stand in no document."
        }
        root["fixtures"] = .array(fixtures)
        if !deviations.isEmpty {
            root["deviations"] = .array(deviations)
            comments[JSONPointer(tokens: ["deviations"])] =
                "What the interface makes unavoidable. Whoever approves the adapter reads the reasons: look them over."
        }
        let text = YAMLText.write(.object(root), comments: comments)
        check(text)
        var seen: Set<ImportNote> = []
        return (text, notes.filter { seen.insert($0).inserted })
    }

    /// What is written has been read back and run; whatever is then wrong is said and not hidden.
    private mutating func check(_ text: String) {
        do throws(ManifestError) {
            let manifest = try Manifest.parse(text, file: "adapter.yaml", catalogue: catalogue)
            notes += manifest.warnings.map { warning in
                ImportNote(
                    place: "adapter.yaml:\(warning.line ?? 1)",
                    reason: "look at it: \(warning.field): \(warning.message)"
                )
            }
            for result in manifest.runFixtures(catalogue: catalogue) where !result.isPassed {
                let differences = result.differences.joined(separator: "; ")
                notes.append(
                    ImportNote(place: "fixture '\(result.name)'", reason: "differs, mend it by hand: \(differences)")
                )
            }
        } catch {
            notes += error.issues.map { issue in
                ImportNote(
                    place: "adapter.yaml:\(issue.line ?? 1)",
                    reason: "mend it by hand: \(issue.field): \(issue.message)"
                )
            }
        }
    }
}
