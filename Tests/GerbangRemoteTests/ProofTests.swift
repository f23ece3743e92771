internal import GerbangCore
internal import GerbangRemote
internal import Testing

/// What proves who sent a message. The vectors stand in Docs/RemoteAdapters.md.
@Suite
struct ProofTests {
    /// The seed of RFC 8032 §7.1, test 1.
    static let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
    static let publicKey = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    static let name = "21fe31dfa154"

    static let time = Timestamp(milliseconds: 1_767_578_400_000)
    static let nonce = "000102030405060708090a0b0c0d0e0f"
    static let path = "/v1/adapters/inspection-remote/heartbeat"

    @Test func theKeyOfTheSpecificationIsReadAndNamed() throws {
        let key = try #require(AgencyKey(text: "gak_\(Self.name)_\(Self.seed)"))
        #expect(key.publicText == "gap_\(Self.name)_\(Self.publicKey)")
        #expect(AgencyKey.publicKey(text: key.publicText)?.id == Self.name)
        #expect("\(key.text)" == "[redacted]")
    }

    @Test func aSignatureHoldsForItsMessageOnly() throws {
        let key = AgencyKey()
        let body = Array("{}".utf8)
        let proof = try key.sign(method: "POST", path: Self.path, body: body, at: Self.time, nonce: Self.nonce)
        let read = try #require(MessageProof(authorization: proof.authorization))
        #expect(read == proof)
        #expect(read.isSigned(method: "POST", path: Self.path, body: body, by: key.publicKey))
        #expect(!read.isSigned(method: "PUT", path: Self.path, body: body, by: key.publicKey))
        #expect(!read.isSigned(method: "POST", path: "/v1/adapters", body: body, by: key.publicKey))
        #expect(!read.isSigned(method: "POST", path: Self.path, body: [], by: key.publicKey))
        #expect(!read.isSigned(method: "POST", path: Self.path, body: body, by: AgencyKey().publicKey))
        var later = read
        later.time = Self.time + .milliseconds(1)
        #expect(!later.isSigned(method: "POST", path: Self.path, body: body, by: key.publicKey))
    }

    @Test func theVectorOfTheDocumentation() throws {
        let text = MessageProof.text(
            method: "POST",
            path: Self.path,
            time: Self.time,
            nonce: Self.nonce,
            body: Array("{}".utf8)
        )
        #expect(
            text == """
                GERBANG1
                POST
                /v1/adapters/inspection-remote/heartbeat
                1767578400000
                000102030405060708090a0b0c0d0e0f
                44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
                """
        )
        let authorization = "Gerbang ed25519,\(Self.name),1767578400000,\(Self.nonce),\(Vectors.signature)"
        let proof = try #require(MessageProof(authorization: authorization))
        let key = try #require(AgencyKey.publicKey(text: "gap_\(Self.name)_\(Self.publicKey)"))
        #expect(proof.isSigned(method: "POST", path: Self.path, body: Array("{}".utf8), by: key.key))
        let code = MessageProof.ofGateway(
            to: "instance-1",
            secret: Sensitive(Array(0..<32)),
            method: "POST",
            path: "/prepare",
            body: Array("{}".utf8),
            at: Self.time,
            nonce: Self.nonce
        )
        #expect(code.authorization == "Gerbang hmac,instance-1,1767578400000,\(Self.nonce),\(Vectors.code)")
        let answer = MessageProof.answerText(nonce: Self.nonce, status: 200, body: Array("{}".utf8))
        #expect(Base64.encode(MessageProof.code(answer, secret: Array(0..<32))) == Vectors.answerCode)
    }

    @Test(arguments: [
        "", "Bearer x", "Gerbang", "Gerbang ed25519,a,1,b", "Gerbang rsa,abc,1,12345678,AA==",
        "Gerbang ed25519,abc,-1,12345678,AA==", "Gerbang ed25519,abc,x,12345678,AA==",
        "Gerbang ed25519,abc,1,1234567,AA==", "Gerbang ed25519,abc,1,12345678,A",
        "Gerbang ed25519,,1,12345678,AA==",
    ])
    func whatIsNoProof(_ text: String) {
        #expect(MessageProof(authorization: text) == nil)
    }

    @Test(arguments: [
        "", "gak_21fe31dfa154_00", "gak_000000000000_\(ProofTests.seed)", "gap_\(ProofTests.name)_\(ProofTests.seed)",
        "gak_\(ProofTests.name)_\(ProofTests.seed)00", "gak_\(ProofTests.name)_zz\(ProofTests.seed.dropFirst(2))",
    ])
    func whatIsNoKey(_ text: String) {
        #expect(AgencyKey(text: text) == nil)
        #expect(AgencyKey.publicKey(text: text) == nil)
    }

    @Test func aMessageIsTakenOnceAndOnlyInItsTime() {
        var window = ReplayWindow(capacity: 3)
        let now = Self.time
        #expect(window.admit("a", "nonce-1", time: now, at: now) == .fresh)
        #expect(window.admit("a", "nonce-1", time: now, at: now + .seconds(1)) == .replayed)
        #expect(window.admit("b", "nonce-1", time: now, at: now) == .fresh)
        #expect(window.admit("a", "nonce-2", time: now + .seconds(121), at: now) == .outside)
        // A clock that is set back does not forget.
        #expect(window.admit("a", "nonce-3", time: now, at: now + .seconds(119)) == .fresh)
        #expect(window.admit("a", "nonce-3", time: now, at: now) == .replayed)
        #expect(window.admit("a", "nonce-4", time: now, at: now) == .full)
        #expect(window.admit("a", "nonce-2", time: now, at: now + .seconds(121)) == .outside)
        // What could not be said again any more is forgotten.
        let later = now + .seconds(300)
        #expect(window.admit("a", "nonce-4", time: later, at: later) == .fresh)
    }

    @Test func anInstanceBelievesTheGatewayOnce() throws {
        let instance = RemoteInstance(file: [1], address: try BaseURL("http://127.0.0.1:1"))
        let body = Array("{}".utf8)
        let proof = MessageProof.ofGateway(
            to: instance.id,
            secret: instance.callKey,
            method: "POST",
            path: "/call",
            body: body,
            at: Self.time,
            nonce: Self.nonce
        )
        let heard = { (path: String, body: [UInt8]) in
            instance.nonce(provenBy: proof.authorization, path: path, body: body, at: Self.time)
        }
        #expect(heard("/prepare", body) == nil)
        #expect(heard("/call", []) == nil)
        #expect(heard("/call", body) == Self.nonce)
        #expect(heard("/call", body) == nil)
        #expect(instance.nonce(provenBy: nil, path: "/call", body: body, at: Self.time) == nil)
    }
}
