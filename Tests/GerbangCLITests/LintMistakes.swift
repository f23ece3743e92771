import Testing

/// A mistake that somebody makes in a manifest, and what they are told.
struct LintMistake: Sendable, CustomTestStringConvertible {
    var from: String
    var to: String
    /// The line on which it is told.
    var line: Int
    /// What the message has to say.
    var says: String

    var testDescription: String { to }

    /// Twenty of them, in the manifest that `gerbang adapter new` writes.
    static let all: [LintMistake] = [
        LintMistake(from: "manifest: 1\n", to: "manifest: 2\n", line: 1, says: "1"),
        LintMistake(from: "version: 0.1.0", to: "version: 1", line: 3, says: "semantic version such as 1.0.0"),
        LintMistake(from: "version: 0.1.0", to: "version: \"1.0\"", line: 3, says: "semantic version such as 1.0.0"),
        LintMistake(from: "id: a\n", to: "id: Dinas Contoh\n", line: 2, says: "a-z"),
        LintMistake(
            from: "agency: {id: Register Kendaraan Contoh, en: Example Vehicle Register}",
            to: "agency: Dinas",
            line: 4,
            says: "{id: …, en: …}"
        ),
        LintMistake(
            from: "support: experimental",
            to: "support: beta",
            line: 5,
            says: "official, verified, community, experimental"
        ),
        LintMistake(from: "support: experimental", to: "suport: experimental", line: 5, says: "support"),
        LintMistake(from: "effect: query", to: "effect: read", line: 16, says: "query"),
        LintMistake(from: "effect: query", to: "effect: idempotent", line: 16, says: "idempotencyKey"),
        LintMistake(from: "provides: transport.vehicle.lookup", to: "provides: Vehicle Lookup", line: 15, says: "a-z"),
        LintMistake(from: "connect: 5s", to: "connect: 5", line: 17, says: "duration such as 250ms"),
        LintMistake(from: "sensitive: [/plate]", to: "sensitive: [plate]", line: 18, says: "JSON pointer such as /nik"),
        LintMistake(from: "method: GET\n      path", to: "method: FETCH IT\n      path", line: 21, says: "GET"),
        LintMistake(from: "${input.plate}", to: "${inptu.plate}", line: 22, says: "inptu"),
        LintMistake(from: "${input.plate}", to: "${input.plate", line: 22, says: "}"),
        LintMistake(from: "${secret.apiKey}", to: "${secret.apikey}", line: 25, says: "apiKey"),
        LintMistake(from: "/vehicles/${input.plate}", to: "/vehicles/${secret.apiKey}", line: 22, says: "secret"),
        LintMistake(from: "decode: [json]", to: "decode: [yaml]", line: 28, says: "json"),
        LintMistake(from: "- when: status == 404", to: "- when: status = 404", line: 30, says: "=="),
        LintMistake(from: "- when: status == 404", to: "- if: status == 404", line: 30, says: "when"),
        LintMistake(
            from: "code: agency-not-found\n",
            to: "code: agency-notfound\n",
            line: 32,
            says: "agency-not-found"
        ),
    ]
}
