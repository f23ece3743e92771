internal import Foundation

extension Suite {
    /// All four agencies for a long time: what grows slowly shows here.
    func mixed() async throws {
        let minutes = options.isQuick ? 1 : options.minutes
        let span = options.isQuick ? 2.0 : 60.0
        table.heading(
            "mixed: queries to all four agencies for \(minutes) × \(Int(span)) s (32 connections, all flushed)"
        )
        let folder = options.folder + "/mixed-agencies"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let agencies = try SimulatedAgencies(folder: folder)
        defer { agencies.stop() }
        let stage = try await Stage("mixed", options: options, connections: agencies.connections)
        defer { stage.tearDown() }
        try stage.start()
        var load = stage.completing(stage.queries(SimulatedAgency.allCases, wait: true))
        load.connections = 32
        try check(load.run(seconds: 2), "mixed")

        var first: (rate: Double, cost: Double, slow: Double, memory: Double)?
        for minute in 1...minutes {
            let run = await watched([stage.pid] + agencies.pids) { load.run(seconds: span) }
            try check(run.value, "mixed")
            let now = (
                rate: run.value.rate, cost: run.processor[0] / Double(run.value.count),
                slow: run.value.latencies.percentile(0.99) / 1e3, memory: Usage.memory(of: stage.pid) / 1e6
            )
            let base = first ?? now
            first = base
            let isLast = minute == minutes && !options.isQuick
            table.row("minute \(minute): completions", now.rate, .perSecond, baseline: ("minute 1", base.rate))
            table.row("  processor time each", now.cost, .microseconds, baseline: ("minute 1", base.cost))
            table.row("  latency, 99 of 100 below", now.slow, .milliseconds, baseline: ("minute 1", base.slow))
            table.row(
                "  memory",
                now.memory,
                .megabytes,
                baseline: ("minute 1", base.memory),
                aim: isLast ? .below(base.memory * 1.2) : .none
            )
            if run.others > 0.15 { noteOthers(run.others) }
            if isLast { try await control(agencies, span: span, after: now) }
        }
    }

    /// What grows is told from a machine that has become slower by an empty database right afterwards.
    private func control(
        _ agencies: SimulatedAgencies,
        span: Double,
        after last: (rate: Double, cost: Double, slow: Double, memory: Double)
    ) async throws {
        let stage = try await Stage("mixed-control", options: options, connections: agencies.connections)
        defer { stage.tearDown() }
        try stage.start()
        var load = stage.completing(stage.queries(SimulatedAgency.allCases, wait: true))
        load.connections = 32
        let run = await watched([stage.pid] + agencies.pids) { load.run(seconds: span) }
        try check(run.value, "mixed, afterwards")
        let slow = run.value.latencies.percentile(0.99) / 1e3
        table.row(
            "the last minute against an empty database afterwards: share of its completions",
            last.rate / run.value.rate,
            .share,
            aim: .atLeast(0.9)
        )
        table.row(
            "  latency, 99 of 100 below",
            last.slow,
            .milliseconds,
            baseline: ("empty", slow),
            aim: .below(slow * 1.2)
        )
    }
}
