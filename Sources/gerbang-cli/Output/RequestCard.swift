internal import GerbangCore
internal import GerbangJSON

/// Writes one request for people.
struct RequestCard: Sendable {
    let style: Style
    /// Whether the agency's answer, which holds personal data, is written.
    let showsAnswer: Bool
    let now: Timestamp

    /// The request as lines.
    func lines(_ request: RequestView) -> [String] {
        let state = EventText.state(request.state, request.reason)
        var fields = FieldList()
        fields.add("service", "\(request.service) in \(request.region)")
        fields.add("connection", request.connection)
        fields.add("client", [request.client, request.channel].filter { !$0.isEmpty }.joined(separator: ", "))
        fields.add("accepted", moment(request.acceptedAt))
        fields.add("calls", String(request.attempts))
        fields.add("next", EventText.outlook(of: request, from: now, in: style.zone))
        fields.add("deadline", request.state.isFinal ? nil : moment(request.deadline))
        fields.add("finished", moment(request.finishedAt))
        fields.add("note", notes(of: request))
        fields.add("reference", request.agencyReference.map { Printable.line($0) })
        fields.add(
            request.state.isFinal ? "error" : "last error",
            request.error.map { Printable.line(EventText.trouble($0)) }
        )
        fields.add("citizen", request.message.map { "“\(Printable.line($0))”" })
        fields.add("answer", answer(of: request))
        let head = "\(style.ink(request.id.description, .bold))  \(style.ink(state, style.ink(of: request.state)))"
        return [head] + fields.lines(style, indent: 2)
    }

    /// What a person who followed the request still wants to know at its end.
    func closingLines(_ request: RequestView) -> [String] {
        var fields = FieldList()
        fields.add("reference", request.agencyReference.map { Printable.line($0) })
        fields.add("citizen", request.message.map { "“\(Printable.line($0))”" })
        fields.add("answer", answer(of: request))
        return fields.lines(style, indent: 2)
    }

    private func moment(_ moment: Timestamp?) -> String? {
        moment.map { "\(Moments.dateAndTime($0, in: style.zone)) (\(Moments.relative($0, to: now)))" }
    }

    private func notes(of request: RequestView) -> String? {
        var notes: [String] = []
        if request.isDeadLetter { notes.append("stands in the dead-letter list") }
        if request.isCancelRequested, !request.state.isFinal { notes.append("cancelling was asked for") }
        if request.state == .inDoubt, request.dueAt == nil { notes.append("waits for an operator: gerbang resolve") }
        return notes.joined(separator: "; ").nilIfEmpty
    }

    private func answer(of request: RequestView) -> String? {
        guard let output = request.output else { return nil }
        guard showsAnswer else { return "there is one; --answer shows it, with the personal data in it" }
        let lines = output.text(.pretty).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { Printable.line(String($0)) }.joined(separator: "\n")
    }
}

/// Writes a list of requests for people.
enum RequestTable {
    /// The table's lines; the column with the client appears when there are several.
    static func lines(_ requests: [RequestView], style: Style, now: Timestamp) -> [String] {
        let showsClient = Set(requests.map(\.client)).count > 1
        var columns = [Table.Column(title: "request"), .init(title: "state"), .init(title: "service")]
        columns.append(.init(title: "connection"))
        if showsClient { columns.append(.init(title: "client")) }
        columns += [
            .init(title: "calls", alignment: .right), .init(title: "accepted"), .init(title: "next, or why not"),
        ]
        var table = Table(columns)
        for request in requests {
            var cells = [
                request.id.description,
                style.ink(EventText.state(request.state, request.reason), style.ink(of: request.state)),
                request.service, request.connection,
            ]
            if showsClient { cells.append(request.client) }
            cells.append(String(request.attempts))
            cells.append(request.acceptedAt.map { Moments.relative($0, to: now) } ?? "")
            let outlook = EventText.outlook(of: request, from: now, in: style.zone)
            cells.append(outlook ?? request.error?.code.rawValue ?? "")
            table.add(cells)
        }
        return table.lines(style)
    }
}
