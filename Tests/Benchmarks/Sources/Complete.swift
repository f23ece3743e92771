extension Suite {
    /// From the submission to the agency's answer, through the SOAP adapter.
    func complete() async throws {
        table.heading(
            "complete: submit and wait until the SOAP agency has answered (64 connections, 64 calls at a time)"
        )
        let direct = try DirectCaller(agency: agency.baseURL)
        _ = try await direct.run(concurrency: 64, seconds: 0.5)
        let own = Usage.of(0).processor
        let base = try await watched([agency.pid]) { try await direct.run(concurrency: 64, seconds: options.seconds) }
        let directCost = (Usage.of(0).processor - own) / Double(base.value.count)

        let stage = try await stage("complete")
        defer { stage.tearDown() }
        try stage.start()
        try check(stage.completing().run(seconds: 1), "complete")
        let memory = Usage.memory(of: stage.pid)
        let run = await watched([stage.pid, agency.pid]) { stage.completing().run(seconds: options.seconds) }
        try check(run.value, "complete")
        let cost = run.processor[0] / Double(run.value.count)

        table.row(
            "completions",
            run.value.rate,
            .perSecond,
            baseline: ("adapter and libcurl alone", Double(base.value.count) / base.value.seconds),
            aim: .atLeast(2000)
        )
        table.row(
            "  processor time each",
            cost,
            .microseconds,
            baseline: ("adapter and libcurl alone", directCost),
            aim: .below(500)
        )
        table.row("  of the agency", run.processor[1] / Double(run.value.count), .microseconds)
        table.row("  latency, median", run.value.latencies.median / 1e3, .milliseconds)
        table.row("  latency, 99 of 100 below", run.value.latencies.percentile(0.99) / 1e3, .milliseconds)
        table.row("  memory growth each", (Usage.memory(of: stage.pid) - memory) / Double(run.value.count), .bytes)
        table.row("  memory, highest", Usage.memory(of: stage.pid, highest: true) / 1e6, .megabytes)
        noteOthers(run.others)
        stage.stop()
        try await completeLater()
    }

    /// As a backend does it that does not wait: submit everything, let it be worked off.
    private func completeLater() async throws {
        let stage = try await stage("complete-later")
        defer { stage.tearDown() }
        try stage.start()
        let archive = try Archive(path: stage.database)
        let count = options.isQuick ? 1000 : 10_000
        let run = try await watched([stage.pid, agency.pid]) {
            let start = Stopwatch.now
            try check(stage.accepting().run(seconds: 60, limit: count), "submit")
            try await waitUntilIdle(archive, limit: 120)
            return Stopwatch.now - start
        }
        table.row("\(count) submitted without waiting, until all are done", Double(count) / run.value, .perSecond)
        table.row("  processor time each", run.processor[0] / Double(count), .microseconds, aim: .below(500))
        noteOthers(run.others)
    }

    /// Waits until nothing is queued any more.
    func waitUntilIdle(_ archive: Archive, limit: Double) async throws {
        let start = Stopwatch.now
        while try !archive.isIdle {
            guard Stopwatch.now - start < limit else { throw BenchmarkError("the queue did not empty in \(limit) s") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
