internal import GerbangCore
internal import GerbangEngine
internal import GerbangRemote
internal import GerbangTesting
internal import Testing

/// Whatever an instance does wrong, the right thing follows: nothing is lost, and nothing is done twice.
@Suite(.timeLimit(.minutes(5)))
struct FaultTableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var mode: RemoteDescriptor.Mode
        var effect: String
        /// On which question the instance goes wrong.
        var path: String
        var mood: Mood

        var testDescription: String { "\(mode.rawValue) \(effect) \(path) \(mood)" }
    }

    static let cases: [Case] = {
        var cases: [Case] = []
        for mood in Mood.allCases where mood != .hung && mood != .honest {
            for effect in ["nonIdempotent", "idempotent", "query"] {
                cases.append(Case(mode: .translate, effect: effect, path: "/prepare", mood: mood))
                cases.append(Case(mode: .translate, effect: effect, path: "/classify", mood: mood))
                cases.append(Case(mode: .call, effect: effect, path: "/call", mood: mood))
            }
        }
        return cases
    }()

    @Test(arguments: cases)
    func oneWrongAnswer(_ fault: Case) async throws {
        let world = try RemoteWorld(fault.mode, fault.effect)
        let process = try RemoteProcess(world.file, world.agency, moods: [fault.path: [fault.mood]])
        _ = try process.beat(world.fleet)
        try await world.run { world in
            let id = try await world.submit()
            let status = try await world.end(of: id)
            #expect(status.state == .succeeded)
            #expect(status.output == Sample.output)
            // A query that is repeated may look twice; it has no effect.
            #expect(fault.effect == "query" || world.agency.ledger.entries.count == 1)
            #expect(fault.effect != "nonIdempotent" || world.agency.ledger.repeatedKeys.isEmpty)
            let doubts = try await world.engine.events(of: id).count { $0.kind == .doubted }
            #expect(doubts == (fault.endsInDoubt ? 1 : 0))
        }
    }

    @Test(arguments: Case.hanging)
    func aHungInstanceIsGivenUpWhenItIsLostAndNotWhenItsTimeIsOver(_ fault: Case) async throws {
        // The call's own time is an hour; the test would not end.
        let world = try RemoteWorld(fault.mode, fault.effect, total: "1h")
        let hung = try RemoteProcess(world.file, world.agency, moods: [fault.path: [.hung]])
        _ = try hung.beat(world.fleet)
        try await world.run { world in
            let id = try await world.submit()
            try await eventually("the instance has the call") { hung.count(fault.path) == 1 }
            let other = try RemoteProcess(world.file, world.agency)
            world.uptime.advance(by: .seconds(59))
            _ = try other.beat(world.fleet)
            #expect(try await world.engine.status(of: id)?.state == .running)
            world.uptime.advance(by: .seconds(2))
            let status = try await world.end(of: id)
            #expect(status.state == .succeeded)
            #expect(world.agency.ledger.entries.count == 1)
            #expect(other.count(fault.path) + other.count("/inquire") + other.count("/classify") >= 1)
        }
    }
}

extension FaultTableTests.Case {
    static let hanging = [
        Self(mode: .translate, effect: "nonIdempotent", path: "/prepare", mood: .hung),
        Self(mode: .translate, effect: "nonIdempotent", path: "/classify", mood: .hung),
        Self(mode: .call, effect: "nonIdempotent", path: "/call", mood: .hung),
        Self(mode: .call, effect: "idempotent", path: "/call", mood: .hung),
    ]

    /// What became of the agency's call is not known, and it must not be repeated.
    var endsInDoubt: Bool {
        guard effect == "nonIdempotent", path != "/prepare", mood != .twice else { return false }
        // With a single instance there is nobody else to read the agency's answer.
        return mode == .translate || mood != .declining
    }
}
