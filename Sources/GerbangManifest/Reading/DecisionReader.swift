internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON

/// Reads rules and the decisions in them.
struct DecisionReader {
    /// What rules decide.
    enum Purpose {
        case verdict, finding

        var kinds: [String] {
            switch self {
            case .verdict:
                [
                    "succeeded", "pending", "rejected", "invalid", "transient", "throttled", "unauthorized", "inDoubt",
                    "unreadable", "unexplained",
                ]
            case .finding: ["done", "pending", "rejected", "notDone", "unclear"]
            }
        }
    }

    let compilation: Compilation
    let scope: ExpressionScope
    let purpose: Purpose
    /// Named lists of rules and named tables of decisions, as they are written.
    let ruleLists: JSONObject
    let tables: JSONObject

    // MARK: Rules

    /// Reads a list of rules.
    func rules(_ value: JSONValue, at pointer: JSONPointer, depth: Int = 0) -> [Rule<DecisionPlan>] {
        guard let items = value.arrayValue else {
            compilation.report("must be a list of rules", at: pointer)
            return []
        }
        return items.enumerated().flatMap { rule($0.element, at: pointer.appending($0.offset), depth: depth) }
    }

    private func rule(_ value: JSONValue, at pointer: JSONPointer, depth: Int) -> [Rule<DecisionPlan>] {
        if let name = value["include"] { return include(name, value, at: pointer, depth: depth) }
        let rule = compilation.read(value, at: pointer) { reader -> Rule<DecisionPlan>? in
            var condition: Expression?
            if let source = reader.optionalJSON("when") {
                condition = compilation.condition(source, at: pointer.appending("when"), in: scope)
                if condition == nil { _ = decision(&reader) }
            }
            let action: Rule<DecisionPlan>.Action?
            if reader.has("lookup") { action = lookup(&reader) } else { action = decision(&reader).map { .decide($0) } }
            guard let action, condition != nil || !reader.has("when") else { return nil }
            return make(condition, action, field: pointer.tokens.joined(separator: "."))
        }
        return rule.map { [$0] } ?? []
    }

    private func make(_ condition: Expression?, _ action: Rule<DecisionPlan>.Action, field: String) -> Rule<
        DecisionPlan
    > {
        var expressions = condition.map { [$0] } ?? []
        switch action {
        case .decide(let decision): expressions += decision.expressions
        case .lookUp(let key, let table, let own):
            expressions += [key] + (own.map { [$0] } ?? []) + table.values.flatMap(\.expressions)
        }
        return Rule(
            condition: condition,
            action: action,
            readsBody: expressions.contains(where: \.readsBody),
            field: field,
            expressions: expressions
        )
    }

    private func include(
        _ name: JSONValue,
        _ value: JSONValue,
        at pointer: JSONPointer,
        depth: Int
    ) -> [Rule<DecisionPlan>] {
        guard value.objectValue?.count == 1, let name = name.stringValue, let list = ruleLists[name] else {
            compilation.report(
                "must be the name of a list in 'rules', alone; there are: \(ruleLists.keys.joined(separator: ", "))",
                at: pointer.appending("include")
            )
            return []
        }
        guard depth < 4 else {
            compilation.report("lists of rules include each other too deeply", at: pointer.appending("include"))
            return []
        }
        return rules(list, at: JSONPointer.root.appending("rules").appending(name), depth: depth + 1)
    }

    private func lookup(_ reader: inout SettingsReader) -> Rule<DecisionPlan>.Action? {
        let place = reader.pointer
        let key = reader.json("lookup").flatMap { compilation.source($0, at: place.appending("lookup")) }
            .flatMap { compilation.expression($0, at: place.appending("lookup"), in: scope) }
        var own: Expression?
        if let source = reader.optionalJSON("agencyCode") {
            own = compilation.source(source, at: place.appending("agencyCode"))
                .flatMap { compilation.expression($0, at: place.appending("agencyCode"), in: scope) }
        }
        guard let name = reader.string("in") else { return nil }
        guard let table = tables[name]?.objectValue else {
            let known = tables.keys.joined(separator: ", ")
            reader.report("must be the name of a table in 'codes'; there are: \(known)", at: "in")
            return nil
        }
        compilation.refusePrivate([own].compactMap(\.self), at: place, what: "the code")
        var decisions: [String: DecisionPlan] = [:]
        let tablePointer = JSONPointer.root.appending("codes").appending(name)
        for (code, entry) in table {
            decisions[code] = compilation.read(entry, at: tablePointer.appending(code)) { decision(&$0) }
        }
        return key.map { .lookUp($0, decisions, agencyCode: own) }
    }

    // MARK: Decisions

    /// Reads the one decision among an object's fields.
    private func decision(_ reader: inout SettingsReader) -> DecisionPlan? {
        let kinds = purpose.kinds
        let found = kinds.filter { reader.optionalJSON($0) != nil }
        guard found.count == 1, let kind = found.first, let value = reader.optionalJSON(kind) else {
            reader.report("must have exactly one of: \(kinds.joined(separator: ", "))")
            return nil
        }
        let place = reader.pointer.appending(kind)
        let decision = decision(kind, value, at: place)
        if let decision { compilation.refusePrivate(decision.told, at: place, what: "this") }
        return decision
    }

