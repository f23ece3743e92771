internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang show`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show where a request stands.",
        discussion: """
            EXAMPLES
              gerbang show $ID --events
              gerbang show $ID --wait=2m --json | jq -r .state

            Without --wait the exit code is 0 whatever the state; with it, it tells how the request ended.
            """
    )

    @Argument(help: "The request's identifier, as 'gerbang list' shows it.")
    var id: RequestID

    @Flag(help: "Show its history too; with --json, its history instead.")
    var events = false

    @Flag(help: "Show the agency's answer; it holds personal data.")
    var answer = false

    @Option(
        defaultAsFlag: WaitLimit.standard,
        parsing: .next,
        help: ArgumentHelp("Wait for its end, for at most this long.", valueName: "span")
    )
    var wait: WaitLimit?

    @OptionGroup var options: ClientOptions

    func validate() throws {
        _ = try wait?.duration()
    }

    func run() async throws {
        let terminal = Terminal.standard
        let client = try options.client()
        let clock = SystemClock()
        let found =
            if let wait {
                try await client.request(id, until: clock.now() + wait.duration(), clock: clock)
            } else {
                try await client.request(id)
            }
        let history = events ? try await client.history(of: id) : []
        if options.json {
            terminal.print(events ? ["items": .array(history.map(\.json))] : found.json)
        } else {
            terminal.print(terminal.card(showsAnswer: answer).lines(found))
            var timeline = Timeline(style: terminal.style)
            if !history.isEmpty { terminal.print("") }
            for entry in history { terminal.print(timeline.line(for: entry.event)) }
        }
        if wait != nil { try ExitStatus(awaited: found.request.state).throwUnlessDone() }
    }
}
