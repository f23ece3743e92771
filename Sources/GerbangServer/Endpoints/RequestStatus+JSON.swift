internal import GerbangCore
internal import GerbangJSON

extension RequestStatus {
    /// The request as it stands in the API.
    ///
    /// - Parameter withOutput: Whether the agency's answer is told, which holds personal data; lists leave it out.
    func json(in language: Language, withOutput: Bool = true) -> JSONValue {
        var object: JSONObject = [
            "id": .string(id.description),
            "client": .string(client.text),
            "service": .string(service.text),
            "region": .string(region.description),
            "channel": .string(channel.rawValue),
        ]
        object["officer"] = officer?.json
        object["connection"] = .string(connection.text)
        object["state"] = .string(state.rawValue)
        object["reason"] = reason.map { .string($0.rawValue) }
        let notice = progress.json
        object["message"] = notice["texts"]?[language.rawValue]
        object["progress"] = notice
        object["dueAt"] = dueAt.map { .string($0.description) }
        object["attempts"] = .number(JSONNumber(attempts))
        object["acceptedAt"] = .string(acceptedAt.description)
        object["updatedAt"] = .string(updatedAt.description)
        object["deadline"] = .string(deadline.description)
        object["finishedAt"] = finishedAt.map { .string($0.description) }
        object["isCancelRequested"] = .bool(isCancelRequested)
        object["isDeadLetter"] = .bool(isDeadLetter)
        object["callback"] = callback?.json
        if withOutput { object["output"] = output }
        object["agencyReference"] = agencyReference.map { .string($0) }
        object["error"] = error?.report
        return .object(object)
    }
}

extension GerbangError {
    /// The error of a request as it stands in the API, with what its code means.
    fileprivate var report: JSONValue {
        var object: JSONObject = [
            "code": .string(code.rawValue),
            "blame": .string(code.blame.rawValue),
            "message": .string(message),
        ]
        object["field"] = field.map { .string($0.description) }
        object["agencyCode"] = agencyCode.map { .string($0) }
        object["texts"] = citizenText.json
        return .object(object)
    }
}
