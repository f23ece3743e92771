internal import GerbangCore
internal import GerbangJSON

/// A call as an instance gets it.
struct CallEnvelope: Sendable {
    /// What an answer must name to be the answer to this call: the request, and which of its calls this is.
    struct Mark: Sendable, Hashable {
        var id: String
        var attempt: Int

        var json: JSONValue { ["id": .string(id), "attempt": .number(JSONNumber(attempt))] }

        /// Whether `json` names this call and no other.
        func matches(_ json: JSONValue?) -> Bool {
            guard let object = json?.objectValue, object.count == 2 else { return false }
            return object["id"]?.stringValue == id && object["attempt"]?.intValue == attempt
        }
    }

    var mark: Mark
    var isInquiry: Bool
    var json: JSONValue

    init(_ call: AdapterCall) {
        let request = call.request
        let submission = request.submission
        mark = Mark(id: request.id.description, attempt: call.attempt)
        isInquiry = call.operation.id != request.operation
        var applicant = JSONObject()
        applicant["nik"] = submission.applicant.nik.map { .string($0.revealed) }
        applicant["name"] = submission.applicant.name.map { .string($0.revealed) }
        var object: JSONObject = [
            "call": mark.json,
            "purpose": .string(isInquiry ? "inquiry" : "send"),
            "connection": .string(request.connection.text),
            "operation": .string(call.operation.id.text),
            "asked": .string(request.operation.text),
            "service": .string(submission.service.text),
            "effect": .string(call.operation.effect.name),
            "key": .string(call.key),
            "region": .string(submission.region.description),
            "channel": .string(submission.channel.rawValue),
            "client": .string(request.client.text),
            "acceptedAt": .string(request.acceptedAt.description),
            "deadline": .string(request.deadline.description),
            "now": .string(call.now.description),
            "applicant": .object(applicant),
            "payload": submission.payload,
        ]
        object["agencyReference"] = call.agencyReference.map { .string($0) }
        json = .object(object)
    }

    /// Reads what ``json`` wrote; `nil` when it is something else.
    init?(parsing bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), let id = json["call"]?["id"]?.stringValue,
            let attempt = json["call"]?["attempt"]?.intValue, let purpose = json["purpose"]?.stringValue
        else { return nil }
        self.json = json
        mark = Mark(id: id, attempt: attempt)
        isInquiry = purpose == "inquiry"
    }

    /// The envelope with more members.
    func with(_ members: JSONObject) -> JSONValue {
        var object = json.objectValue ?? [:]
        for (name, value) in members { object[name] = value }
        return .object(object)
    }
}
