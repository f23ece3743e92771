internal import ArgumentParser
internal import GerbangConfiguration
internal import GerbangCore

extension SOAPCommand {
    /// The command `gerbang soap serve`.
    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the gateway with services offered by SOAP too.",
            discussion: """
                The same as 'gerbang serve', with a SOAP face at /soap beside the HTTP API; /soap?wsdl describes it. What is \
                named here is offered instead of what the configuration names under 'soap'.

                EXAMPLES
                  gerbang soap serve --config gerbang.yaml
                  gerbang soap serve --config gerbang.yaml --service transport.vehicle.lookup
                """
        )

        @Option(name: .long, help: "The configuration file. See Docs/Operating.md.")
        var config: String

        @Option(
            name: .customLong("service"),
            help: ArgumentHelp("A service to offer; may be repeated.", valueName: "name")
        )
        var services: [String] = []

        func run() async throws {
            var names: [ServiceID] = []
            for text in services {
                do throws(GerbangError) { names.append(try ServiceID(text)) } catch {
                    throw CommandError(.usage, "--service is no service's name", details: [error.message])
                }
            }
            try await ServeCommand.run(config) { configuration in
                if !names.isEmpty { configuration.soap.services = names }
                guard !configuration.soap.services.isEmpty else {
                    throw CommandError(
                        .usage,
                        "no service is offered by SOAP",
                        advice: "name some with --service, or under 'soap: {services: […]}' in the configuration"
                    )
                }
            }
        }
    }
}
