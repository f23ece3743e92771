internal import ArgumentParser
internal import GerbangExpression
internal import GerbangJSON

/// The command `gerbang eval`.
struct EvalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "eval",
        abstract: "Evaluate an expression of the Common Expression Language (CEL).",
        discussion: """
            The members of the context are the expression's variables. The result is written as JSON: bytes as base64, \
            moments, durations and types as text.

            With --cases a file in the form of the language's conformance suite is run; its failures and a tally per \
            file are written, and the exit code is 1 if there is a failure.

            EXAMPLES
              gerbang eval '1 + 2 * 3'
              gerbang eval 'request.region.startsWith("31")' --context '{"request": {"region": "3174"}}'
              gerbang eval 'items.filter(i, i.amount > 100).map(i, i.name)' --context @items.json
              gerbang eval --cases cel.json
            """
    )

    @Argument(help: "The expression.")
    var expression: String?

    @Option(
        help: ArgumentHelp("The variables: a JSON object, @ and a file, or @- for standard input.", valueName: "json")
    )
    var context: String?

    @Option(help: ArgumentHelp("A file of cases to run.", valueName: "file"), completion: .file())
    var cases: String?

    @Flag(help: "Write the result on one line.")
    var compact = false

    @Flag(help: "Say what the evaluation cost.")
    var cost = false

    func validate() throws {
        guard (expression == nil) != (cases == nil) else {
            throw ValidationError("Give an expression, or a file of cases with --cases.")
        }
    }

    func run() async throws {
        if let cases {
            try Self.runCases(cases)
        } else if let expression {
            try evaluate(expression)
        }
    }

    private func evaluate(_ expression: String) throws {
        let terminal = Terminal.standard
        let bindings = try bindings()
        let environment = CELEnvironment(variables: bindings.mapValues { _ in .dyn })
        let result: JSONValue
        do throws(CELError) {
            let outcome = try environment.compile(expression).run(bindings)
            if cost { terminal.hint("cost: \(outcome.cost)") }
            result = try outcome.result.get().json()
        } catch {
            throw CommandError(
                .usage,
                "the expression has no value",
                details: ["line \(error.line), column \(error.column): \(error.message)"]
            )
        }
        if compact { terminal.printLine(result) } else { terminal.print(result) }
    }

    private func bindings() throws(CommandError) -> [String: CELValue] {
        guard let context else { return [:] }
        let bytes =
            context.hasPrefix("@")
            ? try InputFile.bytes(of: String(context.dropFirst()), called: "the context") : Array(context.utf8)
        let json = try Self.json(bytes, called: "the context")
        guard let members = json.objectValue else {
            throw CommandError(.usage, "the context is not a JSON object", advice: "its members become the variables")
        }
        return Dictionary(members.map { ($0.key, CELValue($0.value)) }, uniquingKeysWith: { _, last in last })
    }

    private static func json(_ bytes: [UInt8], called name: String) throws(CommandError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw CommandError(.usage, "\(name) is not JSON", details: [error.description])
        }
    }

    private static func runCases(_ path: String) throws {
        let terminal = Terminal.standard
        let json = try json(try InputFile.bytes(of: path, called: "the file of cases"), called: "the file of cases")
        let tallies: [CELConformance.Tally]
        do throws(CELError) {
            tallies = try CELConformance.run(json)
        } catch {
            throw CommandError(.usage, "the file of cases cannot be run", details: [error.message])
        }
        for failure in tallies.flatMap(\.failures) {
            terminal.print(
                "\(terminal.style.ink(Printable.line(failure.name), .bold)): \(Printable.line(failure.message))"
            )
            terminal.print("  \(Printable.line(failure.expression))")
        }
        var table = Table([
            .init(title: "file"), .init(title: "passed", alignment: .right), .init(title: "failed", alignment: .right),
        ])
        for tally in tallies {
            table.add([Printable.line(tally.file), String(tally.passed), String(tally.failures.count)])
        }
        let failed = tallies.reduce(0) { $0 + $1.failures.count }
        table.add(["all", String(tallies.reduce(0) { $0 + $1.passed }), String(failed)])
        terminal.print(table.lines(terminal.style))
        guard failed == 0 else { throw ExitCode(ExitStatus.refused.rawValue) }
    }
}
