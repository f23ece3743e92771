internal import ArgumentParser
internal import GerbangCore

/// `gerbang discard`
struct DiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Take failed requests off the dead-letter list.",
        discussion: """
            The request stays failed and keeps its history; it only stops waiting for somebody to look at it. This needs \
            an operator's key.

            EXAMPLES
              gerbang discard 019bfe64-7c3a-7d50-9d2b-3f0c8a4be1aa
            """
    )

    @Argument(help: "The requests' identifiers.")
    var ids: [RequestID]

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let client = try options.client()
        try await RequestBatch(client: client, clock: SystemClock(), terminal: .standard, json: options.json)
            .send(.discard, to: ids)
    }
}
