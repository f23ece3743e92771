public import GerbangJSON

/// The one error of Gerbang: a stable code, a safe text for developers, and where the fault lies.
///
/// Everything that can go wrong between a citizen and an agency is told with it: a refused submission, a failed
/// attempt, an agency's rejection. Its texts never carry personal data.
public struct GerbangError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of error it is; decides blame, retry and the texts for citizens.
    public var code: Code
    /// What is wrong and what would be right, for developers and operators, in English, without personal data.
    public var message: String
    /// The place in the input that is at fault.
    public var field: JSONPointer?
    /// The agency's own code, as it sent it.
    public var agencyCode: String?
    /// Texts for the citizen that are more precise than those of the code.
    public var texts: LocalizedText?

    /// Creates an error.
    public init(
        _ code: Code,
        _ message: String,
        field: JSONPointer? = nil,
        agencyCode: String? = nil,
        texts: LocalizedText? = nil
    ) {
        self.code = code
        self.message = message
        self.field = field
        self.agencyCode = agencyCode
        self.texts = texts
    }

    /// What the citizen is told.
    public var citizenText: LocalizedText { texts ?? code.citizenText }

    /// The code and the developers' text.
    public var description: String {
        let place = field.map { " at \($0.description.isEmpty ? "/" : $0.description)" } ?? ""
        return "\(code.rawValue)\(place): \(message)"
    }
}

extension GerbangError {
    /// Who has to act for the error to go away.
    public enum Blame: String, Sendable, Hashable, Codable {
        /// The caller: the MPP backend, its operator or its input.
        case client
        /// Gerbang itself or its configuration.
        case gateway
        /// The agency behind the connection.
        case agency
        /// The way between Gerbang and the agency.
        case network
    }

    /// A stable error code; see ``GerbangError/Code/all`` for the catalogue.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The code as it stands in problem documents, histories and metrics.
        public let rawValue: String

        /// Creates a code from its text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// Who has to act.
        public var blame: Blame { entry.blame }
        /// The HTTP status that Gerbang's own API answers with.
        public var status: Int { entry.status }
        /// Whether the same request may succeed later without anybody changing it.
        public var isRetryable: Bool { entry.isRetryable }
        /// A short title for developers.
        public var title: String { entry.title }
        /// What the citizen is told: one sentence, without jargon.
        public var citizenText: LocalizedText { entry.citizenText }

        private var entry: ErrorCatalogue.Entry { ErrorCatalogue.entries[self] ?? ErrorCatalogue.unknown }
    }
}

extension GerbangError {
    /// The error as JSON, for histories and stored outcomes.
    public var json: JSONValue {
        var object: JSONObject = [
            "code": .string(code.rawValue), "blame": .string(code.blame.rawValue), "message": .string(message),
        ]
        object["field"] = field.map { .string($0.description) }
        object["agencyCode"] = agencyCode.map { .string($0) }
        object["texts"] = texts?.json
        return .object(object)
    }

    /// Reads what ``json`` wrote; `nil` when it is not such an object.
    public init?(json: JSONValue) {
        guard let code = json["code"]?.stringValue, let message = json["message"]?.stringValue else { return nil }
        self.init(
            Code(rawValue: code),
            message,
            field: json["field"]?.stringValue.flatMap { JSONPointer($0) },
            agencyCode: json["agencyCode"]?.stringValue,
            texts: json["texts"].flatMap { LocalizedText(json: $0) }
        )
    }
}
