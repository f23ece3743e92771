internal import AdapterConformance

/// A conformance report for people: a line a check, and below it what did not simply pass.
enum ConformanceLines {
    static func lines(of report: ConformanceReport, _ style: Style) -> [String] {
        var lines = [
            style.ink(
                Printable.line("\(report.adapter) \(report.version) (\(report.packaging.rawValue))"),
                .bold
            )
        ]
        for check in ConformanceCheck.all {
            let own = report.results.filter { $0.check == check }
            guard !own.isEmpty else { continue }
            let (word, ink) = verdict(on: own)
            let padding = String(repeating: " ", count: max(1, 10 - word.count))
            lines.append(style.ink(word, ink) + padding + check.name)
            for result in own where result.detail != nil {
                let place = result.subject.map { "\($0): " } ?? ""
                lines.append("          " + Printable.line("\(place)\(result.word): \(result.detail ?? "")"))
            }
        }
        lines.append(report.summary)
        return lines
    }

    /// The word for all results of a check: the worst that is among them.
    private static func verdict(on results: [ConformanceResult]) -> (String, Style.Ink?) {
        let words = Set(results.map(\.word))
        if words.contains("failed") { return ("failed", .red) }
        if words.contains("deviates") { return ("deviates", .yellow) }
        return words == ["skipped"] ? ("skipped", .faint) : ("passed", .green)
    }
}
