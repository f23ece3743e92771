public import GerbangJSON

extension RequestStatus {
    /// Reads a request as the HTTP API tells it; `nil` when it is not one.
    ///
    /// Fields that this version does not know are passed over. The `message` for the citizen is one of them: it follows
    /// from the rest.
    public init?(json: JSONValue) {
        func read<Value>(_ key: String, _ make: (String) -> Value?) -> Value? {
            json[key]?.stringValue.flatMap(make)
        }
        guard let id = read("id", { RequestID($0) }),
            let state = read("state", { RequestState(rawValue: $0) }),
            let client = read("client", { try? ClientID($0) }),
            let service = read("service", { try? ServiceID($0) }),
            let region = read("region", { Region(described: $0) }),
            let channel = read("channel", { Channel(rawValue: $0) }),
            let connection = read("connection", { try? ConnectionID($0) }),
            let acceptedAt = read("acceptedAt", { Timestamp($0) }),
            let updatedAt = read("updatedAt", { Timestamp($0) }),
            let deadline = read("deadline", { Timestamp($0) })
        else { return nil }
        self.init(
            id: id,
            client: client,
            service: service,
            region: region,
            channel: channel,
            officer: json["officer"].flatMap { Officer(json: $0) },
            connection: connection,
            state: state,
            reason: read("reason") { QueueReason(rawValue: $0) },
            dueAt: read("dueAt") { Timestamp($0) },
            attempts: json["attempts"]?.intValue ?? 0,
            isCancelRequested: json["isCancelRequested"]?.boolValue ?? false,
            acceptedAt: acceptedAt,
            updatedAt: updatedAt,
            deadline: deadline,
            finishedAt: read("finishedAt") { Timestamp($0) },
            output: json["output"],
            agencyReference: json["agencyReference"]?.stringValue,
            error: json["error"].flatMap { GerbangError(report: $0) },
            isDeadLetter: json["isDeadLetter"]?.boolValue ?? false,
            progress: json["progress"].flatMap { ProgressNotice(json: $0) }
        )
        callback = json["callback"].flatMap { CallbackSummary(json: $0) }
    }
}

extension Region {
    /// Restores a region from its description, whatever this version's table of regions says.
    fileprivate init?(described text: String) {
        let digits = text == "ID" ? "" : text.filter { $0 != "." }
        let region = Region(restoring: digits)
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            region.description == text
        else { return nil }
        self = region
    }
}

extension GerbangError {
    /// Reads the error of a request in the API, whose texts are there also when they are only those of its code.
    fileprivate init?(report: JSONValue) {
        self.init(json: report)
        if texts == code.citizenText { texts = nil }
    }
}
