internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON

/// The command `gerbang route`.
struct RouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "route",
        abstract: "Show where requests go, and why.",
        subcommands: [Explain.self]
    )

    /// The command `gerbang route explain`.
    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which connection a submission would go to, and why not to the others.",
            discussion: """
                Nothing is submitted. The order: the lower priority, then the narrower region, then a draw by weight. Whether a \
                connection rests, is paused or takes no new requests is always that of now, also with --at. This needs an \
                operator's key.

                EXAMPLES
                  gerbang route explain --service transport.vehicle.lookup --region 31.74
                  gerbang route explain --service population.identity.verify --region 31.74.01.1001 \\
                    --client mpp-jakarta --channel counter --at 2026-02-01T20:00:00+07:00
                """
        )

        @Option(help: ArgumentHelp("What is asked for.", valueName: "name"))
        var service: ServiceID

        @Option(help: ArgumentHelp("For which place: a Kemendagri code such as 31.74, or ID.", valueName: "code"))
        var region: String

        @Option(help: ArgumentHelp("Who asks. (default: the holder of the key)", valueName: "name"))
        var client: ClientID?

        @Option(help: "Over which channel. (default: online)")
        var channel: Channel?

        @Option(help: ArgumentHelp("When. (default: now)", valueName: "time"))
        var at: String?

        @OptionGroup var options: ClientOptions

        func run() async throws {
            var query: [WireRequest.QueryItem] = [
                .init("service", service.text), .init("region", region),
            ]
            if let client { query.append(.init("client", client.text)) }
            if let channel { query.append(.init("channel", channel.rawValue)) }
            if let at { query.append(.init("at", at)) }
            let terminal = Terminal.standard
            let json = try await options.client().get(["routes", "explain"], query)
            guard !options.json else { return terminal.print(json) }
            terminal.print(RouteReport.lines(json, style: terminal.style))
        }
    }
}

/// An explanation for people.
enum RouteReport {
    private static let reasons: [String: String] = [
        "chosen": "chosen", "priority": "another one's priority comes first",
        "widerRegion": "another one's region is narrower", "drawn": "shares the requests by weight",
        "later": "another one comes earlier in the configuration", "condition": "its condition does not hold",
        "brokenCondition": "its condition cannot be worked out", "otherTenant": "belongs to another tenant",
        "notAccepting": "takes no new requests", "unavailable": "cannot take requests now, another one can",
    ]

    static func lines(_ explanation: JSONValue, style: Style) -> [String] {
        func text(_ value: JSONValue?) -> String { Printable.line(value?.stringValue ?? "") }
        var table = Table("connection", "region", "priority", "weight", "share", "why", "when")
        for candidate in explanation["candidates"]?.arrayValue ?? [] {
            let reason = candidate["reason"]?.stringValue ?? ""
            let share = candidate["share"]?.numberValue.flatMap { Double($0.text) }
            var why = reasons[reason] ?? Printable.line(reason)
            if let obstacle = candidate["obstacle"]?.stringValue { why += " (\(Printable.line(obstacle)))" }
            table.add([
                text(candidate["connection"]), text(candidate["region"]),
                candidate["priority"]?.numberValue?.text ?? "", candidate["weight"]?.numberValue?.text ?? "",
                share.map { "\(Int(($0 * 100).rounded())) %" } ?? "",
                reason == "chosen" ? style.ink(why, .green) : why, text(candidate["when"]),
            ])
        }
        let elsewhere = explanation["elsewhere"]?.intValue ?? 0
        let chosen = explanation["chosen"]?.stringValue.map { Printable.line($0) }
        var lines = [chosen.map { style.ink("goes to \($0)", .bold) } ?? style.ink("goes nowhere", .red)]
        if explanation["candidates"]?.arrayValue?.isEmpty == false { lines += table.lines(style) }
        if elsewhere > 0 { lines.append("\(elsewhere) more serve other places") }
        return lines
    }
}
