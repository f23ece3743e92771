package import GerbangCore
package import GerbangJSON

/// A problem document (RFC 9457) of a gateway.
package struct Problem: Sendable, Hashable {
    /// One of several things that are wrong.
    package struct Issue: Sendable, Hashable {
        /// Where: a place in the body such as `/payload/nik`, a header field, a parameter, a line.
        package var place: String?
        /// What is wrong.
        package var detail: String
    }

    /// The HTTP status.
    package var status: Int
    /// What kind of problem it is.
    package var title: String
    /// Whether the same call may succeed later.
    package var isRetryable: Bool
    /// Everything that is wrong, at least one thing.
    package var issues: [Issue]
    /// The problem as the gateway's error.
    package var error: GerbangError

    /// Reads a problem document; `nil` when it is not one of a gateway.
    package init?(_ document: JSONValue, status: Int) {
        guard let code = document["code"]?.stringValue.map({ GerbangError.Code(rawValue: $0) }) else { return nil }
        self.status = document["status"]?.intValue ?? status
        title = document["title"]?.stringValue ?? code.rawValue
        isRetryable = document["retryable"]?.boolValue ?? false
        issues = (document["errors"]?.arrayValue ?? [document]).map { issue in
            Issue(place: Self.place(in: issue), detail: issue["detail"]?.stringValue ?? "")
        }
        let texts = document["texts"].flatMap { LocalizedText(json: $0) }
        error = GerbangError(
            code,
            document["detail"]?.stringValue ?? "",
            field: document["field"]?.stringValue.flatMap { JSONPointer($0) },
            agencyCode: document["agencyCode"]?.stringValue,
            texts: texts == code.citizenText ? nil : texts
        )
    }

    private static func place(in document: JSONValue) -> String? {
        if let file = document["file"]?.stringValue {
            let place = [document["line"], document["column"]].compactMap { $0?.intValue.map { ":\($0)" } }.joined()
            return "\(file)\(place)" + (document["field"]?.stringValue.map { ": \($0)" } ?? "")
        }
        if let field = document["field"]?.stringValue { return field.isEmpty ? "the whole body" : field }
        if let header = document["header"]?.stringValue { return "header field \(header)" }
        if let parameter = document["parameter"]?.stringValue { return "query parameter \(parameter)" }
        guard let line = document["line"]?.intValue, let column = document["column"]?.intValue else { return nil }
        return "line \(line), column \(column) of the body"
    }
}
