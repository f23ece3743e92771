internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang redrive`.
struct RedriveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redrive",
        abstract: "Put failed requests back into the queue.",
        discussion: """
            A redriven request keeps its identifier, key and history, and gets new attempts and a new deadline. Correct \
            the cause first. This needs an operator's key.

            With --dead-letter it takes those in the dead-letter list that match, at most 1,000 and 5 a second, so that an \
            agency that has just come back is not flooded. Without --yes it only shows which they are.

            EXAMPLES
              gerbang redrive $ID
              gerbang redrive --dead-letter --connection dukcapil-jakarta
              gerbang redrive --dead-letter --connection dukcapil-jakarta --yes
            """
    )

    /// How many are redriven at once at most.
    static let maximum = 1000

    @Argument(help: "The requests' identifiers, as 'gerbang list' shows them.")
    var ids: [RequestID] = []

    @Flag(help: "Those in the dead-letter list, as far as they match the options below.")
    var deadLetter = false

    @Option(help: ArgumentHelp("Only those for this connection.", valueName: "name"))
    var connection: ConnectionID?

    @Option(help: ArgumentHelp("Only those for this service.", valueName: "name"))
    var service: ServiceID?

    @Option(help: ArgumentHelp("Only those of this client.", valueName: "name"))
    var client: ClientID?

    @Flag(help: "Do it, instead of showing what would be done.")
    var yes = false

    @OptionGroup var options: ClientOptions

    func validate() throws {
        guard ids.isEmpty == deadLetter else {
            throw ValidationError("Name the requests, or give --dead-letter, not both.")
        }
        guard deadLetter || (connection == nil && service == nil && client == nil && !yes) else {
            throw ValidationError("--connection, --service, --client and --yes go with --dead-letter.")
        }
        guard ids.count <= Self.maximum else { throw ValidationError("At most \(Self.maximum) requests at once.") }
    }

    func run() async throws {
        let terminal = Terminal.standard
        let gateway = try options.client()
        let batch = RequestBatch(
            client: gateway,
            clock: SystemClock(),
            terminal: terminal,
            json: options.json,
            pace: .milliseconds(200)
        )
        guard deadLetter else { return try await batch.send(.redrive, to: ids) }
        let letters = try await deadLetters(gateway)
        guard yes else { return preview(letters, terminal) }
        try await batch.send(.redrive, to: letters.requests.map(\.id))
        let rest = letters.nextCursor == nil ? "" : "; there are more"
        terminal.hint("\(letters.requests.count) of the dead-letter list redriven\(rest)")
    }

    private func preview(_ letters: GatewayAPI.Page, _ terminal: Terminal) {
        guard !options.json else { return terminal.print(letters.json) }
        guard !letters.requests.isEmpty else { return terminal.hint("no such requests in the dead-letter list") }
        terminal.print(RequestTable.lines(letters.requests, style: terminal.style, now: SystemClock().now()))
        let more = letters.nextCursor == nil ? "" : ", the newest of more"
        terminal.hint("would redrive \(letters.requests.count)\(more); nothing was done: --yes does it")
    }

    /// The dead letters that match, up to ``maximum``.
    private func deadLetters(_ gateway: GatewayAPI) async throws -> GatewayAPI.Page {
        let filter = GatewayAPI.Filter(service: service, connection: connection, client: client, isDeadLetter: true)
        var all = GatewayAPI.Page(requests: [], json: .null)
        var items: [JSONValue] = []
        repeat {
            let limit = min(200, Self.maximum - items.count)
            let page = try await gateway.requests(filter, limit: limit, cursor: all.nextCursor)
            all.requests += page.requests
            items += page.json["items"]?.arrayValue ?? []
            all.nextCursor = page.nextCursor
        } while all.nextCursor != nil && items.count < Self.maximum
        all.json = ["items": .array(items)]
        return all
    }
}
