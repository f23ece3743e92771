internal import AdapterConformance
internal import ArgumentParser
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest

/// The command `gerbang adapter test`.
struct AdapterTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Prove adapters: run their fixtures and the conformance suite.",
        discussion: """
            An adapter is a manifest's file, or the name of a Swift module of this build.

            A fixture says what is asked, what the agency answers and what shall come of it; nobody is called. The \
            conformance suite then drives every operation with the real transport against a server on this machine that \
            refuses, stalls, resets and talks nonsense. A check that an adapter cannot pass, for a reason, is declared \
            among its 'deviations'. A module is driven with test data: its settings, samples and deviations.

            The exit code is 1 when something fails, and 2 when an adapter cannot be read. The JSON is described by \
            Schemas/conformance/report.schema.json.

            EXAMPLES
              gerbang adapter test adapter.yaml
              gerbang adapter test dukcapil oss
              gerbang adapter test adapter.yaml --markdown > conformance.md
            """
    )

    @Argument(help: ArgumentHelp("Manifests, or names of modules.", valueName: "adapter"), completion: .file())
    var adapters: [String]

    @Option(
        help: ArgumentHelp("Test data for a module, in YAML or JSON, in place of its own.", valueName: "file"),
        completion: .file()
    )
    var data: String?

    @Flag(help: "Run the fixtures alone.")
    var fixturesOnly = false

    @Flag(help: "Write JSON.")
    var json = false

    @Flag(help: "Write a page in Markdown.")
    var markdown = false

    func validate() throws {
        guard !json || !markdown else { throw ValidationError("Give --json or --markdown, not both.") }
        guard data == nil || adapters.count == 1 else { throw ValidationError("--data is for one module.") }
    }

    func run() async throws {
        let catalogue = try ManifestFile.catalogue()
        var fixtures: [FixtureReport] = []
        var reports: [ConformanceReport] = []
        let subjects = try adapters.map { name throws(CommandError) in try AdapterArgument(name, testData: data) }
        for subject in subjects {
            if let manifest = subject.manifest {
                let results = manifest.runFixtures(catalogue: try Self.adding(manifest.services, to: catalogue))
                fixtures += results.map { FixtureReport(file: subject.name, result: $0) }
            }
            guard !fixturesOnly else { continue }
            do throws(GerbangError) {
                reports.append(try await AdapterConformance(subject.subject, catalogue: catalogue).run())
            } catch {
                throw CommandError(.usage, "\(subject.name) cannot be tested", details: [error.message])
            }
        }
        write(fixtures, reports)
        let isPassed = fixtures.allSatisfy(\.result.isPassed) && reports.allSatisfy(\.isPassed)
        guard isPassed, !(fixtures.isEmpty && reports.isEmpty) else { throw ExitCode(ExitStatus.refused.rawValue) }
    }

    private static func adding(
        _ services: [Service],
        to catalogue: ServiceCatalogue
    ) throws(CommandError) -> ServiceCatalogue {
        do throws(GerbangError) {
            return try catalogue.adding(services)
        } catch {
            throw CommandError(.usage, "the manifest's services cannot be used", details: [error.message])
        }
    }

    private func write(_ fixtures: [FixtureReport], _ reports: [ConformanceReport]) {
        let terminal = Terminal.standard
        let failed = fixtures.filter { !$0.result.isPassed }.count
        if json {
            return terminal.print([
                "passed": .number(JSONNumber(fixtures.count - failed)), "failed": .number(JSONNumber(failed)),
                "fixtures": .array(fixtures.map(\.json)), "conformance": .array(reports.map(\.json)),
            ])
        }
        if markdown {
            for report in reports { terminal.print(Self.lines(report.markdown)) }
            if !fixtures.isEmpty { terminal.print(["## Fixtures", ""] + FixtureReport.markdown(fixtures)) }
            return
        }
        for fixture in fixtures { terminal.print(fixture.lines(terminal.style)) }
        if !fixtures.isEmpty {
            terminal.print("\(fixtures.count - failed) of \(Printable.count(fixtures.count, "fixture")) passed")
        }
        for report in reports {
            terminal.print("")
            terminal.print(ConformanceLines.lines(of: report, terminal.style))
        }
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
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
