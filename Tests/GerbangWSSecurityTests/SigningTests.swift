internal import Crypto
internal import Foundation
internal import GerbangCore
internal import GerbangXML
internal import Testing

@testable internal import GerbangWSSecurity

@Suite("WS-Security: what is written and read")
struct SigningTests {
    private static let versions: [SOAPVersion] = [.v11, .v12]

    @Test("What is signed is believed, in both versions, with both kinds of keys", arguments: versions, [0, 1])
    func roundTrip(version: SOAPVersion, kind: Int) throws {
        let identity = [Identity.agency, Identity.curve][kind]
        let signed = try Sample.signer(identity).secure(Sample.envelope(version), at: Sample.now)
        let opened = try Sample.reader(identity.certificate).open(signed, at: Sample.now)
        let envelope = try SOAPEnvelope(XMLDocument(parsing: opened))
        #expect(envelope.version == version)
        #expect(envelope.content?.firstChild("plate")?.text == "B 1234 XYZ")
        #expect(envelope.headers.map(\.localName) == ["MessageID"], "the Security header is taken out, others stay")
        let algorithm = kind == 0 ? "rsa-sha256" : "ecdsa-sha256"
        #expect(String(decoding: signed, as: UTF8.self).contains("xmldsig-more#\(algorithm)"))
    }

    @Test("The header stands first, for the final receiver, who must understand it")
    func header() throws {
        for version in Self.versions {
            let signed = try Sample.signer().secure(Sample.envelope(version), at: Sample.now)
            let envelope = try SOAPEnvelope(XMLDocument(parsing: signed))
            #expect(envelope.headers.map(\.localName) == ["Security", "MessageID"])
            #expect(envelope.mandatoryHeaders.map(\.localName) == ["Security"])
            let parts = envelope.headers[0].children.map(\.localName)
            #expect(parts == ["Timestamp", "BinarySecurityToken", "Signature"])
            let timestamp = try #require(envelope.headers[0].firstChild("Timestamp"))
            #expect(timestamp.children.map(\.text) == ["2026-03-14T08:15:30.250Z", "2026-03-14T08:20:30.250Z"])
            let references = try #require(envelope.headers[0].descendant("Signature", "SignedInfo"))
            #expect(references.children("Reference").count == 3)
        }
    }

    @Test("A message without a Header gets one, and a header for another actor is left alone")
    func headers() throws {
        let bare = try Sample.signer().secure(Sample.envelope(header: ""), at: Sample.now)
        #expect(try SOAPEnvelope(XMLDocument(parsing: bare)).headers.count == 1)
        #expect(throws: Never.self) { try Sample.reader().open(bare, at: Sample.now) }

        var proxy = WSSecurity()
        proxy.usernameToken = .init(user: "perantara", password: Sensitive("x"))
        proxy.actor = "urn:proxy"
        proxy.isMandatory = false
        let twice = try Sample.signer().secure(proxy.secure(Sample.envelope(), at: Sample.now), at: Sample.now)
        let opened = try SOAPEnvelope(XMLDocument(parsing: Sample.reader().open(twice, at: Sample.now)))
        #expect(opened.headers.map(\.localName) == ["Security", "MessageID"])
        #expect(opened.headers[0].attribute("actor", namespace: SOAPVersion.v11.namespace) == "urn:proxy")
        #expect(opened.mandatoryHeaders.isEmpty)
        // The same actor twice is refused (WS-Security 1.1, section 5).
        #expect(refusal { _ = try Sample.signer().secure(twice, at: Sample.now) }?.code == .writing)
    }

    @Test("A digest is that of the profile, and every message has a nonce of its own")
    func usernameToken() throws {
        var security = WSSecurity()
        security.usernameToken = .init(user: "petugas & co", password: Sensitive("kata <sandi>"))
        let text = String(decoding: try security.secure(Sample.envelope(), at: Sample.now), as: UTF8.self)
        #expect(!text.contains("sandi"))
        let document = try XMLDocument(parsing: Array(text.utf8))
        let token = try #require(document.root.descendant("Header", "Security", "UsernameToken"))
        #expect(token.firstChild("Username")?.text == "petugas & co")
        let nonce = try #require(token.firstChild("Nonce").flatMap { Data(base64Encoded: $0.text) })
        let created = try #require(token.firstChild("Created")?.text)
        #expect(nonce.count == 16 && created == "2026-03-14T08:15:30.250Z")
        let digest = Insecure.SHA1.hash(data: nonce + Data(created.utf8) + Data("kata <sandi>".utf8))
        #expect(token.firstChild("Password")?.text == Data(digest).base64EncodedString())
        let again = String(decoding: try security.secure(Sample.envelope(), at: Sample.now), as: UTF8.self)
        #expect(text != again)

        security.usernameToken?.passwordType = .text
        let plain = try XMLDocument(parsing: security.secure(Sample.envelope(), at: Sample.now))
        let password = try #require(plain.root.descendant("Header", "Security", "UsernameToken", "Password"))
        #expect(password.text == "kata <sandi>")
        #expect(password.attribute("Type")?.hasSuffix("#PasswordText") == true)
    }

