internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON

/// Reads how an answer is judged.
struct ResponseReader {
    let compilation: Compilation
    /// The part that all operations share.
    let shared: JSONObject
    let ruleLists: JSONObject
    let tables: JSONObject
    /// Whether the operation settles doubts of another.
    let isInquiry: Bool
    /// The contract of the operation, if it has one.
    let contract: Contract?

    private static let sharedPointer = JSONPointer.root.appending("response")

    /// Reads a response; `own` stands at `pointer`.
    func read(_ own: JSONObject, at pointer: JSONPointer, in base: ExpressionScope) -> ResponsePlan {
        var scope = base.adding(CallVariable.ofAnswer)
        for (object, place) in [(shared, Self.sharedPointer), (own, pointer)] {
            if let values = object["let"] { compilation.lets(values, at: place.appending("let"), in: &scope) }
            if place == Self.sharedPointer { scope.endShared() }
        }
        // The keys for decoding are needed before there is a decoded answer.
        let more = own["values"].map { (value: $0, pointer: pointer.appending("values")) }
        let decode = part("decode", own, at: pointer).map {
            DecodePlan(steps: steps($0.value, at: $0.pointer, in: scope, more))
        }
        if let more, decode?.hasXML != true {
            compilation.report("belongs to answers that are decoded by xml or soap", at: more.pointer)
        }
        for expression in decode?.expressions ?? [] where expression.readsBody {
            compilation.report("reads 'body', which there is not before decoding", at: pointer)
        }
        let decodePlan = decode ?? DecodePlan(steps: contract.map { [.contract($0)] } ?? [.json])
        func reader(_ purpose: DecisionReader.Purpose) -> DecisionReader {
            DecisionReader(
                compilation: compilation,
                scope: scope,
                purpose: purpose,
                ruleLists: ruleLists,
                tables: tables
            )
        }
        var verdict: [Rule<DecisionPlan>] = []
        var finding: [Rule<DecisionPlan>] = []
        if let rules = part("verdict", own, at: pointer) {
            verdict = reader(.verdict).rules(rules.value, at: rules.pointer)
        } else if !isInquiry {
            compilation.report("needs 'verdict': the rules that judge an answer", at: pointer)
        }
        if let rules = part("finding", own, at: pointer) {
            finding = reader(.finding).rules(rules.value, at: rules.pointer)
        } else if isInquiry {
            compilation.report(
                "settles doubts of another operation, so it needs 'finding': rules that say done, pending, rejected,"
                    + " notDone or unclear",
                at: pointer
            )
        }
        checkReachable(verdict)
        let expressions = decodePlan.expressions + (verdict + finding).flatMap(\.expressions)
        return ResponsePlan(
            decode: decodePlan,
            values: ValuePlan(expressions, in: scope.adding(DecodePlan.variables)),
            verdict: verdict,
            finding: finding
        )
    }

    private func part(_ key: String, _ own: JSONObject, at pointer: JSONPointer) -> (
        value: JSONValue, pointer: JSONPointer
    )? {
        if let value = own[key] { return (value, pointer.appending(key)) }
        return shared[key].map { ($0, Self.sharedPointer.appending(key)) }
    }

    /// A rule without a condition ends the list.
    private func checkReachable(_ rules: [Rule<DecisionPlan>]) {
        for (rule, next) in zip(rules, rules.dropFirst()) {
            guard rule.condition == nil, !rule.readsBody, case .decide = rule.action else { continue }
            let pointer = JSONPointer(tokens: next.field.split(separator: ".").map { String($0) })
            compilation.report("is never reached: the rule before it always applies", at: pointer)
        }
    }

    // MARK: Decoding

    private static let plainSteps: [(String, DecodePlan.Step)] = [
        ("json", .json), ("form", .form), ("text", .text), ("binary", .binary), ("multipart", .multipart),
        ("base64", .base64), ("hex", .hex), ("lzString", .lzString),
        ("gzip", .inflate(.gzip)), ("deflate", .inflate(.deflate)),
    ]

    private static let steps =
        (plainSteps.map(\.0) + ["contract", "{xml: …}", "{soap: …}", "{names: …}", "{aesCBC: …}", "{at: …}"])
        .joined(separator: ", ")

    /// Values that an operation picks beside those that all operations pick, and where they stand.
    private typealias MoreValues = (value: JSONValue, pointer: JSONPointer)

    private func steps(
        _ value: JSONValue,
        at pointer: JSONPointer,
        in scope: ExpressionScope,
        _ more: MoreValues? = nil
    ) -> [DecodePlan.Step] {
        if value.stringValue != nil { return step(value, at: pointer, in: scope, more).map { [$0] } ?? [] }
        guard let items = value.arrayValue else {
            compilation.report("must be a list of steps: \(Self.steps)", at: pointer)
            return []
        }
        return items.enumerated().compactMap { step($0.element, at: pointer.appending($0.offset), in: scope, more) }
    }

