internal import GerbangCore
internal import GerbangTesting
internal import Testing

@Suite("The check of the crash test finds what it looks for")
struct VerificationTests {
    @Test("Evidence of a sound run holds")
    func sound() throws {
        #expect(try Sample().evidence.violations() == [])
    }

    /// A way to spoil sound evidence, and the promise that is broken then.
    struct Spoiling: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let promise: Violation.Promise
        let spoil: @Sendable (inout Sample) -> Void

        init(_ name: String, _ promise: Violation.Promise, _ spoil: @escaping @Sendable (inout Sample) -> Void) {
            testDescription = name
            self.promise = promise
            self.spoil = spoil
        }
    }

    static let spoilings = [
        Spoiling("an acknowledged request is gone", .acknowledgedIsStored) { $0.evidence.stored.removeFirst() },
        Spoiling("a key was acknowledged twice", .oneKeyOneRequest) { sample in
            sample.evidence.journal[0].ids.insert(sample.other)
        },
        Spoiling("a key is stored twice", .oneKeyOneRequest) { sample in
            sample.evidence.stored[1].key = sample.evidence.stored[0].key
        },
        Spoiling("a request that nobody wanted", .nothingInvented) { $0.evidence.journal.removeLast() },
        Spoiling("a request that never ended", .everythingEnds) { sample in
            sample.evidence.stored[0].history.removeLast()
            sample.evidence.stored[0].state = .inDoubt
        },
        Spoiling("a request left in the queue", .everythingEnds) { $0.evidence.openRequests = 1 },
        Spoiling("two final states were told", .oneFinalState) { sample in
            sample.evidence.journal[0].finalStates = [.succeeded, .cancelled]
        },
        Spoiling("another final state is stored than was told", .oneFinalState) { sample in
            sample.evidence.journal[0].finalStates = [.rejected]
        },
        Spoiling("a booking was made twice", .atMostOnce) { sample in
            sample.evidence.effects.append(sample.evidence.effects[0])
        },
        Spoiling("a booking succeeded and was not made", .stateTellsTheTruth) { $0.evidence.effects.removeAll() },
        Spoiling("another booking number is answered", .stateTellsTheTruth) { sample in
            sample.evidence.stored[0].reference = "KIR-0"
        },
        Spoiling("a booking was cancelled and made", .stateTellsTheTruth) { sample in
            let id = sample.evidence.stored[1].id.description
            sample.evidence.effects.append(Ledger.Entry(key: id, operation: "book-inspection", reference: "KIR-9"))
        },
        Spoiling("an effect without an intent to send", .intentBeforeEffect) { sample in
            let id = sample.evidence.stored[1].id.description
            sample.evidence.effects.append(Ledger.Entry(key: id, operation: "book-inspection", reference: "KIR-9"))
        },
        Spoiling("an effect for nobody", .intentBeforeEffect) { sample in
            let entry = Ledger.Entry(key: sample.other.description, operation: "call-nik", reference: "Q-1")
            sample.evidence.queries.append(entry)
        },
        Spoiling("a gap in a history", .soundHistory) { $0.evidence.stored[0].history.remove(at: 2) },
        Spoiling("a history that begins late", .soundHistory) { $0.evidence.stored[0].history.removeFirst() },
        Spoiling("a history that ends twice", .soundHistory) { sample in
            sample.append(.cancelled, .cancelled)
        },
        Spoiling("a booking that may have been made is queued again", .soundHistory) { sample in
            sample.evidence.stored[0].history[2].state = .queued
            sample.evidence.stored[0].history[3].kind = .sending
            sample.evidence.stored[0].history[3].state = .running
        },
        Spoiling("two calls at once", .soundHistory) { sample in
            sample.evidence.stored[0].history[2].kind = .cancelRequested
        },
        Spoiling("the API shows another state", .shownIsStored) { sample in
            sample.evidence.shown[sample.evidence.stored[0].id]?.state = .failed
        },
        Spoiling("the API hides a request", .shownIsStored) { $0.evidence.shown.removeAll() },
        Spoiling("a permit's status was reported twice", .atMostOnce) { sample in
            sample.evidence.effects.append(sample.evidence.effects[1])
        },
        Spoiling("a permit's status was reported without an intent", .intentBeforeEffect) { sample in
            sample.evidence.effects.append(sample.evidence.effects[1])
        },
        Spoiling("a reported status never reached the agency", .stateTellsTheTruth) {
            $0.evidence.effects.remove(at: 1)
        },
        Spoiling("a permit's next status was reported while the one before was under way", .oneAfterTheOther) {
            sample in
            sample.evidence.stored[2].history[2].at = Timestamp(milliseconds: 5000)
        },
        Spoiling("an encounter was registered twice", .atMostOnce) { sample in
            sample.evidence.effects.append(sample.evidence.effects[2])
        },
        Spoiling("another encounter is answered", .stateTellsTheTruth) { sample in
            sample.evidence.effects[2].reference = "E-9"
        },
        Spoiling("a change was never called back", .everyCallbackArrives) { $0.evidence.callbacks.removeLast() },
        Spoiling("a change arrived and was never taken", .everyCallbackArrives) { sample in
            sample.evidence.callbacks[3].isTaken = false
        },
        Spoiling("a call back was given up", .everyCallbackArrives) { sample in
            sample.evidence.stored[0].callbacks = CallbackSummary(delivered: 2, failed: 1)
        },
        Spoiling("a call back still waits", .everyCallbackArrives) { sample in
            sample.evidence.stored[0].callbacks?.pending = 1
        },
        Spoiling("a later change came first", .callbacksComeInOrder) { $0.evidence.callbacks.swapAt(2, 3) },
        Spoiling("a change came though the one before it was refused", .callbacksComeInOrder) { sample in
            sample.evidence.callbacks[1].isTaken = false
        },
        Spoiling("a call back without a right signature", .callbackIsSigned) { sample in
            sample.evidence.callbacks[0].isSigned = false
        },
        Spoiling("a repeated call back differs", .callbackStaysTheSame) { $0.evidence.callbacks[1].body = [1] },
        Spoiling("a call back tells of another state", .callbackTellsTheTruth) { sample in
            sample.evidence.callbacks[3].state = "rejected"
        },
        Spoiling("a call back tells of a change that there was not", .callbackTellsTheTruth) { sample in
            sample.evidence.callbacks[3].sequence = 4
        },
        Spoiling("a call back for a request that nobody stored", .callbackWasAskedFor) { sample in
            sample.evidence.callbacks[0].request = sample.other.description
        },
        Spoiling("a call back for a request without a callback", .callbackWasAskedFor) { sample in
            sample.evidence.callbacks[0].request = sample.evidence.stored[1].id.description
        },
    ]

    @Test("Spoilt evidence does not hold", arguments: spoilings)
    func spoilt(_ spoiling: Spoiling) throws {
        var sample = try Sample()
        spoiling.spoil(&sample)
        let found = sample.evidence.violations()
        #expect(found.contains { $0.promise == spoiling.promise }, "found instead: \(found)")
    }

    @Test("Every promise is among those that were broken")
    func complete() {
        #expect(Set(Self.spoilings.map(\.promise)) == Set(Violation.Promise.allCases))
    }
}
