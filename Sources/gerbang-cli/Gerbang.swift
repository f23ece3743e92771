internal import ArgumentParser

/// The command `gerbang`.
@main
struct Gerbang: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gerbang",
        abstract: "An integration gateway for public services: nothing accepted is lost, and nothing is done twice.",
        discussion: """
            Start with 'gerbang demo'. An operator runs 'gerbang serve --config FILE'; the other commands talk to it.

            Exit codes: 0 all is well · 1 the request ended without success, or the gateway refused · 2 wrong usage or \
            configuration · 3 the gateway cannot be reached · 4 not authorised · 5 not found · 6 the time to wait is over
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(name: "Run:", subcommands: [ServeCommand.self, DemoCommand.self]),
            CommandGroup(
                name: "Requests:",
                subcommands: [
                    SubmitCommand.self, ShowCommand.self, WatchCommand.self, ListCommand.self, CancelCommand.self,
                    RedriveCommand.self, ResolveCommand.self, DiscardCommand.self,
                ]
            ),
            CommandGroup(
                name: "Operate:",
                subcommands: [
                    ServicesCommand.self, ConnectionsCommand.self, KeysCommand.self, ConfigCommand.self,
                ]
            ),
        ]
    )
}
