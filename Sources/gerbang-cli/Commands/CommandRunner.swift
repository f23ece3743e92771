internal import ArgumentParser
internal import GerbangClient
internal import Glibc

/// Runs the command line with the exit codes of ``ExitStatus``.
enum CommandRunner {
    /// Parses the command line, runs the command and ends the process.
    static func run<Root: AsyncParsableCommand>(_ root: Root.Type) async -> Never {
        do {
            var command = try root.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            exit(ExitStatus.done.rawValue)
        } catch {
            let terminal = Terminal.standard
            let report = report(of: error, from: root, style: terminal.errorStyle)
            if !report.text.isEmpty {
                if report.isAnswer { terminal.print(report.text) } else { terminal.note(report.text) }
            }
            exit(report.code)
        }
    }

    /// How a command that ended early is reported.
    struct Report: Sendable, Hashable {
        /// The exit code.
        var code: Int32
        /// What is written; may be empty.
        var text: String
        /// Whether the text is what was asked for, such as the text of `--help`.
        var isAnswer = false
    }

    /// What the end of a command by `error` amounts to.
    static func report<Root: ParsableCommand>(of error: any Error, from root: Root.Type, style: Style) -> Report {
        let error = (error as? APIFailure).map { CommandError($0) } ?? error
        if let error = error as? CommandError {
            return Report(code: error.status.rawValue, text: error.text(style))
        }
        let code = root.exitCode(for: error)
        return Report(
            code: code == .validationFailure ? ExitStatus.usage.rawValue : code.rawValue,
            text: root.fullMessage(for: error),
            isAnswer: code.isSuccess
        )
    }
}
