internal import ArgumentParser
internal import GerbangCore

/// `gerbang cancel`
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancel requests that are not done yet.",
        discussion: """
            A request that has not been sent is cancelled at once. During a call the wish is noted, and it takes effect if \
            the agency turns out not to have done it. What the agency already has can only be withdrawn there.

            EXAMPLES
              gerbang cancel 019bfe64-7c3a-7d50-9d2b-3f0c8a4be1aa
            """
    )

    @Argument(help: "The requests' identifiers.")
    var ids: [RequestID]

    @OptionGroup var options: ClientOptions

    func run() async throws {
        let client = try options.client()
        try await RequestBatch(client: client, clock: SystemClock(), terminal: .standard, json: options.json)
            .send(.cancel, to: ids)
    }
}
