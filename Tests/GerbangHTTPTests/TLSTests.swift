internal import GerbangCore
internal import GerbangHTTP
internal import HTTPTypes
internal import Testing

@Suite("TLS", .enabled(if: TLSFixture.isAvailable, "needs the openssl command"))
struct TLSTests {
    private func outcome(
        _ port: Int,
        host: String = "localhost",
        _ profile: TransportProfile
    ) async throws -> WireOutcome {
        try await Shared.send(
            OutboundRequest(
                method: .get,
                url: "https://\(host):\(port)/",
                timeouts: Shared.patient,
                profile: profile
            )
        )
    }

    @Test("a certificate of an unknown authority is refused before anything is sent")
    func untrusted() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve()
        let stranger = TransportProfile(certificateAuthorities: .file(fixture.path("stranger.pem")))
        for profile in [TransportProfile(), stranger] {
            let failure = try await outcome(port, profile).failure
            #expect(failure?.kind == .certificate)
            #expect(failure?.sendState == .notSent)
        }
    }

    @Test("a pinned authority is trusted, from a file and from memory")
    func pinnedAuthority() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve()
        let sources: [TransportProfile.PEMSource] = [
            .file(fixture.path("authority.pem")), .bytes(try fixture.bytes("authority.pem")),
        ]
        for source in sources {
            let response = try await outcome(port, TransportProfile(certificateAuthorities: source)).response
            #expect(response?.status == 200)
        }
    }

    @Test("a certificate for another host is refused before anything is sent")
    func wrongHost() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve()
        let profile = TransportProfile(certificateAuthorities: .file(fixture.path("authority.pem")))
        let failure = try await outcome(port, host: "127.0.0.1", profile).failure
        #expect(failure?.kind == .certificate)
        #expect(failure?.sendState == .notSent)
    }

    @Test("a missing or unreadable file of authorities trusts nobody")
    func unusableAuthorities() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve()
        let sources: [TransportProfile.PEMSource] = [
            .file(fixture.path("absent.pem")), .file(fixture.path("names")), .bytes(Array("not PEM".utf8)), .bytes([]),
        ]
        for source in sources {
            let failure = try await outcome(port, TransportProfile(certificateAuthorities: source)).failure
            #expect(failure?.kind == .certificate)
            #expect(failure?.sendState == .notSent)
        }
    }

    @Test("a pinned public key must match besides the chain")
    func pinnedKey() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve()
        var profile = TransportProfile(certificateAuthorities: .file(fixture.path("authority.pem")))
        profile.pinnedPublicKeySHA256 = try fixture.bytes("public.sha256")
        #expect(try await outcome(port, profile).response?.status == 200)
        profile.pinnedPublicKeySHA256?[0] ^= 1
        let failure = try await outcome(port, profile).failure
        #expect(failure?.kind == .certificate)
        #expect(failure?.sendState == .notSent)
    }

    @Test("TLS below 1.2 is not spoken")
    func oldVersion() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve("-tls1_1 -cipher DEFAULT@SECLEVEL=0")
        let profile = TransportProfile(certificateAuthorities: .file(fixture.path("authority.pem")))
        let failure = try await outcome(port, profile).failure
        #expect(failure?.kind == .tls)
        #expect(failure?.sendState == .notSent)
    }

    // MARK: - Our own certificate

    private static let asking = "-Verify 1 -verify_return_error -CAfile authority.pem"

    @Test("a client certificate is given when the server asks, from files, from memory and with a password")
    func clientCertificate() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve(Self.asking)
        let certificates: [TransportProfile.ClientCertificate] = [
            .init(certificate: .file(fixture.path("client.pem")), privateKey: .file(fixture.path("client.key"))),
            .init(certificate: .bytes(try fixture.bytes("client.pem") + fixture.bytes("client.key"))),
            .init(
                certificate: .file(fixture.path("client.pem")),
                privateKey: .bytes(try fixture.bytes("locked.key")),
                privateKeyPassword: "rahasia"
            ),
        ]
        for certificate in certificates {
            let profile = TransportProfile(
                certificateAuthorities: .file(fixture.path("authority.pem")),
                clientCertificate: certificate
            )
            #expect(try await outcome(port, profile).response?.status == 200)
        }
    }

    @Test("a client key that cannot be used is our fault, and nothing is sent", arguments: [nil, "salah"])
    func unusableKey(password: String?) async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve(Self.asking)
        let profile = TransportProfile(
            certificateAuthorities: .file(fixture.path("authority.pem")),
            clientCertificate: .init(
                certificate: .file(fixture.path("client.pem")),
                privateKey: .file(fixture.path("locked.key")),
                privateKeyPassword: password
            )
        )
        let failure = try await outcome(port, profile).failure
        #expect(failure?.kind == .certificate)
        #expect(failure?.sendState == .notSent)
    }

    @Test("a client certificate that TLS 1.2 refuses: not sent, since the handshake never finished")
    func refusedInHandshake() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve(Self.asking + " -tls1_2")
        let profile = TransportProfile(certificateAuthorities: .file(fixture.path("authority.pem")))
        let failure = try #require(try await outcome(port, profile).failure)
        #expect([.tls, .certificate].contains(failure.kind))
        #expect(failure.sendState == .notSent)
    }

    @Test("a client certificate that TLS 1.3 refuses: maybe sent, since the request went out before the alert came")
    func refusedAfterHandshake() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve(Self.asking + " -tls1_3")
        let profile = TransportProfile(certificateAuthorities: .file(fixture.path("authority.pem")))
        let failure = try #require(try await outcome(port, profile).failure)
        #expect([.certificate, .reset].contains(failure.kind))
        #expect(failure.sendState == .maybeSent)
    }

    @Test("connections are not shared between profiles")
    func noSharing() async throws {
        let fixture = try TLSFixture()
        let port = try fixture.serve()
        let trusting = TransportProfile(certificateAuthorities: .file(fixture.path("authority.pem")))
        let doubting = TransportProfile(certificateAuthorities: .file(fixture.path("stranger.pem")))
        for _ in 0..<3 {
            #expect(try await outcome(port, trusting).response?.status == 200)
            #expect(try await outcome(port, doubting).failure?.kind == .certificate)
        }
    }
}
