internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSchema

/// One run of the suite: goes through the checks and collects what came of them.
struct ConformanceRun {
    let subject: ConformanceSubject
    let catalogue: ServiceCatalogue
    let bench: Bench
    private(set) var results: [ConformanceResult] = []
    /// The errors that the scene's calls came to.
    var errors: [GerbangError] = []
    /// The adapter with its given settings.
    var adapter: AdapterUnderTest?
    /// The same with secrets that nothing else can be mistaken for, where it takes them.
    var marked: AdapterUnderTest?

    init(subject: ConformanceSubject, catalogue: ServiceCatalogue, bench: Bench) {
        self.subject = subject
        self.catalogue = catalogue
        self.bench = bench
    }

    var descriptor: AdapterDescriptor { subject.definition.descriptor }

    mutating func run() async {
        checkDescriptor()
        checkConstruction()
        if let adapter, let marked {
            await adapter.fetchTokens(bench)
            await marked.fetchTokens(bench)
            for scene in scenes(adapter.adapter.descriptor) { await check(scene, adapter, marked) }
        }
        reportUnusedDeviations()
    }

    private mutating func check(_ scene: Scene, _ adapter: AdapterUnderTest, _ marked: AdapterUnderTest) async {
        errors = []
        guard checkMessage(of: scene, adapter) else { return }
        await checkAnswer(to: scene, adapter)
        await checkConnectionFaults(scene, marked)
        await checkAnswerFaults(scene, marked)
        await checkUnauthorized(scene, adapter.renewed(bench))
        await checkDuplicate(scene, adapter)
        await checkCancellation(scene, marked)
        checkPrivacy(of: scene, marked)
    }

    // MARK: Results

    mutating func skip(_ check: ConformanceCheck, _ reason: String) {
        add(check, nil, .skipped(reason: reason))
    }

    mutating func skip(_ check: ConformanceCheck, _ scene: Scene, _ reason: String) {
        add(check, scene, .skipped(reason: reason))
    }

    /// Records a check of the whole adapter: it failed when there is a difference, and passed otherwise.
    mutating func record(_ check: ConformanceCheck, _ difference: Difference?) {
        conclude(check, nil, difference)
    }

    /// Records a check of an operation.
    mutating func record(_ check: ConformanceCheck, _ scene: Scene, _ difference: Difference?) {
        conclude(check, scene, difference)
    }

    private mutating func conclude(_ check: ConformanceCheck, _ scene: Scene?, _ difference: Difference?) {
        guard let difference else { return add(check, scene, .passed) }
        let reason = subject.deviations.first { deviation in
            deviation.check == check.name && (deviation.operation == nil || deviation.operation == scene?.operation.id)
        }?.reason
        add(
            check,
            scene,
            reason.map { .deviates(reason: $0, seen: difference.seen) }
                ?? .failed(expected: difference.expected, seen: difference.seen)
        )
    }

    private mutating func add(
        _ check: ConformanceCheck,
        _ scene: Scene?,
        _ outcome: ConformanceResult.Outcome
    ) {
        let about = scene.flatMap { $0.isInquiry ? $0.origin.id : nil }
        results.append(ConformanceResult(check, operation: scene?.operation.id, about: about, outcome))
    }

    /// A deviation that the adapter no longer needs would hide the next mistake.
    private mutating func reportUnusedDeviations() {
        for deviation in subject.deviations {
            guard let check = ConformanceCheck(named: deviation.check) else { continue }
            let isUsed = results.contains { result in
                guard case .deviates = result.outcome else { return false }
                return result.check == check && (deviation.operation == nil || deviation.operation == result.operation)
            }
            guard !isUsed else { continue }
            results.append(
                ConformanceResult(
                    check,
                    operation: deviation.operation,
                    .failed(expected: "the deviation that is declared", seen: "none; take the declaration away")
                )
            )
        }
    }

