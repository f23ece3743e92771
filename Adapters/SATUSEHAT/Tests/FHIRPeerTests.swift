internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import SATUSEHATSimulator
internal import Testing

/// Judges resources with a FHIR library that is not ours: `Tests/Peers/fhir/validate.py`.
///
/// The library comes from PyPI into a virtual environment.
final class FHIRPeer: Sendable {
    private let python: PythonEnvironment

    /// A peer, or `nil` where Python, its module `venv` or PyPI is out of reach.
    init?() async {
        guard let python = await PythonEnvironment.shared(PythonEnvironment.fhir) else { return nil }
        self.python = python
    }

    /// One verdict for each resource.
    func verdicts(on resources: [JSONValue]) async throws -> [String] {
        let script = "\(Support.package)/Tests/Peers/fhir/validate.py"
        let printed = await python.run(script, input: resources.map { $0.text() + "\n" }.joined())
        return try #require(printed).split(separator: "\n").map { String($0) }
    }
}

@Suite("A FHIR library nobody here wrote")
struct FHIRPeerTests {
    private static let skipped: Comment = "needs python3 with venv, and PyPI"

    @Test(
        "Every message of the adapter and every answer of the simulator is FHIR R4",
        .enabled(skipped) { await FHIRPeer() != nil },
        .timeLimit(.minutes(10))
    )
    func everything() async throws {
        let peer = try #require(await FHIRPeer())
        let line = try await Line(to: SATUSEHATSimulator(clock: ManualClock(now: Support.morning)))
        defer { line.close() }
        let bodies = try Self.messages() + (await Self.answers(of: line))
        #expect(bodies.count > 40)
        for (body, verdict) in zip(bodies, try await peer.verdicts(on: bodies)) {
            #expect(verdict == "valid", "\(body.text())")
        }
        try await isStrict(peer, line)
    }

    /// The library is not so lenient that it accepts anything, and says of the platform's own liberty what it is.
    private func isStrict(_ peer: FHIRPeer, _ line: Line) async throws {
        let good = try #require(Self.messages().first?.objectValue)
        var wrong = [good, good]
        wrong[0]["class"] = nil
        wrong[1]["status"] = "terdaftar"
        let badClient = try JSONValue(parsing: await line.answer(Line.tokenMessage("")).body)
        let verdicts = try await peer.verdicts(
            on: wrong.map { .object($0) } + [badClient, [], ["resourceType": "Nothing"]]
        )
        #expect(verdicts.count == 5)
        for verdict in verdicts { #expect(verdict.hasPrefix("invalid: ")) }
        #expect(verdicts[2].contains("severity"))
    }

    /// Every body that the adapter can send: each class, with and without what may be left out.
    private static func messages() throws -> [JSONValue] {
        let classes = ["ambulatory", "emergency", "inpatient", "home", "telemedicine", "virtual"]
        let bare: KeyValuePairs<String, JSONValue?> = [
            "patientName": nil, "practitionerName": nil, "locationName": nil,
        ]
        var payloads = classes.map { Support.encounter(["class": .string($0)]) }
        payloads += [
            Support.encounter(bare), Support.encounter(["registrationNumber": "REG/2024_0001.a-b"]),
            Support.encounter(["patientName": "Ny. \"Ñ\" <&> 山"]), Support.encounter(["start": "2014-06-03T00:00:00Z"]),
            Support.encounter(["start": "2026-03-02T09:59:59.999+07:00"]),
        ]
        return try payloads.map { payload in
            try JSONValue(parsing: Support.adapter().prepare(Support.call(Support.register, payload)).body)
        }
    }

    /// Every resource that the simulator can answer with.
    private static func answers(of line: Line) async throws -> [JSONValue] {
        var answers: [JSONValue] = []
        func keep(_ message: WireRequest) async throws {
            answers.append(try JSONValue(parsing: await line.answer(message).body))
        }
        func read(_ type: String, _ id: String) -> WireRequest {
            WireRequest(method: .get, path: ["fhir-r4", "v1", type, id])
        }
        for (nik, id) in SimulatorTests.patients + [("3174015708900003", "none")] {
            try await keep(line.adapter.prepare(Support.call(Support.findPatient, ["nik": .string(nik)])))
            try await keep(read("Patient", id))
        }
        try await keep(read("Practitioner", "N10000001"))
        try await keep(read("Location", "b017aa54-f1df-4ec2-9d84-8823815d7228"))
        try await keep(read("Organization", "10000004"))
        try await keep(WireRequest(method: .get, path: ["fhir-r4", "v1", "Patient"]))

        let register = try Support.call(Support.register, Support.encounter)
        let registration = try line.adapter.prepare(register)
        let search = try line.adapter.prepare(Support.inquiry(about: register))
        try await keep(search)
        try await keep(registration)
        try await keep(registration)
        try await keep(search)
        let id = try #require(line.simulator.ledger.entries.first?.reference)
        try await keep(read("Encounter", id))

        let encounter = try #require(JSONValue(parsing: registration.body).objectValue)
        for key in encounter.keys {
            var spoiled = encounter
            spoiled[key] = nil
            var message = registration
            message.body = JSONValue.object(spoiled).encoded()
            try await keep(message)
        }
        for (key, value): (String, JSONValue) in [
            ("serviceProvider", ["reference": "Organization/1"]), ("class", ["code": "X"]), ("status", "finished"),
            ("period", ["start": "2024-01-15T08:00:00+07:00"]), ("period", ["start": "2014-06-02T23:59:59+00:00"]),
        ] {
            var spoiled = encounter
            spoiled[key] = value
            var message = registration
            message.body = JSONValue.object(spoiled).encoded()
            try await keep(message)
        }
        return answers
    }
}
