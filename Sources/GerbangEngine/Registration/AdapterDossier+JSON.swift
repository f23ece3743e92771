internal import GerbangCore
package import GerbangJSON

extension AdapterVersion {
    /// The version as it is stored.
    package var json: JSONValue {
        var object: JSONObject = [
            "version": .string(version),
            "kind": .string(kind.rawValue),
            "hash": .string(hash),
            "content": .string(content),
            "key": .string(key),
            "submittedAt": .number(JSONNumber(Int(submittedAt.milliseconds))),
            "state": .string(state.rawValue),
        ]
        object["decidedAt"] = decidedAt.map { .number(JSONNumber(Int($0.milliseconds))) }
        object["decidedBy"] = decidedBy.map { .string($0) }
        object["reason"] = reason.map { .string($0) }
        object["report"] = report
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard let version = json["version"]?.stringValue,
            let kind = json["kind"]?.stringValue.flatMap({ Kind(rawValue: $0) }),
            let hash = json["hash"]?.stringValue, let content = json["content"]?.stringValue,
            let key = json["key"]?.stringValue, let submittedAt = json["submittedAt"]?.intValue,
            let state = json["state"]?.stringValue.flatMap({ State(rawValue: $0) })
        else { return nil }
        self.init(
            version: version,
            kind: kind,
            hash: hash,
            content: content,
            key: key,
            submittedAt: Timestamp(milliseconds: Int64(submittedAt)),
            report: json["report"]
        )
        self.state = state
        decidedAt = json["decidedAt"]?.intValue.map { Timestamp(milliseconds: Int64($0)) }
        decidedBy = json["decidedBy"]?.stringValue
        reason = json["reason"]?.stringValue
    }
}

extension AdapterDossier {
    /// The dossier as it is stored.
    package var json: JSONValue {
        var object: JSONObject = [
            "id": .string(id.text),
            "mode": .string(mode.rawValue),
            "versions": .array(versions.map(\.json)),
        ]
        object["servedVersion"] = servedVersion.map { .string($0) }
        return .object(object)
    }

    /// Reads what ``json`` wrote; `nil` when it is something else.
    package init?(json: JSONValue) {
        guard let id = json["id"]?.stringValue.flatMap({ try? AdapterID($0) }),
            let mode = json["mode"]?.stringValue.flatMap({ ConnectionMode(rawValue: $0) }),
            let items = json["versions"]?.arrayValue
        else { return nil }
        self.init(id: id)
        self.mode = mode
        versions = items.compactMap { AdapterVersion(json: $0) }
        guard versions.count == items.count else { return nil }
        servedVersion = json["servedVersion"]?.stringValue
    }
}
