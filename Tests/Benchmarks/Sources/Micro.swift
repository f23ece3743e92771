internal import Foundation
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSQLite
internal import GerbangSchema

extension Suite {
    /// Single parts, without a network.
    func micro() async throws {
        table.heading("micro: single parts on one thread")
        try json()
        try await soap()
        try outputs()
        try machine()
        try await store()
    }

    /// Nanoseconds for one of `body`, the best of several rounds.
    ///
    /// - Parameter batch: How many run between two looks at the clock.
    func measure(_ batch: Int = 50, _ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<5 {
            let start = Usage.of(0).processor
            var count = 0
            while Usage.of(0).processor - start < (options.isQuick ? 5e3 : 100e3) {
                for _ in 0..<batch { try body() }
                count += batch
            }
            best = min(best, (Usage.of(0).processor - start) * 1e3 / Double(count))
        }
        return best
    }

    private func json() throws {
        let small =
            #"{"service":"transport.vehicle.lookup","region":"31.74","channel":"online","#
            + #""applicant":{"nik":"3174015708900003","name":"SITI CONTOH"},"payload":{"plate":"B 1234 XYZ"}}"#
        let large = "[" + Array(repeating: small, count: 60).joined(separator: ",") + "]"
        for (name, text) in [("a submission", small), ("10 KB", large)] {
            let bytes = Array(text.utf8)
            let data = Data(bytes)
            let value = try JSONValue(parsing: bytes)
            let object = try JSONSerialization.jsonObject(with: data)
            table.row(
                "JSON, reading \(name)",
                try measure { _ = try JSONValue(parsing: bytes) },
                .nanoseconds,
                baseline: ("Foundation", try measure { _ = try JSONSerialization.jsonObject(with: data) })
            )
            table.row(
                "JSON, writing \(name)",
                measure { _ = value.encoded() },
                .nanoseconds,
                baseline: ("Foundation", try measure { _ = try JSONSerialization.data(withJSONObject: object) })
            )
        }
    }

    private func soap() async throws {
        let direct = try DirectCaller(agency: agency.baseURL)
        let call = try direct.makeCall()
        let exchange = try await direct.exchange()
        table.row("SOAP, preparing a message", try measure { _ = try direct.adapter.prepare(call) }, .nanoseconds)
        table.row(
            "SOAP, classifying an answer",
            measure { _ = direct.adapter.classify(exchange, for: call) },
            .nanoseconds
        )
    }

    /// What the engine checks before a client gets an adapter's output.
    private func outputs() throws {
        let id = ServiceID(checked: "transport.vehicle.lookup")
        guard let service = try ServiceCatalogue.builtin()[id] else { throw BenchmarkError("there is no \(id)") }
        let schema = try JSONSchema(service.output)
        let output: JSONValue = [
            "plate": "B 1234 XYZ", "make": "Toyota", "model": "Avanza", "year": 2019, "colour": "Hitam",
            "taxValidUntil": "2026-12-31",
        ]
        table.row("output, checked against the service's schema", measure { _ = schema.validate(output) }, .nanoseconds)
    }

    private func machine() throws {
        let now = SystemClock().now()
        let context = RequestMachine.Context(effect: .query, now: now)
        let start = RequestProgress(acceptedAt: now, deadline: now + .seconds(3600))
        let claimed = try RequestMachine.apply(.claim(owner: "bench", leaseFor: .seconds(60)), to: start, in: context)
        let outcome = RequestMachine.Input.outcome(
            .verdict(.succeeded(output: ["plate": "B 1234 XYZ"])),
            epoch: claimed.progress.epoch
        )
        let claim = try measure {
            _ = try RequestMachine.apply(.claim(owner: "bench", leaseFor: .seconds(60)), to: start, in: context)
        }
        let settle = try measure { _ = try RequestMachine.apply(outcome, to: claimed.progress, in: context) }
        table.row("state machine, claiming", claim, .nanoseconds)
        table.row("state machine, settling", settle, .nanoseconds)
    }

    /// The processor time of the store for each step of a request, in batches, one writer.
    private func store() async throws {
        let stage = try await stage("micro")
        defer { stage.tearDown() }
        let store = try SQLiteStore(path: stage.database)
        let call = try DirectCaller(agency: agency.baseURL).makeCall()
        let count = options.isQuick ? 256 : 4096
        let batch = 64
        var generator = SystemRandomNumberGenerator()
        let records = (0..<count).map { index in
            var request = call.request
            request.id = RequestID(at: call.now, using: &generator)
            request.submission.idempotencyKey = "micro-\(index)"
            return RequestRecord(
                request: request,
                progress: RequestProgress(acceptedAt: call.now, deadline: request.deadline)
            )
        }
        let context = RequestMachine.Context(effect: .query, now: call.now)

        let (accepting, acceptSeconds) = try await cost(of: count) {
            for start in stride(from: 0, to: count, by: batch) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for record in records[start..<(start + batch)] {
                        group.addTask {
                            _ = try await store.accept(record, fingerprint: [UInt8](repeating: 1, count: 32))
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
        var claimed: [RequestRecord] = []
        let ask = ClaimAsk(connection: call.request.connection, slots: batch, retrySlots: batch)
        let (claiming, claimSeconds) = try await cost(of: count) {
            while claimed.count < count {
                let found = try await store.claim([ask], at: call.now) { record throws(GerbangError) in
                    try RequestMachine.apply(
                        .claim(owner: "bench", leaseFor: .seconds(60)),
                        to: record.progress,
                        in: context
                    )
                }
                guard !found.records.isEmpty else { throw BenchmarkError("nothing to claim") }
                claimed += found.records
            }
        }
        let done = claimed
        let outcome = RequestMachine.CallOutcome.verdict(.succeeded(output: ["plate": "B 1234 XYZ"]))
        let (settling, settleSeconds) = try await cost(of: count) {
            for start in stride(from: 0, to: count, by: batch) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for record in done[start..<(start + batch)] {
                        group.addTask {
                            _ = try await store.update(record.request.id, label: .settle) {
                                found throws(GerbangError) in
                                try RequestMachine.apply(
                                    .outcome(outcome, epoch: record.progress.epoch),
                                    to: found.progress,
                                    in: context
                                )
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
        for (name, cost, seconds) in [
            ("accepting", accepting, acceptSeconds), ("claiming", claiming, claimSeconds),
            ("settling", settling, settleSeconds),
        ] {
            table.row("store, \(name), by \(batch): processor time each", cost, .microseconds)
            table.row("store, \(name), by \(batch): rate", Double(count) / seconds, .perSecond)
        }
    }

    private func cost(of count: Int, _ body: () async throws -> Void) async rethrows -> (Double, Double) {
        let start = Stopwatch.now
        let before = Usage.of(0).processor
        try await body()
        return ((Usage.of(0).processor - before) / Double(count), Stopwatch.now - start)
    }
}
