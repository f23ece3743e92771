internal import GerbangCore

/// The settings of a connection to OSS.
struct OSSSettings: Sendable {
    static let defaultConclusiveAfter = Duration.seconds(300)

    /// Our code among the institutions (`kd_instansi`), 3 digits.
    var institution: String
    /// The access key for the header field `user_key`; `nil` when the connection's own authentication sends it.
    var userKey: Sensitive<String>?
    /// How long after a doubtful call an unchanged status says that the call was not carried out.
    var conclusiveAfter: Duration

    /// Reads the settings strictly; `nil` after something required was missing or wrong.
    init?(from reader: inout SettingsReader) {
        let institution = reader.value("institution") { text throws(GerbangError) in
            guard text.utf8.count == 3, text.utf8.allSatisfy(Characters.isDigit) else {
                throw GerbangError(.invalidConfiguration, "must be the code of your institution, 3 digits in quotes")
            }
            return text
        }
        userKey = reader.optionalSecret("userKey")
        conclusiveAfter = reader.duration("inquiryConclusiveAfter", default: Self.defaultConclusiveAfter)
        if let userKey, userKey.revealed.isEmpty || !userKey.revealed.utf8.allSatisfy(Characters.isVisible) {
            reader.report("must be the key as it was given, without spaces or line breaks", at: "userKey")
        }
        if conclusiveAfter < .zero { reader.report("must not be negative", at: "inquiryConclusiveAfter") }
        guard let institution else { return nil }
        self.institution = institution
    }
}
