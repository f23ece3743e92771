internal import FoundationEssentials
internal import GerbangExpression
internal import GerbangJSON
internal import Testing

/// The language's own conformance suite, which nobody here wrote.
private enum Suite {
    static let path: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(4)
        return (parts + ["shared", "conformance", "cel", "cel.json"]).joined(separator: "/")
    }()

    static let bytes: [UInt8]? = FileManager.default.contents(atPath: path).map { Array($0) }

    /// Cases whose expected value has a backslash that their expression has not, so that no reading of the literal gives it.
    static let contradictory: Set<String> = ["parse/bytes_literals/triple_double_quoted_unescaped_punctuation"]
}

@Suite("The conformance suite of the language", .enabled(if: Suite.bytes != nil))
struct ConformanceTests {
    @Test("every case comes out as it must")
    func cases() throws {
        let tallies = try CELConformance.run(try JSONValue(parsing: try #require(Suite.bytes)))
        #expect(tallies.reduce(0) { $0 + $1.count } >= 800)
        for failure in tallies.flatMap(\.failures) where !Suite.contradictory.contains(failure.name) {
            Issue.record("\(failure.name): \(failure.expression): \(failure.message)")
        }
    }
}

@Suite("Running cases")
struct CaseTests {
    @Test("failures are told by name, and counted per file")
    func tally() throws {
        let json = try JSONValue(
            parsing: """
                [{"file": "a", "section": "s", "name": "right", "expr": "x + 1", "declared": ["x"],
                  "bindings": {"x": {"int": "2"}}, "value": {"int": "3"}},
                 {"file": "a", "section": "s", "name": "wrong", "expr": "1", "value": {"uint": "1"}},
                 {"file": "b", "section": "s", "name": "no error", "expr": "1", "error": true},
                 {"file": "b", "section": "s", "name": "error", "expr": "1 / 0", "error": true}]
                """
        )
        let tallies = try CELConformance.run(json)
        #expect(tallies.map(\.file) == ["a", "b"])
        #expect(tallies.map(\.passed) == [1, 1])
        #expect(tallies.flatMap(\.failures).map(\.name) == ["a/s/wrong", "b/s/no error"])
    }

    @Test("a file of another form is refused")
    func form() {
        #expect(throws: CELError.self) { try CELConformance.run(["expr": "1"]) }
        #expect(throws: CELError.self) { try CELConformance.run([["name": "no expression"]]) }
    }
}
