internal import Foundation
internal import GerbangJSON
internal import GerbangSchema
internal import Testing

/// The tests that the authors of JSON Schema publish, as Debian's json-schema-test-suite installs them.
private enum OfficialSuite {
    static let folder = URL(fileURLWithPath: "/usr/share/json-schema-test-suite")
    static let isInstalled = FileManager.default.fileExists(atPath: folder.path)

    /// The formats of the optional part that are checked; all others are annotations.
    static let formats = ["date", "time", "date-time"]

    /// The mandatory files, the formats that are checked, and what else of the optional part applies.
    static let files: [String] = {
        let tests = folder.appendingPathComponent("tests/draft7")
        let mandatory = (try? FileManager.default.contentsOfDirectory(atPath: tests.path)) ?? []
        return mandatory.filter { $0.hasSuffix(".json") }.sorted()
            + formats.map { "optional/format/\($0).json" }
            + ["optional/bignum.json", "optional/ecmascript-regex.json", "optional/zeroTerminatedFloats.json"]
    }()

    static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: folder.appendingPathComponent(path))))
    }

    /// The documents that the suite expects under this address.
    static func remotes() throws -> [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder.appendingPathComponent("remotes").path)
        where path.hasSuffix(".json") {
            found["http://localhost:1234/\(path)"] = try json("remotes/\(path)")
        }
        return found
    }
}

@Suite("The official tests of draft 7", .enabled(if: OfficialSuite.isInstalled))
struct OfficialSuiteTests {
    /// Groups that do not apply, by file and description.
    static let exclusions: Set<String> = [
        // Checks the format "regex", which is an annotation here.
        "optional/ecmascript-regex.json: ECMA 262 regex non-compliance"
    ]

    @Test("Every case has the result that the suite gives it", arguments: OfficialSuite.files)
    func file(_ file: String) throws {
        let remotes = try OfficialSuite.remotes()
        let groups = try #require(OfficialSuite.json("tests/draft7/\(file)").arrayValue)
        for group in groups {
            let title = "\(file): \(group["description"]?.stringValue ?? "")"
            guard !OfficialSuiteTests.exclusions.contains(title) else { continue }
            let schema = try #require(group["schema"])
            do throws(SchemaError) {
                let compiled = try JSONSchema(schema, resolving: remotes)
                for test in group["tests"]?.arrayValue ?? [] {
                    let issues = compiled.validate(test["data"] ?? .null)
                    let description = test["description"]?.stringValue ?? ""
                    #expect(issues.isEmpty == test["valid"]?.boolValue, "\(title): \(description): \(issues)")
                }
            } catch {
                Issue.record("\(title): \(error)")
            }
        }
    }
}
