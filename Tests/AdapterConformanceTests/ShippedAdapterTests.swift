internal import AdapterConformance
internal import AdapterTestData
internal import AllAdapters
internal import FoundationEssentials
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import Testing
internal import VehicleAdapter

/// The adapters of this repository pass the suite that they are to be a model for.
@Suite struct ShippedAdapterTests {
    @Test("Every Swift module passes", arguments: ["dukcapil", "oss", "satusehat", "transport"])
    func module(id: String) async throws {
        let definition = try #require(AllAdapters.registry()[AdapterID(id)])
        let data = try #require(AdapterTestData.text(for: definition.descriptor.id))
        try await prove(ConformanceSubject(definition, testData: data, file: id))
    }

    @Test("The module of the documentation passes without test data but its settings")
    func vehicle() async throws {
        try await prove(ConformanceSubject(VehicleAdapter.definition, settings: ["apiKey": "rahasia-uji"]))
    }

    @Test(
        "Every manifest passes",
        arguments: [
            "Adapters/Dukcapil", "Adapters/Transport", "Docs/Examples/BPJS", "Docs/Examples/VehicleRegister",
        ]
    )
    func manifest(folder: String) async throws {
        let path = Self.package + "/" + folder + "/adapter.yaml"
        let bytes = Array(try #require(FileManager.default.contents(atPath: path)))
        try await prove(ConformanceSubject(Manifest.load(path: path), bytes: bytes))
    }

    private static let package = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    private func prove(_ subject: ConformanceSubject) async throws {
        let report = try await AdapterConformance(subject).run()
        let failures = report.failures.map { "\($0.check.name) \($0.subject ?? ""): \($0.detail ?? "")" }
        #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
        let isPassed = report.isPassed
        #expect(isPassed)
    }
}
