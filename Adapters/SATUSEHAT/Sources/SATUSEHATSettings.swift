internal import GerbangCore

/// The settings of a connection to SATUSEHAT. Credentials are not among them: the connection's own authentication adds
/// the token.
struct SATUSEHATSettings: Sendable {
    /// How long an encounter may still turn up after a doubtful call, unless the settings say otherwise.
    static let defaultConclusiveAfter = Duration.seconds(60)

    /// The identifier of our organisation, to which the credentials were given.
    var organizationID: String
    /// How long after a doubtful call "no such encounter" is reliable.
    var conclusiveAfter: Duration

    /// Reads the settings strictly; `nil` after something required was missing or wrong.
    init?(from reader: inout SettingsReader) {
        let organizationID = reader.value("organizationId", Self.identifier)
        conclusiveAfter = reader.duration("inquiryConclusiveAfter", default: Self.defaultConclusiveAfter)
        guard let organizationID else { return nil }
        self.organizationID = organizationID
    }

    private static func identifier(_ text: String) throws(GerbangError) -> String {
        guard FHIRText.isID(text) else {
            throw GerbangError(
                .invalidConfiguration,
                "must be the identifier that SATUSEHAT gave to your organisation, such as 10000004, in quotes"
            )
        }
        return text
    }
}
