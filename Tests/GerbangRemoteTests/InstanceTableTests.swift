internal import GerbangCore
internal import GerbangJSON
internal import GerbangRemote
internal import GerbangTesting
internal import Testing

/// Who may be given work, by heartbeats alone.
@Suite
struct InstanceTableTests {
    private static let hash = String(repeating: "a", count: 64)
    private let start = Timestamp(milliseconds: 1_000_000)

    private func beat(
        _ id: String,
        _ sequence: Int = 1,
        port: Int = 9000,
        secret: UInt8 = 1,
        hash: String = InstanceTableTests.hash,
        isDraining: Bool = false
    ) throws -> Heartbeat {
        try Heartbeat(json: [
            "instance": .string(id),
            "sequence": .number(JSONNumber(sequence)),
            "hash": .string(hash),
            "address": .string("http://127.0.0.1:\(port)"),
            "callKey": .string(Base64.encode([UInt8](repeating: secret, count: 32))),
            "isDraining": .bool(isDraining),
        ])
    }

    private func table() -> InstanceTable {
        var table = InstanceTable()
        table.serve(Self.hash, at: start)
        return table
    }

    @Test(arguments: [(0, "live"), (29_999, "live"), (30_000, "silent"), (59_999, "silent"), (60_000, "lost")])
    func silenceCounts(_ milliseconds: Int, _ phase: String) throws {
        var table = table()
        _ = table.note(try beat("instance-1"), at: start)
        let instance = try #require(table.choice(besides: [], at: start))
        let now = start + .milliseconds(milliseconds)
        #expect(table.phase(of: instance, at: now).rawValue == phase)
        #expect(table.hasLiveInstance(at: now) == (phase == "live"))
        #expect((table.choice(besides: [], at: now) != nil) == (phase == "live"))
    }

    @Test func absenceCountsFromTheLastOneThatCouldWork() throws {
        var table = table()
        // Whoever has just begun gives the processes time to say that they are there.
        #expect(table.absence(at: start + .seconds(10)) == .seconds(10))
        _ = table.note(try beat("instance-1"), at: start + .seconds(20))
        #expect(table.absence(at: start + .seconds(49)) == nil)
        _ = table.note(try beat("instance-1", 2, isDraining: true), at: start + .seconds(30))
        #expect(table.absence(at: start + .seconds(40)) == .seconds(20))
        _ = table.note(try beat("instance-2", port: 9002), at: start + .seconds(50))
        #expect(table.absence(at: start + .seconds(50)) == nil)
    }

    @Test func aHeartbeatBringsALostOneBack() throws {
        var table = table()
        _ = table.note(try beat("instance-1"), at: start)
        let later = start + .seconds(90)
        #expect(!table.hasLiveInstance(at: later))
        #expect(table.note(try beat("instance-1", 2), at: later) == .counted(isNew: false, replaced: []))
        #expect(table.hasLiveInstance(at: later))
    }

    @Test func aDelayedOrRepeatedHeartbeatChangesNothing() throws {
        var table = table()
        _ = table.note(try beat("instance-1", 5), at: start)
        #expect(table.note(try beat("instance-1", 5), at: start + .seconds(50)) == .stale)
        #expect(table.note(try beat("instance-1", 4), at: start + .seconds(50)) == .stale)
        #expect(!table.hasLiveInstance(at: start + .seconds(50)))
    }

    /// https://github.com/oban-bg/oban/issues/862: a process that came back under its old name was taken for the one
    /// whose work had to be rescued.
    @Test("Oban #862: a restarted process is a new one, whatever its name and address")
    func oban862() throws {
        var table = table()
        _ = table.note(try beat("instance-1"), at: start)
        table.callBegan(on: "instance-1")
        let outcome = table.note(try beat("instance-2", secret: 2), at: start + .seconds(1))
        #expect(outcome == .counted(isNew: true, replaced: ["instance-1"]))
        // Its calls are given up at once, not when its silence would have been long enough.
        #expect(table.lostAt("instance-1") == nil)
        #expect(table.choice(besides: [], at: start + .seconds(1))?.id == "instance-2")
        #expect(table.choice(besides: [], at: start + .seconds(1))?.inFlight == 0)
        #expect(table.note(try beat("instance-1", 2), at: start + .seconds(2)) == .replaced)
        // The same name with another secret is not the same process either.
        #expect(table.note(try beat("instance-2", 2, secret: 3), at: start + .seconds(2)) == .impostor)
    }

