internal import Foundation
internal import GerbangCore
internal import GerbangTesting
internal import Testing

/// What can be asked of the crash test from outside.
private enum Wanted {
    /// How many daemons are killed: `GERBANG_CRASH_KILLS`, 100 when it is not set.
    static let kills = variable("GERBANG_CRASH_KILLS").flatMap { Int($0) } ?? 100
    /// What the random decisions start from: `GERBANG_CRASH_SEED`, chosen anew when it is not set.
    static let seed = variable("GERBANG_CRASH_SEED").flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999_999)

    private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}

@Suite("Nothing is lost and nothing is done twice")
struct KillingTests {
    @Test("A gateway that is killed again and again keeps every promise")
    func survivesKills() async throws {
        let began = SystemClock().now()
        let folder = try await GatewayFolder()
        let agencies = try Agencies(callbackSecret: folder.callbackSecret, dice: Dice(seed: Wanted.seed))
        defer { agencies.stop() }
        var run = try CrashRun(folder: folder, agencies: agencies, seed: Wanted.seed)
        do {
            try await run.kill(Wanted.kills)
            let evidence = try await run.finish()
            let violations = run.violations + evidence.violations()
            let summary = summary(of: run, evidence, seconds: (SystemClock().now() - began).milliseconds / 1000)
            print(summary)
            #expect(run.plan.kills >= Wanted.kills)
            #expect(run.plan.missing == [], "no daemon died at these points")
            #expect(run.journal.complaints == [])
            #expect(violations == [], "kept in \(folder.path); \(summary)")
            for operation in Wish.Service.allCases.compactMap(\.effect) {
                #expect(evidence.effects.contains { $0.operation == operation }, "no \(operation) was done")
            }
            #expect(evidence.callbacks.contains { $0.isTaken })
            #expect(evidence.ordered > 0 || run.plan.kills < 20)
            #expect(evidence.finishedByTheOtherForm > 0 || run.plan.kills < 20)
            if violations.isEmpty, run.journal.complaints.isEmpty { folder.remove() }
        } catch {
            let end = try? folder.logText().suffix(2000)
            Issue.record("\(error); seed \(Wanted.seed), kept in \(folder.path); the log ends with: \(end ?? "")")
        }
    }

    private func summary(of run: CrashRun, _ evidence: Evidence, seconds: Int64) -> String {
        let hits = KillPlan.points.map { "\($0) \(run.plan.hits[$0, default: 0])" }.joined(separator: ", ")
        let states = Dictionary(grouping: evidence.stored, by: \.state).map { "\($0.key) \($0.value.count)" }.sorted()
        let effects = Dictionary(grouping: evidence.effects, by: \.operation).map { "\($0.key) \($0.value.count)" }
            .sorted()
        return "crash test: \(run.plan.kills) kills (\(hits)), \(evidence.stored.count) requests "
            + "(\(states.joined(separator: ", "))), \(run.journal.replays) replays, "
            + "\(evidence.settledByInquiry) doubts settled by inquiry, "
            + "\(evidence.ordered) done after another of their case, "
            + "\(evidence.finishedByTheOtherForm) ended by the other form of an adapter, "
            + "effects: \(effects.joined(separator: ", ")), \(evidence.queries.count) queries answered, "
            + "\(Set(evidence.callbacks.map(\.id)).count) events called back with \(evidence.callbacks.count) calls, "
            + "\(seconds) s, seed \(Wanted.seed)"
    }
}
