internal import ArgumentParser

/// The command `gerbang`.
@main
struct Gerbang: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gerbang",
        abstract: "An integration gateway for public services: nothing accepted is lost, and nothing is done twice.",
        discussion: """
            Start with 'gerbang demo'. An operator runs 'gerbang serve --config FILE'; the other commands talk to it.

            \(ExitStatus.help)
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(name: "Run", subcommands: [ServeCommand.self, DemoCommand.self]),
            CommandGroups.requests,
            CommandGroups.operation,
            CommandGroup(name: "Tools", subcommands: [AdapterCommand.self, SOAPCommand.self, EvalCommand.self]),
        ]
    )

    static func main() async {
        await CommandRunner.run(Gerbang.self)
    }
}
