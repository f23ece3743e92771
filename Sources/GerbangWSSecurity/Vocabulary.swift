/// The names that the specifications give.
///
/// WS-Security 1.1 and its Username Token and X.509 profiles (OASIS, 2006), XML Signature (W3C, 2008).
enum Vocabulary {
    private static let oasis = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
    static let security = oasis + "wssecurity-secext-1.0.xsd"
    static let utility = oasis + "wssecurity-utility-1.0.xsd"
    static let x509 = oasis + "x509-token-profile-1.0#X509v3"
    static let base64 = oasis + "soap-message-security-1.0#Base64Binary"
    static let passwordText = oasis + "username-token-profile-1.0#PasswordText"
    static let passwordDigest = oasis + "username-token-profile-1.0#PasswordDigest"
    static let signature = "http://www.w3.org/2000/09/xmldsig#"
    static let addressing = "http://www.w3.org/2005/08/addressing"
    static let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    static let sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
    static let rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    static let ecdsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"

    /// What is accepted of others: SHA-256 and above.
    static let digests: Set<String> = [
        sha256, "http://www.w3.org/2001/04/xmldsig-more#sha384", "http://www.w3.org/2001/04/xmlenc#sha512",
    ]
    static let signatures: Set<String> = Set(
        ["rsa", "ecdsa"].flatMap { key in
            ["256", "384", "512"].map { "http://www.w3.org/2001/04/xmldsig-more#\(key)-sha\($0)" }
        }
    )
}
