internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema
internal import HTTPTypes
internal import Testing

/// The API's description, as something that answers are held to.
struct Contract: Sendable {
    static let shared = Result { try Contract() }

    let document: JSONValue

    private init() throws {
        document = try JSONValue(parsing: Array(try Files.read("Schemas/openapi/openapi.json").utf8))
    }

    /// The operations as `METHOD /path`.
    var operations: Set<String> {
        var names: Set<String> = []
        for (path, item) in document["paths"]?.objectValue ?? [:] {
            for (method, _) in item.objectValue ?? [:] where method != "parameters" {
                names.insert("\(method.uppercased()) \(path)")
            }
        }
        return names
    }

    /// Checks that the answer is described: its status, its type, its header and its body.
    func check(
        _ reply: Reply,
        to method: HTTPRequest.Method,
        _ path: String,
        sourceLocation: SourceLocation
    ) throws {
        let name = "\(method.rawValue) \(path.prefix { $0 != "?" })"
        let comment = Comment(rawValue: "\(name) answered \(reply.status): \(reply.text.prefix(400))")
        guard let operation = operation(method, path) else {
            let isRefusal = reply.status == 404 || reply.status == 405
            #expect(isRefusal, comment, sourceLocation: sourceLocation)
            return try checkBody(reply, ["$ref": "#/components/schemas/Problem"], comment, sourceLocation)
        }
        let responses = operation["responses"]
        let response = try #require(
            resolved(responses?[String(reply.status)] ?? responses?["default"]),
            comment,
            sourceLocation: sourceLocation
        )
        for (field, header) in response["headers"]?.objectValue ?? [:]
        where resolved(header)?["required"] == true {
            #expect(reply[field] != nil, "\(field) is missing", sourceLocation: sourceLocation)
        }
        guard response["content"] != nil || !reply.body.isEmpty else { return }
        let type = String((reply["Content-Type"] ?? "").prefix { $0 != ";" })
        let content = try #require(response["content"]?[type], comment, sourceLocation: sourceLocation)
        guard !type.hasPrefix("text/"), type != "application/soap+xml" else { return }
        try checkBody(reply, try #require(content["schema"]), comment, sourceLocation)
    }

    private func checkBody(
        _ reply: Reply,
        _ schema: JSONValue,
        _ comment: Comment,
        _ sourceLocation: SourceLocation
    ) throws {
        let issues = try validate(reply.json, against: schema)
        #expect(issues.isEmpty, comment, sourceLocation: sourceLocation)
    }

    /// What is wrong with a value by a schema of the document.
    func validate(_ value: JSONValue, against schema: JSONValue) throws -> [SchemaIssue] {
        let whole: JSONValue = ["allOf": [schema], "components": document["components"] ?? [:]]
        return try JSONSchema(whole).validate(value)
    }

    /// The operation for a path with its parameter filled in.
    func operation(_ method: HTTPRequest.Method, _ path: String) -> JSONValue? {
        let wanted = path.prefix { $0 != "?" }.split(separator: "/")
        for (template, item) in document["paths"]?.objectValue ?? [:] {
            let parts = template.split(separator: "/")
            guard parts.count == wanted.count,
                zip(parts, wanted).allSatisfy({ $0 == $1 || $0.hasPrefix("{") })
            else { continue }
            return item[method.rawValue.lowercased()]
        }
        return nil
    }

    /// What a `$ref` within the document leads to.
    func resolved(_ value: JSONValue?) -> JSONValue? {
        guard let reference = value?["$ref"]?.stringValue else { return value }
        return JSONPointer(String(reference.dropFirst())).flatMap { document[$0] }
    }
}
