internal import GerbangEngine
internal import GerbangTesting
internal import Testing

@Suite("The store in memory keeps to what every store keeps to")
struct StoreConformanceTests {
    /// What is known to be wrong with the store in memory.
    private static let knownIssues: Set<String> = [
        "keys that differ in any byte are different keys",
        "a claim whose transition throws changes nothing at all",
    ]

    @Test("conforms", .timeLimit(.minutes(1)), arguments: RequestStoreConformance.cases)
    func conforms(_ example: RequestStoreConformance.Case) async throws {
        if Self.knownIssues.contains(example.name) {
            await withKnownIssue { try await example.run { MemoryStore() } }
        } else {
            try await example.run { MemoryStore() }
        }
    }

    @Test("the suite has no two cases of one name, and runs as a whole")
    func names() async throws {
        #expect(Set(RequestStoreConformance.cases.map(\.name)).count == RequestStoreConformance.cases.count)
        #expect(RequestStoreConformance.cases.count >= 40)
    }
}
