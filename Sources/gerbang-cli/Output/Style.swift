internal import GerbangCore
internal import Glibc

/// How text is written for people: with colour or without, with symbols or in plain ASCII, in which zone of time.
struct Style: Sendable, Hashable {
    /// Whether colours may be used.
    var isColored = false
    /// Whether symbols outside ASCII may be used.
    var isUnicode = false
    /// The zone in which times are written.
    var zone = Zone.utc

    /// A colour or weight of the terminal.
    enum Ink: Int, Sendable {
        case bold = 1
        case faint = 2
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case cyan = 36
    }

    /// The text in a colour, if colours may be used.
    func ink(_ text: String, _ ink: Ink?) -> String {
        guard isColored, let ink, !text.isEmpty else { return text }
        return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }

    /// The colour of a state.
    func ink(of state: RequestState) -> Ink {
        switch state {
        case .queued: .blue
        case .running, .awaitingAgency: .cyan
        case .inDoubt, .cancelled: .yellow
        case .succeeded: .green
        case .rejected, .failed, .expired: .red
        }
    }
}

extension Style {
    /// The style for a stream: colour only on a terminal that can, and not when `NO_COLOR` is set (no-color.org).
    ///
    /// - Parameters:
    ///   - isTerminal: Whether the stream is a terminal.
    ///   - zone: The zone in which times are written.
    ///   - environment: Looks up a variable of the environment; `nil` when it is not set or empty.
    init(isTerminal: Bool, zone: Zone, environment: (String) -> String?) {
        isColored = isTerminal && environment("NO_COLOR") == nil && environment("TERM") != "dumb"
        let locale = environment("LC_ALL") ?? environment("LC_CTYPE") ?? environment("LANG") ?? ""
        isUnicode = ["UTF-8", "UTF8"].contains { locale.uppercased().hasSuffix($0) }
        self.zone = zone
    }
}

extension Zone {
    /// The offset of the machine's zone at `moment`.
    static func local(at moment: Timestamp) -> Zone {
        var seconds = time_t(moment.milliseconds / 1000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return .utc }
        return Zone(secondsFromUTC: parts.tm_gmtoff)
    }
}
