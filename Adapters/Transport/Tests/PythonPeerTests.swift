internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing
internal import TransportSimulator

@testable internal import TransportAdapter

/// Python with two SOAP libraries that are not ours: a server made with `spyne` and a client made with `zeep`.
enum PythonPeers {
    /// `nil` where Python, its module `venv` or PyPI is out of reach.
    static func environment() async -> PythonEnvironment? { await PythonEnvironment.shared(PythonEnvironment.soap) }

    static func script(_ name: String) -> String { Files.package.appending(path: "Tests/Peers/\(name)").path }

    /// How an operator would describe the service in `Tests/Peers/spyne`.
    static func settings(version: String) -> JSONObject {
        var settings = GsoapPeer.settings
        settings["namespace"] = "http://kendaraan.example/uji/spyne"
        settings["elementForm"] = "qualified"
        settings["soapVersion"] = .string(version)
        var elements = settings["elements"]?.objectValue ?? [:]
        elements["taxValidUntil"] = "masaPajak"
        settings["elements"] = .object(elements)
        return settings
    }
}

@Suite("SOAP libraries nobody here wrote")
struct PythonPeerTests {
    private static let skipped: Comment = "needs python3 with venv, and PyPI"

    @Test(
        "With its binding exchanged, the adapter speaks to a service made with spyne, and zeep to the simulator",
        .enabled(skipped) { await PythonPeers.environment() != nil },
        .timeLimit(.minutes(10))
    )
    func peers() async throws {
        let environment = try #require(await PythonPeers.environment())
        for version in ["1.1", "1.2"] { try await speakToSpyne(environment, version) }
        try await listenToZeep(environment)
    }

    private func speakToSpyne(_ environment: PythonEnvironment, _ version: String) async throws {
        let server = try #require(await environment.serve(PythonPeers.script("spyne/service.py"), [version]))
        defer { server.stop() }
        let line = try Line(.object(PythonPeers.settings(version: version)), "http://127.0.0.1:\(server.port)")
        let expected: JSONValue = [
            "plate": "B 1234 XYZ", "make": "Toyota", "model": "Avanza", "year": 2019, "colour": "Hitam",
            "taxValidUntil": "2027-03-14",
        ]
        #expect(try await line.call(Sample.call(.getVehicle)) == .succeeded(output: expected))
        let unknown = try await line.call(Sample.call(.getVehicle, ["plate": "B 1 A"]))
        #expect(unknown.error?.code == .agencyNotFound)

        #expect(try await line.inquire(Sample.call(.findBooking)) == .notDone)
        guard case .succeeded(let output, let reference?) = try await line.call(Sample.call(.bookInspection)) else {
            Issue.record("not booked with SOAP \(version)")
            return
        }
        #expect(reference == "UJI/0001")
        #expect(
            try await line.inquire(Sample.call(.findBooking)) == .done(output: output, agencyReference: reference)
        )
    }

    private func listenToZeep(_ environment: PythonEnvironment) async throws {
        let simulator = try TransportSimulator(clock: ManualClock())
        defer { simulator.stop() }
        for binding in ["plain11", "plain12"] {
            let calls = """
                [{"operation": "getVehicle", "arguments": {"plate": "B 1234 XYZ"}},
                 {"operation": "bookInspection", "arguments": {"clientReference": "zeep-\(binding)",
                  "plate": "B 1234 XYZ", "station": "JKT-PULOGADUNG", "date": "2026-01-20"}},
                 {"operation": "findBooking", "arguments": {"clientReference": "zeep-\(binding)"}}]
                """
            let url = "\(simulator.baseURL)/\(binding)?wsdl"
            let printed = try #require(await environment.run(PythonPeers.script("zeep/client.py"), [url], input: calls))
            let told = try JSONValue(parsing: Array(printed.utf8))
            #expect(told["operations"]?.arrayValue?.contains("bookInspection") == true)
            let answers = try #require(told["answers"]?.arrayValue)
            #expect(answers.count == 3)
            #expect(answers.allSatisfy { $0["fault"]?.isNull ?? true }, "\(printed)")
            #expect(answers.first?["vehicle"]?["make"]?.stringValue?.isEmpty == false, "\(printed)")
            #expect(simulator.bookingCount(for: "zeep-\(binding)") == 1)
            let number = simulator.ledger.entries(for: "zeep-\(binding)").first?.reference
            #expect(number != nil && printed.contains(number ?? "none"))
        }
    }
}