    /// The results by check, and within a check in the order of the operations.
    var sortedResults: [ConformanceResult] {
        ConformanceCheck.all.flatMap { check in results.filter { $0.check == check } }
    }
}

/// What should be, and what is.
struct Difference {
    var expected: String
    var seen: String

    init(_ expected: String, _ seen: String) {
        self.expected = expected
        self.seen = seen
    }
}

/// One operation on the stage: what is asked for, and at which step of a request's life.
struct Scene: Sendable {
    /// The operation that is called.
    var operation: OperationDescriptor
    /// The operation that the request asked for: itself, or the one whose doubt it settles.
    var origin: OperationDescriptor
    var step: RequestProgress.Step
    var sample: ConformanceSample
    /// Whether the sample was made from a schema.
    var isMadeUp: Bool

    /// Whether it settles a doubt.
    var isInquiry: Bool { step != .send }

    /// The call; `attempt` and `later` tell repetitions apart.
    func call(attempt: Int = 1, later: Duration = .zero, requestID: RequestID? = nil) -> AdapterCall {
        let submission = Submission(
            service: origin.service ?? ServiceID(checked: "conformance"),
            region: sample.region,
            applicant: Canary.applicant,
            payload: sample.input,
            idempotencyKey: "conformance"
        )
        let request = ServiceRequest(
            id: requestID ?? sample.requestID,
            client: ClientID(checked: "conformance"),
            submission: submission,
            connection: ConnectionID(checked: "conformance"),
            operation: origin.id,
            acceptedAt: sample.now,
            deadline: sample.now + .seconds(72 * 3600)
        )
        return AdapterCall(
            operation: operation,
            request: request,
            attempt: attempt,
            agencyReference: sample.reference,
            now: sample.now + later
        )
    }
}

extension ConformanceRun {
    /// Every operation as it is asked for, and every inquiry about each operation that names it.
    func scenes(_ descriptor: AdapterDescriptor) -> [Scene] {
        var scenes: [Scene] = []
        for operation in descriptor.operations where operation.service != nil || !isInquiry(operation, descriptor) {
            let (sample, isMadeUp) = sample(for: operation, nil)
            scenes.append(
                Scene(operation: operation, origin: operation, step: .send, sample: sample, isMadeUp: isMadeUp)
            )
        }
        for origin in descriptor.operations {
            guard let inquiry = origin.inquiry, let operation = descriptor.operation(inquiry.operation) else {
                continue
            }
            let (sample, isMadeUp) = sample(for: operation, origin)
            scenes.append(
                Scene(operation: operation, origin: origin, step: .inquire, sample: sample, isMadeUp: isMadeUp)
            )
        }
        return scenes
    }

    private func isInquiry(_ operation: OperationDescriptor, _ descriptor: AdapterDescriptor) -> Bool {
        descriptor.operations.contains { $0.inquiry?.operation == operation.id }
    }

    /// The sample of an operation. An inquiry is about a request of its origin, whose input it has then.
    private func sample(
        for operation: OperationDescriptor,
        _ origin: OperationDescriptor?
    ) -> (ConformanceSample, isMadeUp: Bool) {
        func given(_ id: OperationID) -> ConformanceSample? { subject.samples.first { $0.operation == id } }
        if let origin {
            let own = operation.service == nil ? given(operation.id) : nil
            if var sample = own ?? given(origin.id) {
                if let asked = given(origin.id), own.map({ $0.input == JSONValue.object([:]) }) ?? true {
                    sample.input = asked.input
                }
                if own == nil { (sample.answer, sample.otherAnswers) = (nil, []) }
                sample.operation = operation.id
                return (sample, false)
            }
        } else if let sample = given(operation.id) {
            return (sample, false)
        }
        let service = (origin ?? operation).service.flatMap { catalogue[$0] }
        let input = service.map { SchemaSample.value(for: $0.input) } ?? [:]
        return (ConformanceSample(operation: operation.id, input: input), true)
    }
}
