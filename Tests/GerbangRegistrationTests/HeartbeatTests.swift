internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangRegistration
internal import GerbangRemote
internal import GerbangTesting
internal import Testing

/// What instances say, and what they are told.
@Suite
struct HeartbeatTests {
    private func office(approved file: String = Office.file()) async throws -> Office {
        let fleet = RemoteFleet()
        var reader = SettingsReader(["token": "t-0-p"])
        let definition = try RemoteDescriptor(parsing: file).definition(fleet: fleet, catalogue: .builtin())
        let adapter = try #require(definition.make(&reader))
        let connection = Connection(
            id: ConnectionID(checked: "one"),
            adapter: adapter,
            baseURL: try BaseURL("https://agency.example")
        )
        let office = try await Office(connections: [connection])
        try await office.register(file)
        _ = try await office.registrar.approve(Office.id, version: "1.0.0", by: "operator:ani")
        return office
    }

    @Test func theConfigurationTravelsOnlyWhenItHasChanged() async throws {
        let office = try await office()
        let first = try await office.heartbeat(office.beat(Office.file()))
        #expect(first["command"] == "serve")
        #expect(first["every"] == "10s")
        #expect(
            first["connections"]
                == [["id": "one", "baseURL": "https://agency.example", "settings": ["token": "t-0-p"]]]
        )
        let generation = try #require(first["generation"]?.stringValue)
        let second = try await office.heartbeat(
            office.beat(Office.file(), address: "http://127.0.0.1:9001", generation: generation)
        )
        #expect(second["connections"] == nil)
        #expect(second["generation"]?.stringValue == generation)
        let third = try await office.heartbeat(
            office.beat(Office.file(), address: "http://127.0.0.1:9002", generation: "old")
        )
        #expect(third["connections"] != nil)
    }

    @Test func secretsTravelOnlyWhereNobodyElseListens() async throws {
        let office = try await office()
        #expect(
            await code { try await office.heartbeat(office.beat(Office.file()), isProtected: false) } == .forbidden
        )
        #expect(office.registrar.closure(of: Office.id) == .noInstance)
    }

    @Test(arguments: ["http://127.0.0.2:9000", "https://agency.example", "http://localhost:9000"])
    func anInstanceRunsWhereItWasApproved(_ address: String) async throws {
        let office = try await office()
        #expect(await code { try await office.heartbeat(office.beat(Office.file(), address: address)) } == .forbidden)
    }

    @Test func whatIsNotApprovedGetsNoWork() async throws {
        let office = try await office()
        #expect(await code { try await office.heartbeat(office.beat(Office.file("1.1.0"))) } == .conflict)
        try await office.register(Office.file("1.1.0"))
        #expect(await code { try await office.heartbeat(office.beat(Office.file("1.1.0"))) } == .conflict)
        #expect(office.registrar.closure(of: Office.id) == .noInstance)
    }

    @Test func anUpgradeDrainsTheInstancesOfTheOldVersion() async throws {
        let office = try await office()
        _ = try await office.heartbeat(office.beat(Office.file()))
        try await office.register(Office.file("1.1.0"))
        _ = try await office.registrar.approve(Office.id, version: "1.1.0", by: "operator:ani")
        // Nobody speaks for the new version yet, and the old one gets nothing new.
        #expect(office.registrar.closure(of: Office.id) == .noInstance)
        let old = try await office.heartbeat(office.beat(Office.file(), address: "http://127.0.0.1:9001"))
        #expect(old["command"] == "drain")
        let new = try await office.heartbeat(office.beat(Office.file("1.1.0"), address: "http://127.0.0.1:9002"))
        #expect(new["command"] == "serve")
        #expect(office.registrar.closure(of: Office.id) == nil)
    }

    @Test func aDisabledAdapterTellsItsInstances() async throws {
        let office = try await office()
        _ = try await office.registrar.setMode(.disabled, of: Office.id, by: "operator:ani")
        #expect(try await office.heartbeat(office.beat(Office.file()))["command"] == "disable")
    }

    @Test func anotherAdaptersKeyIsRefused() async throws {
        let office = try await office()
        let other = AgencyKey()
        try await office.know(other, for: AdapterID(checked: "other"))
        let path = "/v1/adapters/example/heartbeat"
        let message = try office.message(office.beat(Office.file()), path: path, by: other)
        #expect(
            await code { _ = try await office.registrar.heartbeat(of: Office.id, message, isProtected: true) }
                == .forbidden
        )
    }
}