    private func step(
        _ value: JSONValue,
        at pointer: JSONPointer,
        in scope: ExpressionScope,
        _ more: MoreValues?
    ) -> DecodePlan.Step? {
        if let name = value.stringValue {
            if let step = Self.plainSteps.first(where: { $0.0 == name })?.1 { return step }
            if name == "contract" {
                if let contract { return .contract(contract) }
                compilation.reportMissingContract(at: pointer)
                return nil
            }
            compilation.report("is not a step; there are: \(Self.steps)", at: pointer)
            return nil
        }
        return compilation.read(value, at: pointer) { reader in
            switch value.objectValue?.keys.first(where: { ["xml", "soap", "names", "aesCBC", "at"].contains($0) }) {
            case "xml": return reader.object("xml") { pick(&$0, isSOAP: false, more) }.map { .xml($0) }
            case "soap": return reader.object("soap") { pick(&$0, isSOAP: true, more) }.map { .xml($0) }
            case "names":
                return reader.choice("names", [("upper", .names(.upper)), ("lower", .names(.lower))], default: nil)
            case "aesCBC":
                return reader.object("aesCBC") { reader in
                    let key = self.expression("key", &reader, in: scope)
                    let iv = self.expression("iv", &reader, in: scope)
                    guard let key, let iv else { return nil }
                    return .aesCBC(key: key, iv: iv)
                }
            case "at":
                let place = reader.value("at", ManifestReader.pointer)
                var condition: Expression?
                let inner = scope.adding(DecodePlan.variables)
                if let source = reader.optionalJSON("when") {
                    condition = compilation.condition(source, at: pointer.appending("when"), in: inner)
                }
                let steps = reader.json("steps").map { self.steps($0, at: pointer.appending("steps"), in: scope) }
                guard let place, let steps, let value = inner.environment.place(of: "value") else { return nil }
                return .at(place, condition: condition, place: value, steps)
            default:
                reader.report("is not a step; there are: \(Self.steps)")
                return nil
            }
        }
    }

    private func expression(_ key: String, _ reader: inout SettingsReader, in scope: ExpressionScope) -> Expression? {
        let place = reader.pointer.appending(key)
        return reader.json(key).flatMap { compilation.source($0, at: place) }
            .flatMap { compilation.expression($0, at: place, in: scope) }
    }

    // MARK: XML

    private func pick(_ reader: inout SettingsReader, isSOAP: Bool, _ more: MoreValues?) -> XMLPick? {
        let place = reader.pointer
        var namespaces: [String: String] = [:]
        if let object = reader.optionalJSON("namespaces")?.objectValue {
            for (prefix, uri) in object {
                guard let uri = uri.stringValue else {
                    compilation.report(
                        "must be a namespace's name",
                        at: place.appending("namespaces").appending(prefix)
                    )
                    continue
                }
                namespaces[prefix] = uri
            }
        }
        guard let values = reader.json("values").map({ picks($0, at: place.appending("values"), namespaces) }) else {
            return nil
        }
        let others = more.map { picks($0.value, at: $0.pointer, namespaces) } ?? []
        return XMLPick(values: values + others, isSOAP: isSOAP)
    }

    private func picks(
        _ value: JSONValue,
        at pointer: JSONPointer,
        _ namespaces: [String: String]
    ) -> [(name: String, value: XMLPick.Value)] {
        guard let object = value.objectValue else {
            compilation.report("must be names with their XPaths", at: pointer)
            return []
        }
        return object.compactMap { name, value in
            pick(value, at: pointer.appending(name), namespaces).map { (name, $0) }
        }
    }

    private func pick(_ value: JSONValue, at pointer: JSONPointer, _ namespaces: [String: String]) -> XMLPick.Value? {
        if let text = value.stringValue { return compilation.path(text, at: pointer, namespaces).map { .text($0) } }
        return compilation.read(value, at: pointer) { reader in
            let kinds = ["texts", "exists", "name", "one", "each"]
            guard let kind = kinds.first(where: { reader.has($0) }), let text = reader.string(kind) else {
                reader.report("must be an XPath, or an object with one of: \(kinds.joined(separator: ", "))")
                return nil
            }
            guard let path = compilation.path(text, at: pointer.appending(kind), namespaces) else { return nil }
            switch kind {
            case "texts": return .texts(path)
            case "exists": return .exists(path)
            case "name": return .name(path)
            default:
                guard let values = reader.json("values") else { return nil }
                let inner = picks(values, at: pointer.appending("values"), namespaces)
                return kind == "one" ? .one(path, inner) : .each(path, inner)
            }
        }
    }
}
