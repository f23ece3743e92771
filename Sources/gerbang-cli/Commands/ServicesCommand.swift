internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// The command `gerbang services`.
struct ServicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "services",
        abstract: "Show what can be asked for.",
        discussion: """
            EXAMPLES
              gerbang services --language id
              gerbang services show transport.vehicle.lookup
              gerbang services show transport.vehicle.lookup --json | jq .input
            """,
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    /// The command `gerbang services list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the services.")

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let terminal = Terminal.standard
            let json = try await options.client().get(["services"])
            guard !options.json else { return terminal.print(json) }
            var table = Table("service", "title", "usually within")
            for service in json["items"]?.arrayValue ?? [] {
                table.add([
                    service["id"]?.stringValue ?? "",
                    Printable.line(service["title"]?.stringValue ?? ""),
                    ServicesCommand.standardTime(of: service) ?? "",
                ])
            }
            terminal.print(table.lines(terminal.style))
        }
    }

    /// The command `gerbang services show`.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one service with the form of its input and output."
        )

        @Argument(help: "The service's name.")
        var service: ServiceID

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let terminal = Terminal.standard
            let json = try await options.client().get(["services", service.text])
            guard !options.json else { return terminal.print(json) }
            terminal.print(ServicesCommand.lines(json, style: terminal.style))
        }
    }

    /// One service for people.
    static func lines(_ service: JSONValue, style: Style) -> [String] {
        func text(_ key: String) -> String? { service[key]?.stringValue.map { Printable.line($0) } }
        var fields = FieldList()
        fields.add("what", text("summary"))
        let items = service["requirements"]?.arrayValue?.compactMap { $0.stringValue.map { "- \(Printable.line($0))" } }
        fields.add("to bring", items?.joined(separator: "\n"))
        fields.add("fee", text("fee") ?? "none")
        fields.add("usually within", standardTime(of: service))
        fields.add("legal basis", text("legalBasis"))
        fields.add("input", SchemaOutline.lines(service["input"] ?? .null).joined(separator: "\n"))
        fields.add("output", SchemaOutline.lines(service["output"] ?? .null).joined(separator: "\n"))
        let head = "\(style.ink(text("id") ?? "", .bold))  \(text("title") ?? "")"
        return [head] + fields.lines(style, indent: 2)
    }

    private static func standardTime(of service: JSONValue) -> String? {
        service["standardSeconds"]?.intValue.map { Moments.span(.seconds($0)) }
    }
}
