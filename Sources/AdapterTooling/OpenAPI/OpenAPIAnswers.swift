internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema

/// The answers of an operation: the manifest's `response`, and an example of each that decides something.
struct OpenAPIAnswers {
    /// An answer for a fixture.
    struct Example {
        let name: String
        let answer: JSONValue
        let verdict: String
        let error: String?
    }

    private(set) var response = JSONObject()
    private(set) var examples: [Example] = []
    private(set) var notes: [ImportNote] = []
    /// What the successes come to, where the catalogue has no service for them.
    private(set) var described = OpenAPIOutput()
    /// Whether a success is described that has HTTP 200 and no body.
    private(set) var hasEmptySuccess = false
    /// Whether any message of people passes for a success that is described, because its schema does not say more.
    private(set) var hasShapelessSuccess = false

    private let document: OpenAPIDocument
    private let operation: OpenAPIDocument.Operation
    private let effect: String
    /// The schema of the service's output, if the catalogue has the service.
    private let output: JSONValue?
    private var rules: [JSONValue] = []

    init(_ document: OpenAPIDocument, _ operation: OpenAPIDocument.Operation, effect: String, output: JSONValue?) {
        self.document = document
        self.operation = operation
        self.effect = effect
        self.output = output
        let responses = operation.value["responses"]?.objectValue ?? [:]
        for (status, raw) in responses {
            let (answer, place) = document.resolved(raw, at: operation.pointer.appending("responses").appending(status))
            guard let number = Int(status) else {
                if status.uppercased() == "2XX" {
                    note(place, "write '200', or whichever status it is, so that a rule can name it")
                }
                continue
            }
            if (200..<300).contains(number) {
                addSuccess(number, answer, at: place)
            } else if (400..<500).contains(number) {
                addRefusal(number, answer, at: place)
            }
        }
        if !examples.contains(where: { ["succeeded", "pending"].contains($0.verdict) }) {
            note(
                operation.pointer.appending("responses"),
                "no answer is described by which a success can be told; write a rule with 'succeeded' and its 'output'"
            )
        }
        response["decode"] = .array(["json"])
        response["verdict"] = .array(rules)
        let doubt = effect == "nonIdempotent" ? "inDoubt" : "transient"
        examples.append(
            Example(
                name: "a page for people tells nothing",
                answer: ["status": 200, "headers": ["Content-Type": "text/html"], "text": "<html>Pemeliharaan</html>"],
                verdict: doubt,
                error: "agency-unreadable"
            )
        )
    }

    // MARK: Success

    private mutating func addSuccess(_ status: Int, _ answer: JSONValue, at place: JSONPointer) {
        guard let (schema, sample, isFitting) = content(of: answer, at: place) else {
            guard answer["content"]?.objectValue?.isEmpty ?? true else {
                return note(
                    place,
                    "an answer that is not JSON is not translated; say how it is decoded, and write a rule"
                )
            }
            if status == 200 {
                note(
                    place,
                    "an empty answer proves nothing: written down under 'deviations' (fault.empty); ask the agency for a better one"
                )
                hasEmptySuccess = true
            }
            if status != 202 { described.add([:], required: []) }
            addRule("status == \(status) && text == \"\"", verdict(status, output: [:]))
            return addExample("done, without a body", ["status": .number(JSONNumber(status))], for: status)
        }
        if !isFitting { note(place, "no example could be made that fits the schema; mend the fixture by hand") }
        let (condition, fields) = reading(schema, isPending: status == 202, at: place)
        if status == 200, Self.isShapeless(schema) { hasShapelessSuccess = true }
        addRule("status == \(status)\(condition.map { " && \($0)" } ?? "")", verdict(status, output: fields))
        addExample(
            "an answer as it is described",
            ["status": .number(JSONNumber(status)), "json": sample],
            for: status
        )
        if status == 202 {
            note(place, "'pending' needs an 'inquiry', which asks again; until there is one, an operator has to")
        }
    }

    /// Whether a message for people and nothing else has all that is asked of an answer.
    private static func isShapeless(_ schema: JSONValue) -> Bool {
        guard schema["type"]?.stringValue != "array" else { return false }
        guard let members = SchemaMembers(schema) else { return true }
        let required = members.required.filter { members.properties[$0] != nil }
        return required.isEmpty ? members.properties["pesan"] != nil : required.allSatisfy { $0 == "pesan" }
    }

    private func verdict(_ status: Int, output: JSONObject) -> (String, JSONValue) {
        status == 202 ? ("pending", ["checkAfter": "5m"]) : ("succeeded", ["output": .object(output)])
    }

    private mutating func addExample(_ name: String, _ answer: JSONValue, for status: Int) {
        let verdict = status == 202 ? "pending" : "succeeded"
        examples.append(Example(name: name, answer: answer, verdict: verdict, error: nil))
    }

