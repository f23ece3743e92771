public import GerbangCore
internal import GerbangExpression
internal import GerbangJSON

extension Manifest {
    /// A page about the adapter in Markdown: what it offers, what a connection must say, and what its examples show.
    public func documentation() -> String {
        var page = MarkdownPage()
        page.line("# \(descriptor.agency.english)")
        if descriptor.agency.indonesian != descriptor.agency.english { page.line("*\(descriptor.agency.indonesian)*") }
        if let summary { page.line("\(summary.english)\n\n*\(summary.indonesian)*") }
        page.table(
            ["adapter", "version", "support", "contact"],
            [["`\(descriptor.id)`", descriptor.version, support.rawValue, contact ?? ""]]
        )
        page.line("## Operations")
        page.table(["operation", "service", "effect", "settled by", "time limit", "attempts"], operationRows)
        limits(&page)
        page.line("## Settings")
        if settingsPlan.properties.isEmpty {
            page.line("None.")
        } else {
            page.table(["setting", "", "meaning"], settingsPlan.properties.map(Self.row))
        }
        page.line("```yaml\n\(connection)\n```")
        page.line("## Examples")
        page.table(
            ["example", "operation", "comes to"],
            fixtures.map { [$0.name, "`\($0.operation)`", Self.result(of: $0)] }
        )
        return page.text
    }

    private var operationRows: [[String]] {
        descriptor.operations.map { operation in
            let title = details[operation.id]?.title.map { " (\($0.english))" } ?? ""
            return [
                "`\(operation.id)`\(title)", operation.service.map { "`\($0)`" } ?? "–", operation.effect.name,
                operation.inquiry.map {
                    "`\($0.operation)`, reliable after \(DurationText.readable($0.conclusiveAfter))"
                } ?? "–",
                DurationText.readable(operation.timeouts.total), String(operation.maximumAttempts),
            ]
        }
    }

    private func limits(_ page: inout MarkdownPage) {
        for operation in descriptor.operations {
            guard let detail = details[operation.id] else { continue }
            var facts: [String] = []
            if let concurrency = detail.concurrency { facts.append("at most \(concurrency) calls at a time") }
            if let rate = detail.callsPerSecond { facts.append("at most \(rate) calls a second") }
            if let perDay = detail.callsPerDay { facts.append("at most \(perDay) calls a day") }
            if let key = detail.orderingKey { facts.append("in order for each `\(key.expression.program.source)`") }
            let sensitive = detail.sensitive.map { "`\($0)`" }.joined(separator: ", ")
            if !sensitive.isEmpty { facts.append("personal data in \(sensitive)") }
            if !facts.isEmpty { page.line("`\(operation.id)`: \(facts.joined(separator: "; ")).") }
        }
    }

    private static func row(_ property: SettingsPlan.Property) -> [String] {
        let need =
            property.isRequired ? "required" : property.fallback.map { "`\($0.text())`" } ?? "optional"
        let secret = property.isSecret ? "A secret: write it as `{env: …}` or `{file: …}`. " : ""
        return ["`\(property.name)`", need, secret + (property.summary ?? "")]
    }

    private static func result(of fixture: Fixture) -> String {
        if let field = fixture.refuses { return "refused\(field.isEmpty ? "" : ", names `\(field)`")" }
        let words = [fixture.expected.verdict, fixture.expected.finding].compactMap(\.self).joined(separator: ", ")
        let error = fixture.expected.error.map { " (`\($0)`)" } ?? ""
        return words.isEmpty ? "the message" : words + error
    }

    /// A connection to begin with.
    private var connection: String {
        var lines = [
            "connections:", "  - id: \(descriptor.id)-1", "    adapter: \(descriptor.id)",
            "    baseURL: https://agency.example",
        ]
        let required = settingsPlan.properties.filter(\.isRequired)
        if !required.isEmpty { lines.append("    settings:") }
        for property in required {
            let value =
                property.isSecret
                ? "{env: \(descriptor.id.text.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined())_\(property.name.uppercased())}"
                : "…"
            lines.append("      \(property.name): \(value)")
        }
        return lines.joined(separator: "\n")
    }
}

extension AdapterDescriptor {
    /// A page about an adapter that is code, in Markdown: what it offers, and what a connection may say.
    ///
    /// - Parameter settings: The names of settings that a connection of it has.
    public func documentation(settings: [String]) -> String {
        var page = MarkdownPage()
        page.line("# \(agency.english)")
        if agency.indonesian != agency.english { page.line("*\(agency.indonesian)*") }
        page.table(["adapter", "version", "packaging"], [["`\(id)`", version, "Swift module"]])
        page.line("## Operations")
        page.table(
            ["operation", "service", "effect", "settled by", "time limit", "attempts"],
            operations.map { operation in
                var effect = operation.effect.name
                if case .idempotent(let key) = operation.effect { effect += ", recognised by `\(key)`" }
                return [
                    "`\(operation.id)`", operation.service.map { "`\($0)`" } ?? "–", effect,
                    operation.inquiry.map {
                        "`\($0.operation)`, reliable after \(DurationText.readable($0.conclusiveAfter))"
                    } ?? "–",
                    DurationText.readable(operation.timeouts.total), String(operation.maximumAttempts),
                ]
            }
        )
        page.line("## Settings")
        page.line(
            settings.isEmpty
                ? "None are needed."
                : "The conformance suite drives it with \(settings.map { "`\($0)`" }.joined(separator: ", "))."
        )
        return page.text
    }
}

/// Markdown while it is written.
private struct MarkdownPage {
    private var blocks: [String] = []

    var text: String { blocks.joined(separator: "\n\n") + "\n" }

    mutating func line(_ text: String) { blocks.append(text) }

    mutating func table(_ head: [String], _ rows: [[String]]) {
        let lines = [head, head.map { _ in "---" }] + rows
        blocks.append(lines.map { "| \($0.map(Self.cell).joined(separator: " | ")) |" }.joined(separator: "\n"))
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
