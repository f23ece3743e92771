internal import GerbangCore

/// Writes the history of one request, a line an event: when, how long after the one before, a symbol, the state, what
/// happened in words, and what comes next.
///
/// It writes codes and the errors' texts for developers, which hold no personal data by their own rule, and nothing else
/// that came from outside.
struct Timeline: Sendable {
    private let style: Style
    private var previous: Timestamp?

    /// Starts a history.
    init(style: Style) {
        self.style = style
    }

    /// The line for the next event.
    mutating func line(for event: RequestEvent) -> String {
        let ink = style.ink(of: event.state)
        let elapsed = previous.map { "+" + Moments.span(event.at - $0) } ?? ""
        let columns = [
            style.ink(time(of: event), .faint),
            style.ink(pad(elapsed, to: 9, .right), .faint),
            style.ink(symbol(of: event.kind), ink),
            style.ink(pad(event.state.rawValue, to: 14, .left), ink),
            Printable.line(EventText.sentence(for: event, in: style.zone)),
        ]
        previous = event.at
        let trouble = event.error.map { "  " + style.ink(Printable.line(EventText.trouble($0)), .faint) } ?? ""
        return columns.joined(separator: "  ") + trouble
    }

    /// The time of day; on another day than the event before, the day and the time.
    private func time(of event: RequestEvent) -> String {
        guard let previous, previous.date(in: style.zone) != event.at.date(in: style.zone) else {
            return Moments.time(event.at, in: style.zone)
        }
        return Moments.dateAndTime(event.at, in: style.zone).dropFirst(5).prefix(11) + " "
    }

    private func pad(_ text: String, to width: Int, _ alignment: Table.Alignment) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return alignment == .left ? text + padding : padding + text
    }

    private func symbol(of kind: RequestEvent.Kind) -> String {
        let (unicode, ascii) =
            switch kind {
            case .accepted: ("●", "+")
            case .sending: ("→", ">")
            case .inquiring, .doubted, .stillInDoubt: ("?", "?")
            case .retryScheduled, .throttled, .foundNotDone, .recovered, .redriven, .rerouted: ("↻", "~")
            case .pending: ("…", ".")
            case .staleOutcome, .discarded, .resolved, .cancelRequested: ("·", "-")
            case .succeeded: ("✓", "*")
            case .rejected, .failed, .expired, .cancelled: ("✗", "x")
            }
        return style.isUnicode ? unicode : ascii
    }
}

/// What events mean, in words.
enum EventText {
    /// What happened, who did it and what comes next.
    static func sentence(for event: RequestEvent, in zone: Zone) -> String {
        var text = what(event)
        if let actor = event.actor { text += ", by \(actor)" }
        if let next = next(event, in: zone) { text += "; \(next)" }
        return text
    }

    /// What was wrong, in one line.
    static func trouble(_ error: GerbangError) -> String {
        let agencyCode = error.agencyCode.map { " (the agency's code: \($0))" } ?? ""
        return "\(error.description)\(agencyCode)"
    }

    private static func what(_ event: RequestEvent) -> String {
        let call = event.attempt.map { "call \($0)" } ?? "the call"
        return switch event.kind {
        case .accepted: "accepted and stored"
        case .sending: "\(call): asks the agency for the service"
        case .inquiring: "\(call): asks the agency what became of it"
        case .retryScheduled: "\(call) did not succeed"
        case .throttled: "the agency asked us to wait"
        case .doubted: "\(call): not known whether the agency did it"
        case .stillInDoubt: "\(call): the agency could not say yet"
        case .foundNotDone: "nothing had happened at the agency"
        case .pending: "the agency has it and decides later"
        case .recovered: "the gateway had gone down during \(call); taken up again"
        case .staleOutcome: "an outcome arrived too late and was not used"
        case .cancelRequested: "cancelling was asked for"
        case .resolved: "settled by an operator's word"
        case .redriven: "put back into the queue"
        case .discarded: "taken off the dead-letter list"
        case .rerouted:
            event.detour.map { "\($0.from) could not take it (\($0.because.rawValue)); \($0.to) does" }
                ?? "given to another connection"
        case .succeeded: "done"
        case .rejected: "the agency decided against it"
        case .failed: "given up; it stands in the dead-letter list until it is redriven or discarded"
        case .expired: "its deadline passed before it was done"
        case .cancelled: "cancelled before it was done"
        }
    }

    private static func next(_ event: RequestEvent, in zone: Zone) -> String? {
        let due = event.dueAt.map { Moments.due($0, from: event.at, in: zone) }
        switch event.state {
        case .queued:
            let why = event.reason.flatMap { waiting[$0] }
            return [why, due.map { "next call \($0)" }].compactMap { $0 }.joined(separator: ", ").nilIfEmpty
        case .inDoubt:
            // An inquiry under way answers for itself, and what an operator said takes effect with the next event.
            guard event.kind != .inquiring, event.kind != .resolved else { return nil }
            return due.map { "asks the agency \($0)" } ?? "waits for an operator's word"
        case .awaitingAgency:
            guard event.kind != .inquiring else { return nil }
            return due.map { "asks again \($0)" }
        case .running, .succeeded, .rejected, .failed, .expired, .cancelled:
            return nil
        }
    }

    /// Why a request waits, where the event itself does not say.
    private static let waiting: [QueueReason: String] = [
        .breakerOpen: "the connection is resting after failures",
        .outsideHours: "the agency is closed",
        .paused: "the connection is paused",
        .disabled: "the connection is disabled",
        .busy: "all call slots are taken",
        .noConnection: "the connection is not configured",
        .noInstance: "no process of the remote adapter is there",
        .behindAnother: "an older request for the same case has not ended",
    ]

    /// What an open request waits for, as seen from `now`; `nil` when it is being worked on or has ended.
    static func outlook(of request: RequestStatus, from now: Timestamp, in zone: Zone) -> String? {
        switch (request.state, request.reason) {
        case (.queued, .paused): "when the connection is resumed"
        case (.queued, .disabled): "when the connection is enabled"
        case (.queued, .noConnection): "when the connection is configured again"
        case (.queued, .busy): "when a call slot is free"
        case (.queued, .noInstance): "when a process of the remote adapter is there"
        case (.queued, .behindAnother): "when the older request for the same case has ended"
        case (.inDoubt, _) where request.dueAt == nil: "an operator's word"
        default: request.dueAt.map { Moments.due($0, from: now, in: zone) }
        }
    }

    /// The state and, for a waiting request, why it waits.
    static func state(_ state: RequestState, _ reason: QueueReason?) -> String {
        guard state == .queued, let reason, reason != .new else { return state.rawValue }
        return "\(state.rawValue) (\(reason.rawValue))"
    }
}

extension String {
    /// `nil` for the empty text.
    var nilIfEmpty: String? { isEmpty ? nil : self }
}