    /// When an answer is a success, and the output that is made of it.
    private mutating func reading(
        _ schema: JSONValue,
        isPending: Bool,
        at place: JSONPointer
    ) -> (String?, JSONObject) {
        guard let members = SchemaMembers(schema) else {
            if schema["type"]?.stringValue == "array" {
                if !isPending { described.add(["items": schema], required: ["items"]) }
                return ("type(body) == list", ["items": "${body}"])
            }
            note(place, "the answer has no fixed members; a rule cannot tell it from another one")
            if !isPending { described.add(["answer": schema], required: ["answer"]) }
            return ("type(body) == map && size(body) > 0", ["answer": "${body}"])
        }
        let required = members.required.filter { members.properties[$0] != nil }
        let condition =
            required.isEmpty
            ? "(" + members.properties.keys.map { MemberExpression.has($0, of: "body") }.joined(separator: " || ") + ")"
            : required.map { MemberExpression.has($0, of: "body") }.joined(separator: " && ")
        if !isPending { described.add(members.properties, required: required) }
        var fields = JSONObject()
        let wanted = output.flatMap { SchemaMembers($0) }
        for name in wanted?.properties.keys ?? members.properties.keys {
            guard members.properties[name] != nil else {
                if wanted?.required.contains(name) == true {
                    note(
                        place,
                        "the service's output needs '\(name)', and nothing in the answer is called so; map it by hand"
                    )
                }
                continue
            }
            fields[name] = .string(
                "${\(MemberExpression.read(name, of: "body", isOptional: !required.contains(name)))}"
            )
        }
        return (condition, fields)
    }

    // MARK: Refusals

    private mutating func addRefusal(_ status: Int, _ answer: JSONValue, at place: JSONPointer) {
        let found = content(of: answer, at: place)
        let members = found.flatMap { SchemaMembers($0.schema) }
        // A proxy's page must not pass for the agency's word.
        let proof = members.map { members in
            let names = members.required.isEmpty ? Array(members.properties.keys.prefix(1)) : members.required
            return names.map { " && " + MemberExpression.has($0, of: "body") }.joined()
        }
        let (verdict, text, code): (String, String, String?) =
            switch status {
            case 404, 410: ("rejected", "the agency knows nothing of it (HTTP \(status))", "agency-not-found")
            case 400, 422: ("invalid", "the agency refuses the input (HTTP \(status))", nil)
            case 409 where effect != "query":
                ("inDoubt", "the agency sees a conflict: it may have been done before (HTTP 409)", nil)
            case 409: ("rejected", "the agency sees a conflict (HTTP 409)", nil)
            // 401, 403 and 429 mean the same for every adapter.
            default: ("", "", nil)
            }
        guard !verdict.isEmpty else { return }
        guard let proof else {
            return note(place, "the answer has no described body; the status alone is judged as for every adapter")
        }
        var data: JSONObject = ["message": .string(text)]
        data["code"] = code.map { .string($0) }
        addRule("status == \(status)\(proof)", (verdict, .object(data)))
        if verdict == "inDoubt", effect != "nonIdempotent" { return }
        let error = code ?? (verdict == "invalid" ? "agency-invalid-input" : nil)
        examples.append(
            Example(
                name: "refused with HTTP \(status)",
                answer: ["status": .number(JSONNumber(status)), "json": found?.sample ?? [:]],
                verdict: verdict,
                error: error
            )
        )
    }

    // MARK: Parts

    /// The schema of a JSON answer, and an example of it.
    private mutating func content(
        of answer: JSONValue,
        at place: JSONPointer
    ) -> (schema: JSONValue, sample: JSONValue, isFitting: Bool)? {
        for (type, media) in answer["content"]?.objectValue ?? [:] {
            guard type.hasPrefix("application/json") || type.contains("+json") || type == "*/*" else { continue }
            var translation = OpenAPISchema(document)
            let mediaPlace = place.appending("content").appending(type).appending("schema")
            let schema = translation.translated(media["schema"] ?? [:], at: mediaPlace, isSent: false)
            notes += translation.notes
            let (sample, isFitting) = SchemaSample.fitting(schema, example: OpenAPIRequest.example(in: media)) {
                SchemaSample.completeValue(for: $0)
            }
            return (schema, sample, isFitting)
        }
        return nil
    }

    private mutating func addRule(_ condition: String, _ verdict: (String, JSONValue)) {
        rules.append(["when": .string(condition), verdict.0: verdict.1])
    }

    private mutating func note(_ place: JSONPointer, _ reason: String) {
        notes.append(ImportNote(place: place.description, reason: reason))
    }
}

extension SchemaSample {
    /// A value that says something: with the first of its members when it needs none, with one of ours when it names none.
    fileprivate static func completeValue(for schema: JSONValue) -> JSONValue {
        guard
            ["type", "items", "enum", "const", "properties", "allOf", "anyOf", "oneOf", "examples"]
                .contains(where: { schema[$0] != nil })
        else { return ["contoh": "contoh"] }
        let sample = value(for: schema)
        guard sample == JSONValue.object([:]) else { return sample }
        guard let first = SchemaMembers(schema)?.properties.first(where: { _ in true }) else {
            return ["contoh": "contoh"]
        }
        return .object([first.key: value(for: first.value)])
    }
}
