internal import ArgumentParser
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest

/// The command `gerbang adapter test`.
struct AdapterTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Run the fixtures of manifests.",
        discussion: """
            A fixture says what is asked, what the agency answers and what shall come of it. Nobody is called. Successes \
            are checked against the service's output schema too. The exit code is 1 when a fixture differs.

            EXAMPLES
              gerbang adapter test adapter.yaml
              gerbang adapter test adapter.yaml --markdown >> "$GITHUB_STEP_SUMMARY"
            """
    )

    @Argument(help: ArgumentHelp("The manifests.", valueName: "file"), completion: .file())
    var files: [String]

    @Flag(help: "Write JSON.")
    var json = false

    @Flag(help: "Write a table in Markdown.")
    var markdown = false

    func validate() throws {
        guard !json || !markdown else { throw ValidationError("Give --json or --markdown, not both.") }
    }

    func run() async throws {
        let catalogue = try ManifestFile.catalogue()
        var reports: [FixtureReport] = []
        for file in files {
            let results = try ManifestFile.load(file).runFixtures(catalogue: catalogue)
            reports += results.map { FixtureReport(file: file, result: $0) }
        }
        let terminal = Terminal.standard
        let failed = reports.filter { !$0.result.isPassed }.count
        if json {
            terminal.print([
                "passed": .number(JSONNumber(reports.count - failed)), "failed": .number(JSONNumber(failed)),
                "fixtures": .array(reports.map(\.json)),
            ])
        } else if markdown {
            terminal.print(FixtureReport.markdown(reports))
        } else {
            for report in reports { terminal.print(report.lines(terminal.style)) }
            terminal.print("\(reports.count - failed) of \(reports.count) fixtures passed")
        }
        guard failed == 0, !reports.isEmpty else { throw ExitCode(ExitStatus.refused.rawValue) }
    }
}

/// What came of a fixture, for people and programs.
private struct FixtureReport {
    let file: String
    let result: FixtureResult

    func lines(_ style: Style) -> [String] {
        let name = Printable.line("\(result.operation): \(result.name)")
        guard !result.isPassed else { return ["\(style.ink("passed", .green))  \(name)"] }
        let place = Printable.line("\(file)\(result.line.map { ":\($0)" } ?? "")")
        return ["\(style.ink("differs", .red)) \(name)  (\(place))"]
            + result.differences.map { "         \(Printable.line($0))" }
    }

    var json: JSONValue {
        var item: JSONObject = ["file": .string(file), "name": .string(result.name)]
        item["operation"] = .string(result.operation.text)
        item["line"] = result.line.map { .number(JSONNumber($0)) }
        item["isPassed"] = .bool(result.isPassed)
        if !result.isPassed { item["differences"] = .array(result.differences.map { .string($0) }) }
        return .object(item)
    }

    static func markdown(_ reports: [FixtureReport]) -> [String] {
        ["| fixture | operation | result |", "| --- | --- | --- |"]
            + reports.map { report in
                let result = report.result
                let cells = [
                    result.name, "`\(result.operation)`",
                    result.isPassed ? "passed" : result.differences.joined(separator: "; "),
                ]
                return "| \(cells.map { Printable.line($0).replacing("|", with: "\\|") }.joined(separator: " | ")) |"
            }
    }
}
