internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangSchema

/// What an operation cannot but do otherwise than the conformance suite demands, because its interface is so.
struct OpenAPIDeviations {
    private(set) var items: [JSONValue] = []
    private(set) var notes: [ImportNote] = []

    /// - Parameters:
    ///   - input: The operation's example.
    init(
        _ operation: OpenAPIDocument.Operation,
        called name: String,
        _ request: OpenAPIRequest,
        _ answers: OpenAPIAnswers,
        input: JSONValue,
        hasSecretQuery: Bool
    ) {
        var reasons: [String] = []
        let personal = request.targets.filter { Self.tellsPersonalData(input[$0], in: input) }
        if !personal.isEmpty {
            reasons.append("\(personal.joined(separator: ", ")) in the path or the query, which are logged on the way")
        }
        if hasSecretQuery { reasons.append("its key in the query, which is logged on the way") }
        if !reasons.isEmpty {
            let words = reasons.joined(separator: ", and ")
            add("privacy.target", name, "The agency's interface has \(words), and no other way is described.")
            notes.append(
                ImportNote(
                    place: operation.pointer.description,
                    reason: "\(words): written down under 'deviations' (privacy.target); ask the agency for another way"
                )
            )
        }
        if answers.hasShapelessSuccess {
            add(
                "fault.garbage",
                name,
                "The agency's answer is described by no member by which a success differs from any other message."
            )
            notes.append(
                ImportNote(
                    place: operation.pointer.description,
                    reason:
                        "any message with HTTP 200 passes for a success: written down under 'deviations' (fault.garbage);"
                        + " name what tells a success in its rule"
                )
            )
        }
        if answers.hasEmptySuccess {
            add("fault.empty", name, "The agency's interface answers a success with HTTP 200 and without a body.")
        }
    }

    private mutating func add(_ check: String, _ operation: String, _ reason: String) {
        items.append(["check": .string(check), "operation": .string(operation), "reason": .string(reason)])
    }

    /// Whether a value shows personal data of the input.
    private static func tellsPersonalData(_ value: JSONValue?, in input: JSONValue) -> Bool {
        let personal = texts(of: input, called: "").filter { name, text in
            text.utf8.count >= 4 && (PersonalNames.contains(name) || text == SchemaSample.nik)
        }
        return texts(of: value ?? .null, called: "").contains { _, text in
            personal.contains { text.lowercased().contains($0.text.lowercased()) }
        }
    }

    private static func texts(of value: JSONValue, called name: String) -> [(name: String, text: String)] {
        if let object = value.objectValue { return object.flatMap { texts(of: $0.value, called: $0.key) } }
        if let items = value.arrayValue { return items.flatMap { texts(of: $0, called: name) } }
        return (value.stringValue ?? value.numberValue?.text).map { [(name, $0)] } ?? []
    }
}
