internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangRemote

extension AdapterVersion {
    /// The version as operators and agencies see it, without the file.
    func listed(warnings: [String]? = nil) -> JSONValue {
        var object: JSONObject = [
            "version": .string(version),
            "kind": .string(kind.rawValue),
            "hash": .string(hash),
            "key": .string(key),
            "state": .string(state.rawValue),
            "submittedAt": .string(submittedAt.description),
        ]
        object["decidedAt"] = decidedAt.map { .string($0.description) }
        object["decidedBy"] = decidedBy.map { .string($0) }
        object["reason"] = reason.map { .string($0) }
        object["report"] = report
        object["warnings"] = warnings.map { .array($0.map { .string($0) }) }
        return .object(object)
    }
}

extension AdapterDossier {
    /// The adapter as operators see it.
    func listed(instances: [RemoteFleet.InstanceStatus], withVersions: Bool = false) -> JSONValue {
        var object: JSONObject = [
            "id": .string(id.text),
            "mode": .string(mode.rawValue),
            "waiting": .array(versions.filter { $0.state == .waiting }.map { .string($0.version) }),
            "instances": .array(instances.map(\.listed)),
        ]
        object["servedVersion"] = servedVersion.map { .string($0) }
        object["kind"] = (served ?? versions.last).map { .string($0.kind.rawValue) }
        if withVersions { object["versions"] = .array(versions.map { $0.listed() }) }
        return .object(object)
    }
}

extension RemoteFleet.InstanceStatus {
    fileprivate var listed: JSONValue {
        [
            "id": .string(id),
            "phase": .string(phase),
            "address": .string(address.description),
            "hash": .string(hash),
            "silentSeconds": .number(JSONNumber(Int(silence.components.seconds))),
            "inFlight": .number(JSONNumber(inFlight)),
        ]
    }
}
