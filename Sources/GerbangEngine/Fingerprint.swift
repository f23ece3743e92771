internal import Crypto
internal import GerbangCore
internal import GerbangJSON

extension Submission {
    /// The SHA-256 of everything that makes two submissions the same, whatever the order of their fields.
    func fingerprint() -> [UInt8] {
        let content: JSONValue = [
            "service": .string(service.text),
            "region": .string(region.digits),
            "channel": .string(channel.rawValue),
            "nik": applicant.nik.map { .string($0.revealed) } ?? .null,
            "name": applicant.name.map { .string($0.revealed) } ?? .null,
            "payload": payload,
        ]
        return Array(SHA256.hash(data: content.encoded(.canonical)))
    }
}
