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
            "connection": .string(connection.text),
            "state": .string(state.rawValue),
        ]
        object["reason"] = reason.map { .string($0.rawValue) }
        object["message"] = .string(citizenText[language])
        object["dueAt"] = dueAt.map { .string($0.description) }
        object["attempts"] = .number(JSONNumber(attempts))
        object["acceptedAt"] = .string(acceptedAt.description)
        object["updatedAt"] = .string(updatedAt.description)
        object["deadline"] = .string(deadline.description)
        object["finishedAt"] = finishedAt.map { .string($0.description) }
        object["isCancelRequested"] = .bool(isCancelRequested)
        object["isDeadLetter"] = .bool(isDeadLetter)
        if withOutput { object["output"] = output }
        object["agencyReference"] = agencyReference.map { .string($0) }
        object["error"] = error?.report
        return .object(object)
    }

    /// What the citizen is told of where the request stands.
    var citizenText: LocalizedText {
        switch state {
        case .queued: waitingText
        case .running: Texts.running
        case .inDoubt: GerbangError.Code.outcomeUnknown.citizenText
        case .awaitingAgency: Texts.awaitingAgency
        case .succeeded: Texts.succeeded
        case .rejected: error?.citizenText ?? GerbangError.Code.agencyRejected.citizenText
        case .failed: error?.citizenText ?? GerbangError.Code.attemptsExhausted.citizenText
        case .expired: GerbangError.Code.deadlineExceeded.citizenText
        case .cancelled: GerbangError.Code.cancelled.citizenText
        }
    }

    private var waitingText: LocalizedText {
        switch reason {
        case .new, .busy, nil: GerbangError.Code.agencyThrottled.citizenText
        case .retry, .throttled: error?.citizenText ?? GerbangError.Code.agencyUnavailable.citizenText
        case .breakerOpen: GerbangError.Code.agencyUnavailable.citizenText
        case .outsideHours: GerbangError.Code.agencyOutsideHours.citizenText
        case .paused, .noConnection: Texts.onHold
        }
    }

    private enum Texts {
        static let running = LocalizedText(
            id: "Permohonan Anda sedang diteruskan ke instansi.",
            en: "Your request is being passed on to the agency."
        )
        static let awaitingAgency = LocalizedText(
            id: "Instansi sudah menerima permohonan Anda dan sedang memprosesnya.",
            en: "The agency has received your request and is working on it."
        )
        static let succeeded = LocalizedText(id: "Permohonan Anda selesai.", en: "Your request is done.")
        static let onHold = LocalizedText(
            id: "Layanan ini sedang dihentikan sementara; permohonan Anda tersimpan dan dilanjutkan kemudian.",
            en: "This service is on hold; your request is kept and continues later."
        )
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
