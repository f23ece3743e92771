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
    func print(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes a line to standard error, at once.
    func note(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Writes a hint to standard error.
    func hint(_ line: String) {
        note(errorStyle.ink(line, .faint))
    }

    private func write(_ text: String, to descriptor: Int32) {
        guard !isMuted else { return }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno != EINTR { return }
            bytes = bytes.dropFirst(max(0, written))
        }
    }
}