    /// https://github.com/dbos-inc/dbos-transact-py/issues/804: an executor that was draining took up work again.
    @Test("DBOS #804: a draining instance gets no new work until it says that it takes some")
    func dbos804() throws {
        var table = table()
        _ = table.note(try beat("instance-1"), at: start)
        table.callBegan(on: "instance-1")
        _ = table.note(try beat("instance-1", 2, isDraining: true), at: start + .seconds(1))
        #expect(!table.hasLiveInstance(at: start + .seconds(1)))
        #expect(table.choice(besides: [], at: start + .seconds(1)) == nil)
        #expect(table.hasWork(at: start + .seconds(1)))
        table.callEnded(on: "instance-1", failed: false, at: start + .seconds(2))
        #expect(!table.hasLiveInstance(at: start + .seconds(2)))
        #expect(!table.hasWork(at: start + .seconds(2)))
    }

    @Test func aVersionThatIsNotServedWorksOffWhatItHas() throws {
        var table = table()
        _ = table.note(try beat("instance-1", hash: String(repeating: "b", count: 64)), at: start)
        #expect(!table.hasLiveInstance(at: start))
        table.serve(String(repeating: "b", count: 64), at: start)
        #expect(table.hasLiveInstance(at: start))
        table.serve(nil, at: start)
        #expect(!table.hasLiveInstance(at: start))
    }

    @Test func theLeastBusyOfTwoIsChosenAndOneThatFailedLatelyComesLast() throws {
        var table = table()
        _ = table.note(try beat("instance-1", port: 9001), at: start)
        _ = table.note(try beat("instance-2", port: 9002), at: start)
        table.callBegan(on: "instance-1")
        #expect(table.choice(besides: [], at: start)?.id == "instance-2")
        table.callBegan(on: "instance-2")
        table.callEnded(on: "instance-2", failed: true, at: start)
        #expect(table.choice(besides: [], at: start + .seconds(9))?.id == "instance-1")
        #expect(table.choice(besides: ["instance-1"], at: start + .seconds(9))?.id == "instance-2")
        #expect(table.choice(besides: [], at: start + .seconds(10))?.id == "instance-2")
    }

    @Test func oneOfTwoDies() throws {
        var table = table()
        _ = table.note(try beat("instance-1", port: 9001), at: start)
        _ = table.note(try beat("instance-2", port: 9002), at: start)
        _ = table.note(try beat("instance-2", 2, port: 9002), at: start + .seconds(20))
        #expect(table.choice(besides: [], at: start + .seconds(40))?.id == "instance-2")
        #expect(table.hasLiveInstance(at: start + .seconds(40)))
    }

    /// The wall clock may be set as anybody likes: silence is measured with another one.
    @Test func aJumpOfTheWallClockIsNobodysSilence() throws {
        let uptime = ManualClock()
        let fleet = RemoteFleet(clock: uptime)
        fleet.serve(Self.hash, of: Sample.id)
        _ = try fleet.note(beat("instance-1"), of: Sample.id)
        #expect(fleet.closure(of: Sample.id) == nil)
        uptime.advance(by: .seconds(-5))
        #expect(fleet.closure(of: Sample.id) == nil)
        uptime.advance(by: .seconds(35))
        #expect(fleet.closure(of: Sample.id) == .noInstance)
    }

    @Test func whatIsNotRemoteNeedsNoInstance() {
        #expect(RemoteFleet().closure(of: AdapterID(checked: "dukcapil")) == nil)
    }

    @Test func theUptimeClockGoesOn() async throws {
        let clock = UptimeClock()
        let before = clock.now()
        try await clock.sleep(until: before + .milliseconds(5))
        #expect(clock.now() > before)
    }

    @Test(arguments: [
        ("instance", JSONValue.string("x"), "/instance"), ("sequence", 0, "/sequence"),
        ("hash", "abc", "/hash"), ("address", "ftp://host", "/address"), ("callKey", "AAAA", "/callKey"),
        ("load", 2, "/load"), ("inFlight", -1, "/inFlight"), ("colour", "red", "/colour"),
    ])
    func aHeartbeatIsReadStrictly(_ key: String, _ value: JSONValue, _ place: String) throws {
        var object = RemoteInstance(file: [], address: try BaseURL("http://127.0.0.1:1")).heartbeat().objectValue ?? [:]
        #expect(throws: Never.self) { try Heartbeat(json: .object(object)) }
        object[key] = value
        let error = try #require(throws: GerbangError.self) { try Heartbeat(json: .object(object)) }
        #expect(error.code == .invalidInput)
        #expect(error.field?.description == place)
    }
}
