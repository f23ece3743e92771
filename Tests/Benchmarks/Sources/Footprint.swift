extension Suite {
    /// Memory, start-up, recovery, and what it costs to do nothing.
    func footprint() async throws {
        table.heading("footprint: start-up, memory, idle, recovery")
        let stage = try await stage("footprint")
        defer { stage.tearDown() }
        let first = try stage.start()
        stage.stop()
        var starts = Samples()
        for _ in 0..<(options.isQuick ? 2 : 5) {
            starts.add(try stage.start() * 1e6)
            stage.stop()
        }
        table.row("start-up, new database", first, .seconds, aim: .below(1))
        table.row("start-up, empty database", starts.median / 1e6, .seconds, aim: .below(1))

        try stage.start()
        table.row("memory after start-up", Usage.memory(of: stage.pid) / 1e6, .megabytes)
        try await idle(stage, "idle, nothing queued")
        try await stage.setPaused(true)
        let queued = options.isQuick ? 1000 : 10_000
        try check(stage.accepting().run(seconds: 60, limit: queued), "queueing")
        table.row("memory with \(queued) queued", Usage.memory(of: stage.pid) / 1e6, .megabytes, aim: .below(100))
        stage.stop()

        let archive = try Archive(path: stage.database)
        let many = options.isQuick ? 5000 : 100_000
        try archive.multiply(by: many - queued)
        table.row("start-up, \(many) queued", try stage.start(), .seconds, aim: .below(1))
        try await idle(stage, "idle, \(many) queued, paused")
        let run = try await watched([stage.pid, agency.pid]) {
            let start = Stopwatch.now
            try await stage.setPaused(false)
            try await waitUntilIdle(archive, limit: 300)
            return Stopwatch.now - start
        }
        table.row("working off \(many) queued", Double(many) / run.value, .perSecond)
        table.row("  processor time each", run.processor[0] / Double(many), .microseconds)
        table.row("  memory, highest", Usage.memory(of: stage.pid, highest: true) / 1e6, .megabytes)
        noteOthers(run.others)
    }

    private func idle(_ stage: Stage, _ name: String) async throws {
        let seconds = options.isQuick ? 2.0 : 20.0
        // What starting up and submitting left to do is not idling.
        try await Task.sleep(for: .seconds(1))
        let before = Usage.of(stage.pid).processor
        try await Task.sleep(for: .seconds(seconds))
        table.row(name, (Usage.of(stage.pid).processor - before) / seconds / 1e4, .percent)
    }
}
