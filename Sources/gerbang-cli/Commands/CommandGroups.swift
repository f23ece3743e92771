internal import ArgumentParser

/// The commands that speak to a gateway or prepare one, as they are grouped in `--help`.
enum CommandGroups {
    /// For everybody who submits.
    static let requests = CommandGroup(
        name: "Requests",
        subcommands: [
            SubmitCommand.self, ShowCommand.self, WatchCommand.self, ListCommand.self, CancelCommand.self,
            ServicesCommand.self,
        ]
    )

    /// For operators.
    static let operation = CommandGroup(
        name: "Operation",
        subcommands: [
            ConnectionsCommand.self, AdaptersCommand.self, RouteCommand.self, ReportCommand.self, AuditCommand.self,
            RedriveCommand.self, ResolveCommand.self,
            DiscardCommand.self, KeysCommand.self,
            CallbacksCommand.self, ConfigCommand.self,
        ]
    )
}
