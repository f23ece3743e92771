internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore

/// The command `gerbang watch`.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow a request until it ends, writing its history as it happens.",
        discussion: """
            Each line tells when it happened, how long after the line before, the state, what happened and what comes \
            next. While it waits, what the citizen is told stands below. With --json each line is an event as the gateway tells it.

            The exit code tells how the request ended: 0 succeeded, 1 rejected, failed, expired or cancelled, 6 still open.

            EXAMPLES
              gerbang watch $ID --timeout 5m
            """
    )

    @Argument(help: "The request's identifier, as 'gerbang list' shows it.")
    var id: RequestID

    @Option(help: ArgumentHelp("Stop after this long, such as 30s or 5m. (default: never)", valueName: "span"))
    var timeout: Span?

    @Flag(help: "Write the agency's answer at the end; it holds personal data.")
    var answer = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let client = try options.client()
        let limit = timeout.map { SystemClock().now() + $0.duration }
        try await Self.follow(id, client, until: limit, .standard, Form(json: options.json, answer: answer))
    }

    /// How a followed request is written.
    struct Form: Sendable {
        var json = false
        var answer = false
        var isQuiet = false
    }

    /// Follows a request and ends the command with the code that its end amounts to.
    static func follow(
        _ id: RequestID,
        _ client: GatewayAPI,
        until limit: Timestamp?,
        _ terminal: Terminal,
        _ form: Form
    ) async throws {
        var timeline = Timeline(style: terminal.style)
        let watcher = Watcher(client: client, clock: SystemClock())
        let state = try await watcher.follow(id, until: limit) { error in
            terminal.hint("\(CommandError(error).title); trying again …")
        } handle: { entry in
            guard !form.isQuiet else { return }
            if form.json { terminal.printLine(entry.json) } else { terminal.print(timeline.line(for: entry.event)) }
        } rest: { _ in
            guard !form.isQuiet, !form.json, let found = try? await client.request(id) else { return }
            terminal.print(terminal.card(showsAnswer: false).waitingLines(found))
        }
        if !form.json, !form.isQuiet {
            let found = try await client.request(id)
            terminal.print(terminal.card(showsAnswer: form.answer).closingLines(found))
        }
        if !state.isFinal { terminal.hint("still \(state.rawValue); 'gerbang watch \(id)' goes on watching") }
        try ExitStatus(awaited: state).throwUnlessDone()
    }
}
