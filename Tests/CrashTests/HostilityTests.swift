internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@Suite("The daemon among people and agencies who mean it no good")
struct HostilityTests {
    @Test("It survives thousands of connections with random bytes")
    func randomBytes() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure("server: {port: 0}\nstorage: {path: \(folder.database)}\n")
        let daemon = try await LivingDaemon(folder)
        let seed = UInt64.random(in: 0...999_999_999)
        let dice = Dice(seed: seed)
        let port = daemon.port
        let memoryBefore = try await daemon.megabytes()
        let connections = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await Blocking.run {
                        (0..<400).count(where: { _ in
                            RawPeer.say(Self.noise(dice), to: port, waiting: dice.chance(0.1))
                        })
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(connections > 3000, "seed \(seed)")
        #expect(await daemon.isAlive(), "seed \(seed)")
        let memoryAfter = try await daemon.megabytes()
        #expect(memoryAfter < memoryBefore + 100, "from \(memoryBefore) MB, seed \(seed)")
        #expect(try await daemon.stop() == 0)
    }

    /// Bytes that are no HTTP, hardly HTTP or nearly HTTP.
    private static func noise(_ dice: Dice) -> [UInt8] {
        let heads = [
            "POST /v1/requests HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{\"a\":",
            "POST /v1/requests HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n",
            "GET /v1/requests?state=%%%&cursor=\u{0} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
            "POST /v1/requests HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nContent-Length: 99999999999999999999\r\n\r\n",
        ]
        var bytes = Array((dice.pick(heads) ?? "").utf8)
        switch dice.number(0...3) {
        case 0: return dice.bytes(dice.number(0...2000))
        case 1: return bytes + dice.bytes(dice.number(0...200))
        case 2: return Array(bytes.prefix(dice.number(0...bytes.count)))
        default:
            for _ in 0..<dice.number(1...8) {
                bytes[dice.number(0...(bytes.count - 1))] = UInt8(truncatingIfNeeded: dice.number(0...255))
            }
            return bytes
        }
    }

    /// What an agency may answer to do harm.
    struct Poison: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let mediaType: String
        let body: @Sendable (_ port: Int) -> [UInt8]

        init(_ name: String, _ mediaType: String, _ body: @escaping @Sendable (_ port: Int) -> [UInt8]) {
            testDescription = name
            self.mediaType = mediaType
            self.body = body
        }
    }

    static let poisons = [
        Poison("10 MB of nested JSON", "application/json") { _ in
            [UInt8](repeating: UInt8(ascii: "["), count: 10_000_000)
        },
        Poison("7 MB of nested JSON", "application/json") { _ in
            Array(String(repeating: "{\"a\":", count: 1_400_000).utf8)
        },
        Poison("2 MB of flat JSON", "application/json") { _ in
            Array("[\(String(repeating: "1,", count: 1_000_000))1]".utf8)
        },
        Poison("external entities", "text/xml") { port in
            let url = "http://127.0.0.1:\(port)/secret"
            return envelope(
                "<!DOCTYPE a [<!ENTITY % p SYSTEM \"\(url)\"> %p; <!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
                "&x;"
            )
        },
        Poison("a billion laughs", "text/xml") { _ in
            let laughs = (1...12).map { number in
                "<!ENTITY l\(number) \"\(String(repeating: "&l\(number - 1);", count: 10))\">"
            }
            return envelope("<!DOCTYPE a [<!ENTITY l0 \"ha\">\(laughs.joined())]>", "&l12;")
        },
        Poison("7 MB of nested XML", "text/xml") { _ in
            envelope("", String(repeating: "<a>", count: 2_300_000))
        },
    ]

    private static func envelope(_ declaration: String, _ content: String) -> [UInt8] {
        Array(
            """
            <?xml version="1.0"?>\(declaration)<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>\
            <bookInspectionResponse xmlns="urn:gerbang:transport:1">\(content)</bookInspectionResponse></e:Body></e:Envelope>
            """.utf8
        )
    }

    @Test("No answer of an agency harms it: it asks again, or holds the request in doubt", arguments: poisons)
    func poisoned(_ poison: Poison) async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        let visits = Mutex(0)
        let body = Mutex<[UInt8]>([])
        let agency = try LoopbackServer { request in
            guard request.method == .post else {
                visits.withLock { $0 += 1 }
                return .text("secret")
            }
            return .respond(headerFields: [.contentType: poison.mediaType], body: body.withLock(\.self))
        }
        defer { agency.stop() }
        body.withLock { $0 = poison.body(agency.port) }
        try folder.configure(
            Agencies.configuration(
                for: folder,
                registry: agency.baseURL,
                transport: agency.baseURL,
                retry: "{delays: [100ms, 1s], ceiling: 5s}"
            )
        )
        let daemon = try await LivingDaemon(folder)
        let lookup = try await daemon.submit(Wish(.lookUp, key: "lookup", payload: ["nik": .string(Wish.nik)]))
        let booking = try await daemon.submit(.booking(key: "booking"))
        let asked = try await daemon.request(lookup) { ($0.json["attempts"]?.intValue ?? 0) >= 2 }
        #expect(asked.state == .queued || asked.state == .running)
        #expect(asked.json["error"]?["code"]?.stringValue == "agency-unreadable", "\(asked.json["error"] ?? .null)")
        let doubtful = try await daemon.request(booking) { $0.state == .inDoubt }
        #expect(doubtful.state == .inDoubt)
        #expect(doubtful.json["attempts"] == 1)
        #expect(await daemon.isAlive())
        #expect(try await daemon.megabytes() < 200)
        #expect(visits.withLock(\.self) == 0, "an entity was fetched")
        #expect(try await daemon.stop() == 0)
    }
}
