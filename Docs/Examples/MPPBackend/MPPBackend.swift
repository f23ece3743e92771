import ArgumentParser
import DukcapilSimulator
import Foundation
import Gerbang
import GerbangClient
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The backend of a public service mall, with one form: the gateway runs in its process, or as a daemon.
@main
struct MPPBackend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "MPPBackend",
        abstract:
            "A small MPP backend: a form that checks a citizen's data, and a page that tells where the request is."
    )

    @Flag(help: "Check against a simulated civil registry. It knows SITI CONTOH, 3174015708900003.")
    var simulate = false

    @Option(help: "Embed a gateway that this configuration file sets up.")
    var config: String?

    @Option(help: "Talk to the daemon at this URL; the environment variable GERBANG_KEY holds the key.")
    var daemon: String?

    @Option(help: "The database of the embedded gateway with --simulate.")
    var database = "mpp.db"

    @Option(help: "The port to listen on, on this machine only; 0 takes a free one.")
    var port = 8000

    func validate() throws {
        guard [simulate, config != nil, daemon != nil].count(where: \.self) == 1 else {
            throw ValidationError("Give one of --simulate, --config and --daemon.")
        }
    }

    func run() async throws {
        let logger = Logger(label: "mpp")
        if let daemon {
            let key = ProcessInfo.processInfo.environment["GERBANG_KEY"].map { Sensitive($0) }
            try await serve(GatewayClient(url: daemon, key: key), logger: logger)
        } else if let config {
            let gateway = try Gateway(contentsOf: config, logger: logger)
            try await serve(gateway, services: [gateway], logger: logger)
        } else {
            let registry = try DukcapilSimulator()
            let gateway = try Gateway(Self.simulated(registry), storage: .file(database), logger: logger)
            try await serve(gateway, services: [gateway], logger: logger)
        }
    }

    /// A gateway that is set up in code: one connection, to the simulated registry.
    static func simulated(_ registry: DukcapilSimulator) throws(GerbangError) -> GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.connections = [
            try Connection(
                "dukcapil",
                adapter: "dukcapil",
                baseURL: registry.baseURL,
                settings: [
                    "institution": "MPP-JAKSEL", "userId": "DEMO", "password": "rahasia", "clientAddress": "10.1.2.3",
                ]
            )
        ]
        return configuration
    }

    /// Serves the site; the gateway starts before it and stops after it.
    private func serve(_ gateway: any GatewayProtocol, services: [any ServiceLifecycle.Service] = [], logger: Logger)
        async throws
    {
        let app = Application(
            router: Site(gateway: gateway).router,
            configuration: .init(address: .hostname("127.0.0.1", port: port)),
            services: services,
            onServerRunning: { channel in
                let line = "listening on http://127.0.0.1:\(channel.localAddress?.port ?? 0)\n"
                FileHandle.standardOutput.write(Data(line.utf8))
            },
            logger: logger
        )
        try await app.runService()
    }
}
