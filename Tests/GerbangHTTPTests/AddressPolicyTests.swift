internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@Suite("Addresses that may be connected to")
struct AddressPolicyTests {
    @Test(
        "An address of the public Internet is allowed",
        arguments: [
            "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "36.66.0.1", "100.63.255.255", "100.128.0.0",
            "126.255.255.255", "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",
            "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.114.0",
            "223.255.255.255", "2400:cb00::1", "2606:4700:4700::1111", "2001:200::1", "3ffe::1",
            "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
        ]
    )
    func isPublic(_ text: String) throws {
        #expect(AddressPolicy.publicInternet().permits(try #require(IPAddress(text))))
    }

    @Test(
        "An address outside the public Internet is refused",
        arguments: [
            "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
            "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
            "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255",
            "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
            "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
            "::ffff:0:127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b:1::1", "100::1", "2001::1",
            "2001:1::1", "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::", "3fff::1",
            "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
            "[::1]",
        ]
    )
    func isNotPublic(_ text: String) throws {
        #expect(!AddressPolicy.publicInternet().permits(try #require(IPAddress(text))))
        #expect(AddressPolicy.any.permits(try #require(IPAddress(text))))
    }

    @Test(
        "What is not written as an address is none",
        arguments: [
            "", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "1.2.3.4.5", "1.2.3", "256.1.1.1",
            "1.2.3.4 ", "::1::", "12345::", "1.2.3.4\u{0}", ":", "[1.2.3.4",
        ]
    )
    func isNoAddress(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "A block holds the addresses with its first bits, and no others",
        arguments: [
            ("10.20.0.0/16", "10.20.255.255", "10.21.0.0"), ("10.0.0.5", "10.0.0.5", "10.0.0.6"),
            ("192.168.4.0/23", "192.168.5.255", "192.168.6.0"), ("fd00:1::/32", "fd00:1:ffff::1", "fd00:2::1"),
            ("127.0.0.1/32", "127.0.0.1", "127.0.0.2"), ("0.0.0.0/1", "127.9.9.9", "128.0.0.0"),
        ]
    )
    func blocks(_ text: String, _ inside: String, _ outside: String) throws {
        let range = try AddressRange(text)
        #expect(range.contains(try #require(IPAddress(inside))))
        #expect(!range.contains(try #require(IPAddress(outside))))
        let policy = AddressPolicy.publicInternet(and: [range])
        #expect(policy.permits(try #require(IPAddress(inside))))
    }

    @Test("A block of IPv4 also allows the IPv6 addresses that stand for it")
    func mappedAddresses() throws {
        let policy = AddressPolicy.publicInternet(and: [try AddressRange("10.20.0.0/16")])
        #expect(policy.permits(try #require(IPAddress("::ffff:10.20.1.1"))))
        #expect(!policy.permits(try #require(IPAddress("::ffff:10.21.1.1"))))
    }

    @Test(
        "A block that is not well-formed is refused",
        arguments: [
            "", "10", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "10.0.0.0/8/8", "10.0.0.1/8", "fd00::/129",
            "[fd00::]/8", "localhost/8",
        ]
    )
    func brokenBlocks(_ text: String) {
        #expect(throws: GerbangError.self) { try AddressRange(text) }
    }

    @Test("A block reads as it was written", arguments: ["10.0.0.0/8", "fd00::/8", "0.0.0.0/0"])
    func description(_ text: String) throws {
        #expect(try AddressRange(text).description == text)
    }
}

@Suite("Messages to addresses that are not allowed")
struct AddressRefusalTests {
    private func server(_ seen: Counter) throws -> LoopbackServer {
        try LoopbackServer { _ in
            seen.next()
            return .text("ok")
        }
    }

    private func send(to url: String, _ policy: AddressPolicy) async throws -> WireOutcome {
        let profile = TransportProfile(addresses: policy)
        return try await Shared.send(
            OutboundRequest(method: .post, url: url, body: [1], timeouts: Shared.patient, profile: profile)
        )
    }

    @Test("Nothing is sent to this machine, however it is called, and no connection is made")
    func thisMachine() async throws {
        let seen = Counter()
        let server = try server(seen)
        defer { server.stop() }
        for host in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "[::ffff:127.0.0.1]", "[::1]"] {
            let outcome = try await send(to: "http://\(host):\(server.port)/", .publicInternet())
            let failure = try #require(outcome.failure, "\(host)")
            #expect(failure.kind == .connect, "\(host)")
            #expect(failure.sendState == .notSent, "\(host)")
        }
        #expect(seen.value == 0)
        #expect(server.connectionCount == 0)
    }

    @Test("A block that is allowed can be reached")
    func allowed() async throws {
        let seen = Counter()
        let server = try server(seen)
        defer { server.stop() }
        let policy = AddressPolicy.publicInternet(and: [try AddressRange("127.0.0.0/8")])
        #expect(try await send(to: "http://localhost:\(server.port)/", policy).response?.status == 200)
        #expect(seen.value == 1)
    }

    @Test("A connection that was opened when every address was allowed is not used")
    func reusedConnection() async throws {
        let seen = Counter()
        let server = try server(seen)
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)/"
        for _ in 0..<3 {
            #expect(try await send(to: url, .any).response?.status == 200)
            let failure = try #require(try await send(to: url, .publicInternet()).failure)
            #expect(failure.sendState == .notSent)
            #expect(failure.kind == .connect)
        }
        #expect(seen.value == 3)
    }

    @Test("An answer that leads elsewhere is not followed")
    func redirect() async throws {
        let seen = Counter()
        let target = try server(seen)
        defer { target.stop() }
        let port = target.port
        let server = try LoopbackServer { _ in
            .respond(status: 307, headerFields: [.location: "http://127.0.0.1:\(port)/"], body: [])
        }
        defer { server.stop() }
        let policy = AddressPolicy.publicInternet(and: [try AddressRange("127.0.0.0/8")])
        #expect(try await send(to: server.baseURL, policy).response?.status == 307)
        #expect(seen.value == 0)
    }

    @Test("A proxy, behind which no address can be seen, is refused")
    func proxy() async throws {
        let profile = TransportProfile(proxy: .init(url: "http://127.0.0.1:1"), addresses: .publicInternet())
        let request = OutboundRequest(method: .get, url: "http://example.test/", profile: profile)
        #expect(try await Shared.send(request).failure?.kind == .unsendable)
    }
}
