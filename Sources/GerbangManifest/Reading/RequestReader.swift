internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import GerbangSchema
internal import GerbangXML
internal import HTTPTypes

/// Reads how a message is made.
struct RequestReader {
    let compilation: Compilation
    /// The message's part that all operations share.
    let shared: JSONValue?
    let sharedPointer: JSONPointer
    /// The contract of the operation, if it has one.
    let contract: Contract?

    /// Reads a request.
    func read(_ reader: inout SettingsReader, in scope: ExpressionScope) -> RequestPlan {
        var plan = RequestPlan(values: ValuePlan([], in: scope))
        if contract != nil { plan.method = .post }
        var scope = scope
        var sharedReader = shared.map { SettingsReader($0, at: sharedPointer) }
        if sharedReader != nil { readCommon(&sharedReader, into: &plan, &scope) }
        var own: SettingsReader? = reader
        readCommon(&own, into: &plan, &scope)
        if let own { reader = own }
        let place = reader.pointer
        if let path = reader.optionalString("path") {
            plan.path = segments(of: path, at: place.appending("path"), in: scope)
        } else if let contract {
            use(contract.address, in: &plan)
        }
        if let body = reader.optionalJSON("body"), !body.isNull {
            plan.body = BodyReader(compilation: compilation, scope: scope, contract: contract)
                .read(body, at: place.appending("body"))
        } else if let contract {
            // The input is the message's body.
            let body = compilation.template("${input}", at: place, in: scope)
            plan.body = .contract(ContractPlan(contract: contract, body: body, header: nil))
        }
        if let schema = reader.optionalJSON("input"), !schema.isNull {
            do throws(SchemaError) {
                plan.inputCheck = try InputCheck(schema)
            } catch {
                let pointer = place.appending("input").appending(contentsOf: error.pointer)
                compilation.report("is not a JSON Schema: \(error.message)", at: pointer)
            }
        }
        for (index, item) in (reader.optionalJSON("refuse")?.arrayValue ?? []).enumerated() {
            let place = place.appending("refuse").appending(index)
            if let refusal = refusal(item, at: place, in: scope) { plan.refusals.append(refusal) }
        }
        plan.values = ValuePlan(plan.expressions, in: scope)
        return plan
    }

    /// The parts that operations share or have for themselves; what comes later goes first.
    private func readCommon(
        _ optional: inout SettingsReader?,
        into plan: inout RequestPlan,
        _ scope: inout ExpressionScope
    ) {
        guard var reader = optional else { return }
        let place = reader.pointer
        if let values = reader.optionalJSON("let") {
            compilation.lets(values, at: place.appending("let"), in: &scope)
        }
        if let method = reader.optionalString("method") {
            if let method = HTTPRequest.Method(method), method.rawValue == method.rawValue.uppercased() {
                plan.method = method
            } else {
                reader.report("must be an HTTP method in capitals, such as GET or POST", at: "method")
            }
        }
        for (name, value) in members(&reader, "query") {
            let place = place.appending("query").appending(name)
            let pair = RequestPlan.Pair(
                name: compilation.text(name, at: place, in: scope),
                value: compilation.value(value, at: place, in: scope),
                field: "query.\(name)"
            )
            plan.query.append(pair)
        }
        for (name, value) in members(&reader, "headers") {
            let place = place.appending("headers").appending(name)
            guard let fieldName = HTTPField.Name(name) else {
                compilation.report("is not the name of a header field", at: place)
                continue
            }
            guard !Self.ownedByTransport.contains(fieldName.canonicalName) else {
                compilation.report("is written by the transport itself", at: place)
                continue
            }
            plan.headers.removeAll { $0.name == fieldName }
            plan.headers.append(
                RequestPlan.Pair(
                    name: fieldName,
                    value: compilation.value(value, at: place, in: scope),
                    field: "headers.\(name)"
                )
            )
        }
        if shared != nil, sharedPointer == reader.pointer {
            reader.reportUnknownKeys()
            compilation.take(reader.issues)
        }
        optional = reader
    }

