internal import GerbangCore
internal import GerbangJSON

/// Builds the body of a submission from options.
enum SubmissionBody {
    /// Reads the value of `--payload`: JSON text when it starts with a brace, else a file, or standard input for `-`.
    ///
    /// - Throws: ``CommandError`` with status `usage` that says where the text stops being a JSON object.
    static func payload(_ argument: String?) throws(CommandError) -> JSONObject {
        guard let argument else { return [:] }
        let isText = argument.first { !$0.isWhitespace } == "{"
        let bytes = isText ? Array(argument.utf8) : try InputFile.bytes(of: argument, called: "the payload")
        return try object(bytes, called: "the payload")
    }

    /// Reads a JSON object.
    ///
    /// - Throws: ``CommandError`` with status `usage` that says where the text stops being a JSON object.
    static func object(_ bytes: [UInt8], called name: String) throws(CommandError) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            // The gateway would refuse a key that comes twice; here it could not see it any more.
            value = try JSONValue(parsing: bytes, limits: JSONLimits(allowsRepeatedKeys: false))
        } catch {
            throw CommandError(
                .usage,
                error.code == .repeatedKey ? "\(name) is ambiguous" : "\(name) is not JSON",
                details: ["line \(error.line), column \(error.column): \(error.message)"]
            )
        }
        guard let object = value.objectValue else {
            throw CommandError(.usage, "\(name) is not a JSON object", advice: "write it as {\"name\": \"value\"}")
        }
        return object
    }

    /// Sets the value of each `name=value` as a string; dots in a name lead into nested objects.
    ///
    /// - Throws: ``CommandError`` with status `usage` when one has another form or contradicts what is there.
    static func set(_ assignments: [String], in payload: JSONObject) throws(CommandError) -> JSONObject {
        var payload = payload
        for assignment in assignments {
            // The value may be personal data: no error repeats it.
            guard let equals = assignment.firstIndex(of: "=") else {
                throw CommandError(.usage, "--set needs name=value", advice: "such as --set plate='B 1234 XYZ'")
            }
            let name = String(assignment[..<equals])
            let path = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
            guard path.allSatisfy({ !$0.isEmpty }) else {
                throw CommandError(
                    .usage,
                    "--set has an empty name",
                    advice: "write it as name=value or outer.inner=value"
                )
            }
            let value = JSONValue.string(String(assignment[assignment.index(after: equals)...]))
            guard assign(value, at: path[...], in: &payload) else {
                throw CommandError(.usage, "--set \(name): a part of the name before the last is not an object")
            }
        }
        return payload
    }

    private static func assign(_ value: JSONValue, at path: ArraySlice<String>, in object: inout JSONObject) -> Bool {
        guard let key = path.first else { return false }
        let rest = path.dropFirst()
        guard !rest.isEmpty else {
            object[key] = value
            return true
        }
        guard var inner = (object[key] ?? [:]).objectValue, assign(value, at: rest, in: &inner) else { return false }
        object[key] = .object(inner)
        return true
    }
}
