package import GerbangCore
package import GerbangJSON

// How stores write requests and their progress: as JSON, so that a field can be added without a migration.

extension ServiceRequest {
    /// The request as stored. It holds personal data.
    package var storedJSON: JSONValue {
        var object: JSONObject = [
            "id": .string(id.description),
            "client": .string(client.text),
            "service": .string(submission.service.text),
            "region": .string(submission.region.digits),
            "channel": .string(submission.channel.rawValue),
            "payload": submission.payload,
            "idempotencyKey": .string(submission.idempotencyKey),
            "connection": .string(connection.text),
            "operation": .string(operation.text),
            "acceptedAt": .number(JSONNumber(acceptedAt.milliseconds)),
            "deadline": .number(JSONNumber(deadline.milliseconds)),
        ]
        if let nik = submission.applicant.nik {
            object["nik"] = [
                "digits": .string(nik.revealed),
                "sex": .string(nik.sex.rawValue),
                "birthDate": .string(nik.birthDate.description),
            ]
        }
        object["name"] = submission.applicant.name.map { .string($0.revealed) }
        object["officer"] = submission.officer?.json
        object["callback"] = submission.callback.map { .string($0.url) }
        object["generation"] = generation.map { .number(JSONNumber($0)) }
        object["ordering"] = ordering.map { .string($0.digest) }
        object["tenant"] = tenant.map { .string($0.text) }
        object["requestedDeadline"] = submission.deadline.map { .number(JSONNumber($0.milliseconds)) }
        return .object(object)
    }

    /// Reads what ``storedJSON`` wrote; `nil` when it is damaged.
    package init?(storedJSON json: JSONValue) {
        guard let id = json["id"]?.stringValue.flatMap({ RequestID($0) }),
            let client = json["client"]?.stringValue,
            let service = json["service"]?.stringValue,
            let region = json["region"]?.stringValue,
            let channel = json["channel"]?.stringValue.flatMap({ Channel(rawValue: $0) }),
            let payload = json["payload"],
            let idempotencyKey = json["idempotencyKey"]?.stringValue,
            let connection = json["connection"]?.stringValue,
            let operation = json["operation"]?.stringValue,
            let acceptedAt = json.moment("acceptedAt"),
            let deadline = json.moment("deadline")
        else { return nil }
        var applicant = Applicant(name: json["name"]?.stringValue.map { Sensitive($0) })
        if let nik = json["nik"] {
            guard let digits = nik["digits"]?.stringValue,
                let sex = nik["sex"]?.stringValue.flatMap({ NIK.Sex(rawValue: $0) }),
                let birthDate = nik["birthDate"]?.stringValue.flatMap({ CivilDate($0) })
            else { return nil }
            applicant.nik = NIK(restoring: digits, sex: sex, birthDate: birthDate)
        }
        self.init(
            id: id,
            client: ClientID(checked: client),
            submission: Submission(
                service: ServiceID(checked: service),
                region: Region(restoring: region),
                applicant: applicant,
                channel: channel,
                officer: json["officer"].flatMap { Officer(json: $0) },
                payload: payload,
                idempotencyKey: idempotencyKey,
                deadline: json.moment("requestedDeadline"),
                callback: json["callback"]?.stringValue.flatMap { try? Callback(url: $0) }
            ),
            connection: ConnectionID(checked: connection),
            operation: OperationID(checked: operation),
            acceptedAt: acceptedAt,
            deadline: deadline,
            generation: json["generation"]?.intValue,
            ordering: json["ordering"]?.stringValue.map { OrderingKey(digest: $0) },
            tenant: json["tenant"]?.stringValue.map { TenantID(checked: $0) }
        )
    }
}

