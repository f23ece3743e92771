internal import ArgumentParser
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

/// The command `gerbang config`.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Check configuration files, and see and change what a running gateway works with.",
        subcommands: [
            Check.self, Show.self, Diff.self, Apply.self, History.self, Rollback.self,
        ]
    )

    /// The command `gerbang config check`.
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say everything that is wrong with configuration files.",
            discussion: """
                Each issue is a line as compilers write it, file:line:column: field: what is wrong and what would be right. \
                Nothing is started and nobody is called; secrets that a file names in the environment or in other files \
                must be there, and certificates that connections name must be readable by whoever asks. The exit code is 2 \
                when there is an issue.

                EXAMPLES
                  gerbang config check gerbang.yaml
                """
        )

        @Argument(help: ArgumentHelp("The files.", valueName: "file"), completion: .file())
        var files: [String]

        @Flag(help: "Write JSON.")
        var json = false

        func run() async throws {
            let terminal = Terminal.standard
            var issues: [ConfigurationFile.Issue] = []
            var summaries: [String] = []
            for file in files {
                switch try await ConfigurationCheck.read(file) {
                case .success(let configuration):
                    issues += configuration.unreadableCertificates
                    summaries.append(ConfigurationCheck.summary(of: configuration, file: file))
                case .failure(let invalid): issues += invalid.issues
                }
            }
            if json {
                terminal.print(ConfigurationCheck.report(issues))
            } else {
                for issue in issues { terminal.note(ConfigurationCheck.line(issue, style: terminal.errorStyle)) }
                terminal.print(summaries)
            }
            guard issues.isEmpty else { throw ExitCode(ExitStatus.usage.rawValue) }
        }
    }
}

/// Reads configuration files for commands.
enum ConfigurationCheck {
    /// Reads a file, with the adapters that are approved in the database that it names.
    ///
    /// - Throws: ``CommandError`` when the adapters cannot be set up.
    static func read(
        _ file: String
    ) async throws(CommandError) -> Result<GatewayConfiguration, ConfigurationFile.Invalid> {
        let adapters: AdapterRegistry
        do throws(GerbangError) {
            adapters = try await Registration.adapters(of: file)
        } catch {
            throw CommandError(.refused, "the adapters cannot be set up", details: [error.message])
        }
        do throws(ConfigurationFile.Invalid) {
            return .success(try ConfigurationFile.load(path: file, adapters: adapters))
        } catch {
            return .failure(error)
        }
    }

    /// An issue as compilers write it.
    static func line(_ issue: ConfigurationFile.Issue, style: Style) -> String {
        let place = ([issue.file] + [issue.line, issue.column].compactMap { $0.map { String($0) } }).joined(
            separator: ":"
        )
        let field = issue.field.isEmpty ? "" : "\(issue.field): "
        return Printable.line("\(place): ").inked(style, .bold) + "error: ".inked(style, .red)
            + Printable.line(field + issue.message)
    }

    /// The issues as JSON.
    static func report(_ issues: [ConfigurationFile.Issue]) -> JSONValue {
        let items = issues.map { issue in
            var item: JSONObject = ["file": .string(issue.file)]
            item["line"] = issue.line.map { .number(JSONNumber($0)) }
            item["column"] = issue.column.map { .number(JSONNumber($0)) }
            item["field"] = .string(issue.field)
            item["message"] = .string(issue.message)
            return JSONValue.object(item)
        }
        return ["isValid": .bool(issues.isEmpty), "issues": .array(items)]
    }

    /// What a valid file amounts to, in one line.
    static func summary(of configuration: GatewayConfiguration, file: String) -> String {
        let connections = configuration.connections.map { "\($0.id) (\($0.adapter.descriptor.id))" }
        let list = connections.isEmpty ? "no connections" : "connections \(connections.joined(separator: ", "))"
        let place = "\(configuration.server.host):\(configuration.server.port)"
        return Printable.line(
            "\(file): valid: listens on \(place), keeps its data in \(configuration.storagePath), \(list)"
        )
    }
}

extension String {
    fileprivate func inked(_ style: Style, _ ink: Style.Ink) -> String { style.ink(self, ink) }
}
