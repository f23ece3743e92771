internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML

/// The SOAP face: services of the catalogue as operations of a description, for clients that speak nothing else.
final class Face: Sendable {
    /// The description's text, with ``FaceDescription/address`` in it.
    let text: String
    private let wsdl: WSDL
    private let services: [String: FacedService]
    private let byID: [ServiceID: FacedService]

    /// Offers services.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` where the catalogue has no such service, or SOAP cannot express
    ///   one, with the reason.
    init(_ names: [ServiceID], of catalogue: ServiceCatalogue) throws(GerbangError) {
        var faced: [FacedService] = []
        for name in names {
            guard let service = catalogue[name] else {
                throw GerbangError(.invalidConfiguration, "soap: the catalogue has no service \(name)")
            }
            let next = try FacedService(service)
            if let other = faced.first(where: { $0.name == next.name }) {
                throw GerbangError(
                    .invalidConfiguration,
                    "soap: \(other.service.id) and \(name) would both be called \(next.name); offer one of them"
                )
            }
            faced.append(next)
        }
        text = FaceDescription.wsdl(of: faced)
        do throws(SOAPError) {
            wsdl = try WSDL.load(files: ["gerbang.wsdl": Array(text.utf8)], root: "gerbang.wsdl")
        } catch {
            throw GerbangError(.internalFault, "soap: the description of the services is not usable: \(error)")
        }
        services = Dictionary(faced.map { ($0.operation, $0) }) { first, _ in first }
        byID = Dictionary(faced.map { ($0.service.id, $0) }) { first, _ in first }
    }

    /// What a message asks for.
    enum Question {
        /// A submission, in the form of the HTTP API's body, with what stands outside of it there.
        case submit(FacedService, body: JSONValue, key: String, wait: Int)
        case status(id: String, wait: Int)
    }

    /// Reads a message.
    ///
    /// - Throws: A ``Failure`` that says what is wrong with it, and where.
    func question(_ message: IncomingEnvelope) throws(Failure) -> (Question, SOAPOperation) {
        guard let name = message.content, name.namespaceURI == FaceDescription.namespace,
            let operation = operation(name.localName, message.version)
        else {
            throw Failure(.notFound, "the message is none of the operations that ?wsdl describes")
        }
        let body: JSONValue
        do throws(SOAPError) {
            body = try operation.decodeRequest(message.bytes, charset: message.charset).body
        } catch {
            throw Failure(.invalidInput, error.path.map { "\($0): \(error.message)" } ?? error.message)
        }
        let wait = body["waitSeconds"]?.intValue ?? 0
        guard let service = services[operation.name] else {
            return (.status(id: body["requestId"]?.stringValue ?? "", wait: wait), operation)
        }
        var submission = body.objectValue ?? [:]
        let key = submission["idempotencyKey"]?.stringValue ?? ""
        submission["idempotencyKey"] = nil
        submission["waitSeconds"] = nil
        submission["service"] = .string(service.service.id.text)
        submission["payload"] = service.input.decoded(body["payload"] ?? [:], service.inputTypes)
        return (.submit(service, body: .object(submission), key: key, wait: wait), operation)
    }

    private func operation(_ name: String, _ version: SOAPVersion) -> SOAPOperation? {
        try? wsdl.operation(name, port: version == .v11 ? "Gerbang11" : "Gerbang12")
    }

    // MARK: Answers

    /// The status of a request by the contract; the result only where its service is offered here.
    func status(_ status: RequestStatus, withResult: Bool = true) -> JSONValue {
        let notice = status.progress
        var object: JSONObject = [
            "id": .string(status.id.description), "service": .string(status.service.text),
            "region": .string(status.region.description), "state": .string(status.state.rawValue),
        ]
        object["reason"] = status.reason.map { .string($0.rawValue) }
        object["isFinal"] = .bool(status.state.isFinal)
        object["holder"] = .string(notice.holder.kind.rawValue)
        object["message"] = notice.texts.json
        object["acceptedAt"] = .string(status.acceptedAt.description)
        object["updatedAt"] = .string(status.updatedAt.description)
        object["deadline"] = .string(status.deadline.description)
        object["dueAt"] = status.dueAt.map { .string($0.description) }
        object["expectedFinishAt"] = notice.expectedFinishAt.map { .string($0.description) }
        object["finishedAt"] = status.finishedAt.map { .string($0.description) }
        object["agencyReference"] = status.agencyReference.map { .string($0) }
        object["error"] = status.error.map { Self.json($0) }
        if withResult, let output = status.output, let service = byID[status.service] {
            object["result"] = .object([service.name: service.output.encoded(output, service.outputTypes)])
        }
        return .object(object)
    }

    /// An error by the contract.
    static func json(_ error: GerbangError) -> JSONValue {
        var object: JSONObject = [
            "code": .string(error.code.rawValue), "blame": .string(error.code.blame.rawValue),
            "isRetryable": .bool(error.code.isRetryable), "message": .string(error.message),
        ]
        object["field"] = error.field.map { .string($0.description) }
        object["agencyCode"] = error.agencyCode.map { .string($0) }
        object["texts"] = error.citizenText.json
        return .object(object)
    }

    /// The message that tells of a failure.
    func fault(_ failure: Failure, version: SOAPVersion) -> [UInt8] {
        let error = failure.error
        let blamesSender = error.code.blame == .client
        if let operation = operation("status", version),
            let bytes = try? operation.encodeFault(
                "failure",
                detail: Self.json(error),
                blamesSender: blamesSender,
                reason: error.message
            )
        {
            return bytes
        }
        let word = version == .v11 ? (blamesSender ? "Client" : "Server") : (blamesSender ? "Sender" : "Receiver")
        let plain = SOAPFault(
            version: version,
            code: "soap:\(word)",
            reasons: [.init(error.code.title, language: "en")]
        )
        return (try? SOAPEnvelope.write(plain)) ?? []
    }
}
