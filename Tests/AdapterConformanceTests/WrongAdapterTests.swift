internal import AdapterConformance
internal import GerbangCore
internal import GerbangJSON
internal import Glibc
internal import HTTPTypes
internal import Testing

/// For every check there is an adapter that is right but for one thing, which the check finds.
@Suite struct WrongAdapterTests {
    @Test("The adapter that the others are made from is right")
    func right() async throws {
        let report = try await AdapterConformance(ScriptedAdapter.subject(.booking)).run()
        #expect(report.failures.isEmpty)
        #expect(report.count(of: "passed") > 30)
        for service in [ScriptedAdapter.Kind.lookup, .reporting] {
            let report = try await AdapterConformance(ScriptedAdapter.subject(service)).run()
            #expect(report.failures.isEmpty)
        }
    }

    @Test("A mistake is found by the check that is for it, and by no other", arguments: Mistake.all)
    func mistake(_ mistake: Mistake) async throws {
        let report = try await AdapterConformance(mistake.subject()).run()
        #expect(!report.isPassed)
        let failed = Set(report.failures.map(\.check.name))
        #expect(failed == Set(mistake.checks))
        for failure in report.failures { #expect(failure.detail?.isEmpty == false) }
    }

    @Test("Every check has an adapter that does not pass it")
    func complete() {
        let found = Set(Mistake.all.flatMap(\.checks))
        #expect(Set(ConformanceCheck.all.map(\.name)).subtracting(found).isEmpty)
    }

    @Test("A deviation with a reason is no failure; one that is not needed is, and one of no check is refused")
    func deviations() async throws {
        var subject = ScriptedAdapter.subject(.lookup)
        let change: @Sendable (inout ScriptedAdapter) -> Void = { adapter in
            adapter.target = { call in [.init("nik", call.request.submission.applicant.nik?.revealed ?? "")] }
        }
        subject.definition = ScriptedAdapter.definition(.lookup, { _ in }, change)
        subject.deviations = [ConformanceDeviation(check: "privacy.target", reason: "no other way")]
        var report = try await AdapterConformance(subject).run()
        #expect(report.isPassed)
        #expect(report.count(of: "deviates") == 1)
        subject.deviations.append(ConformanceDeviation(check: "fault.500", reason: "none"))
        report = try await AdapterConformance(subject).run()
        #expect(report.failures.map(\.check.name) == ["fault.500"])
        subject.deviations = [ConformanceDeviation(check: "fault.501", reason: "none")]
        let broken = subject
        await #expect(throws: GerbangError.self) { try await AdapterConformance(broken).run() }
    }
}

/// One thing that is wrong with an adapter.
struct Mistake: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var checks: [String]
    var kind = ScriptedAdapter.Kind.lookup
    var settings: JSONObject = ["secret": "rahasia-uji"]
    var describe: @Sendable (inout AdapterDescriptor) -> Void = { _ in }
    var change: @Sendable (inout ScriptedAdapter) -> Void = { _ in }
    var isSilent = false

    func subject() -> ConformanceSubject {
        var subject = ScriptedAdapter.subject(kind)
        subject.definition = ScriptedAdapter.definition(kind, isSilent: isSilent, describe, change)
        subject.settings = settings
        return subject
    }

    static let all: [Mistake] = descriptions + messages + answers + leaks

    private static let descriptions = [
        Mistake(testDescription: "no semantic version", checks: ["descriptor.valid"], describe: { $0.version = "one" }),
        Mistake(
            testDescription: "an unknown service",
            checks: ["descriptor.services"],
            describe: { $0.operations[0].service = ServiceID(checked: "no.such.service") }
        ),
        Mistake(
            testDescription: "another effect than declared",
            checks: ["descriptor.matches"],
            change: { $0.descriptor.operations[0].effect = .idempotent(key: "ref") }
        ),
        Mistake(
            testDescription: "a negative time until an inquiry is conclusive",
            checks: ["descriptor.inquiry"],
            kind: .booking,
            describe: { $0.operations[0].inquiry?.conclusiveAfter = .seconds(-1) }
        ),
        Mistake(
            testDescription: "reads a file",
            checks: ["construction.pure"],
            change: { adapter in
                adapter.classifies = { _, _ in
                    var byte: UInt8 = 0
                    let file = open("/proc/self/status", O_RDONLY)
                    read(file, &byte, 1)
                    close(file)
                    return nil
                }
            }
        ),
        Mistake(testDescription: "refuses in silence", checks: ["construction.refuses"], isSilent: true),
    ]

