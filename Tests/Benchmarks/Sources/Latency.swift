extension Suite {
    /// What the gateway adds to an agency's answer at half of what it can do.
    func latency() async throws {
        table.heading(
            "latency: the answer with 'Prefer: wait' at half load, requests at fixed moments, against the agency itself"
        )
        let stage = try await stage("latency")
        defer { stage.tearDown() }
        try stage.start()
        try check(stage.completing().run(seconds: 1), "latency")
        let full = stage.completing().run(seconds: options.seconds)
        try check(full, "latency")
        let half = full.rate / 2

        var direct = LoadGenerator(
            port: agency.port,
            messages: [try DirectCaller(agency: agency.baseURL).rawMessage()],
            status: 200,
            mark: Array("Avanza".utf8)
        )
        direct.rate = half
        var gateway = stage.completing()
        gateway.rate = half
        let base = direct.run(seconds: options.seconds)
        try check(base, "direct")
        let run = await watched([stage.pid, agency.pid]) { gateway.run(seconds: options.seconds) }
        try check(run.value, "latency")

        func milliseconds(_ result: LoadGenerator.Result, _ share: Double) -> Double {
            result.latencies.percentile(share) / 1e3
        }
        table.row("half load", half, .perSecond)
        table.row(
            "  answered, median",
            milliseconds(run.value, 0.5),
            .milliseconds,
            baseline: ("agency itself", milliseconds(base, 0.5))
        )
        table.row(
            "  answered, 99 of 100 below",
            milliseconds(run.value, 0.99),
            .milliseconds,
            baseline: ("agency itself", milliseconds(base, 0.99))
        )
        table.row("  added, median", milliseconds(run.value, 0.5) - milliseconds(base, 0.5), .milliseconds)
        table.row(
            "  added, 99 of 100 below",
            milliseconds(run.value, 0.99) - milliseconds(base, 0.99),
            .milliseconds,
            aim: .below(20)
        )
        // Small groups of writes share their flush with few others, so that a request costs more than at full load.
        table.row("  processor time each", run.processor[0] / Double(run.value.count), .microseconds)
        noteOthers(run.others)
    }
}
