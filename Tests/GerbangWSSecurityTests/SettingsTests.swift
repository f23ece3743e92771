internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangWSSecurity
internal import Testing

@testable internal import GerbangConfiguration

@Suite("WS-Security: settings")
struct SettingsTests {
    private func read(_ settings: JSONValue) -> (schemes: [AuthenticationScheme], issues: [String]) {
        var reader = SettingsReader(["authentication": [["wsSecurity": settings]]])
        let list = Authentication(&reader)
        return (list.schemes, reader.issues.map { "\($0.pointer): \($0.message)" })
    }

    @Test("Everything arrives")
    func everything() throws {
        let (schemes, issues) = read([
            "usernameToken": ["user": "petugas", "password": "rahasia", "type": "text"],
            "timestamp": "2m",
            "signature": [
                "certificate": .string(Identity.agencyCertificate), "key": .string(Identity.agencyKey),
                "parts": ["body", "addressing"],
            ],
            "verify": [
                "certificate": .string(Identity.otherCertificate + "\n" + Identity.curveCertificate),
                "parts": ["body"], "clockSkew": "30s",
            ],
            "actor": "urn:proxy", "mustUnderstand": false,
        ])
        #expect(issues.isEmpty)
        var expected = WSSecurity()
        expected.usernameToken = .init(user: "petugas", password: Sensitive("rahasia"), passwordType: .text)
        expected.validity = .seconds(120)
        expected.signature = .init(identity: try Identity.signing(Identity.agency), parts: [.body, .addressing])
        expected.verification = .init(
            certificates: try [Identity.otherCertificate, Identity.curveCertificate].map {
                try PinnedCertificate(pem: $0)
            },
            parts: [.body],
            clockSkew: .seconds(30)
        )
        expected.actor = "urn:proxy"
        expected.isMandatory = false
        #expect(schemes == [.message(.init(expected))])
    }

    @Test("The defaults are the safe ones")
    func defaults() throws {
        let (schemes, issues) = read([
            "usernameToken": ["user": "u", "password": "p"], "timestamp": "5m",
            "verify": ["certificate": .string(Identity.agencyCertificate)],
        ])
        #expect(issues.isEmpty)
        guard case .message(let message) = schemes.first, let security = message.security as? WSSecurity else {
            Issue.record("no scheme")
            return
        }
        #expect(security.usernameToken?.passwordType == .digest)
        #expect(security.verification?.parts == [.body, .timestamp])
        #expect(security.isMandatory && security.actor == nil)
    }

    private static let mistakes: [(JSONValue, String)] = [
        ([:], "at least one of"),
        (["usernameToken": ["user": "u"]], "password"),
        (["usernameToken": ["user": "", "password": "p"]], "without control characters"),
        (["usernameToken": ["user": "u", "password": "a\u{1}b"]], "without control characters"),
        (["timestamp": "2h"], "from 1s to 1h"),
        (["signature": ["certificate": "x", "key": "y"]], "X.509 certificate"),
        (
            ["signature": ["certificate": .string(Identity.agencyCertificate), "key": .string(Identity.otherKey)]],
            "does not belong"
        ),
        (["verify": ["certificate": .string(Identity.weakCertificate)]], "2048 bits"),
        (["verify": ["certificate": .string(Identity.agencyCertificate), "parts": ["head"]]], "must be one of body"),
        (
            [
                "signature": [
                    "certificate": .string(Identity.agencyCertificate), "key": .string(Identity.agencyKey),
                    "parts": ["usernameToken"],
                ]
            ], "not there"
        ),
        (["timestamp": "5m", "nonce": true], "nonce"),
    ]

    @Test("Mistakes are named, without a word of a secret", arguments: mistakes)
    func mistake(settings: JSONValue, reason: String) {
        let (schemes, issues) = read(settings)
        #expect(issues.joined(separator: "\n").contains(reason), "\(issues)")
        #expect(!issues.joined().contains("PRIVATE"))
        if reason != "nonce" { #expect(schemes.isEmpty) }
    }
}
