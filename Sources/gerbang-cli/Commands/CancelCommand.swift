internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore

/// The command `gerbang cancel`.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel requests that are not done yet.",
        discussion: """
            A request that has not been sent is cancelled at once. During a call the wish is noted, and it takes effect if \
            the agency turns out not to have done it. What the agency already has can only be withdrawn there.

            EXAMPLES
              gerbang cancel $ID
            """
    )

    @Argument(help: "The requests' identifiers, as 'gerbang list' shows them.")
    var ids: [RequestID]

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let client = try options.client()
        try await RequestBatch(client: client, clock: SystemClock(), terminal: .standard, json: options.json)
            .send(.cancel, to: ids)
    }
}
