internal import Foundation
internal import GerbangCore
internal import GerbangTesting
internal import GerbangWSSecurity
internal import GerbangXML
internal import Synchronization
internal import Testing

/// Messages and settings of these tests.
enum Sample {
    static let now = Timestamp("2026-03-14T08:15:30.250Z") ?? Timestamp(milliseconds: 0)

    static let block = "<wsa:MessageID xmlns:wsa=\"http://www.w3.org/2005/08/addressing\">urn:uuid:1</wsa:MessageID>"

    static func envelope(_ version: SOAPVersion = .v11, header: String = block, body: String? = nil) -> [UInt8] {
        let content = body ?? "<t:getVehicle xmlns:t=\"urn:t\"><plate>B 1234 XYZ</plate></t:getVehicle>"
        let headers = header.isEmpty ? "" : "<s:Header>\(header)</s:Header>"
        return Array(
            "<s:Envelope xmlns:s=\"\(version.namespace)\">\(headers)<s:Body>\(content)</s:Body></s:Envelope>".utf8
        )
    }

    /// Signs as the agency, with the same numbers every time.
    static func signer(
        _ identity: (certificate: String, key: String) = Identity.agency,
        parts: Set<WSSecurity.Part> = [.body, .timestamp, .addressing]
    ) throws -> WSSecurity {
        var security = WSSecurity()
        security.validity = .seconds(300)
        security.signature = .init(identity: try Identity.signing(identity), parts: parts)
        return security.numbered()
    }

    /// Believes the agency.
    static func reader(
        _ certificate: String = Identity.agencyCertificate,
        parts: Set<WSSecurity.Part> = [.body, .timestamp, .addressing]
    ) throws -> WSSecurity {
        var security = WSSecurity()
        security.verification = .init(certificates: [try PinnedCertificate(pem: certificate)], parts: parts)
        return security
    }

    /// An answer that the agency signed.
    static func answer(_ version: SOAPVersion = .v11) throws -> String {
        String(decoding: try signer().secure(envelope(version), at: now), as: UTF8.self)
    }
}

extension WSSecurity {
    /// The same, with random bytes that count from zero.
    func numbered() -> WSSecurity {
        var security = self
        let counter = Numbers()
        security.random = { counter.bytes($0) }
        return security
    }
}

private final class Numbers: Sendable {
    private let next = Mutex<UInt8>(0)

    func bytes(_ count: Int) -> [UInt8] {
        next.withLock { next in
            (0..<count).map { _ in
                defer { next &+= 1 }
                return next
            }
        }
    }
}

extension String {
    /// The text with the only occurrence of a part replaced.
    func replacing(only part: String, with other: String) throws -> String {
        let pieces = components(separatedBy: part)
        try #require(pieces.count == 2, "\(part) occurs \(pieces.count - 1) times")
        return pieces.joined(separator: other)
    }

    /// The text from the beginning of one part to the end of another.
    func between(_ start: String, _ end: String) throws -> String {
        let begin = try #require(range(of: start))
        let finish = try #require(self[begin.lowerBound...].range(of: end))
        return String(self[begin.lowerBound..<finish.upperBound])
    }
}

/// The error of a body.
func refusal(_ body: () throws -> Void) -> WSSecurityError? {
    do {
        try body()
        return nil
    } catch {
        return error as? WSSecurityError
    }
}
