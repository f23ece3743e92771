internal import GerbangCore
internal import GerbangJSON

/// Writes generations of the configuration for people.
struct ConfigurationReportLines: Sendable {
    let zone: Zone

    /// One generation: when, by whom, what changed.
    func entry(_ json: JSONValue) -> [String] {
        let generation = json["generation"]?.intValue ?? 0
        let at = json["at"]?.stringValue.flatMap { Timestamp($0) }.map { Moments.dateAndTime($0, in: zone) } ?? ""
        let actor = Printable.line(json["actor"]?.stringValue ?? "")
        let hash = (json["hash"]?.stringValue ?? "").prefix(12)
        return ["generation \(generation)  \(at)  \(actor)  \(hash)"] + changes(json).map { "  \($0)" }
    }

    /// What changes, and what of it only at the next start.
    func changes(_ json: JSONValue) -> [String] {
        let changes = (json["changes"]?.arrayValue ?? []).compactMap(\.stringValue).map { Printable.line($0) }
        let later = (json["atNextStart"]?.arrayValue ?? []).compactMap(\.stringValue)
        let lines = changes.isEmpty ? ["nothing changes"] : changes
        return lines + (later.isEmpty ? [] : ["at the next start only: \(later.joined(separator: ", "))"])
    }

    /// What holds, and what was refused.
    func report(_ json: JSONValue) -> [String] {
        var lines = entry(json)
        lines.insert("file  \(Printable.line(json["file"]?.stringValue ?? ""))", at: 1)
        if let failure = json["lastFailure"] {
            let actor = Printable.line(failure["actor"]?.stringValue ?? "")
            lines.append("REFUSED since (\(actor)): \(Printable.line(failure["detail"]?.stringValue ?? ""))")
            for issue in failure["errors"]?.arrayValue ?? [] {
                let place = [issue["file"]?.stringValue, issue["line"]?.intValue.map(String.init)].compactMap(\.self)
                lines.append(
                    "  " + Printable.line("\(place.joined(separator: ":")): \(issue["detail"]?.stringValue ?? "")")
                )
            }
        }
        return lines + (json["content"]?.text(.pretty).split(separator: "\n").map(String.init) ?? [])
    }
}
