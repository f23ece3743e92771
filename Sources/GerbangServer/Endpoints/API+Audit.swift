internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import HTTPTypes
internal import Logging

// Who did what.
extension API {
    /// The largest page of the trail.
    private static let largestPage = 1000

    /// Handles a call, and writes down what an operator has done with it, or tried to.
    func handle(_ call: Call, at endpoint: Endpoint) async throws -> Answer {
        guard let trail, endpoint.isNoted(for: call.principal) else { return try await endpoint.handle(self, call) }
        do {
            let answer = try await endpoint.handle(self, call)
            await write(endpoint, call, outcome: "done", to: trail)
            return answer
        } catch {
            await write(endpoint, call, outcome: Failure(causedBy: error).error.code.rawValue, to: trail)
            throw error
        }
    }

    private func write(_ endpoint: Endpoint, _ call: Call, outcome: String, to trail: any AuditTrail) async {
        let note = AuditNote(
            at: clock.now(),
            actor: call.principal.actor,
            action: endpoint.action,
            subject: call.subject,
            outcome: outcome
        )
        do throws(GerbangError) {
            try await trail.append(note)
        } catch {
            // What was done is done; the log at least says so.
            logger.error(
                "could not write the audit trail",
                metadata: [
                    "actor": "\(note.actor)", "action": "\(note.action)", "subject": "\(note.subject)",
                    "outcome": "\(outcome)", "code": "\(error.code.rawValue)",
                ]
            )
        }
    }

    /// Answers `GET /v1/audit`.
    func listAudit(_ call: Call) async throws -> Answer {
        guard let trail else { throw Failure(.notFound, "this gateway keeps no audit trail") }
        var query = try Query(call.query)
        let after = try query.number("after", in: 0...Int.max) ?? 0
        let limit = try query.number("limit", in: 1...Self.largestPage) ?? 100
        try query.finish()
        let entries = try await trail.auditEntries(after: after, limit: limit)
        return Answer(json: ["items": .array(entries.map(\.json))])
    }
}

extension Endpoint {
    /// Whether what `principal` does here is written down.
    fileprivate func isNoted(for principal: Principal) -> Bool {
        guard principal.role == .operator, method != .get, access != .agency, !notesItself else { return false }
        return access == .operators || access == .tenants || template.hasSuffix("/cancel")
    }

    /// What is done here, such as `connections.pause`.
    fileprivate var action: String {
        template.split(separator: "/").filter { $0 != "v1" && !$0.hasPrefix("{") }.joined(separator: ".")
    }
}

extension Call {
    /// What it is done to, if that is a name; anything else could be a person's data that went astray.
    fileprivate var subject: String {
        guard !parameter.isEmpty else { return "gateway" }
        let text = String(parameter)
        if let id = RequestID(text) { return id.description }
        // The trail is kept for ever, and so many digits could be somebody's number.
        guard text.utf8.filter({ (0x30...0x39).contains($0) }).count < 8 else { return "something" }
        return (try? ConnectionID(text))?.text ?? "something"
    }
}

extension AuditEntry {
    fileprivate var json: JSONValue {
        var object: JSONObject = [
            "sequence": .number(JSONNumber(sequence)),
            "at": .string(note.at.description),
            "actor": .string(note.actor),
            "action": .string(note.action),
            "subject": .string(note.subject),
            "outcome": .string(note.outcome),
        ]
        object["detail"] = note.detail.map { .string($0) }
        object["hash"] = .string(hash)
        return .object(object)
    }
}
