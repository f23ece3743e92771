extension Suite {
    /// Whether a request costs the same however many are stored.
    func growth() async throws {
        table.heading("growth: processor time of a request against the number of stored ones")
        let stage = try await stage("growth")
        defer { stage.tearDown() }
        var levels = [1000, 100_000, options.stored].filter { $0 <= options.stored }
        if options.isQuick { levels = [1000, 5000] }
        var base: (accept: Double, complete: Double)?
        for level in Set(levels).sorted() {
            try stage.start()
            try check(stage.completing().run(seconds: 10, limit: 200), "warm-up")
            stage.stop()
            let archive = try Archive(path: stage.database)
            try archive.multiply(by: max(0, level - archive.count))
            try stage.start()
            try check(stage.completing().run(seconds: 1), "warm-up")
            let complete = await watched([stage.pid, agency.pid]) {
                stage.completing().run(seconds: options.seconds / 2)
            }
            try check(complete.value, "complete")
            try await stage.setPaused(true)
            let accept = await watched([stage.pid, agency.pid]) { stage.accepting().run(seconds: options.seconds / 2) }
            try check(accept.value, "accept")
            try await stage.setPaused(false)
            try await waitUntilIdle(archive, limit: 120)
            stage.stop()
            let cost = (
                accept: accept.processor[0] / Double(accept.value.count),
                complete: complete.processor[0] / Double(complete.value.count)
            )
            table.row(
                "\(level) stored: accept",
                cost.accept,
                .microseconds,
                baseline: base.map { ("with 1000", $0.accept) }
            )
            table.row(
                "\(level) stored: complete",
                cost.complete,
                .microseconds,
                baseline: base.map { ("with 1000", $0.complete) }
            )
            noteOthers(max(complete.others, accept.others))
            base = base ?? cost
        }
    }
}
