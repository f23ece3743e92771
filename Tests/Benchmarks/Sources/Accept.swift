extension Suite {
    /// Durable accepts: the connection is paused, so that only accepting is measured.
    func accept() async throws {
        table.heading("accept: submit, answer 202 after the flush (64 connections, agency paused, synchronous=FULL)")
        let stage = try await stage("accept")
        defer { stage.tearDown() }
        let flushes = Flushing.rate(in: stage.folder, seconds: min(2, options.seconds))

        let prototype = try Child(
            CommandLine.arguments[0],
            ["prototype", "--database", stage.folder + "/prototype.db"],
            log: stage.folder + "/prototype.log"
        )
        var load = stage.accepting()
        load.port = prototype.port
        try check(load.run(seconds: 0.5), "prototype")
        let base = await watched([prototype.pid]) { load.run(seconds: options.seconds) }
        prototype.stop()
        try check(base.value, "prototype")

        try stage.start()
        try await stage.setPaused(true)
        try check(stage.accepting().run(seconds: 0.5), "accept")
        let own = await watched([stage.pid]) { stage.accepting().run(seconds: options.seconds) }
        try check(own.value, "accept")

        table.row(
            "durable accepts",
            own.value.rate,
            .perSecond,
            baseline: ("prototype", base.value.rate),
            aim: .atLeast(5000)
        )
        table.row(
            "  latency, median",
            own.value.latencies.median / 1e3,
            .milliseconds,
            baseline: ("prototype", base.value.latencies.median / 1e3)
        )
        table.row(
            "  latency, 99 of 100 below",
            own.value.latencies.percentile(0.99) / 1e3,
            .milliseconds,
            baseline: ("prototype", base.value.latencies.percentile(0.99) / 1e3)
        )
        table.row(
            "  processor time each",
            own.processor[0] / Double(own.value.count),
            .microseconds,
            baseline: ("prototype", base.processor[0] / Double(base.value.count))
        )
        table.row("  accepts for one lone flush of 4 KB", own.value.rate / flushes, .times)
        table.row("  lone flushes", flushes, .perSecond)
        noteOthers(own.others)
    }
}
