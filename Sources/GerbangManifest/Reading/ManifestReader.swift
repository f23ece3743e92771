internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import GerbangYAML

/// Constants of manifests as values of expressions.
enum CELConstant {
    static func value(_ json: JSONValue) -> CELValue { CELValue(json) }
}

/// Reads a manifest, and collects everything that is wrong with it.
struct ManifestReader {
    /// The largest manifest, in bytes.
    static let maximumBytes = 4 << 20

    private let compilation: Compilation
    private let root: JSONObject
    private let catalogue: ServiceCatalogue?

    static func read(
        _ text: String,
        file: String,
        files: ManifestFiles,
        catalogue: ServiceCatalogue?
    ) throws(ManifestError) -> Manifest {
        guard text.utf8.count <= maximumBytes else {
            throw ManifestError(issues: [ManifestIssue(file: file, message: "is larger than \(maximumBytes) bytes")])
        }
        let document: YAMLDocument
        do throws(YAMLDocument.Malformed) {
            document = try YAMLDocument(text)
        } catch {
            let hint = error.message.contains("mapping values") ? "; a text with ': ' in it needs quotes" : ""
            let issue = ManifestIssue(file: file, line: error.line, column: error.column, message: error.message + hint)
            throw ManifestError(issues: [issue])
        }
        let compilation = Compilation(document: document, file: file, files: files)
        guard let root = document.value.objectValue else {
            throw ManifestError(issues: [ManifestIssue(file: file, line: 1, column: 1, message: "is not a manifest")])
        }
        compilation.notesInput = catalogue != nil || root["services"] != nil
        if let packed = root["files"], !packed.isNull {
            // What it brings along is what it was tested with, whatever lies beside it.
            compilation.files = ManifestFiles(
                PackedFiles.read(packed) { message, pointer in compilation.report(message, at: pointer) }
            )
        }
        let reader = ManifestReader(compilation: compilation, root: root, catalogue: catalogue)
        let manifest = compilation.read(document.value, at: .root) { reader.manifest(&$0) }
        let issues = sorted(compilation.issues)
        guard let manifest, !issues.contains(where: { $0.severity == .error }) else {
            throw ManifestError(issues: issues)
        }
        return manifest(issues)
    }