    private static let messages = [
        Mistake(
            testDescription: "refuses the sample",
            checks: ["message.prepared"],
            change: { $0.refusal = GerbangError(.invalidInput, "no") }
        ),
        Mistake(
            testDescription: "a random number in the message",
            checks: ["message.pure", "message.stable"],
            change: { $0.body = { _ in ["number": .number(JSONNumber(UInt64.random(in: 0...UInt64.max)))] } }
        ),
        Mistake(
            testDescription: "the attempt in the message",
            checks: ["message.stable"],
            kind: .booking,
            change: { $0.body = { ["attempt": .number(JSONNumber($0.attempt)), "ref": .string($0.key)] } }
        ),
        Mistake(
            testDescription: "a key that changes overnight",
            checks: ["message.key"],
            kind: .reporting,
            change: { $0.body = { ["ref": .string("\($0.request.id)-\($0.now.date(in: .utc))")] } }
        ),
        Mistake(
            testDescription: "no key at all",
            checks: ["message.key", "fault.duplicate"],
            kind: .reporting,
            change: { $0.body = { _ in [:] } }
        ),
        Mistake(
            testDescription: "a message that the transport does not take",
            checks: [
                "answer.succeeds", "fault.refused", "fault.tls", "fault.stall", "fault.reset-before",
                "fault.reset-after", "fault.garbage", "fault.empty", "fault.500", "fault.503", "fault.429", "fault.401",
                "cancellation.prompt",
            ],
            change: { $0.fields = [.contentLength: "1"] }
        ),
    ]

    private static func classifies(
        _ verdict: @escaping @Sendable (WireResponse, AdapterCall) -> Verdict?
    ) -> @Sendable (inout ScriptedAdapter) -> Void {
        { $0.classifies = verdict }
    }

    private static let error = GerbangError(.agencyRejected, "no")

    private static let answers = [
        Mistake(
            testDescription: "does not know a success",
            checks: ["answer.succeeds", "fault.401"],
            change: classifies { response, call in response.status == 200 ? call.unreadable("no") : nil }
        ),
        Mistake(
            testDescription: "an output that does not fit",
            checks: ["answer.output"],
            change: { $0.output = ["plate": "B 1 A"] }
        ),
        Mistake(
            testDescription: "takes every 200 for a success",
            checks: ["fault.garbage", "fault.empty"],
            change: classifies { response, _ in
                response.status == 200 ? .succeeded(output: ScriptedAdapter.Kind.lookup.output) : nil
            }
        ),
        Mistake(
            testDescription: "takes an empty answer for a decision",
            checks: ["fault.empty"],
            change: classifies { response, _ in response.status == 200 && response.body.isEmpty ? .rejected(error) : nil
            }
        ),
        Mistake(
            testDescription: "sends again what may have been done",
            checks: ["fault.500"],
            kind: .booking,
            change: classifies { response, _ in response.status == 500 ? .transient(error) : nil }
        ),
        Mistake(
            testDescription: "a query in doubt",
            checks: ["fault.500"],
            change: classifies { response, _ in response.status == 500 ? .inDoubt(error) : nil }
        ),
        Mistake(
            testDescription: "does not wait",
            checks: ["fault.503"],
            change: classifies { response, _ in response.status == 503 ? .transient(error) : nil }
        ),
        Mistake(
            testDescription: "gives up when it shall wait",
            checks: ["fault.429"],
            change: classifies { response, _ in response.status == 429 ? .invalid(error) : nil }
        ),
        Mistake(
            testDescription: "blames the citizen for our credentials",
            checks: ["fault.401"],
            change: classifies { response, _ in response.status == 401 ? .rejected(error) : nil }
        ),
        Mistake(
            testDescription: "takes a stray page for the agency's word",
            checks: ["fault.404"],
            kind: .booking,
            change: { $0.assesses = { response in response.status == 404 ? .notDone : nil } }
        ),
        Mistake(
            testDescription: "takes a conflict for a success",
            checks: ["fault.duplicate"],
            change: classifies { response, _ in
                response.status == 409 ? .succeeded(output: ScriptedAdapter.Kind.lookup.output) : nil
            }
        ),
    ]

    private static let leaks = [
        Mistake(
            testDescription: "the NIK in the query",
            checks: ["privacy.target"],
            change: { adapter in
                adapter.target = { call in [.init("nik", call.request.submission.applicant.nik?.revealed ?? "")] }
            }
        ),
        Mistake(
            testDescription: "repeats what the agency wrote",
            checks: ["privacy.errors"],
            change: classifies { response, _ in
                guard response.status == 422 else { return nil }
                return .rejected(GerbangError(.agencyRejected, String(decoding: response.body, as: UTF8.self)))
            }
        ),
        Mistake(
            testDescription: "a secret that prints",
            checks: ["privacy.printing"],
            change: { $0.printed = $0.secret.revealed }
        ),
    ]
}
