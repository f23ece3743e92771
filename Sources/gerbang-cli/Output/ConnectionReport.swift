internal import GerbangCore
internal import GerbangEngine

/// Writes connections for people.
struct ConnectionReport: Sendable {
    let style: Style
    let language: Language
    let now: Timestamp

    /// A table with a row a connection.
    func table(_ connections: [ConnectionView]) -> [String] {
        var table = Table([
            .init(title: "connection"), .init(title: "state"), .init(title: "adapter"),
            .init(title: "calls", alignment: .right), .init(title: "queued", alignment: .right),
            .init(title: "in doubt", alignment: .right), .init(title: "dead", alignment: .right),
            .init(title: "oldest", alignment: .right),
        ])
        for connection in connections {
            table.add([
                connection.id, state(of: connection), connection.adapter,
                "\(connection.inFlight)/\(connection.concurrency)",
                count(.queued, connection), count(.inDoubt, connection), count(.failed, connection),
                connection.oldest.map { Moments.span(now - $0) } ?? "",
            ])
        }
        return table.lines(style)
    }

    /// One connection in full.
    func lines(_ connection: ConnectionView) -> [String] {
        var fields = FieldList()
        fields.add("agency", connection.agency.map { Printable.line($0[language]) })
        fields.add("adapter", "\(connection.adapter) \(connection.adapterVersion)")
        fields.add("services", connection.services.joined(separator: "\n"))
        fields.add("regions", connection.regions.joined(separator: ", "))
        fields.add("calls", "\(connection.inFlight) of \(connection.concurrency) at once")
        fields.add("breaker", connection.breakerOpenings == 0 ? nil : "opened \(connection.breakerOpenings) times")
        let backlog = RequestState.allCases.compactMap { state in
            connection.backlog[state].map { "\($0) \(state == .failed ? "in the dead-letter list" : state.rawValue)" }
        }
        fields.add("requests", backlog.isEmpty ? "none open" : backlog.joined(separator: ", "))
        fields.add("oldest", connection.oldest.map { "accepted \(Moments.relative($0, to: now))" })
        return ["\(style.ink(connection.id, .bold))  \(state(of: connection))"] + fields.lines(style, indent: 2)
    }

    private func state(of connection: ConnectionView) -> String {
        guard connection.mode != .disabled else { return style.ink("disabled", .yellow) }
        let mode = connection.mode == .draining ? style.ink("draining, ", .yellow) : ""
        return mode + flow(of: connection)
    }

    private func flow(of connection: ConnectionView) -> String {
        guard !connection.isPaused else { return style.ink("paused", .yellow) }
        guard let reason = connection.closedBecause else { return style.ink("open", .green) }
        let until = connection.closedUntil.map { ", until \(Moments.dateAndTime($0, in: style.zone))" } ?? ""
        return style.ink("waiting (\(reason.rawValue))", .yellow) + until
    }

    private func count(_ state: RequestState, _ connection: ConnectionView) -> String {
        let count = connection.backlog[state] ?? 0
        guard count > 0 else { return "0" }
        return state == .queued ? String(count) : style.ink(String(count), style.ink(of: state))
    }
}
