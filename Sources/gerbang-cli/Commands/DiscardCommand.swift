internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore

/// The command `gerbang discard`.
struct DiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Take failed requests off the dead-letter list.",
        discussion: """
            The request stays failed and keeps its history; it only stops waiting for somebody to look at it. This needs \
            an operator's key.

            EXAMPLES
              gerbang discard $ID
            """
    )

    @Argument(help: "The requests' identifiers, as 'gerbang list' shows them.")
    var ids: [RequestID]

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let client = try options.client()
        try await RequestBatch(client: client, clock: SystemClock(), terminal: .standard, json: options.json)
            .send(.discard, to: ids)
    }
}
