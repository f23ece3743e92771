internal import GerbangSQLite
internal import GerbangTesting
internal import Testing

@Suite("The SQLite store keeps to what every store keeps to")
struct ConformanceTests {
    @Test("conforms", .timeLimit(.minutes(10)), arguments: RequestStoreConformance.cases)
    func conforms(_ example: RequestStoreConformance.Case) async throws {
        try await example.run { try DatabaseFolder().open() }
    }

    @Test("conforms as a store of adapters", .timeLimit(.minutes(10)), arguments: AdapterStoreConformance.cases)
    func conforms(_ example: AdapterStoreConformance.Case) async throws {
        try await example.run { try DatabaseFolder().open() }
    }
}
