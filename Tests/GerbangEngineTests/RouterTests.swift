internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

@Suite("Router")
struct RouterTests {
    private static let service = ServiceID(checked: "transport.inspection.book")

    private func connection(_ name: String, _ regions: String...) throws -> Connection {
        Connection(
            id: ConnectionID(checked: name),
            adapter: WordAdapter(),
            baseURL: try BaseURL("http://\(name)"),
            regions: try regions.map { try Region($0) }
        )
    }

    @Test("the narrowest region wins, whatever the order", arguments: [false, true])
    func narrowest(isReversed: Bool) throws {
        let connections = [
            try connection("nation", "ID"), try connection("province", "31", "32"), try connection("city", "31.74"),
            try connection("village", "31.74.01.1001"),
        ]
        let router = Router(isReversed ? connections.reversed() : connections)
        for (region, expected) in [
            ("31.74.01.1001", "village"), ("31.74.01.1002", "city"), ("31.74.01", "city"), ("31.74", "city"),
            ("31.73", "province"), ("32.01", "province"), ("31", "province"), ("33", "nation"), ("ID", "nation"),
        ] {
            let route = try router.route(Self.service, in: try Region(region))
            #expect(route.connection.text == expected, "\(region)")
            #expect(route.operation == WordAdapter.book)
        }
    }

    @Test("of two equally narrow connections the first one answers")
    func ties() throws {
        let router = Router([try connection("first", "31"), try connection("second", "31")])
        #expect(try router.route(Self.service, in: try Region("31.74")).connection.text == "first")
    }

    @Test("a region or a service that nobody serves is told apart, and is the client's to change")
    func nobody() throws {
        let router = Router([try connection("city", "31.74")])
        for (service, region) in [(Self.service, "31"), (Self.service, "ID"), (ServiceID(checked: "no.such"), "31.74")]
        {
            let place = try Region(region)
            let error = #expect(throws: GerbangError.self) { try router.route(service, in: place) }
            #expect(error?.code == .noConnection)
        }
    }

    @Test("an inquiry is never offered as a service")
    func inquiries() throws {
        let router = Router([try connection("one", "ID")])
        #expect(throws: GerbangError.self) { try router.route(ServiceID(checked: "find"), in: .nation) }
    }
}
