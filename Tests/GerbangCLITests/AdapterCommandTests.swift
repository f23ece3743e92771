import Foundation
import GerbangJSON
import GerbangSchema
import GerbangTesting
import Testing

@testable import gerbang

/// What `gerbang adapter …` and `gerbang eval` write, and how they end.
@Suite struct AdapterCommandTests {
    @Test("A new manifest is valid, passes, and is described; it is not written over")
    func starter() throws {
        let folder = try Folder()
        defer { folder.remove() }
        #expect(try Command.run("adapter", "new", "dinas-contoh", in: folder).status == 0)
        #expect(try Command.run("adapter", "new", "dinas-contoh", in: folder).status == 2)
        let file = "dinas-contoh/adapter.yaml"
        let lint = try Command.run("adapter", "lint", file, in: folder)
        #expect(lint.status == 0 && lint.output.contains("valid: dinas-contoh 0.1.0, lookup, 3 fixtures"))
        let test = try Command.run("adapter", "test", file, in: folder)
        #expect(test.status == 0, "\(test.output)")
        #expect(test.output.contains("3 of 3 fixtures passed"))
        #expect(test.output.contains("passed    fault.stall"))
        #expect(test.output.contains("deviates  privacy.target"))
        let page = try Command.run("adapter", "docs", file, in: folder)
        #expect(page.output.contains("| `lookup` | `transport.vehicle.lookup` | query |"))
    }

    @Test("The report in JSON fits its schema, and that in Markdown names the adapter and its hash")
    func reports() throws {
        let folder = try Folder()
        defer { folder.remove() }
        let file = try folder.write("adapter.yaml", Command.run("adapter", "new", "a", "--output", "-").output)
        let json = try JSONValue(parsing: Array(Command.run("adapter", "test", file, "--json").output.utf8))
        let report = try #require(json["conformance"]?[0])
        let schema = try JSONSchema(
            JSONValue(
                parsing: Array(
                    Data(contentsOf: Folder.package.appending(path: "Schemas/conformance/report.schema.json"))
                )
            )
        )
        #expect(schema.validate(report) == [])
        #expect(report["isPassed"] == true && json["failed"] == 0)
        let hash = try #require(report["adapter"]?["sha256"]?.stringValue)
        let page = try Command.run("adapter", "test", file, "--markdown").output
        #expect(page.contains("# Conformance of a 0.1.0") && page.contains(hash) && page.contains("## Fixtures"))
    }

    @Test("What does not pass ends with 1, what cannot be read with 2")
    func exitCodes() throws {
        let folder = try Folder()
        defer { folder.remove() }
        let good = try Command.run("adapter", "new", "a", "--output", "-").output
        let wrong = try folder.write(
            "wrong.yaml",
            good.replacing("        - when: status == 404\n", with: "        - when: status == 404 || status == 500\n")
        )
        let failed = try Command.run("adapter", "test", wrong)
        #expect(failed.status == 1)
        #expect(failed.output.contains("failed    fault.500"))
        let differs = try folder.write("differs.yaml", good.replacing("year: 2019}", with: "year: 2018}"))
        #expect(try Command.run("adapter", "test", differs, "--fixtures-only").status == 1)
        #expect(try Command.run("adapter", "test", folder.write("bad.yaml", "manifest: 1")).status == 2)
        let unknown = try Command.run("adapter", "test", "no-such-module")
        #expect(unknown.status == 2 && unknown.errors.contains("dukcapil, oss, satusehat, transport"))
        #expect(try Command.run("adapter", "test").status == 2)
        #expect(try Command.run("adapter", "test", wrong, "--json", "--markdown").status == 2)
    }

    @Test("A module is proven by its name, and with other test data")
    func modules() throws {
        let folder = try Folder()
        defer { folder.remove() }
        let passed = try Command.run("adapter", "test", "dukcapil")
        #expect(passed.status == 0, "\(passed.output)")
        let data = try folder.write("data.yaml", "settings: {institution: MPP, userId: x}")
        #expect(try Command.run("adapter", "test", "dukcapil", "--data", data).status == 1)
        let broken = try folder.write("broken.yaml", "samples: [{operation: nothing, input: {}}]")
        #expect(try Command.run("adapter", "test", "dukcapil", "--data", broken).status == 2)
        let page = try Command.run("adapter", "docs", "dukcapil")
        #expect(page.status == 0 && page.output.contains("| `call-nik` | `population.person.lookup` | query |"))
    }

    @Test("Every mistake is told with its line, its column and what would be right", arguments: LintMistake.all)
    func lint(_ mistake: LintMistake) throws {
        let folder = try Folder()
        defer { folder.remove() }
        let good = try Command.run("adapter", "new", "a", "--output", "-").output
        #expect(good.contains(mistake.from))
        let file = try folder.write("adapter.yaml", good.replacing(mistake.from, with: mistake.to))
        let lint = try Command.run("adapter", "lint", file)
        #expect(lint.status == 2)
        let lines = lint.errors.split(separator: "\n")
        let isTold = lines.contains { $0.contains(":\(mistake.line):") && $0.contains(mistake.says) }
        #expect(isTold, "\(mistake.to): \(lint.errors)")
    }

