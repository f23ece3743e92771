internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema
internal import Logging

// What an adapter makes of an answer is checked before a client gets it.
extension Engine {
    /// The verdict, unless its output does not fit the service.
    ///
    /// A query is asked again: that is harmless, and a client that reads a wrong answer is not. What was done stays
    /// done, though: its output goes to the client as it is, for it may hold the only number by which the citizen's
    /// booking can be found, and the log and a metric tell.
    func checked(_ verdict: Verdict, of record: RequestRecord, effect: Effect, in snapshot: Snapshot) -> Verdict {
        guard case .succeeded(let output, _) = verdict, let issue = issue(with: output, of: record, in: snapshot) else {
            return verdict
        }
        guard effect == .query else { return verdict }
        return .transient(GerbangError(.agencyUnreadable, "the output does not fit the service: \(issue)"))
    }

    /// The same for an inquiry: what it found done is done, whatever its output.
    func checked(_ finding: Finding, of record: RequestRecord, in snapshot: Snapshot) -> Finding {
        if case .done(let output, _) = finding { _ = issue(with: output, of: record, in: snapshot) }
        return finding
    }

    /// Refuses an output that an operator made up and that the service's clients could not read.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` with the place in the output; without the keys that the service does not
    ///   know.
    func check(_ output: JSONValue, of service: ServiceID) throws(GerbangError) {
        let snapshot = snapshot
        guard let issue = snapshot.output(of: service)?.validate(output).first else { return }
        let place = snapshot.catalogue[service].map { SchemaSearch($0.output).masked(issue.pointer) } ?? .root
        throw GerbangError(
            .invalidInput,
            "\(issue.message), by the output schema of \(service)",
            field: JSONPointer.root.appending("output").appending(contentsOf: place)
        )
    }

    /// What is wrong with an output, in words without its content; told in the log and counted.
    private func issue(with output: JSONValue, of record: RequestRecord, in snapshot: Snapshot) -> String? {
        let request = record.request
        guard let issue = snapshot.output(of: request.submission.service)?.validate(output).first else { return nil }
        let text = "\(Self.place(issue.pointer)) breaks the rule '\(issue.keyword)'"
        metrics.outputWasInvalid(of: request.submission.service, on: request.connection)
        logger.warning(
            "an adapter's output does not fit the service",
            metadata: [
                "request": "\(request.id)", "connection": "\(request.connection)", "operation": "\(request.operation)",
                "service": "\(request.submission.service)", "issue": "\(text)",
            ]
        )
        return text
    }

    /// The place as far as it is made of names: an agency's own keys could be anything.
    private static func place(_ pointer: JSONPointer) -> String {
        let names = pointer.tokens.prefix { token in
            token.utf8.count <= 40 && token.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
        }
        return names.isEmpty ? "the output" : "/" + names.joined(separator: "/")
    }
}
