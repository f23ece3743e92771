internal import GerbangJSON

/// The fields of a message to the registry; names are compared without regard to case.
struct Form {
    private let fields: [String: String]

    /// Reads a body; `nil` when it is not a JSON object.
    init?(_ body: [UInt8]) {
        guard let object = (try? JSONValue(parsing: body))?.objectValue else { return nil }
        var fields: [String: String] = [:]
        for (key, value) in object {
            let text = value.stringValue ?? value.numberValue?.text
            if let text, !text.isEmpty { fields[key.uppercased()] = text }
        }
        self.fields = fields
    }

    /// The field's text; `nil` when it is missing or empty.
    subscript(name: String) -> String? { fields[name] }
}