    /// The issues by their places, each once: what operations share is read for each of them.
    private static func sorted(_ issues: [ManifestIssue]) -> [ManifestIssue] {
        var seen: Set<ManifestIssue> = []
        return issues.filter { seen.insert($0).inserted }
            .sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) }
    }

    /// Reads a pointer into the input or an answer.
    static func pointer(_ text: String) throws(GerbangError) -> JSONPointer {
        guard let pointer = JSONPointer(text) else {
            throw GerbangError(.invalidConfiguration, "must be a JSON pointer such as /nik")
        }
        return pointer
    }

    // MARK: The whole

    private func manifest(_ reader: inout SettingsReader) -> (([ManifestIssue]) -> Manifest)? {
        if reader.int("manifest", in: 1...1, default: 0) == 0, !reader.has("manifest") {
            reader.report("is required: the version of this format, 1", at: "manifest")
        }
        let id = reader.value("id") { text throws(GerbangError) in try AdapterID(text) }
        let version = reader.semanticVersion("version")
        let agency = reader.localizedText("agency")
        let summary = reader.optionalLocalizedText("summary")
        let support = reader.choice(
            "support",
            Manifest.Support.allCases.map { ($0.rawValue, $0) },
            default: .experimental
        )
        let contact = reader.optionalString("contact")
        let settings = SettingsPlan(reader.optionalJSON("settings"), at: place("settings"), compilation)
        let tables = self.tables(&reader)
        let services = ServiceReader(compilation: compilation).read(&reader)
        for key in ["codes", "rules", "request", "response"] {
            if let value = reader.optionalJSON(key), value.objectValue == nil {
                reader.report("must be an object with named fields", at: key)
            }
        }
        _ = reader.object("wsdl", ContractReader.check)
        _ = reader.optionalJSON("files")
        checkSharedResponse()
        let constants = ExpressionScope(
            settings.variables.merging(tables.map { ("tables.\($0.key)", .dyn) }) { first, _ in first }
        )
        let authentication = reader.optionalJSON("authentication").flatMap { self.authentication($0, constants) }
        let defaults = Constants(settings.defaults, in: constants)
        let operations = self.operations(&reader, constants, defaults)
        let fixtureSettings = reader.optionalJSON("fixtureSettings")?.objectValue ?? [:]
        let fixtures = FixtureReader(
            compilation: compilation,
            contracts: Dictionary(
                operations.compactMap { operation in
                    operation.contract.map { (operation.plan.descriptor.id, $0) }
                }
            ) { first, _ in first }
        ).read(&reader)
        let deviations = reader.list("deviations") { Manifest.Deviation(&$0) }
        guard let id, let version, let agency, !operations.isEmpty else { return nil }
        let descriptor = AdapterDescriptor(
            id: id,
            version: version,
            agency: agency,
            operations: operations.map(\.plan.descriptor)
        )
        let hasErrors = compilation.issues.contains { $0.severity == .error }
        if !hasErrors, reader.issues.isEmpty {
            check(descriptor, fixtures)
            let isComplete = catalogue != nil && !deviations.contains { $0.check == "descriptor.services" }
            check(descriptor, operations, fixtures, services, isComplete: isComplete)
        }
        return { issues in
            Manifest(
                descriptor: descriptor,
                summary: summary,
                support: support,
                contact: contact,
                settings: settings.json,
                warnings: issues,
                fixtureSettings: fixtureSettings,
                fixtures: fixtures,
                deviations: deviations,
                settingsPlan: settings,
                constantScope: constants,
                operations: operations.map(\.plan),
                details: Dictionary(uniqueKeysWithValues: operations.map { ($0.plan.descriptor.id, $0.details) }),
                tables: tables,
                services: services,
                files: root["files"] == nil ? compilation.filesRead : [],
                authentication: authentication,
                proofs: Manifest.proofs(in: root["authentication"]),
                hosts: Manifest.hosts(
                    in: .array([root["authentication"] ?? .null] + settings.properties.compactMap(\.fallback))
                ),
                conclusiveAfter: Dictionary(
                    uniqueKeysWithValues: operations.compactMap { operation in
                        operation.conclusiveAfter.map { (operation.plan.descriptor.id, $0) }
                    }
                )
            )
        }
    }

    private func place(_ key: String) -> JSONPointer { JSONPointer.root.appending(key) }

    private func check(_ descriptor: AdapterDescriptor, _ fixtures: [Fixture]) {
        do throws(GerbangError) {
            try descriptor.validate()
        } catch {
            compilation.report(error.message, at: place("operations"))
        }
        for operation in descriptor.operations where !fixtures.contains(where: { $0.operation == operation.id }) {
            compilation.report(
                "has no fixture: an example with its verdict is its test",
                at: place("operations").appending(operation.id.text),
                severity: .warning
            )
        }
        for (index, fixture) in fixtures.enumerated() where descriptor.operation(fixture.operation) == nil {
            compilation.report(
                "is not an operation of this adapter",
                at: place("fixtures").appending(index).appending("operation")
            )
        }
    }

    /// Holds the manifest against the services that it provides.
    private func check(
        _ descriptor: AdapterDescriptor,
        _ operations: [Operation],
        _ fixtures: [Fixture],
        _ services: [Service],
        isComplete: Bool
    ) {
        let known = Dictionary(((catalogue?.all ?? []) + services).map { ($0.id, $0) }) { _, own in own }
        let check = ServiceCheck(
            compilation: compilation,
            descriptor: descriptor,
            services: known,
            isComplete: isComplete
        )
        check.checkServices()
        check.check(compilation.inputUses)
        for operation in operations {
            check.check(sensitive: operation.details.sensitive, of: operation.plan.descriptor.id)
        }
        check.check(fixtures, asWritten: root["fixtures"]?.arrayValue ?? [])
        check.checkInquiries()
    }

    private func tables(_ reader: inout SettingsReader) -> [String: JSONValue] {
        guard let value = reader.optionalJSON("tables"), !value.isNull else { return [:] }
        guard let object = value.objectValue else {
            reader.report("must be names with their data", at: "tables")
            return [:]
        }
        for name in object.keys where !SettingsPlan.isName(name) {
            compilation.report("must be a name of letters, digits and '_'", at: place("tables").appending(name))
        }
        return Dictionary(object.map { ($0.key, $0.value) }) { first, _ in first }
    }

    private static let schemes = ["apiKey", "basic", "bearer", "oauth2", "hmac", "rsa", "wsSecurity"]

    /// The list of schemes, in the form of a connection's `authentication`; the configuration reads the rest of it.
    private func authentication(_ value: JSONValue, _ scope: ExpressionScope) -> Template? {
        guard let items = value.arrayValue else {
            compilation.report("must be a list of schemes", at: place("authentication"))
            return nil
        }
        for (index, item) in items.enumerated() {
            let keys = item.objectValue?.keys ?? []
            guard keys.count != 1 || !Self.schemes.contains(keys[0]) else { continue }
            compilation.report(
                "must name one scheme: \(Self.schemes.joined(separator: ", "))",
                at: place("authentication").appending(index)
            )
        }
        return compilation.template(value, at: place("authentication"), in: scope)
    }

    private func checkSharedResponse() {
        guard let shared = root["response"]?.objectValue else { return }
        for key in shared.keys where !Self.responseKeys.contains(key) {
            compilation.report(
                "unknown field; allowed are: \(Self.responseKeys.joined(separator: ", "))",
                at: place("response").appending(key)
            )
        }
    }

    fileprivate static let responseKeys = ["decode", "values", "let", "verdict", "finding"]

    // MARK: Operations

    private struct Operation {
        var plan: OperationPlan
        var details: OperationDetails
        var conclusiveAfter: Template?
        var contract: Contract?
    }

    private func operations(
        _ reader: inout SettingsReader,
        _ constants: ExpressionScope,
        _ defaults: Constants
    ) -> [Operation] {
        guard let value = reader.json("operations") else { return [] }
        guard let object = value.objectValue, !object.isEmpty else {
            reader.report("must be operations by their names", at: "operations")
            return []
        }
        let inquiries = Set(object.compactMap { $0.value["inquiry"]?["operation"]?.stringValue })
        // Whoever is called otherwise than an inquiry says may be the one that is meant.
        let hasStrayInquiry = inquiries.contains { object[$0] == nil }
        func isInquiry(_ name: String, _ value: JSONValue) -> Bool {
            inquiries.contains(name)
                || hasStrayInquiry && value["provides"] == nil && value["response"]?["finding"] != nil
        }
        defer { compilation.operation = nil }
        return object.compactMap { name, value in
            compilation.operation = name
            return compilation.read(value, at: place("operations").appending(name)) { reader in
                operation(name, &reader, constants, defaults, isInquiry: isInquiry(name, value))
            }
        }
    }

    private func operation(
        _ name: String,
        _ reader: inout SettingsReader,
        _ constants: ExpressionScope,
        _ defaults: Constants,
        isInquiry: Bool
    ) -> Operation? {
        let pointer = reader.pointer
        let before = compilation.errorCount
        var id: OperationID?
        do throws(GerbangError) { id = try OperationID(name) } catch { reader.report(error.message) }
        let service = reader.optionalValue("provides") { text throws(GerbangError) in try ServiceID(text) }
        let effect = self.effect(&reader)
        let (inquiry, conclusiveAfter) = self.inquiry(&reader, constants, defaults)
        let timeouts = reader.object("timeouts") { reader in
            let standard = CallTimeouts()
            return CallTimeouts(
                connect: reader.duration("connect", default: standard.connect),
                firstByte: reader.duration("firstByte", default: standard.firstByte),
                total: reader.duration("total", default: standard.total)
            )
        }
        let maximumAttempts = reader.int("maximumAttempts", in: 1...1000, default: 15)
        let scope = constants.adding(CallVariable.ofCall)
        let contract = ContractReader(compilation: compilation, shared: root["wsdl"]?.objectValue ?? [:]).read(&reader)
        let details = self.details(&reader, scope)
        let requestReader = RequestReader(
            compilation: compilation,
            shared: root["request"].flatMap { $0.objectValue == nil ? nil : $0 },
            sharedPointer: place("request"),
            contract: contract
        )
        var request = reader.object("request") { requestReader.read(&$0, in: scope) }
        if contract != nil, !reader.has("request") {
            var empty = SettingsReader([:], at: pointer.appending("request"))
            request = requestReader.read(&empty, in: scope)
        }
        if request == nil, !reader.has("request"), !reader.has("wsdl") {
            reader.report("is required: how the message is made", at: "request")
        }
        let response = self.response(&reader, in: scope, isInquiry: isInquiry, contract)
        // An expression that could not be read may be the one that carries the key.
        if let request, let effect, compilation.errorCount == before { checkKey(effect, request, at: pointer) }
        guard let id, let effect, let request, let response else { return nil }
        let descriptor = OperationDescriptor(
            id: id,
            service: service,
            effect: effect,
            inquiry: inquiry,
            timeouts: timeouts ?? CallTimeouts(),
            maximumAttempts: maximumAttempts
        )
        return Operation(
            plan: OperationPlan(descriptor: descriptor, request: request, response: response, contract: contract),
            details: details,
            conclusiveAfter: conclusiveAfter,
            contract: contract
        )
    }

    private func response(
        _ reader: inout SettingsReader,
        in scope: ExpressionScope,
        isInquiry: Bool,
        _ contract: Contract?
    ) -> ResponsePlan? {
        let pointer = reader.pointer.appending("response")
        let own = reader.optionalJSON("response")
        let shared = root["response"]?.objectValue
        guard own != nil || shared?["verdict"] != nil else {
            reader.report("is required: how the answer is judged", at: "response")
            return nil
        }
        if let own, own.objectValue == nil {
            reader.report("must be an object with named fields", at: "response")
            return nil
        }
        for key in own?.objectValue?.keys ?? [] where !Self.responseKeys.contains(key) {
            compilation.report(
                "unknown field; allowed are: \(Self.responseKeys.joined(separator: ", "))",
                at: pointer.appending(key)
            )
        }
        let responseReader = ResponseReader(
            compilation: compilation,
            shared: shared ?? [:],
            ruleLists: root["rules"]?.objectValue ?? [:],
            tables: root["codes"]?.objectValue ?? [:],
            isInquiry: isInquiry,
            contract: contract
        )
        return responseReader.read(own?.objectValue ?? [:], at: pointer, in: scope)
    }

    private func effect(_ reader: inout SettingsReader) -> Effect? {
        let key = reader.optionalString("idempotencyKey")
        guard let word = reader.string("effect") else { return nil }
        if word != "idempotent", key != nil {
            reader.report("belongs to an effect that is idempotent", at: "idempotencyKey")
        }
        switch word {
        case "query": return .query
        case "nonIdempotent": return .nonIdempotent
        case "idempotent":
            guard let key else {
                reader.report(
                    "must have 'idempotencyKey' beside it: the element of the message by which the agency recognises a"
                        + " repetition",
                    at: "effect"
                )
                return nil
            }
            return .idempotent(key: key)
        default:
            reader.report("must be query, idempotent or nonIdempotent", at: "effect")
            return nil
        }
    }

    /// What the agency shall recognise a repetition by must be in the message.
    private func checkKey(_ effect: Effect, _ request: RequestPlan, at pointer: JSONPointer) {
        guard case .idempotent = effect else { return }
        if !request.values.reads([.key, .id], in: request.sent) {
            compilation.report(
                "is idempotent, but nothing in its message carries request.key, the same for every attempt",
                at: pointer.appending("effect")
            )
        }
    }

    private func inquiry(
        _ reader: inout SettingsReader,
        _ constants: ExpressionScope,
        _ defaults: Constants
    ) -> (Inquiry?, Template?) {
        var template: Template?
        let inquiry = reader.object("inquiry") { reader -> Inquiry? in
            let operation = reader.value("operation") { text throws(GerbangError) in try OperationID(text) }
            if let operation { checkInquiry(operation, &reader) }
            var delay = Duration.seconds(60)
            if let value = reader.optionalJSON("conclusiveAfter") {
                let pointer = reader.pointer.appending("conclusiveAfter")
                let before = compilation.errorCount
                let compiled = compilation.template(value, at: pointer, in: constants)
                template = compiled
                var evaluation = defaults.evaluation
                do throws(EvaluationFailure) {
                    delay = try WaitPlan.duration(compiled, &evaluation)
                } catch {
                    if compiled.expressions.isEmpty, compilation.errorCount == before {
                        reader.report("must be a duration such as 60s, or ${ a setting }", at: "conclusiveAfter")
                    }
                }
            }
            return operation.map { Inquiry(operation: $0, conclusiveAfter: delay) }
        }
        return (inquiry, template)
    }

    /// Whoever settles a doubt must be there, and change nothing.
    private func checkInquiry(_ operation: OperationID, _ reader: inout SettingsReader) {
        let operations = root["operations"]?.objectValue ?? [:]
        guard operations[operation.text]?["effect"] != "query" else { return }
        let queries = operations.filter { $0.value["effect"] == "query" }.map(\.key)
        let choice = queries.isEmpty ? "there is none yet" : "there are: \(queries.joined(separator: ", "))"
        reader.report("must be the name of an operation whose effect is query; \(choice)", at: "operation")
    }

    private func details(_ reader: inout SettingsReader, _ scope: ExpressionScope) -> OperationDetails {
        var details = OperationDetails()
        details.title = reader.optionalLocalizedText("title")
        details.sensitive = reader.texts("sensitive", Self.pointer) ?? []
        if let source = reader.optionalString("orderingKey") {
            let pointer = reader.pointer.appending("orderingKey")
            if let key = compilation.expression(source, at: pointer, in: scope, expecting: .dyn) {
                details.orderingKey = OrderingKeyPlan(expression: key, values: ValuePlan([key], in: scope))
                if key.isPrivate { compilation.report("must not be made of a secret", at: pointer) }
            }
        }
        _ = reader.object("limits") { reader -> Bool? in
            details.concurrency = reader.has("concurrency") ? reader.int("concurrency", in: 1...4096, default: 1) : nil
            details.callsPerSecond = reader.optionalDouble("callsPerSecond", atLeast: 0.001)
            details.callsPerDay =
                reader.has("callsPerDay") ? reader.int("callsPerDay", in: 1...1_000_000_000, default: 1) : nil
            _ = (reader.optionalJSON("concurrency"), reader.optionalJSON("callsPerDay"))
            return true
        }
        return details
    }
}
