internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang list`.
struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests, newest first.",
        discussion: """
            A client's key lists its own requests, an operator's key those of all clients.

            EXAMPLES
              gerbang list --state queued --state inDoubt
              gerbang list --dead-letter --connection dukcapil-jakarta --all
            """
    )

    @OptionGroup(title: "Which requests") var filter: FilterOptions

    @Flag(help: "Only those in the dead-letter list.")
    var deadLetter = false

    @Option(help: ArgumentHelp("How many on a page, from 1 to 200.", valueName: "number"))
    var limit = 50

    @Option(help: ArgumentHelp("The next page: what the page before said.", valueName: "cursor"))
    var cursor: String?

    @Flag(help: "All pages.")
    var all = false

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard (1...200).contains(limit) else { throw ValidationError("--limit must be from 1 to 200.") }
    }

    func run() async throws {
        let terminal = Terminal.standard
        let client = try options.client()
        let filter = filter.filter(isDeadLetter: deadLetter)
        let page = try await client.requests(filter, limit: all ? 200 : limit, cursor: cursor)
        guard all else { return show(page, terminal) }
        var pages = [page]
        while let next = pages.last?.nextCursor {
            pages.append(try await client.requests(filter, limit: 200, cursor: next))
        }
        let items = pages.flatMap { $0.json["items"]?.arrayValue ?? [] }
        show(GatewayAPI.Page(requests: pages.flatMap(\.requests), json: ["items": .array(items)]), terminal)
    }

    private func show(_ page: GatewayAPI.Page, _ terminal: Terminal) {
        guard !options.json else { return terminal.print(page.json) }
        guard !page.requests.isEmpty else { return terminal.hint("no such requests") }
        terminal.print(RequestTable.lines(page.requests, style: terminal.style, now: SystemClock().now()))
        if let next = page.nextCursor { terminal.hint("there are more: --all, or --cursor \(next)") }
    }
}

/// What a list is narrowed to.
struct FilterOptions: ParsableArguments {
    @Option(name: .customLong("state"), help: "Only those in this state. May be repeated.")
    var states: [RequestState] = []

    @Option(help: ArgumentHelp("Only those for this service.", valueName: "name"))
    var service: ServiceID?

    @Option(help: ArgumentHelp("Only those for this connection.", valueName: "name"))
    var connection: ConnectionID?

    @Option(help: ArgumentHelp("Only those of this client.", valueName: "name"))
    var client: ClientID?

    /// The filter for these options.
    func filter(isDeadLetter: Bool) -> GatewayAPI.Filter {
        GatewayAPI.Filter(
            states: states,
            service: service,
            connection: connection,
            client: client,
            isDeadLetter: isDeadLetter
        )
    }
}
