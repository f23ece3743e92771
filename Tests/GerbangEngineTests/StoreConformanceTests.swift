internal import GerbangEngine
internal import GerbangTesting
internal import Testing

@Suite("The store in memory keeps to what every store keeps to")
struct StoreConformanceTests {
    @Test("conforms", .timeLimit(.minutes(10)), arguments: RequestStoreConformance.cases)
    func conforms(_ example: RequestStoreConformance.Case) async throws {
        try await example.run { MemoryStore() }
    }

    @Test("the suite has no two cases of one name, and runs as a whole")
    func names() async throws {
        #expect(Set(RequestStoreConformance.cases.map(\.name)).count == RequestStoreConformance.cases.count)
        #expect(RequestStoreConformance.cases.count >= 40)
    }
}
