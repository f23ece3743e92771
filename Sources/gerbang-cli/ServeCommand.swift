internal import ArgumentParser
internal import GerbangConfiguration
internal import GerbangCore
internal import Glibc
internal import ServiceLifecycle

/// Runs the gateway.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the gateway.",
        discussion: """
            Listens where the configuration says (by default on 127.0.0.1:8080) and works until SIGTERM or SIGINT: it then \
            takes no new request, lets calls under way end, and stops. Whatever a crash leaves behind is taken up again at \
            the next start.

            Writes 'listening on URL' to standard output once the API can be called, and its log to standard error.
            """
    )

    @Option(name: .long, help: "The configuration file. See Docs/Operating.md.")
    var config: String

    func run() async throws {
        try await Self.run(config)
    }

    /// Runs the gateway of a configuration file.
    ///
    /// - Parameter change: Changes what the file says before it is used.
    static func run(
        _ config: String,
        _ change: (inout GatewayConfiguration) throws -> Void = { _ in }
    ) async throws {
        // A peer that hangs up while we write must not end the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var configuration = try ConfigurationFile.load(path: config, adapters: GatewayAdapters.registry())
            try change(&configuration)
            let host = configuration.server.host
            let daemon = try Daemon.build(configuration) { port in
                Terminal.standard.print("listening on http://\(host):\(port)")
            }
            try await daemon.services.run()
        } catch let error as ConfigurationFile.Invalid {
            throw Self.failure("\(error)")
        } catch let error as GerbangError {
            throw Self.failure("gerbang: \(error.message)")
        }
    }

    private static func failure(_ text: String) -> ExitCode {
        Terminal.standard.note(text)
        return ExitCode(2)
    }
}
