internal import ArgumentParser
internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangRegistration
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

            At SIGHUP it reads its configuration file again, without stopping; a file that is not usable changes nothing. What \
            held is kept beside the file, in FILE.history, for 'gerbang config rollback' and for a start with a file that is \
            not usable: the gateway then works with what last held, and says so loudly. Requests that were accepted must not \
            wait for a typing mistake.

            Writes 'listening on URL' to standard output once the API can be called, and its log to standard error.
            """
    )

    @Option(name: .long, help: "The configuration file. See Docs/Operating.md.")
    var config: String

    @Option(name: .long, help: "The folder for what held. Default: the configuration file's name and '.history'.")
    var history: String?

    @Flag(name: .long, help: "Do not start at all when the configuration file is not usable.")
    var strict = false

    func run() async throws {
        try await Self.run(config, history: history, isStrict: strict)
    }

    /// Runs the gateway of a configuration file.
    ///
    /// - Parameters:
    ///   - config: The configuration file.
    ///   - history: The folder for what held; by default beside the file.
    ///   - isStrict: Whether an unusable file is a reason not to start.
    ///   - change: Changes what the file says before it is used.
    static func run(
        _ config: String,
        history: String? = nil,
        isStrict: Bool = false,
        _ change: (inout GatewayConfiguration) throws -> Void = { _ in }
    ) async throws {
        // A peer that hangs up while we write must not end the process.
        signal(SIGPIPE, SIG_IGN)
        // One that comes before anybody listens for it asks for what is being read anyway.
        signal(SIGHUP, SIG_IGN)
        do {
            let probe = CrashProbe.fromEnvironment() ?? .none
            let archive = ConfigurationArchive(folder: history ?? ConfigurationArchive.folder(for: config))
            let registration = try await Registration.open(config: config, archive: archive, probe: probe)
            var start = try ConfigurationStart(
                file: config,
                archive: archive,
                isStrict: isStrict,
                at: SystemClock().now()
            ) { () throws(GerbangError) in try registration.registrar.registry() }
            try change(&start.configuration)
            if let failure = start.failure {
                Terminal.standard.note(
                    "\(failure)\nthe configuration file is not usable; working with generation "
                        + "\(start.entry.generation), which last held (--strict refuses to)"
                )
            }
            let host = start.configuration.server.host
            let daemon = try Daemon.build(start, registration: registration, probe: probe) { port in
                Terminal.standard.announce("listening on http://\(host):\(port)")
            }
            try await daemon.services.run()
        } catch let error as ConfigurationRefusal {
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
