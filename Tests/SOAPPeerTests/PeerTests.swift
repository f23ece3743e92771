internal import GerbangTesting
internal import Testing

@Suite("SOAP libraries nobody here wrote, at both ends")
struct PeerTests {
    @Test(
        "A spyne service is called through a manifest made from its description; a zeep client submits by SOAP",
        .enabled("needs python3 with venv, and PyPI") { await Peers.environment() != nil },
        .timeLimit(.minutes(10))
    )
    func peers() async throws {
        let environment = try #require(await Peers.environment())
        for version in ["1.1", "1.2"] { try await SpynePeer.check(environment, version: version) }
        try await ZeepFace.check(environment)
    }
}
