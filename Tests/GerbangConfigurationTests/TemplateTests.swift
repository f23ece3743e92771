internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import Testing

@Suite("Templates of connections")
struct TemplateTests {
    private static let text = """
        templates:
          kota:
            adapter: semu
            regions: ["31"]
            limits: {concurrency: 8, callsPerSecond: 5}
            settings: {office: kota, password: rahasia}
        connections:
          - {id: satu, like: kota, baseURL: "http://a"}
          - {id: dua, like: kota, baseURL: "http://b", regions: ["32", "33"], limits: {concurrency: 2}}
          - {id: tiga, adapter: polos, baseURL: "http://c"}
        """

    @Test("a connection has what its template says and it does not, field by field")
    func merging() throws {
        let connections = try parse(Self.text).connections
        #expect(connections.map(\.limits.concurrency) == [8, 2, 16])
        #expect(connections.map(\.limits.callsPerSecond) == [5, 5, nil])
        #expect(connections.map { $0.regions.map(\.digits) } == [["31"], ["32", "33"], [""]])
        #expect(connections.compactMap { ($0.adapter as? FakeAdapter)?.office } == ["kota", "kota", ""])
    }

    @Test(
        "mistakes of templates are told",
        arguments: [
            (
                "like: kota, baseURL: \"http://a\"", "like: desa, baseURL: \"http://a\"",
                "no such template; known are: kota"
            ),
            ("concurrency: 8", "concurrency: 0", "must be a whole number from 1 to 4096"),
            ("  kota:\n", "  desa: {}\n  kota:\n", "no connection is like desa"),
            ("  kota:\n", "  desa: 1\n  kota:\n", "desa must be an object with the fields of a connection"),
        ]
    )
    func mistakes(part: String, replacement: String, message: String) throws {
        let found = try issues(of: Self.text.replacing(part, with: replacement))
        #expect(found.contains { $0.contains(message) }, "\(found)")
        #expect(found.allSatisfy { $0.hasPrefix("c.yaml:") && !$0.contains("rahasia") })
    }
}
