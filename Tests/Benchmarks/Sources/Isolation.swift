internal import Foundation

extension Suite {
    /// What two agencies keep of their speed while a third is down and a fourth never answers.
    func isolation() async throws {
        table.heading(
            "isolation: two agencies at work (64 connections, 'Prefer: wait'), alone and beside one down and one hanging"
        )
        let folder = options.folder + "/isolation-agencies"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let agencies = try SimulatedAgencies(folder: folder, hanging: .oss)
        defer { agencies.stop() }
        agencies.stop(.satusehat)
        let stage = try await Stage("isolation", options: options, connections: agencies.connections)
        defer { stage.tearDown() }
        try stage.start()
        let healthy = stage.completing(stage.queries([.dukcapil, .transport], wait: true))
        try check(healthy.run(seconds: 1), "isolation")
        let base = await watched([stage.pid] + agencies.pids) { healthy.run(seconds: options.seconds) }
        try check(base.value, "isolation, alone")

        // Citizens go on asking the two that do not work: a hundred a second, accepted and queued.
        var others = LoadGenerator(
            port: stage.port,
            messages: stage.queries([.satusehat, .oss], wait: false),
            connections: 8,
            status: 202
        )
        others.rate = 100
        let seconds = options.seconds
        let trouble = Task.detached { [others] in others.run(seconds: seconds + 2) }
        try await Task.sleep(for: .seconds(1))
        let run = await watched([stage.pid] + agencies.pids) { healthy.run(seconds: options.seconds) }
        try check(run.value, "isolation, beside")
        try check(await trouble.value, "isolation, accepting for the others")

        func row(_ name: String, _ value: (LoadGenerator.Result) -> Double, _ unit: Unit) {
            table.row(name, value(run.value), unit, baseline: ("alone", value(base.value)))
        }
        row("completions of the two that work", \.rate, .perSecond)
        row("  latency, median", { $0.latencies.median / 1e3 }, .milliseconds)
        row("  latency, 99 of 100 below", { $0.latencies.percentile(0.99) / 1e3 }, .milliseconds)
        table.row("  share of their own throughput", run.value.rate / base.value.rate, .times, aim: .atLeast(0.8))
        table.row(
            "  99 of 100, against their own",
            run.value.latencies.percentile(0.99) / base.value.latencies.percentile(0.99),
            .times,
            aim: .below(1.5)
        )
        noteOthers(max(base.others, run.others))
    }
}
