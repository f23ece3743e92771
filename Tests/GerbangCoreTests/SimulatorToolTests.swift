internal import GerbangTesting
internal import Testing

@Suite("Ledger and fault plan")
struct SimulatorToolTests {
    @Test("the ledger keeps every effect in order and tells of repetitions")
    func ledger() {
        let ledger = Ledger()
        #expect(ledger.entries.isEmpty && ledger.repeatedKeys.isEmpty)
        let entries = [("k1", "book", "1"), ("k2", "book", "2"), ("k1", "cancel", "3"), ("k2", "book", "4")]
            .map { Ledger.Entry(key: $0.0, operation: $0.1, reference: $0.2) }
        for entry in entries { ledger.record(entry) }
        #expect(ledger.entries == entries)
        #expect(ledger.entries(for: "k1").map(\.reference) == ["1", "3"])
        #expect(ledger.entries(for: "k3").isEmpty)
        // One key may be used once by each operation.
        #expect(ledger.repeatedKeys == ["book k2"])
    }

    @Test("effects from many tasks at once are all kept")
    func concurrentLedger() async {
        let ledger = Ledger()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    ledger.record(Ledger.Entry(key: "k\(number % 250)", operation: "o", reference: "\(number)"))
                }
            }
        }
        #expect(Set(ledger.entries.map(\.reference)).count == 500)
        #expect(ledger.repeatedKeys.count == 250)
    }

    @Test("faults come in the order planned, for the operation they were planned for")
    func plan() {
        let plan = FaultPlan()
        #expect(plan.take(operation: "a") == nil)
        plan.inject(.hang, times: 2, operation: "b")
        plan.inject(.slow)
        plan.inject(.html, operation: "a")
        #expect(plan.take(operation: "a") == .slow)
        #expect(plan.take(operation: "b") == .hang)
        #expect(plan.take(operation: "c") == nil)
        #expect(plan.take(operation: "a") == .html)
        #expect(plan.take(operation: "a") == nil)
        #expect(plan.take(operation: "b") == .hang)
        #expect(plan.take(operation: "b") == nil)
    }

    @Test("a cleared plan has no faults")
    func clear() {
        let plan = FaultPlan()
        plan.inject(.quota, times: 5)
        plan.clear()
        #expect(plan.take(operation: "a") == nil)
    }

    @Test("many callers take exactly as many faults as were planned")
    func concurrentPlan() async {
        let plan = FaultPlan()
        plan.inject(.status500, times: 100)
        let taken = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<300 { group.addTask { plan.take(operation: "a") == nil ? 0 : 1 } }
            return await group.reduce(0, +)
        }
        #expect(taken == 100)
    }
}
