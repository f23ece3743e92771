internal import ArgumentParser

/// Writes what the demo shows.
struct DemoStage: Sendable {
    private let terminal = Terminal.standard

    var style: Style { terminal.style }

    func heading(_ text: String) {
        terminal.print("")
        terminal.print(style.ink(text, .bold))
    }

    func say(_ text: String) {
        terminal.print("  " + text)
    }

    func check(_ text: String, _ holds: Bool) {
        say(holds ? style.ink("holds", .green) + "  " + text : style.ink("BROKEN", .red) + " " + text)
    }

    func failure(_ text: String) -> ExitCode {
        terminal.note("gerbang demo: \(text)")
        return ExitCode(1)
    }
}
