internal import GerbangCore

/// The settings of a connection to the registry.
struct DukcapilSettings: Sendable {
    /// How dates are written in messages to the registry.
    enum DateFormat: Sendable {
        /// `dd-MM-yyyy`.
        case dayFirst
        /// `yyyy-MM-dd`.
        case iso
    }

    /// Which names the credentials have in the body; they differ between instances.
    struct CredentialNames: Sendable {
        var userID: String?
        var password: String?
        var clientAddress: String?
    }

    /// The path segments between `get_json` and the method's name.
    var institution: [String]
    var userID: String
    var password: Sensitive<String>
    /// The address of ours that the registry has registered; it wants it repeated in the body.
    var clientAddress: String
    var verifyMethod: String
    var lookupMethod: String
    var dateFormat: DateFormat
    /// The similarity in percent from which a text counts as equal, unless the request says otherwise.
    var threshold: Int
    /// The zone of the registry's calendar day: of its quota, its opening hour and birth dates.
    var zone: Zone
    /// Seconds from local midnight to the start of the access hours.
    var opensAt: Int
    var credentialNames: CredentialNames

    /// Reads the settings strictly; `nil` after something required was missing or wrong.
    init?(from reader: inout SettingsReader) {
        let institution = reader.value("institution", Self.pathSegments)
        let userID = reader.value("userId", Self.filled)
        let password = reader.secret("password")
        let clientAddress = reader.value("clientAddress", Self.address)
        verifyMethod = reader.optionalValue("verifyMethod", Self.methodName) ?? "CALL_VERIFY_BY_ELEMEN"
        lookupMethod = reader.optionalValue("lookupMethod", Self.methodName) ?? "CALL_NIK"
        dateFormat = reader.choice("dateFormat", [("dayFirst", .dayFirst), ("iso", .iso)], default: .dayFirst)
        threshold = reader.int("threshold", in: 0...100, default: 90)
        zone = reader.choice(
            "serviceDayZone",
            [("WIB", .wib), ("WITA", .wita), ("WIT", .wit)],
            default: .wib
        )
        opensAt = reader.optionalValue("opensAt", Self.timeOfDay) ?? 6 * 3600
        credentialNames =
            reader.object("credentialNames") { names in
                CredentialNames(
                    userID: names.optionalValue("userId", Self.filled),
                    password: names.optionalValue("password", Self.filled),
                    clientAddress: names.optionalValue("clientAddress", Self.filled)
                )
            } ?? CredentialNames()
        if let password, password.revealed.isEmpty {
            reader.report("must not be empty", at: "password")
        }
        guard let institution, let userID, let password, let clientAddress else { return nil }
        self.institution = institution
        self.userID = userID
        self.password = password
        self.clientAddress = clientAddress
    }

    private static func wrong(_ expectation: String) -> GerbangError {
        GerbangError(.invalidConfiguration, "must be \(expectation)")
    }

    private static func filled(_ text: String) throws(GerbangError) -> String {
        guard !text.isEmpty, !Characters.hasControls(text) else {
            throw wrong("a text that is not empty")
        }
        return text
    }

    private static func pathSegments(_ text: String) throws(GerbangError) -> [String] {
        let segments = text.split(separator: "/", omittingEmptySubsequences: false)
        return try segments.map { segment throws(GerbangError) in
            guard isPathSegment(segment) else {
                throw wrong(
                    "the path of your institution between get_json/ and the method, such as MPP-JAKSEL or 31-74/user"
                )
            }
            return String(segment)
        }
    }

    private static func methodName(_ text: String) throws(GerbangError) -> String {
        guard isPathSegment(text[...]) else { throw wrong("a method's name, such as CALL_NIK") }
        return text
    }

    private static func isPathSegment(_ text: Substring) -> Bool {
        !text.isEmpty && text != "." && text != ".."
            && text.utf8.allSatisfy { byte in
                Characters.isLetter(byte) || Characters.isDigit(byte) || [0x2d, 0x2e, 0x5f].contains(byte)
            }
    }

    private static func address(_ text: String) throws(GerbangError) -> String {
        let isAddress =
            (2...45).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                Hexadecimal.value(of: byte) != nil || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
            }
        guard isAddress else { throw wrong("the IP address that the registry has registered, such as 10.1.2.3") }
        return text
    }

    private static func timeOfDay(_ text: String) throws(GerbangError) -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.utf8.allSatisfy(Characters.isDigit) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else {
            throw wrong("a time of day in quotes, such as \"06:00\"")
        }
        return hour * 3600 + minute * 60
    }
}
