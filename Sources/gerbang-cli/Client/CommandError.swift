internal import GerbangCore

/// What the exit code of a command says.
enum ExitStatus: Int32, Sendable, CaseIterable {
    /// It was done.
    case done = 0
    /// The gateway refused it, or the request that was waited for ended otherwise than hoped.
    case refused = 1
    /// The command line or a configuration file is wrong.
    case usage = 2
    /// The gateway cannot be reached, or cannot work now.
    case unreachable = 3
    /// The key is missing, wrong, or does not allow it.
    case unauthorized = 4
    /// There is no such request, service, connection or key.
    case notFound = 5
    /// The time to wait is over; the request is still open.
    case timedOut = 6

    /// The table of exit codes for `--help`.
    static let help = """
        EXIT CODES
          0  done
          1  the gateway refused it, or the awaited request did not succeed
          2  the command line or a configuration file is wrong
          3  the gateway cannot be reached, or cannot work now
          4  the key is missing, wrong, or does not allow it
          5  no such request, service, connection or key
          6  the time to wait is over; the request is still open
        """

    /// What a request that was waited for and stands in `state` ends the command with.
    init(awaited state: RequestState) {
        switch state {
        case .succeeded: self = .done
        case .rejected, .failed, .expired, .cancelled: self = .refused
        case .queued, .running, .inDoubt, .awaitingAgency: self = .timedOut
        }
    }
}

/// Why a command did not do what was asked.
struct CommandError: Error, Sendable {
    /// The exit code.
    var status: ExitStatus
    /// What is wrong, in one line.
    var title: String
    /// More about it, a line each.
    var details: [String] = []
    /// What to do about it.
    var advice: String?

    /// Creates an error.
    init(_ status: ExitStatus, _ title: String, details: [String] = [], advice: String? = nil) {
        self.status = status
        self.title = title
        self.details = details
        self.advice = advice
    }

    /// The error for people: `Error: title`, the details below, the advice last.
    func text(_ style: Style) -> String {
        var lines = [style.ink("Error:", .red) + " " + style.ink(Printable.line(title), .bold)]
        lines += details.map { "  " + Printable.line($0) }
        if let advice { lines.append("  " + style.ink("→".orASCII("->", style), .cyan) + " " + advice) }
        return lines.joined(separator: "\n")
    }
}

extension String {
    /// This text where symbols may be used, `ascii` elsewhere.
    func orASCII(_ ascii: String, _ style: Style) -> String { style.isUnicode ? self : ascii }
}
