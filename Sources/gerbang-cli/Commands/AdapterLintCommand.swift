internal import ArgumentParser
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest

/// The command `gerbang adapter lint`.
struct AdapterLintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Say everything that is wrong with manifests.",
        discussion: """
            Each issue is a line as compilers write it, file:line:column: field: what is wrong and what would be right. \
            The exit code is 2 when there is an error; warnings alone are no reason.

            EXAMPLES
              gerbang adapter lint adapter.yaml
              gerbang adapter lint */adapter.yaml --json
            """
    )

    @Argument(help: ArgumentHelp("The manifests.", valueName: "file"), completion: .file())
    var files: [String]

    @Flag(help: "Write JSON.")
    var json = false

    func run() async throws {
        let terminal = Terminal.standard
        let catalogue = try ManifestFile.catalogue()
        var issues: [ManifestIssue] = []
        var summaries: [String] = []
        for file in files {
            do throws(ManifestError) {
                let manifest = try Manifest.load(path: file, catalogue: catalogue)
                issues += manifest.warnings
                summaries.append(Self.summary(of: manifest, file: file))
            } catch {
                issues += error.issues
            }
        }
        let isBroken = issues.contains { $0.severity == .error }
        if json {
            terminal.print(["isValid": .bool(!isBroken), "issues": .array(issues.map(Self.json))])
        } else {
            for issue in issues { terminal.note(Self.line(issue, style: terminal.errorStyle)) }
            terminal.print(summaries)
        }
        guard !isBroken else { throw ExitCode(ExitStatus.usage.rawValue) }
    }

    /// What a valid manifest amounts to, in one line.
    private static func summary(of manifest: Manifest, file: String) -> String {
        let descriptor = manifest.descriptor
        let operations = descriptor.operations.map(\.id.text).joined(separator: ", ")
        let fixtures = Printable.count(manifest.fixtures.count, "fixture")
        return Printable.line("\(file): valid: \(descriptor.id) \(descriptor.version), \(operations), \(fixtures)")
    }

    /// An issue as compilers write it.
    private static func line(_ issue: ManifestIssue, style: Style) -> String {
        let place = ([issue.file] + [issue.line, issue.column].compactMap { $0.map { String($0) } })
            .joined(separator: ":")
        let field = issue.field.isEmpty ? "" : "\(issue.field): "
        return style.ink(Printable.line("\(place): "), .bold)
            + style.ink("\(issue.severity.rawValue): ", issue.severity == .error ? .red : .yellow)
            + Printable.line(field + issue.message)
    }

    private static func json(_ issue: ManifestIssue) -> JSONValue {
        var item: JSONObject = ["severity": .string(issue.severity.rawValue), "file": .string(issue.file)]
        item["line"] = issue.line.map { .number(JSONNumber($0)) }
        item["column"] = issue.column.map { .number(JSONNumber($0)) }
        item["field"] = .string(issue.field)
        item["message"] = .string(issue.message)
        return .object(item)
    }
}
