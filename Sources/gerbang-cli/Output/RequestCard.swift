internal import GerbangClient
internal import GerbangCore
internal import GerbangJSON

/// Writes one request for people.
struct RequestCard: Sendable {
    let style: Style
    /// Whether the agency's answer, which holds personal data, is written.
    let showsAnswer: Bool
    let now: Timestamp

    /// The request as lines.
    func lines(_ found: GatewayAPI.Found) -> [String] {
        let request = found.request
        let state = EventText.state(request.state, request.reason)
        var fields = FieldList()
        fields.add("service", "\(request.service) in \(request.region)")
        fields.add("connection", request.connection.text)
        fields.add("client", "\(request.client), \(request.channel.rawValue)")
        fields.add("officer", request.officer.map { Printable.line(Self.words(for: $0)) })
        fields.add("accepted", moment(request.acceptedAt))
        fields.add("calls", String(request.attempts))
        fields.add("next", EventText.outlook(of: request, from: now, in: style.zone))
        fields.add("with", request.state.isFinal ? nil : Printable.line(Self.holder(of: found)))
        fields.add("expected", request.state.isFinal ? nil : moment(request.progress.expectedFinishAt) ?? "not known")
        fields.add("deadline", request.state.isFinal ? nil : moment(request.deadline))
        fields.add("finished", moment(request.finishedAt))
        fields.add("callback", request.callback.map { Self.words(for: $0) })
        fields.add("note", notes(of: request))
        fields.add("reference", request.agencyReference.map { Printable.line($0) })
        fields.add(
            request.state.isFinal ? "error" : "last error",
            request.error.map { Printable.line(EventText.trouble($0)) }
        )
        fields.add("citizen", Self.notice(of: found))
        fields.add("answer", answer(of: request))
        let head = "\(style.ink(request.id.description, .bold))  \(style.ink(state, style.ink(of: request.state)))"
        return [head] + fields.lines(style, indent: 2)
    }

    /// What a person who follows the request wants to know while it waits.
    func waitingLines(_ found: GatewayAPI.Found) -> [String] {
        guard !found.request.state.isFinal, let notice = Self.notice(of: found) else { return [] }
        return notice.split(separator: "\n").map { style.ink("    \($0)", .faint) }
    }

    /// What a person who followed the request still wants to know at its end.
    func closingLines(_ found: GatewayAPI.Found) -> [String] {
        let request = found.request
        var fields = FieldList()
        fields.add("reference", request.agencyReference.map { Printable.line($0) })
        fields.add("citizen", Self.notice(of: found))
        fields.add("answer", answer(of: request))
        return fields.lines(style, indent: 2)
    }

    private func moment(_ moment: Timestamp?) -> String? {
        moment.map { "\(Moments.dateAndTime($0, in: style.zone)) (\(Moments.relative($0, to: now)))" }
    }

    /// What the citizen is told, a sentence a line.
    static func notice(of found: GatewayAPI.Found) -> String? {
        guard let message = found.message else { return nil }
        let expected = found.request.progress.expectedFinishTexts[language(of: found)]
        return "“\(Printable.line(message))”\n“\(Printable.line(expected))”"
    }

    /// Who has to act next.
    static func holder(of found: GatewayAPI.Found) -> String {
        let holder = found.request.progress.holder
        return "\(holder.kind.rawValue): \(holder.name[language(of: found)])"
    }

    private static func words(for callback: CallbackSummary) -> String {
        let parts = [
            (callback.delivered, "delivered"), (callback.pending, "waiting"), (callback.failed, "given up"),
        ]
        let words = parts.filter { $0.0 > 0 }.map { "\($0) \($1)" }
        return words.isEmpty ? "nothing told yet" : words.joined(separator: ", ")
    }

    private static func words(for officer: Officer) -> String {
        let name = officer.name.map { " (\($0.revealed))" } ?? ""
        return officer.id.revealed + name + (officer.counter.map { ", counter \($0)" } ?? "")
    }

    /// The language in which the gateway was asked.
    private static func language(of found: GatewayAPI.Found) -> Language {
        found.message == found.request.progress.texts.indonesian ? .indonesian : .english
    }

    private func notes(of request: RequestStatus) -> String? {
        var notes: [String] = []
        if request.isDeadLetter { notes.append("stands in the dead-letter list") }
        if request.isCancelRequested, !request.state.isFinal { notes.append("cancelling was asked for") }
        if request.state == .inDoubt, request.dueAt == nil { notes.append("waits for an operator: gerbang resolve") }
        return notes.joined(separator: "; ").nilIfEmpty
    }

    private func answer(of request: RequestStatus) -> String? {
        guard let output = request.output else { return nil }
        guard showsAnswer else { return "there is one; --answer shows it, with the personal data in it" }
        let lines = output.text(.pretty).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { Printable.line(String($0)) }.joined(separator: "\n")
    }
}

/// Writes a list of requests for people.
enum RequestTable {
    /// The table's lines; the column with the client appears when there are several.
    static func lines(_ requests: [RequestStatus], style: Style, now: Timestamp) -> [String] {
        let showsClient = Set(requests.map(\.client)).count > 1
        var columns = [Table.Column(title: "request"), .init(title: "state"), .init(title: "service")]
        columns.append(.init(title: "connection"))
        if showsClient { columns.append(.init(title: "client")) }
        columns += [
            .init(title: "calls", alignment: .right), .init(title: "accepted"), .init(title: "with"),
            .init(title: "expected"), .init(title: "next, or why not"),
        ]
        var table = Table(columns)
        for request in requests {
            var cells = [
                request.id.description,
                style.ink(EventText.state(request.state, request.reason), style.ink(of: request.state)),
                request.service.text, request.connection.text,
            ]
            if showsClient { cells.append(request.client.text) }
            cells.append(String(request.attempts))
            cells.append(Moments.relative(request.acceptedAt, to: now))
            let isOpen = !request.state.isFinal
            cells.append(isOpen ? request.progress.holder.kind.rawValue : "")
            cells.append(isOpen ? expected(request, now) : "")
            let outlook = EventText.outlook(of: request, from: now, in: style.zone)
            cells.append(outlook ?? request.error?.code.rawValue ?? "")
            table.add(cells)
        }
        return table.lines(style)
    }

    private static func expected(_ request: RequestStatus, _ now: Timestamp) -> String {
        request.progress.expectedFinishAt.map { Moments.relative($0, to: now) } ?? "not known"
    }
}
