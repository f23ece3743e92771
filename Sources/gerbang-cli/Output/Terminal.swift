internal import GerbangCore
internal import Glibc

/// The two streams of the process: answers go to standard output, everything said about them to standard error.
struct Terminal: Sendable {
    /// How answers are written.
    let style: Style
    /// How errors and hints are written.
    let errorStyle: Style
    /// Whether nothing is written at all.
    var isMuted = false

    /// The streams of this process.
    static let standard: Terminal = {
        let zone = Zone.local(at: SystemClock().now())
        return Terminal(
            style: Style(isTerminal: isatty(STDOUT_FILENO) == 1, zone: zone, environment: Environment.value),
            errorStyle: Style(isTerminal: isatty(STDERR_FILENO) == 1, zone: zone, environment: Environment.value)
        )
    }()

    /// Writes a line to standard output, at once.
    ///
    /// Where it cannot be written, the process ends with an error: whoever reads a part of an answer must not take it for
    /// the whole of it.
    func print(_ line: String) {
        guard let reason = write(line + "\n", to: STDOUT_FILENO) else { return }
        // A reader that has seen enough, such as 'head', is told nothing.
        if reason != EPIPE {
            let error = CommandError(
                .refused,
                "standard output cannot be written: \(String(cString: strerror(reason)))",
                advice: "what is there is not the whole answer"
            )
            note(error.text(errorStyle))
        }
        exit(ExitStatus.refused.rawValue)
    }

    /// Writes a line to standard output that nobody needs to see: a process that goes on is not ended by it.
    func announce(_ line: String) {
        _ = write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes a line to standard error, at once.
    func note(_ line: String) {
        _ = write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes a hint to standard error.
    func hint(_ line: String) {
        note(errorStyle.ink(line, .faint))
    }

    /// - Returns: The system's number for why not all of it was written.
    private func write(_ text: String, to descriptor: Int32) -> Int32? {
        guard !isMuted else { return nil }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            let reason = errno
            if written < 0, reason == EAGAIN {
                // Somebody else has made it non-blocking; it takes more when its reader has read.
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wanted, 1, 1000)
            } else if written < 0, reason != EINTR {
                return reason
            }
            bytes = bytes.dropFirst(max(0, written))
        }
        return nil
    }
}