    @Test("A description becomes a manifest that passes its fixtures, and what is left out is told")
    func openAPI() throws {
        let folder = try Folder()
        defer { folder.remove() }
        let document = Folder.package.appending(path: "Schemas/openapi/openapi.json").path
        let made = try Command.run(
            "adapter",
            "from-openapi",
            document,
            "--operation",
            "showRequest",
            "--id",
            "mpp",
            in: folder
        )
        #expect(made.status == 0, "\(made.errors)")
        #expect(try Command.run("adapter", "lint", "mpp/adapter.yaml", in: folder).status == 0)
        #expect(try Command.run("adapter", "test", "mpp/adapter.yaml", "--fixtures-only", in: folder).status == 0)
        // The suite knows the service that the manifest brings along.
        let proven = try Command.run("adapter", "test", "mpp/adapter.yaml", in: folder)
        #expect(proven.status == 0 && proven.output.contains("passed    descriptor.services"), "\(proven.output)")
        #expect(proven.output.contains("passed    answer.output"), "\(proven.output)")
        let unknown = try Command.run("adapter", "from-openapi", document, "--operation", "nothing")
        #expect(unknown.status == 2 && unknown.errors.contains("showRequest"))
        #expect(try Command.run("adapter", "from-openapi", folder.write("x.yaml", "a: 1")).status == 2)
    }

    @Test("A call is recorded without the people in it, and an operation with effects only when it is meant")
    func record() throws {
        let folder = try Folder()
        defer { folder.remove() }
        let file = try folder.write("adapter.yaml", Command.run("adapter", "new", "a", "--output", "-").output)
        let agency = try LoopbackServer { _ in
            .text(
                #"{"registrationNumber":"B 7777 QQ","make":"Toyota","model":"Avanza","yearOfManufacture":2019,"owner":"Endang Rahayu"}"#,
                contentType: "application/json"
            )
        }
        defer { agency.stop() }
        let recorded = try Command.run(
            "adapter",
            "record",
            file,
            "--operation",
            "lookup",
            "--url",
            agency.baseURL,
            "--input",
            #"{"plate":"B 7777 QQ"}"#,
            "--settings",
            #"{"apiKey":{"env":"KUNCI"}}"#,
            "--append",
            environment: ["KUNCI": "kunci-asli-12"]
        )
        #expect(recorded.status == 0, "\(recorded.errors)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for original in ["7777", "Endang", "kunci-asli"] { #expect(!text.contains(original)) }
        #expect(try Command.run("adapter", "test", file, "--fixtures-only").output.contains("4 of 4"))
        let changed = try folder.write("b.yaml", text.replacing("effect: query", with: "effect: nonIdempotent"))
        let refused = try Command.run("adapter", "record", changed, "--operation", "lookup", "--url", agency.baseURL)
        #expect(refused.status == 2 && refused.errors.contains("--effects"))
        let missing = try Command.run(
            "adapter",
            "record",
            file,
            "--operation",
            "lookup",
            "--url",
            agency.baseURL,
            "--settings",
            #"{"apiKey":{"env":"NOT_SET_ANYWHERE"}}"#
        )
        #expect(missing.status == 2 && missing.errors.contains("NOT_SET_ANYWHERE"))
    }

    @Test("An answer that cannot be written is an error, and not half an answer", arguments: ["new", "lint", "--help"])
    func fullDevice(_ verb: String) throws {
        let folder = try Folder()
        defer { folder.remove() }
        let file = try folder.write("adapter.yaml", Command.run("adapter", "new", "a", "--output", "-").output)
        let result: Command.Result =
            switch verb {
            case "new": try Command.run("adapter", "new", "a", "--output", "-", into: "/dev/full")
            case "lint": try Command.run("adapter", "lint", file, into: "/dev/full")
            default: try Command.run("adapter", "--help", into: "/dev/full")
            }
        #expect(result.status == 1)
        #expect(
            result.errors.contains("standard output cannot be written: No space left on device"),
            "\(result.errors)"
        )
    }

    @Test(
        "Numbers of things are told in words that fit",
        arguments: [(0, "0 values"), (1, "1 value"), (2, "2 values")]
    )
    func counts(_ number: Int, _ text: String) {
        #expect(Printable.count(number, "value") == text)
    }

    @Test("Expressions are evaluated, and errors have their place")
    func eval() throws {
        #expect(try Command.run("eval", "1 + 2 * 3").output == "7\n")
        #expect(try Command.run("eval", "a.b", "--context", #"{"a": {"b": "x"}}"#).output == "\"x\"\n")
        let wrong = try Command.run("eval", "1 +\n nothing")
        #expect(wrong.status == 2 && wrong.errors.contains("line 2, column 2"))
        #expect(try Command.run("eval").status == 2)
        #expect(try Command.run("eval", "a", "--context", "[1]").status == 2)
    }

    @Test("A file of cases is tallied; a failure ends with 1")
    func cases() throws {
        let suite = Folder.package.appending(path: "../shared/conformance/cel/cel.json").standardized.path
        guard FileManager.default.fileExists(atPath: suite) else { return }
        // Docs/Expressions.md says which case cannot pass, and why.
        let all = try Command.run("eval", "--cases", suite)
        #expect(all.status == 1)
        #expect(all.output.contains("triple_double_quoted_unescaped_punctuation"))
        #expect(all.output.split(separator: "\n").last?.hasPrefix("all ") == true)
    }
}
