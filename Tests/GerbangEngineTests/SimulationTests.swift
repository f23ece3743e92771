internal import Foundation
internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

/// `GERBANG_SIMULATION_SEED` replays one schedule and prints what happens in it; `GERBANG_SIMULATION_COUNT` runs more
/// or fewer schedules than the usual 10,000.
@Suite("The simulated life of requests", .serialized)
struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let replayedSeed = environment["GERBANG_SIMULATION_SEED"].flatMap { UInt64($0) }
    private static let count = environment["GERBANG_SIMULATION_COUNT"].flatMap { Int($0) } ?? 10_000
    private static let shares = 4

    @Test("random schedules keep the promise", .enabled(if: replayedSeed == nil), arguments: 0..<shares)
    func keepsThePromise(share: Int) async {
        let began = ContinuousClock.now
        var seen: [RequestEvent.Kind: Int] = [:]
        var (schedules, steps, crashes) = (0, 0, 0)
        for seed in stride(from: share, to: Self.count, by: Self.shares) {
            // Other tests share these threads and have a sense of time.
            await Task.yield()
            var simulation = Simulation(seed: UInt64(seed))
            simulation.run()
            schedules += 1
            steps += simulation.steps
            crashes += simulation.crashes
            seen.merge(simulation.seen, uniquingKeysWith: +)
            guard let violation = simulation.violation else { continue }
            Issue.record("seed \(seed): \(violation); replay it with GERBANG_SIMULATION_SEED=\(seed)")
            return
        }
        print("simulated \(schedules) schedules, \(steps) steps, \(crashes) crashes in \(ContinuousClock.now - began)")
        guard schedules >= 1000 else { return }
        // A generator that never gets somewhere tests nothing there.
        for kind in RequestEvent.Kind.allCases where kind != .accepted {
            #expect((seen[kind] ?? 0) >= 3, "\(kind) hardly ever happened")
        }
    }

    @Test("one seed is replayed, with its story", .enabled(if: replayedSeed != nil))
    func replays() throws {
        let seed = try #require(Self.replayedSeed)
        var simulation = Simulation(seed: seed, isTracing: true)
        simulation.run()
        print(simulation.trace.joined(separator: "\n"))
        if let violation = simulation.violation { Issue.record("seed \(seed): \(violation)") }
    }

    @Test("the same seed makes the same schedule")
    func isRepeatable() {
        for seed in [UInt64(7), 8, 9] {
            let traces = (0..<2).map { _ in
                var simulation = Simulation(seed: seed, isTracing: true)
                simulation.run()
                return simulation.trace
            }
            #expect(!traces[0].isEmpty)
            #expect(traces[0] == traces[1])
        }
    }

    @Test("the checker finds every fault that is planted", .enabled(if: replayedSeed == nil), arguments: Mutant.all)
    func findsPlantedFaults(_ mutant: Mutant) async {
        for seed in UInt64(0)..<20_000 {
            await Task.yield()
            var simulation = Simulation(seed: seed, options: mutant.options)
            simulation.run()
            guard let violation = simulation.violation, violation.contains(mutant.objection) else { continue }
            print("planted: \(mutant): found with seed \(seed): \(violation)")
            return
        }
        Issue.record("not found in 20,000 schedules: \(mutant)")
    }
}
