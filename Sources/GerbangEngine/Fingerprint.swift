internal import Crypto
internal import GerbangCore
internal import GerbangJSON

extension Submission {
    /// The SHA-256 of everything that makes two submissions the same, whatever the order of their fields.
    func fingerprint() -> [UInt8] {
        var content: JSONObject = [
            "service": .string(service.text),
            "region": .string(region.digits),
            "channel": .string(channel.rawValue),
            "nik": applicant.nik.map { .string($0.revealed) } ?? .null,
            "name": applicant.name.map { .string($0.revealed) } ?? .null,
            "payload": payload,
        ]
        // Only where there is one, so that what was accepted before there were any keeps its fingerprint.
        content["callback"] = callback.map { .string($0.url) }
        return Array(SHA256.hash(data: JSONValue.object(content).encoded(.canonical)))
    }
}
