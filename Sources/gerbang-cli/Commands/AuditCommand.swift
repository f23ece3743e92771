internal import ArgumentParser
internal import GerbangClient
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

/// The command `gerbang audit`.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show who did what, and check that nobody has changed it since.",
        discussion: """
            Every command of an operator, and every registration of an agency, is an entry of the trail. An entry's hash \
            covers the one before it: what is changed, left out or put in later shows. That the latest entries were cut off \
            shows only to who has kept a later hash: write down what 'gerbang audit verify' prints.

            EXAMPLES
              gerbang audit
              gerbang audit verify --hash 9c1f… --sequence 4711
            """,
        subcommands: [List.self, Verify.self],
        defaultSubcommand: List.self
    )

    /// The command `gerbang audit list`.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the entries, oldest first.")

        @Option(help: ArgumentHelp("Only entries after this one.", valueName: "number"))
        var after = 0

        @Option(help: ArgumentHelp("How many at most.", valueName: "number"))
        var limit = 100

        @OptionGroup var options: ClientOptions

        func run() async throws {
            let query = [WireRequest.QueryItem("after", "\(after)"), WireRequest.QueryItem("limit", "\(limit)")]
            let json = try await options.client().get(["audit"], query)
            let terminal = Terminal.standard
            guard !options.json else { return terminal.print(json) }
            var table = Table("no.", "when", "who", "what", "to what", "outcome", "more")
            for entry in (json["items"]?.arrayValue ?? []).compactMap({ AuditEntry($0) }) {
                let note = entry.note
                table.add(
                    [
                        "\(entry.sequence)", Moments.dateAndTime(note.at, in: terminal.style.zone), note.actor,
                        note.action, note.subject, note.outcome, note.detail ?? "",
                    ].map { Printable.line($0) }
                )
            }
            terminal.print(table.lines(terminal.style))
        }
    }

    /// The command `gerbang audit verify`.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Check the whole trail.")

        @Option(help: ArgumentHelp("The hash that an entry must still have.", valueName: "hash"))
        var hash: String?

        @Option(help: ArgumentHelp("Which entry that is.", valueName: "number"))
        var sequence: Int?

        @OptionGroup var options: ClientOptions

        func validate() throws {
            guard (hash == nil) == (sequence == nil) else {
                throw ValidationError("--hash and --sequence belong together.")
            }
        }

        func run() async throws {
            let client = try options.client()
            var last: AuditEntry?
            var isKept = hash == nil
            while true {
                let page = [WireRequest.QueryItem("after", "\(last?.sequence ?? 0)"), .init("limit", "1000")]
                let json = try await client.get(["audit"], page)
                let items = json["items"]?.arrayValue ?? []
                let entries = items.compactMap { AuditEntry($0) }
                guard let newest = entries.last, entries.count == items.count else { break }
                let isNext = entries[0].sequence == (last?.sequence ?? 0) + 1
                let broken = AuditEntry.firstBroken(of: entries, after: last?.hash ?? AuditEntry.start)
                if let place = isNext ? broken : (last?.sequence ?? 0) + 1 {
                    throw CommandError(
                        .refused,
                        "entry \(place) of the audit trail is not the one that was written",
                        advice:
                            "something changed the database other than the gateway; keep a copy of it and find out what"
                    )
                }
                if entries.contains(where: { $0.sequence == sequence && $0.hash == hash }) { isKept = true }
                last = newest
            }
            guard isKept else {
                throw CommandError(
                    .refused,
                    "the audit trail has no entry \(sequence ?? 0) with this hash",
                    advice: "its latest entries were cut off, or it was written anew"
                )
            }
            let place = last.map { "\($0.sequence) entries, the last with hash \($0.hash)" } ?? "no entries"
            Terminal.standard.print("the audit trail is whole: \(place)")
        }
    }
}

extension AuditEntry {
    /// Reads an entry as the API gives it.
    fileprivate init?(_ json: JSONValue) {
        guard let sequence = json["sequence"]?.intValue,
            let at = json["at"]?.stringValue.flatMap({ Timestamp($0) }), let actor = json["actor"]?.stringValue,
            let action = json["action"]?.stringValue, let subject = json["subject"]?.stringValue,
            let outcome = json["outcome"]?.stringValue, let hash = json["hash"]?.stringValue
        else { return nil }
        let note = AuditNote(
            at: at,
            actor: actor,
            action: action,
            subject: subject,
            outcome: outcome,
            detail: json["detail"]?.stringValue
        )
        self.init(sequence: sequence, note: note, hash: hash)
    }
}