    /// Takes path and query from the address of a contract's port.
    private func use(_ address: ContractAddress, in plan: inout RequestPlan) {
        plan.endsWithSlash = address.path.last == ""
        plan.path = address.path.filter { !$0.isEmpty }.map { segment in
            RequestPlan.Segment(template: .literal(.string(segment)), field: "the path")
        }
        plan.query =
            address.query.map { name, value in
                RequestPlan.Pair(
                    name: TextTemplate(parts: [.literal(name)], field: "query"),
                    value: .literal(.string(value)),
                    field: "query"
                )
            } + plan.query
    }

    private static let ownedByTransport: Set<String> = ["host", "content-length", "transfer-encoding", "connection"]

    private func members(_ reader: inout SettingsReader, _ key: String) -> JSONObject {
        guard let value = reader.optionalJSON(key), !value.isNull else { return [:] }
        guard let object = value.objectValue else {
            reader.report("must be names with their values", at: key)
            return [:]
        }
        return object
    }

    /// Splits a path at its slashes; slashes in values are encoded when the URL is built.
    private func segments(
        of path: String,
        at pointer: JSONPointer,
        in scope: ExpressionScope
    ) -> [RequestPlan.Segment] {
        guard path.hasPrefix("/") else {
            compilation.report("must begin with a slash; it follows the connection's base URL", at: pointer)
            return []
        }
        let before = compilation.errorCount
        let template = compilation.text(path, at: pointer, in: scope)
        guard compilation.errorCount == before else { return [] }
        var segments: [[TextPart]] = []
        for part in template.parts {
            guard case .literal(let text) = part else {
                if segments.isEmpty { segments.append([]) }
                segments[segments.count - 1].append(part)
                continue
            }
            for (index, piece) in text.split(separator: "/", omittingEmptySubsequences: false).enumerated() {
                if index > 0 { segments.append([]) }
                if !piece.isEmpty {
                    if segments.isEmpty { segments.append([]) }
                    segments[segments.count - 1].append(.literal(String(piece)))
                }
            }
        }
        // A slash at the very end, as in "/", names nothing.
        if segments.last?.isEmpty == true { segments.removeLast() }
        if segments.contains(where: \.isEmpty) {
            compilation.report("has an empty part between two slashes", at: pointer)
        }
        if path.hasBytes(of: "?"), template.literal != nil {
            compilation.report("has no place for a query; write 'query' beside it", at: pointer)
        }
        let hasSecret = template.expressions.contains(where: \.isPrivate)
        if hasSecret { compilation.report("would show a secret: paths are logged on their way", at: pointer) }
        return segments.map { parts in
            if parts.count == 1, case .expression(let expression) = parts[0] {
                return RequestPlan.Segment(template: .expression(expression), field: "the path")
            }
            if parts.count == 1, case .literal(let text) = parts[0] {
                return RequestPlan.Segment(template: .literal(.string(text)), field: "the path")
            }
            return RequestPlan.Segment(template: .text(parts), field: "the path")
        }
    }

    private func refusal(_ value: JSONValue, at pointer: JSONPointer, in scope: ExpressionScope) -> RequestPlan.Refusal?
    {
        compilation.read(value, at: pointer) { reader in
            let source = reader.json("when")
            let condition = compilation.condition(source, at: pointer.appending("when"), in: scope)
            let message = reader.string("message")
            let field = reader.optionalValue("field", ManifestReader.pointer)
            let texts = reader.optionalLocalizedText("texts")
            compilation.refuseExpressions(
                in: [value["message"], value["texts"]?["id"], value["texts"]?["en"]],
                at: pointer
            )
            guard let condition, let message else { return nil }
            return RequestPlan.Refusal(
                condition: condition,
                error: GerbangError(.invalidInput, message, field: field, texts: texts)
            )
        }
    }
}
