public import GerbangCore
public import GerbangJSON

/// How the configuration of a running gateway is seen and changed. Every way to change it leads here: the API, a signal, a
/// changed file.
///
/// A change is read, checked and compiled whole before anything happens; one that is refused changes nothing.
public protocol ConfigurationControl: Sendable {
    /// What holds at present.
    func report() async throws(ConfigurationRefusal) -> ConfigurationReport

    /// What has held, newest first.
    func history(limit: Int) async -> [ConfigurationEntry]

    /// What a text would change if it were applied now.
    func preview(_ text: String) async throws(ConfigurationRefusal) -> ConfigurationPreview

    /// Applies a text, and writes it into the configuration file.
    ///
    /// - Parameter generation: Only if this is the present generation, so that nobody's change is overwritten unseen.
    func apply(
        _ text: String,
        replacing generation: Int?,
        by actor: String
    ) async throws(ConfigurationRefusal) -> ConfigurationEntry

    /// Reads the configuration file again, with everything that it names: manifests, secrets, certificates.
    func reload(by actor: String) async throws(ConfigurationRefusal) -> ConfigurationEntry

    /// Applies what held in an earlier generation, by default the one before the present one, and writes it into its files.
    func rollBack(to generation: Int?, by actor: String) async throws(ConfigurationRefusal) -> ConfigurationEntry
}

/// One thing that is wrong with a configuration.
public struct ConfigurationIssue: Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var file: String
    /// The line, from 1; `nil` when the file could not be read at all.
    public var line: Int?
    /// The column, from 1.
    public var column: Int?
    /// The field.
    public var field: String
    /// What is wrong and what would be right.
    public var message: String

    /// Creates an issue.
    public init(file: String, line: Int? = nil, column: Int? = nil, field: String = "", message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.field = field
        self.message = message
    }

    /// `file:line:column: field: message`, as compilers write it.
    public var description: String {
        let place = [line, column].compactMap { $0.map { ":\($0)" } }.joined()
        return "\(file)\(place): \(field.isEmpty ? "" : "\(field): ")\(message)"
    }
}

/// Why a configuration was not applied. Nothing has changed.
public struct ConfigurationRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason.
    public var error: GerbangError
    /// Everything that is wrong with the text, if that is the reason.
    public var issues: [ConfigurationIssue]

    /// Creates a refusal.
    public init(_ error: GerbangError, issues: [ConfigurationIssue] = []) {
        self.error = error
        self.issues = issues
    }

    /// The reason, and one issue a line.
    public var description: String { ([error.message] + issues.map(\.description)).joined(separator: "\n") }
}

/// One generation of the configuration.
public struct ConfigurationEntry: Sendable, Hashable {
    /// Its number.
    public var generation: Int
    /// The SHA-256 of its text and of all manifests that it names, in hexadecimal digits.
    public var hash: String
    /// When it was applied.
    public var at: Timestamp
    /// Who applied it: `operator:ani`, `file`, `sighup` or `start`.
    public var actor: String
    /// What differs from the generation before, a line each. No secret is in it.
    public var changes: [String]
    /// What of it holds from the next start only.
    public var atNextStart: [String]

    /// Creates an entry.
    public init(
        generation: Int,
        hash: String,
        at: Timestamp,
        actor: String,
        changes: [String] = [],
        atNextStart: [String] = []
    ) {
        self.generation = generation
        self.hash = hash
        self.at = at
        self.actor = actor
        self.changes = changes
        self.atNextStart = atNextStart
    }
}

/// What a text would change.
public struct ConfigurationPreview: Sendable, Hashable {
    /// What differs from the present configuration, a line each. No secret is in it.
    public var changes: [String]
    /// What of it holds from the next start only.
    public var atNextStart: [String]

    /// Creates a preview.
    public init(changes: [String], atNextStart: [String]) {
        self.changes = changes
        self.atNextStart = atNextStart
    }
}

/// What holds at present.
public struct ConfigurationReport: Sendable, Hashable {
    /// A change that was refused.
    public struct Failure: Sendable, Hashable {
        /// When.
        public var at: Timestamp
        /// Who wanted it.
        public var actor: String
        /// Why it was refused.
        public var refusal: ConfigurationRefusal

        /// Creates a failure.
        public init(at: Timestamp, actor: String, refusal: ConfigurationRefusal) {
            self.at = at
            self.actor = actor
            self.refusal = refusal
        }
    }

    /// The present generation.
    public var entry: ConfigurationEntry
    /// The file that it is read from.
    public var file: String
    /// Its content, with secrets that are written in it replaced by `***`.
    public var content: JSONValue
    /// The last change that was refused, if none has been applied since.
    public var lastFailure: Failure?

    /// Creates a report.
    public init(entry: ConfigurationEntry, file: String, content: JSONValue, lastFailure: Failure?) {
        self.entry = entry
        self.file = file
        self.content = content
        self.lastFailure = lastFailure
    }
}
