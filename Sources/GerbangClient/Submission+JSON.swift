internal import GerbangCore
internal import GerbangJSON

extension Submission {
    /// The body of `POST /v1/requests`; the key travels in the header.
    var body: JSONValue {
        var object: JSONObject = [
            "service": .string(service.text),
            "region": .string(region.description),
            "channel": .string(channel.rawValue),
        ]
        var person = JSONObject()
        person["nik"] = applicant.nik.map { .string($0.revealed) }
        person["name"] = applicant.name.map { .string($0.revealed) }
        if !person.isEmpty { object["applicant"] = .object(person) }
        object["officer"] = officer?.json
        object["deadline"] = deadline.map { .string($0.description) }
        object["callback"] = callback.map { ["url": .string($0.url)] }
        object["callback"] = callback.map { ["url": .string($0.url)] }
        object["payload"] = payload
        return .object(object)
    }
}
