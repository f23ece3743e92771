internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangRemote
internal import GerbangTesting
internal import Testing

/// Instances come, go, restart and share the work, while requests flow.
@Suite(.timeLimit(.minutes(5)))
struct InstanceLifeTests {
    @Test func withoutAnInstanceRequestsWaitAndUseNoAttempt() async throws {
        let world = try RemoteWorld(.call, "nonIdempotent")
        try await world.run { world in
            let id = try await world.submit()
            let waiting = try #require(try await world.engine.status(of: id))
            #expect(waiting.state == .queued)
            #expect(waiting.reason == .noInstance)
            let connection = try await world.engine.connectionStatuses().first
            #expect(connection?.closedBecause == .noInstance)
            let process = try RemoteProcess(world.file, world.agency)
            _ = try process.beat(world.fleet)
            let status = try await world.end(of: id)
            #expect(status.state == .succeeded)
            #expect(status.attempts == 1)
            #expect(world.agency.ledger.entries.count == 1)
        }
    }

    @Test func anInstanceThatIsSilentGetsNoNewWork() async throws {
        let world = try RemoteWorld(.call, "nonIdempotent")
        let process = try RemoteProcess(world.file, world.agency)
        _ = try process.beat(world.fleet)
        try await world.run { world in
            #expect(try await world.end(of: world.submit("k-1")).state == .succeeded)
            world.uptime.advance(by: .seconds(30))
            let id = try await world.submit("k-2")
            #expect(try await world.engine.status(of: id)?.reason == .noInstance)
            #expect(process.count("/call") == 1)
            _ = try process.beat(world.fleet)
            #expect(try await world.end(of: id).state == .succeeded)
        }
    }

    @Test(
        "A process that dies with a call is replaced by the one that is started in its place",
        arguments: [
            RemoteDescriptor.Mode.translate, .call,
        ]
    )
    func restart(_ mode: RemoteDescriptor.Mode) async throws {
        let path = mode == .call ? "/call" : "/classify"
        let world = try RemoteWorld(mode, "nonIdempotent", total: "1h")
        let first = try RemoteProcess(world.file, world.agency, moods: [path: [.hung]])
        _ = try first.beat(world.fleet)
        try await world.run { world in
            let id = try await world.submit()
            try await eventually("the first process has the call") { first.count(path) == 1 }
            // Killed: its port is free, and its successor takes it with an id of its own.
            first.server.stop()
            let second = try RemoteProcess(world.file, world.agency, port: first.server.port)
            #expect(try second.beat(world.fleet).replaced == [first.instance.id])
            let status = try await world.end(of: id)
            #expect(status.state == .succeeded)
            #expect(world.agency.ledger.entries.count == 1)
            #expect(throws: GerbangError.self) { try first.beat(world.fleet) }
        }
    }

    @Test func oneOfTwoDiesAndTheOtherDoesItsWork() async throws {
        let world = try RemoteWorld(.translate, "nonIdempotent")
        let processes = [try RemoteProcess(world.file, world.agency), try RemoteProcess(world.file, world.agency)]
        for process in processes { _ = try process.beat(world.fleet) }
        try await world.run { world in
            var requests: [RequestID] = []
            for number in 0..<20 {
                if number == 10 { processes[0].server.stop() }
                requests.append(try await world.submit("k-\(number)"))
            }
            for id in requests { #expect(try await world.end(of: id).state == .succeeded) }
            #expect(world.agency.ledger.entries.count == 20)
            #expect(world.agency.ledger.repeatedKeys.isEmpty)
            #expect(processes[1].count("/prepare") > 0)
        }
    }

    @Test("DBOS #804: a draining instance finishes what it has and gets nothing new")
    func dbos804() async throws {
        let world = try RemoteWorld(.call, "nonIdempotent")
        let process = try RemoteProcess(world.file, world.agency)
        _ = try process.beat(world.fleet)
        try await world.run { world in
            #expect(try await world.end(of: world.submit("k-1")).state == .succeeded)
            _ = try process.beat(world.fleet, isDraining: true)
            let id = try await world.submit("k-2")
            #expect(try await world.engine.status(of: id)?.reason == .noInstance)
            #expect(process.count("/call") == 1)
        }
    }

    @Test("A lost instance that comes back late changes nothing that was settled meanwhile")
    func late() async throws {
        let world = try RemoteWorld(.call, "nonIdempotent", total: "1h")
        let slow = try RemoteProcess(world.file, world.agency, moods: ["/call": [.hung]])
        _ = try slow.beat(world.fleet)
        try await world.run { world in
            let id = try await world.submit()
            try await eventually("the instance has the call") { slow.count("/call") == 1 }
            world.uptime.advance(by: .seconds(61))
            let other = try RemoteProcess(world.file, world.agency)
            _ = try other.beat(world.fleet)
            #expect(try await world.end(of: id).state == .succeeded)
            _ = try slow.beat(world.fleet)
            let events = try await world.engine.events(of: id)
            #expect(events.last?.kind == .succeeded)
            #expect(world.agency.ledger.entries.count == 1)
        }
    }
}
