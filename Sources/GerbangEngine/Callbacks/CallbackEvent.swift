internal import GerbangCore
internal import GerbangJSON

/// An event as clients are told of it: CloudEvents 1.0 in the structured JSON form.
struct CallbackEvent: Sendable {
    /// The media type (CloudEvents, JSON event format, section 3).
    static let mediaType = "application/cloudevents+json"

    var source: String
    var event: RequestEvent
    /// The request after the event.
    var status: RequestStatus

    /// The event's identifier, the same at every try and after a crash.
    static func id(of request: RequestID, sequence: Int) -> String { "\(request)-\(sequence)" }

    var message: CallbackMessage {
        let json: JSONValue = [
            "specversion": "1.0",
            "id": .string(Self.id(of: status.id, sequence: event.sequence)),
            "source": .string(source),
            "type": .string("id.gerbang.request.\(event.state.rawValue)"),
            "subject": .string(status.id.description),
            "time": .string(event.at.description),
            "datacontenttype": "application/json",
            "data": data,
        ]
        return CallbackMessage(sequence: event.sequence, createdAt: event.at, body: json.encoded())
    }

    /// Where the request stands, without the agency's output, the officer and the applicant: what is behind the URL
    /// may be a queue or a log, and whoever holds the key can fetch the rest.
    private var data: JSONValue {
        var object: JSONObject = [
            "id": .string(status.id.description),
            "sequence": .number(JSONNumber(event.sequence)),
            "service": .string(status.service.text),
            "state": .string(event.state.rawValue),
        ]
        object["reason"] = event.reason.map { .string($0.rawValue) }
        object["dueAt"] = event.dueAt.map { .string($0.description) }
        object["acceptedAt"] = .string(status.acceptedAt.description)
        object["deadline"] = .string(status.deadline.description)
        object["finishedAt"] = status.finishedAt.map { .string($0.description) }
        object["agencyReference"] = status.agencyReference.map { .string($0) }
        object["progress"] = status.progress.json
        object["error"] = (event.error ?? status.error).map(Self.report)
        return .object(object)
    }

    private static func report(_ error: GerbangError) -> JSONValue {
        var object: JSONObject = [
            "code": .string(error.code.rawValue),
            "blame": .string(error.code.blame.rawValue),
            "message": .string(error.message),
        ]
        object["agencyCode"] = error.agencyCode.map { .string($0) }
        return .object(object)
    }
}

extension Engine {
    /// Adds to a transition what the client is to be told of it: every change of state.
    func withCallbacks(_ transition: Transition, of record: RequestRecord) -> Transition {
        guard record.request.submission.callback != nil else { return transition }
        var transition = transition
        var state = record.progress.state
        for event in transition.events where event.state != state {
            state = event.state
            let status = status(of: RequestRecord(request: record.request, progress: transition.progress))
            let told = CallbackEvent(source: snapshot.configuration.callbacks.source, event: event, status: status)
            transition.callbacks.append(told.message)
        }
        return transition
    }
}
