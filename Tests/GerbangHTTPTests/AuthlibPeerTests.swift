internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

/// A token server that is not ours: `Tests/Peers/oauth`, made of Authlib.
private final class AuthlibPeer: Sendable {
    let baseURL: String
    private let server: PythonEnvironment.Server

    /// Starts the server; `nil` where Python, its module `venv` or PyPI is out of reach.
    init?() async throws {
        guard let python = await PythonEnvironment.shared(PythonEnvironment.oauth) else { return nil }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        server = try #require(await python.serve(package.appending(path: "Peers/oauth/server.py").path))
        baseURL = "http://127.0.0.1:\(server.port)"
    }

    func stop() { server.stop() }

    // MARK: - Talking to it

    func tell(_ path: String) async throws {
        let request = OutboundRequest(method: .post, url: baseURL + path, timeouts: Shared.patient)
        #expect(try await Shared.send(request).response?.status == 200)
    }

    func count(_ name: String) async throws -> Int? {
        let body = try await Shared.get(baseURL + "/control/stats").response?.body ?? []
        return try JSONValue(parsing: body)[name]?.intValue
    }

    /// A transport that authenticates as `id`.
    func transport(
        _ id: String,
        secret: String = AuthlibPeer.secret,
        _ credentials: OAuth2Client.CredentialPlacement,
        clock: any WallClock = SystemClock(),
        _ change: (inout OAuth2Client) -> Void = { _ in }
    ) throws -> AuthenticatedTransport {
        var client = OAuth2Client(
            tokenURL: baseURL + "/token",
            clientID: id,
            clientSecret: Sensitive(secret),
            credentials: credentials
        )
        change(&client)
        return AuthenticatedTransport(
            try Shared.transport.get(),
            authentication: try Authentication([.oauth2(client)]),
            clock: clock
        )
    }

    var message: OutboundRequest {
        OutboundRequest(method: .post, url: baseURL + "/api", body: Array("halo".utf8), timeouts: Shared.patient)
    }

    static let secret = "r:a%20 h&a=s+i/a é"
}

@Suite("A token server nobody here wrote")
struct AuthlibPeerTests {
    @Test("Authlib's server hands out tokens to us, and its interface accepts them", .timeLimit(.minutes(20)))
    func conversation() async throws {
        guard let peer = try await AuthlibPeer() else {
            try Test.cancel("python3 -m venv or PyPI is out of reach: the peer made of Authlib is left out")
        }
        defer { peer.stop() }
        try await placements(peer)
        try await refusals(peer)
        try await expiry(peer)
        try await load(peer)
    }

    /// Name and secret with every awkward character, in both places, and with a user's password besides.
    private func placements(_ peer: AuthlibPeer) async throws {
        let halo = Array("halo".utf8)
        for transport in [
            try peer.transport("formulir", .form),
            try peer.transport("formulir", .form) { $0.scope = "satu dua" },
            try peer.transport("formulir", .form) {
                $0.grant = .password(user: "petugas", password: Sensitive("kata sandi &=%+ é"))
            },
            try peer.transport("dasar:1", .basic),
        ] {
            let response = await transport.send(peer.message).response
            #expect(response?.status == 200)
            #expect(response?.body == halo)
        }
    }

    private func refusals(_ peer: AuthlibPeer) async throws {
        let asked = try await peer.count("asked")
        for transport in [
            try peer.transport("formulir", secret: "salah", .form),
            try peer.transport("dasar:1", secret: "salah", .basic),
            try peer.transport("dasar:1", .form), try peer.transport("tak ada", .form),
            try peer.transport("formulir", .form) { $0.grant = .password(user: "petugas", password: Sensitive("x")) },
        ] {
            for _ in 0..<3 {
                let failure = await transport.send(peer.message).failure
                #expect(failure?.kind == .unauthorized)
                #expect(failure?.sendState == .notSent)
                #expect(failure?.detail.contains("(invalid_") == true)
            }
        }
        #expect(try await peer.count("asked") == asked.map { $0 + 5 }, "each asked once")
    }

    /// A token that ends at the server: we renew it in time, so that nothing is ever refused.
    private func expiry(_ peer: AuthlibPeer) async throws {
        try await peer.tell("/control/lifetime?seconds=1")
        let (issued, refused) = (try await peer.count("issued") ?? 0, try await peer.count("refused"))
        let transport = try peer.transport("formulir", .form)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .milliseconds(2500) {
            #expect(await transport.send(peer.message).response?.status == 200)
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await peer.count("refused") == refused)
        #expect(((issued + 3)...(issued + 5)).contains(try await peer.count("issued") ?? 0))
        try await peer.tell("/control/lifetime?seconds=3600")
    }

    /// Two hundred calls, between which all tokens are withdrawn and, later, a renewal becomes due.
    private func load(_ peer: AuthlibPeer) async throws {
        let clock = ManualClock()
        let transport = try peer.transport("dasar:1", .basic, clock: clock)
        let issued = try await peer.count("issued") ?? 0
        for round in 1...3 {
            let answered = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<200 {
                    group.addTask { await transport.send(peer.message).response?.status == 200 }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answered == 200)
            switch round {
            case 1: try await peer.tell("/control/revoke")
            case 2: clock.advance(by: .seconds(3000))
            default: break
            }
            // The renewal that became due in the last round runs beside its calls.
            try await eventually("there were \(round) tokens") { try await peer.count("issued") == issued + round }
        }
    }
}