    @Test("The digest is what another implementation works out")
    func knownDigest() throws {
        var security = WSSecurity()
        security.usernameToken = .init(user: "u", password: Sensitive("sandi"))
        security.random = { Array(repeating: 7, count: $0) }
        let document = try XMLDocument(parsing: security.secure(Sample.envelope(), at: Sample.now))
        let password = document.root.descendant("Header", "Security", "UsernameToken", "Password")
        // python3: base64(sha1(b"\7" * 16 + b"2026-03-14T08:15:30.250Z" + b"sandi"))
        #expect(password?.text == "bGY1UjAZ8PvyGn7IpVRMtKRHwPo=")
    }

    @Test("A username token can be signed, and demanded")
    func signedToken() throws {
        var signer = try Sample.signer(parts: Set(WSSecurity.Part.allCases))
        signer.usernameToken = .init(user: "petugas", password: Sensitive("x"))
        let signed = try signer.secure(Sample.envelope(), at: Sample.now)
        let reader = try Sample.reader(parts: Set(WSSecurity.Part.allCases))
        #expect(throws: Never.self) { try reader.open(signed, at: Sample.now) }
        #expect(refusal { _ = try reader.open(Array(Sample.answer().utf8), at: Sample.now) }?.code == .unsigned)
    }

    @Test("One of several pinned certificates is enough, as when one is being replaced")
    func rotation() throws {
        var reader = WSSecurity()
        let both = try PinnedCertificate.all(inPEM: "\(Identity.otherCertificate)\n\(Identity.agencyCertificate)\n")
        #expect(both.count == 2)
        reader.verification = .init(certificates: both)
        #expect(throws: Never.self) { try reader.open(Array(Sample.answer().utf8), at: Sample.now) }
    }

    @Test("What is handed on is what was verified, in UTF-8, whatever the answer's own form")
    func canonicalForm() throws {
        let answer = try Sample.answer().replacing(only: "B 1234 XYZ", with: "B <!-- x -->1234<![CDATA[ XYZ]]>")
        let opened = try Sample.reader().open(Array(answer.utf8), at: Sample.now)
        let text = String(decoding: opened, as: UTF8.self)
        #expect(text.contains("<plate>B 1234 XYZ</plate>"))
        // Canonical XML leaves comments out and CDATA sections are only a way to write, so both are the same document.
        let utf16 = Data(try Sample.answer().data(using: .utf16) ?? Data())
        #expect(try Sample.reader().open(Array(utf16), at: Sample.now).count == opened.count)
    }

    @Test("Weak, foreign and locked keys are refused with a reason, without a word of the key")
    func keys() throws {
        let certificate = try PinnedCertificate(pem: Identity.curveCertificate)
        let cases: [(() throws -> Void, String)] = [
            ({ _ = try PinnedCertificate(pem: Identity.weakCertificate) }, "2048 bits"),
            ({ _ = try PinnedCertificate(pem: "nonsense") }, "X.509 certificate"),
            ({ _ = try PinnedCertificate.all(inPEM: "") }, "X.509 certificates"),
            (
                { _ = try SigningIdentity(key: Sensitive(Identity.otherKey), certificate: certificate) },
                "does not belong"
            ),
            ({ _ = try SigningIdentity(key: Sensitive("rahasia"), certificate: certificate) }, "private key in PEM"),
            ({ _ = try SigningIdentity(key: Sensitive(Identity.encryptedKey), certificate: certificate) }, "password"),
        ]
        for (make, reason) in cases {
            let error = #expect(throws: GerbangError.self) { try make() }
            #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
            #expect(error?.message.contains("rahasia") == false)
        }
    }

    @Test("Nothing of a secret is shown")
    func secrets() throws {
        var security = try Sample.signer()
        security.usernameToken = .init(user: "petugas", password: Sensitive("kata-sandi"))
        var dumped = "\(security)"
        dump(security, to: &dumped)
        dump(security.signature, to: &dumped)
        for secret in ["kata-sandi", "BEGIN", "petugas"] { #expect(!dumped.contains(secret), "\(dumped)") }
    }

    @Test("Many tasks sign and verify at once")
    func concurrency() async throws {
        let signer = try Sample.signer()
        let reader = try Sample.reader()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let body = "<t:n xmlns:t=\"urn:t\">\(number)</t:n>"
                    let signed = try signer.secure(Sample.envelope(body: body), at: Sample.now)
                    let opened = try reader.open(signed, at: Sample.now)
                    return String(decoding: opened, as: UTF8.self).contains(">\(number)</t:n>")
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