extension RequestProgress {
    /// The progress as stored. It may hold personal data in ``output``.
    package var storedJSON: JSONValue {
        var object: JSONObject = [
            "state": .string(state.rawValue),
            "step": .string(step.rawValue),
            "deadline": .number(JSONNumber(deadline.milliseconds)),
            "calls": .number(JSONNumber(calls)),
            "attempts": .number(JSONNumber(attempts)),
            "failures": .number(JSONNumber(failures)),
            "negativeAnswers": .number(JSONNumber(negativeAnswers)),
            "recoveries": .number(JSONNumber(recoveries)),
            "epoch": .number(JSONNumber(epoch)),
            "sequence": .number(JSONNumber(sequence)),
            "updatedAt": .number(JSONNumber(updatedAt.milliseconds)),
        ]
        object["reason"] = reason.map { .string($0.rawValue) }
        object["dueAt"] = dueAt.map { .number(JSONNumber($0.milliseconds)) }
        object["doubtfulSince"] = doubtfulSince.map { .number(JSONNumber($0.milliseconds)) }
        object["acknowledgedAt"] = acknowledgedAt.map { .number(JSONNumber($0.milliseconds)) }
        object["finishedAt"] = finishedAt.map { .number(JSONNumber($0.milliseconds)) }
        object["agencyReference"] = agencyReference.map { .string($0) }
        object["output"] = output
        object["error"] = error?.json
        if isCancelRequested { object["isCancelRequested"] = true }
        if isDeadLetter { object["isDeadLetter"] = true }
        if let assignment {
            object["assignment"] = [
                "connection": .string(assignment.connection.text), "operation": .string(assignment.operation.text),
            ]
        }
        if !left.isEmpty { object["left"] = .array(left.sorted().map { .string($0.text) }) }
        if let lease {
            object["lease"] = [
                "owner": .string(lease.owner),
                "since": .number(JSONNumber(lease.since.milliseconds)),
                "until": .number(JSONNumber(lease.until.milliseconds)),
            ]
        }
        return .object(object)
    }

    /// Reads what ``storedJSON`` wrote; `nil` when it is damaged.
    package init?(storedJSON json: JSONValue) {
        guard let state = json["state"]?.stringValue.flatMap({ RequestState(rawValue: $0) }),
            let step = json["step"]?.stringValue.flatMap({ Step(rawValue: $0) }),
            let deadline = json.moment("deadline"),
            let calls = json["calls"]?.intValue,
            let attempts = json["attempts"]?.intValue,
            let failures = json["failures"]?.intValue,
            let negativeAnswers = json["negativeAnswers"]?.intValue,
            let recoveries = json["recoveries"]?.intValue,
            let epoch = json["epoch"]?.intValue,
            let sequence = json["sequence"]?.intValue,
            let updatedAt = json.moment("updatedAt")
        else { return nil }
        self.init(acceptedAt: updatedAt, deadline: deadline)
        self.state = state
        self.step = step
        self.calls = calls
        self.attempts = attempts
        self.failures = failures
        self.negativeAnswers = negativeAnswers
        self.recoveries = recoveries
        self.epoch = epoch
        self.sequence = sequence
        reason = json["reason"]?.stringValue.flatMap { QueueReason(rawValue: $0) }
        dueAt = json.moment("dueAt")
        doubtfulSince = json.moment("doubtfulSince")
        acknowledgedAt = json.moment("acknowledgedAt")
        finishedAt = json.moment("finishedAt")
        agencyReference = json["agencyReference"]?.stringValue
        output = json["output"]
        error = json["error"].flatMap { GerbangError(json: $0) }
        isCancelRequested = json["isCancelRequested"]?.boolValue ?? false
        isDeadLetter = json["isDeadLetter"]?.boolValue ?? false
        if let assignment = json["assignment"] {
            guard let connection = assignment["connection"]?.stringValue,
                let operation = assignment["operation"]?.stringValue
            else { return nil }
            self.assignment = Assignment(
                connection: ConnectionID(checked: connection),
                operation: OperationID(checked: operation)
            )
        }
        left = Set((json["left"]?.arrayValue ?? []).compactMap { $0.stringValue.map { ConnectionID(checked: $0) } })
        if let lease = json["lease"] {
            guard let owner = lease["owner"]?.stringValue, let since = lease.moment("since"),
                let until = lease.moment("until")
            else { return nil }
            self.lease = Lease(owner: owner, since: since, until: until)
        }
    }
}

extension JSONValue {
    fileprivate func moment(_ key: String) -> Timestamp? {
        self[key]?.numberValue?.int64.map { Timestamp(milliseconds: $0) }
    }
}
