internal import GerbangCore
internal import GerbangJSON

/// A request as the API shows it.
struct RequestView: Sendable {
    var id: RequestID
    var state: RequestState
    var reason: QueueReason?
    var client: String
    var service: String
    var region: String
    var channel: String
    var connection: String
    /// What the citizen is told, in the language that was asked for.
    var message: String?
    var attempts: Int
    var acceptedAt: Timestamp?
    var dueAt: Timestamp?
    var deadline: Timestamp?
    var finishedAt: Timestamp?
    var isCancelRequested: Bool
    var isDeadLetter: Bool
    /// What the agency answered, with the personal data in it.
    var output: JSONValue?
    var agencyReference: String?
    var error: GerbangError?

    /// Reads a request; `nil` when it is not one.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.stringValue.flatMap({ RequestID($0) }),
            let state = json["state"]?.stringValue.flatMap({ RequestState(rawValue: $0) })
        else { return nil }
        func text(_ key: String) -> String { json[key]?.stringValue ?? "" }
        func moment(_ key: String) -> Timestamp? { json[key]?.stringValue.flatMap { Timestamp($0) } }
        self.id = id
        self.state = state
        reason = json["reason"]?.stringValue.flatMap { QueueReason(rawValue: $0) }
        client = text("client")
        service = text("service")
        region = text("region")
        channel = text("channel")
        connection = text("connection")
        message = json["message"]?.stringValue
        attempts = json["attempts"]?.intValue ?? 0
        acceptedAt = moment("acceptedAt")
        dueAt = moment("dueAt")
        deadline = moment("deadline")
        finishedAt = moment("finishedAt")
        isCancelRequested = json["isCancelRequested"]?.boolValue ?? false
        isDeadLetter = json["isDeadLetter"]?.boolValue ?? false
        output = json["output"]
        agencyReference = json["agencyReference"]?.stringValue
        error = json["error"].flatMap { GerbangError(json: $0) }
    }
}
