internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON

/// The command `gerbang report`.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Count and time what became of requests, service by service.",
        discussion: """
            Counts requests by when they were accepted, the last seven days unless told otherwise. It holds no personal data. \
            An operator's key that is bound to a tenant reports on that tenant.

            EXAMPLES
              gerbang report --tenant mpp-jaksel
              gerbang report --from 2026-01-01T00:00:00+07:00 --until 2026-02-01T00:00:00+07:00 --csv
            """
    )

    @Option(help: ArgumentHelp("Only this tenant's requests.", valueName: "name"))
    var tenant: TenantID?

    @Option(help: ArgumentHelp("Accepted at this moment or later. (default: a week before --until)", valueName: "time"))
    var from: String?

    @Option(help: ArgumentHelp("Accepted before this moment. (default: now)", valueName: "time"))
    var until: String?

    @Flag(help: "Write comma-separated values.")
    var csv = false

    @OptionGroup var options: ClientOptions

    func run() async throws {
        var query: [WireRequest.QueryItem] = []
        if let tenant { query.append(.init("tenant", tenant.text)) }
        if let from { query.append(.init("from", from)) }
        if let until { query.append(.init("until", until)) }
        let terminal = Terminal.standard
        let client = try options.client()
        let json = try await client.get(["reports"], query)
        guard !options.json else { return terminal.print(json) }
        guard let report = Report(json: json) else {
            throw CommandError(
                .unreachable,
                "the answer is not a report",
                advice: "is there a gateway at this address?"
            )
        }
        guard !csv else { return terminal.print(report.csv.split(separator: "\r\n").map { String($0) }) }
        guard !report.lines.isEmpty else { return terminal.hint("no requests were accepted in this time") }
        terminal.print(Self.lines(report, style: terminal.style, now: SystemClock().now()))
    }

    /// A report for people.
    static func lines(_ report: Report, style: Style, now: Timestamp) -> [String] {
        var table = Table([
            .init(title: "service"), .init(title: "requests", alignment: .right),
            .init(title: "open", alignment: .right), .init(title: "succeeded", alignment: .right),
            .init(title: "rejected", alignment: .right), .init(title: "failed", alignment: .right),
            .init(title: "half within"), .init(title: "nine of ten within"), .init(title: "oldest open"),
        ])
        for line in report.lines {
            let open = RequestState.allCases.filter { !$0.isFinal }.compactMap { line.counts[$0] }.reduce(0, +)
            let failed = [RequestState.failed, .expired, .cancelled].compactMap { line.counts[$0] }.reduce(0, +)
            table.add([
                line.service.text, String(line.counts.values.reduce(0, +)), String(open),
                String(line.counts[.succeeded] ?? 0), String(line.counts[.rejected] ?? 0), String(failed),
                line.half.map { Moments.span($0) } ?? "", line.nineTenths.map { Moments.span($0) } ?? "",
                line.oldestOpen.map { Moments.relative($0, to: now) } ?? "",
            ])
        }
        return table.lines(style)
    }
}

extension Report {
    /// Reads what the API answers.
    fileprivate init?(json: JSONValue) {
        func moment(_ value: JSONValue?) -> Timestamp? { value?.stringValue.flatMap { Timestamp($0) } }
        func span(_ value: JSONValue?) -> Duration? { value?.intValue.map { .milliseconds($0) } }
        guard let from = moment(json["from"]), let until = moment(json["until"]),
            let services = json["services"]?.arrayValue
        else { return nil }
        let tenant = json["tenant"]?.stringValue.flatMap { try? TenantID($0) }
        let lines = services.compactMap { service -> Line? in
            guard let id = service["service"]?.stringValue.flatMap({ try? ServiceID($0) }) else { return nil }
            let counts = RequestState.allCases.compactMap { state in
                service["states"]?[state.rawValue]?.intValue.map { (state, $0) }
            }
            return Line(
                service: id,
                counts: Dictionary(uniqueKeysWithValues: counts),
                half: span(service["p50Ms"]),
                nineTenths: span(service["p90Ms"]),
                oldestOpen: moment(service["oldestOpen"])
            )
        }
        self.init(span: ReportSpan(tenant: tenant, from: from, until: until), lines: lines)
    }
}
