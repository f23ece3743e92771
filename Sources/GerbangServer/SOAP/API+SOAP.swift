internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import HTTPTypes
internal import Synchronization

/// The SOAP face of the present snapshot.
final class FaceHolder: Sendable {
    private let names: [ServiceID]
    private let present = Mutex<(generation: Int, face: Face)?>(nil)

    init(_ names: [ServiceID]) {
        self.names = names
    }

    /// The face; nil where no service is offered by SOAP.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when the services cannot be offered, with the reason.
    func face(for snapshot: Snapshot) throws(GerbangError) -> Face? {
        guard !names.isEmpty else { return nil }
        if let known = present.withLock({ $0 }), known.generation == snapshot.generation { return known.face }
        let face = try Face(names, of: snapshot.catalogue)
        present.withLock { $0 = (snapshot.generation, face) }
        return face
    }
}

// The SOAP face.
extension API {
    private static let textXML = "text/xml; charset=utf-8"

    private func face() throws -> Face {
        guard let face = try faces.face(for: engine.snapshot) else { throw Failure.unknownRoute() }
        return face
    }

    /// Answers `GET /soap?wsdl`.
    func describeFace(_ call: Call) throws -> Answer {
        let text = try face().text
        let address = XMLEscape.attribute(configuration.soapAddress ?? Self.address(call.head.host))
        let body = text.replacing("\"\(FaceDescription.address)\"", with: "\"\(address)\"")
        return Answer(body: Array(body.utf8), mediaType: Self.textXML)
    }

    /// The address as the caller knows it; whatever does not look like a host is left out.
    private static func address(_ host: String?) -> String {
        let isPlain = host?.utf8.allSatisfy { byte in
            switch byte | 0x20 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: ":"):
                true
            default: byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
            }
        }
        guard let host, isPlain == true, !host.isEmpty else { return FaceDescription.address }
        return "http://\(host)/soap"
    }

    /// Answers `POST /soap`: every failure is a SOAP fault.
    func serveFace(_ call: Call) async throws -> Answer {
        let face = try face()
        var version = SOAPVersion.v11
        do {
            let message = try IncomingEnvelope(call.bytes, charset: call.head.charset)
            version = message.version
            return try await answer(message, face, call)
        } catch {
            let failure = Failure(causedBy: error)
            // SOAP 1.1 sends every fault with 500 (section 6.2); 1.2 tells the sender's apart (part 2, table 20).
            let status = version == .v12 && failure.error.code.blame == .client ? 400 : 500
            var answer = Answer(
                status: status,
                body: face.fault(failure, version: version),
                mediaType: Self.mediaType(version)
            )
            answer.fields = failure.fields
            return answer
        }
    }

    private static func mediaType(_ version: SOAPVersion) -> String {
        version == .v11 ? textXML : "application/soap+xml; charset=utf-8"
    }

    private func answer(_ message: IncomingEnvelope, _ face: Face, _ call: Call) async throws -> Answer {
        let principal = try await admit(call.head, token: message.token)
        let (question, operation) = try face.question(message)
        let status: RequestStatus
        var content: JSONObject = [:]
        switch question {
        case .submit(_, let body, let key, let wait):
            guard !key.isEmpty else {
                throw Failure(.idempotencyKeyMissing, "the element idempotencyKey needs 1 to 255 bytes")
            }
            try admitSubmission(by: principal)
            let submission = try Submission(body: body, idempotencyKey: key, now: clock.now())
            let receipt = try await engine.submit(submission, as: principal.client)
            content["isReplay"] = .bool(receipt.isReplay)
            status = try await waited(receipt.status, seconds: wait)
        case .status(let id, let wait):
            guard let id = RequestID(id), let found = try await engine.status(of: id, for: principal.scope) else {
                throw Failure.noSuchRequest()
            }
            status = try await waited(found, seconds: wait)
        }
        content["status"] = face.status(status)
        var answer = Answer(
            body: try Self.encode(content, status, face, operation),
            mediaType: Self.mediaType(message.version)
        )
        answer.request = status.id
        return answer
    }

    /// The answer's message; without the result where that does not keep to its service's own schema, which the HTTP API
    /// still tells.
    private static func encode(
        _ content: JSONObject,
        _ status: RequestStatus,
        _ face: Face,
        _ operation: SOAPOperation
    ) throws(Failure) -> [UInt8] {
        if let bytes = try? operation.encodeResponse(.object(content)) { return bytes }
        var content = content
        content["status"] = face.status(status, withResult: false)
        do throws(SOAPError) {
            return try operation.encodeResponse(.object(content))
        } catch {
            throw Failure(.internalFault, "the answer cannot be written: \(error.message)")
        }
    }

    private func waited(_ status: RequestStatus, seconds: Int) async throws -> RequestStatus {
        guard seconds > 0, !status.state.isFinal else { return status }
        return try await wait(for: status.id, seconds: min(seconds, 86_400)) ?? status
    }
}
