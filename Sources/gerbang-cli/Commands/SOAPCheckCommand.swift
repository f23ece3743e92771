internal import ArgumentParser
internal import GerbangJSON
internal import GerbangSOAP

extension SOAPCommand {
    /// The command `gerbang soap check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Try out every operation of descriptions.",
            discussion: """
                For every message of every operation, header blocks and declared faults included, a sample is made from \
                the schema, written as XML, validated by the schema, read as JSON, and written once more; both texts must \
                be the same in canonical form. The exit code is 1 when a description is refused or an operation fails.

                EXAMPLES
                  gerbang soap check service.wsdl
                  gerbang soap check *.wsdl --json
                """
        )

        @Argument(help: ArgumentHelp("The descriptions.", valueName: "file"), completion: .file(extensions: ["wsdl"]))
        var files: [String]

        @OptionGroup var options: SOAPFileOptions

        @Flag(help: "Write JSON.")
        var json = false

        func run() async throws {
            let terminal = Terminal.standard
            var reports: [SOAPCheckReport] = []
            for file in files {
                let report = SOAPCheckReport(file: file, options: options)
                if !json { terminal.print(report.lines(terminal.style)) }
                reports.append(report)
            }
            if json { terminal.print(["files": .array(reports.map(\.json))]) }
            guard reports.allSatisfy(\.isGood) else { throw ExitCode(ExitStatus.refused.rawValue) }
        }
    }
}

/// What came out of trying a description out.
struct SOAPCheckReport {
    private let file: String
    private var warnings: [String] = []
    private var refusal: SOAPError?
    private var operations: [(path: String, checks: [ContractCheck])] = []

    init(file: String, options: SOAPFileOptions) {
        self.file = file
        do throws(SOAPError) {
            let wsdl = try options.load(file)
            warnings = wsdl.warnings
            for operation in wsdl.operations {
                operations.append(
                    (
                        SOAPText.path(operation.service, operation.port, operation.name),
                        operation.messageKinds.map { operation.check($0) }
                    )
                )
            }
        } catch {
            refusal = error
        }
    }

    /// Whether the description was accepted and every operation passed.
    var isGood: Bool {
        refusal == nil && operations.allSatisfy { $0.checks.allSatisfy { $0.failure == nil } }
    }

    /// A line for each operation.
    func lines(_ style: Style) -> [String] {
        if let refusal {
            return ["\(style.ink("refused", .red))  \(Printable.line(file)): \(Printable.line(SOAPText.line(refusal)))"]
        }
        var lines = warnings.map { "\(style.ink("note", .yellow))     \(Printable.line(file)): \(Printable.line($0))" }
        for operation in operations {
            let failed = operation.checks.filter { $0.failure != nil }
            let path = Printable.line("\(file): \(operation.path)")
            if failed.isEmpty {
                let messages = operation.checks.map {
                    SOAPText.kind($0.kind) + ($0.isValidated ? "" : " (not validated)")
                }
                lines.append(
                    "\(style.ink("ok", .green))       \(path): \(Printable.line(messages.joined(separator: ", ")))"
                )
            }
            for check in failed {
                let text = check.failure.map { SOAPText.line($0) } ?? ""
                lines.append(
                    "\(style.ink("failed", .red))   \(path): \(Printable.line("\(SOAPText.kind(check.kind)): \(text)"))"
                )
            }
        }
        if operations.isEmpty {
            lines.append("\(style.ink("ok", .green))       \(Printable.line(file)): no operations")
        }
        return lines
    }

    /// The same as JSON.
    var json: JSONValue {
        var report: JSONObject = ["file": .string(file), "isGood": .bool(isGood)]
        if let refusal { report["error"] = Self.json(refusal) }
        report["warnings"] = .array(warnings.map { .string($0) })
        report["operations"] = .array(
            operations.map { operation in
                [
                    "operation": .string(operation.path),
                    "isGood": .bool(operation.checks.allSatisfy { $0.failure == nil }),
                    "messages": .array(operation.checks.map { Self.json($0) }),
                ]
            }
        )
        return .object(report)
    }

    private static func json(_ check: ContractCheck) -> JSONValue {
        var message: JSONObject = [
            "message": .string(SOAPText.kind(check.kind)), "isGood": .bool(check.failure == nil),
            "isValidated": .bool(check.isValidated),
        ]
        if let failure = check.failure { message["error"] = json(failure) }
        return .object(message)
    }

    /// An error as JSON.
    static func json(_ error: SOAPError) -> JSONValue {
        var object: JSONObject = ["code": .string(error.code.rawValue), "message": .string(error.message)]
        object["file"] = error.file.map { .string($0) }
        object["line"] = error.line.map { .number(JSONNumber($0)) }
        object["pointer"] = error.pointer.map { .string($0.description) }
        object["path"] = error.path.map { .string($0) }
        return .object(object)
    }
}
