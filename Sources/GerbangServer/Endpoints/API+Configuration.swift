internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

// The configuration, for operators.
extension API {
    /// Answers `GET /v1/config`.
    func showConfiguration() async throws -> Answer {
        let report = try await controlled { control throws(ConfigurationRefusal) in try await control.report() }
        guard case .object(var object) = report.entry.json else { return Answer(json: report.entry.json) }
        object["file"] = .string(report.file)
        object["isCurrent"] = .bool(report.lastFailure == nil)
        object["lastFailure"] = report.lastFailure?.json
        object["content"] = report.content
        return Answer(json: .object(object))
    }

    /// Answers `GET /v1/config/history`.
    func listConfigurations(_ call: Call) async throws -> Answer {
        var query = try Query(call.query)
        let limit = try query.number("limit", in: 1...1000) ?? 50
        try query.finish()
        let entries = try await controlled { control throws(ConfigurationRefusal) in
            await control.history(limit: limit)
        }
        return Answer(json: ["items": .array(entries.map(\.json))])
    }

    /// Answers `POST /v1/config`.
    func applyConfiguration(_ call: Call) async throws -> Answer {
        var reader = BodyReader(call.body)
        let text = reader.value("text") { text throws(GerbangError) in text }
        let generation = try Self.generation(&reader)
        try reader.finish()
        return try await changed { control throws(ConfigurationRefusal) in
            try await control.apply(text ?? "", replacing: generation, by: call.principal.actor)
        }
    }

    /// Answers `POST /v1/config/check`.
    func checkConfiguration(_ call: Call) async throws -> Answer {
        var reader = BodyReader(call.body)
        let text = reader.value("text") { text throws(GerbangError) in text }
        try reader.finish()
        let preview = try await controlled { control throws(ConfigurationRefusal) in
            try await control.preview(text ?? "")
        }
        return Answer(json: [
            "changes": .array(preview.changes.map { .string($0) }),
            "atNextStart": .array(preview.atNextStart.map { .string($0) }),
        ])
    }

    /// Answers `POST /v1/config/reload`.
    func reloadConfiguration(_ call: Call) async throws -> Answer {
        try await changed { control throws(ConfigurationRefusal) in try await control.reload(by: call.principal.actor) }
    }

    /// Answers `POST /v1/config/rollback`.
    func rollBackConfiguration(_ call: Call) async throws -> Answer {
        var reader = BodyReader(call.body)
        let generation = try Self.generation(&reader)
        try reader.finish()
        return try await changed { control throws(ConfigurationRefusal) in
            try await control.rollBack(to: generation, by: call.principal.actor)
        }
    }

    private static func generation(_ reader: inout BodyReader) throws(Failure) -> Int? {
        guard let value = reader.json("generation", isRequired: false) else { return nil }
        guard let generation = value.intValue, generation > 0 else {
            throw Failure(
                GerbangError(
                    .invalidInput,
                    "must be the number of a generation",
                    field: JSONPointer.root.appending("generation")
                )
            )
        }
        return generation
    }

    private func changed(
        _ change: (any ConfigurationControl) async throws(ConfigurationRefusal) -> ConfigurationEntry
    ) async throws -> Answer {
        Answer(json: try await controlled(change).json)
    }

    private func controlled<Value>(
        _ body: (any ConfigurationControl) async throws(ConfigurationRefusal) -> Value
    ) async throws(Failure) -> Value {
        guard let control else {
            throw Failure(.notFound, "this gateway was set up in code; its process changes its configuration")
        }
        do throws(ConfigurationRefusal) {
            return try await body(control)
        } catch {
            var failure = Failure(error.error)
            failure.configurationIssues = error.issues
            throw failure
        }
    }
}

extension ConfigurationEntry {
    /// The generation as it stands in the API.
    fileprivate var json: JSONValue {
        [
            "generation": .number(JSONNumber(generation)),
            "hash": .string(hash),
            "at": .string(at.description),
            "actor": .string(actor),
            "changes": .array(changes.map { .string($0) }),
            "atNextStart": .array(atNextStart.map { .string($0) }),
        ]
    }
}

extension ConfigurationReport.Failure {
    /// The failure as it stands in the API.
    fileprivate var json: JSONValue {
        [
            "at": .string(at.description),
            "actor": .string(actor),
            "detail": .string(refusal.error.message),
            "errors": .array(refusal.issues.map(\.json)),
        ]
    }
}

extension ConfigurationIssue {
    /// The issue as it stands in problem documents.
    var json: JSONValue {
        var object: JSONObject = [
            "code": .string(GerbangError.Code.invalidInput.rawValue),
            "detail": .string(message),
            "file": .string(file),
        ]
        object["line"] = line.map { .number(JSONNumber($0)) }
        object["column"] = column.map { .number(JSONNumber($0)) }
        if !field.isEmpty { object["field"] = .string(field) }
        return .object(object)
    }
}
