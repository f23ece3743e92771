internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

/// A connection as the API shows it.
struct ConnectionView: Sendable {
    var id: String
    var adapter: String
    var adapterVersion: String
    var agency: LocalizedText?
    var services: [String]
    var regions: [String]
    var concurrency: Int
    var inFlight: Int
    var isPaused: Bool
    /// What an operator lets it do; `enabled` unless said otherwise.
    var mode: ConnectionMode
    var breakerOpenings: Int
    var closedBecause: QueueReason?
    var closedUntil: Timestamp?
    var backlog: [RequestState: Int]
    var oldest: Timestamp?

    /// Reads a connection; `nil` when it is not one.
    init?(_ json: JSONValue) {
        guard let id = json["id"]?.stringValue else { return nil }
        func list(_ key: String) -> [String] { json[key]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        self.id = id
        adapter = json["adapter"]?.stringValue ?? ""
        adapterVersion = json["adapterVersion"]?.stringValue ?? ""
        agency = json["agency"].flatMap { LocalizedText(json: $0) }
        services = list("services")
        regions = list("regions")
        concurrency = json["concurrency"]?.intValue ?? 0
        inFlight = json["inFlight"]?.intValue ?? 0
        isPaused = json["isPaused"]?.boolValue ?? false
        mode = json["mode"]?.stringValue.flatMap { ConnectionMode(rawValue: $0) } ?? .enabled
        breakerOpenings = json["breakerOpenings"]?.intValue ?? 0
        closedBecause = json["closedBecause"]?.stringValue.flatMap { QueueReason(rawValue: $0) }
        closedUntil = json["closedUntil"]?.stringValue.flatMap { Timestamp($0) }
        oldest = json["oldest"]?.stringValue.flatMap { Timestamp($0) }
        backlog = [:]
        for (name, count) in json["backlog"]?.objectValue ?? [:] {
            guard let state = RequestState(rawValue: name), let count = count.intValue else { continue }
            backlog[state] = count
        }
    }
}