    private func decision(_ kind: String, _ value: JSONValue, at place: JSONPointer) -> DecisionPlan? {
        switch kind {
        case "succeeded", "done":
            return compilation.read(value, at: place) { reader in
                let output = reader.json("output")
                let reference = template("reference", &reader)
                return output.map {
                    .succeeded(
                        output: compilation.template($0, at: place.appending("output"), in: scope),
                        reference: reference
                    )
                }
            }
        case "pending":
            return compilation.read(value, at: place) { reader in
                let reference = template("reference", &reader)
                let after = reader.json("checkAfter").map { self.duration($0, at: place.appending("checkAfter")) }
                return after.map { .pending(reference: reference, checkAfter: $0) }
            }
        case "unexplained", "notDone":
            guard value.boolValue == true else {
                compilation.report("must be true", at: place)
                return nil
            }
            return kind == "notDone" ? .notDone : .unexplained
        default:
            let error = DecisionPlan.Kind(rawValue: kind == "unclear" ? "unreadable" : kind)
            return error.flatMap { self.error($0, value, at: place) }
        }
    }

    private func template(_ key: String, _ reader: inout SettingsReader) -> Template? {
        reader.optionalJSON(key).map { compilation.template($0, at: reader.pointer.appending(key), in: scope) }
    }

    private func duration(_ value: JSONValue, at pointer: JSONPointer) -> Template {
        let before = compilation.errorCount
        let template = compilation.template(value, at: pointer, in: scope)
        if case .literal(let literal) = template, compilation.errorCount == before,
            literal.stringValue.flatMap({ DurationText.parse($0) }) == nil
        {
            compilation.report("must be a duration such as 30s, 15m or 2h, or ${ an expression }", at: pointer)
        }
        return template
    }

    // MARK: Errors

    private static func code(for kind: DecisionPlan.Kind) -> GerbangError.Code {
        switch kind {
        case .rejected: .agencyRejected
        case .invalid: .agencyInvalidInput
        case .transient: .agencyUnavailable
        case .throttled: .agencyThrottled
        case .unauthorized: .agencyUnauthorized
        case .inDoubt: .outcomeUnknown
        case .unreadable: .agencyUnreadable
        }
    }

    private func error(_ kind: DecisionPlan.Kind, _ value: JSONValue, at place: JSONPointer) -> DecisionPlan? {
        // A message alone is enough for most.
        if let message = value.stringValue {
            compilation.refuseExpressions(in: [value], at: place)
            if kind == .throttled {
                compilation.report("must say how long: {message, until} or {message, after}", at: place)
            }
            return .error(kind, ErrorPlan(error: GerbangError(Self.code(for: kind), message), agencyCode: nil), nil)
        }
        return compilation.read(value, at: place) { reader in
            let code = reader.optionalValue("code") { text throws(GerbangError) in
                guard let code = GerbangError.Code.all.first(where: { $0.rawValue == text }) else {
                    let known = GerbangError.Code.all.map(\.rawValue).filter { $0.hasPrefix("agency-") }
                    throw GerbangError(
                        .invalidConfiguration,
                        "is not a code of the error catalogue; usual here are: \(known.joined(separator: ", "))"
                    )
                }
                return code
            }
            let message = reader.string("message")
            let field = reader.optionalValue("field", ManifestReader.pointer)
            let texts = reader.optionalLocalizedText("texts")
            let agencyCode = template("agencyCode", &reader)
            let fixed = [value["message"], value["texts"]?["id"], value["texts"]?["en"]]
            compilation.refuseExpressions(in: fixed, at: place)
            var wait: WaitPlan?
            if kind == .throttled || kind == .transient { wait = self.wait(&reader) }
            if kind == .throttled, wait == nil, !reader.has("until"), !reader.has("after") {
                reader.report("must say how long: 'until' a moment, or 'after' a duration")
            }
            guard let message else { return nil }
            let error = GerbangError(code ?? Self.code(for: kind), message, field: field, texts: texts)
            return .error(kind, ErrorPlan(error: error, agencyCode: agencyCode), wait)
        }
    }

    private func wait(_ reader: inout SettingsReader) -> WaitPlan? {
        let place = reader.pointer
        if let after = reader.optionalJSON("after") {
            if reader.has("until") { reader.report("cannot stand beside 'after'", at: "until") }
            _ = reader.optionalJSON("until")
            return .after(duration(after, at: place.appending("after")))
        }
        guard let until = reader.optionalJSON("until") else { return nil }
        let pointer = place.appending("until")
        guard until.objectValue != nil else {
            return compilation.source(until, at: pointer)
                .flatMap { compilation.expression($0, at: pointer, in: scope, expecting: .timestamp) }
                .map { .until($0) }
        }
        return compilation.read(until, at: pointer) { reader in
            let time = reader.string("time")
            let zone = reader.optionalString("zone") ?? "WIB"
            let tolerance = reader.duration("tolerance", default: .seconds(300))
            guard let time else { return nil }
            let timeTemplate = compilation.text(time, at: pointer.appending("time"), in: scope)
            if let literal = timeTemplate.literal, WaitPlan.secondOfDay(literal) == nil {
                reader.report("must be a time of day in quotes, such as \"06:00\"", at: "time")
            }
            let zoneTemplate = compilation.text(zone, at: pointer.appending("zone"), in: scope)
            if let literal = zoneTemplate.literal, Zone(name: literal) == nil {
                reader.report("must be WIB, WITA, WIT or UTC", at: "zone")
            }
            return .timeOfDay(timeTemplate, zone: zoneTemplate, tolerance: tolerance)
        }
    }
}
