/// One thing that is wrong with a manifest, or worth a second look.
public struct ManifestIssue: Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable, Hashable {
        /// The manifest cannot be used.
        case error
        /// It can be used, but probably does not do what was meant.
        case warning
    }

    /// How bad it is.
    public var severity: Severity
    /// The file.
    public var file: String
    /// The line, from 1; `nil` when the file could not be read at all.
    public var line: Int?
    /// The column, from 1.
    public var column: Int?
    /// The field, its parts joined by dots.
    public var field: String
    /// What is wrong and what would be right.
    public var message: String

    /// Creates an issue.
    public init(
        severity: Severity = .error,
        file: String,
        line: Int? = nil,
        column: Int? = nil,
        field: String = "",
        message: String
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.field = field
        self.message = message
    }

    /// `file:line:column: field: message`, as compilers write it.
    public var description: String {
        let place = [line, column].compactMap { $0.map { ":\($0)" } }.joined()
        let kind = severity == .warning ? "warning: " : ""
        return "\(file)\(place): \(kind)\(field.isEmpty ? "" : "\(field): ")\(message)"
    }
}

/// Why a manifest cannot be used: everything that is wrong with it, not only the first mistake.
public struct ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The issues, by line.
    public var issues: [ManifestIssue]

    /// Creates an error.
    public init(issues: [ManifestIssue]) {
        self.issues = issues
    }

    /// One issue a line.
    public var description: String { issues.map(\.description).joined(separator: "\n") }
}
