internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML

/// The operation of a description (WSDL) by which an operation of a manifest speaks.
struct Contract: Sendable {
    let operation: SOAPOperation
    /// Whether answers are validated by the description's schemas before they are read.
    let validatesAnswers: Bool
    /// How binary content travels.
    let packaging: SOAPPackaging
    /// When header blocks of WS-Addressing are written.
    let addressing: SOAPAddressing.Use

    /// Where the description says that the operation is.
    var address: ContractAddress { ContractAddress(operation.httpAddress) }

    /// How the message of a call is addressed: what may change something has one identifier for all its attempts, so that
    /// the service can know it again; every inquiry is a message of its own.
    func addressing(of call: AdapterCall) -> SOAPAddressing {
        let isInquiry = call.operation.id != call.request.operation
        let identifier = isInquiry ? "urn:gerbang:\(call.key):\(call.attempt)" : "urn:uuid:\(call.key)"
        return SOAPAddressing(use: addressing, messageID: identifier)
    }

    /// The value of expressions that an answer is: `output` and `header`, or `fault`.
    ///
    /// - Parameters:
    ///   - contentType: The answer's content type, or that of its part which `bytes` are.
    ///   - isSuccess: Whether the HTTP status is one of success: no body is the answer of a one-way operation only then.
    /// - Throws: ``EvaluationFailure`` that names the place in the XML and the rule that was broken, without content.
    func answer(
        _ bytes: [UInt8],
        contentType: String,
        isSuccess: Bool,
        to call: AdapterCall
    ) throws(EvaluationFailure) -> JSONValue {
        if operation.isOneWay, bytes.isEmpty, isSuccess { return ["output": [:]] }
        guard !bytes.isEmpty else { throw EvaluationFailure(message: "the body is empty") }
        let isAddressed = addressing == .always || (addressing == .whenDescribed && operation.usesAddressing)
        do throws(SOAPError) {
            let answer = try operation.decodeResponse(
                bytes,
                contentType: contentType,
                isValidated: validatesAnswers,
                relatesTo: isAddressed ? self.addressing(of: call).messageID : nil
            )
            switch answer {
            case .output(let output, let header): return ["output": output, "header": header]
            case .fault(let answer): return ["fault": json(answer)]
            }
        } catch {
            let place = error.place
            throw EvaluationFailure(
                message: "the answer does not fit the contract: \(place.isEmpty ? "" : "\(place): ")\(error.message)"
            )
        }
    }

    private func json(_ answer: SOAPFaultAnswer) -> JSONValue {
        var fault: JSONObject = [
            "code": .string(answer.fault.code), "path": .array(answer.fault.codePath.map { .string($0) }),
            "blamesSender": .bool(answer.fault.blamesSender),
        ]
        fault["name"] = (answer.name ?? named(by: answer.fault)).map { .string($0) }
        fault["detail"] = answer.detail
        fault["reason"] = answer.fault.reason().map { .string($0) }
        return .object(fault)
    }

    /// The declared fault that a code names: some services (spyne's) name the fault there and send another detail.
    private func named(by fault: SOAPFault) -> String? {
        let names = Set(operation.faults.map(\.name))
        return fault.codePath.dropFirst().last { names.contains($0) }
    }
}

/// The path and query of the address in a description, which stand below a connection's base URL unless the manifest
/// has its own.
struct ContractAddress {
    /// The path's segments, decoded; an empty last one stands for a slash at the end.
    private(set) var path: [String] = []
    /// The query's pairs, decoded.
    private(set) var query: [(name: String, value: String)] = []

    init(_ address: String?) {
        guard let address, let authority = address.firstRange(of: "://")?.upperBound,
            let start = address[authority...].firstIndex(where: { $0 == "/" || $0 == "?" })
        else { return }
        let text = address[start...].prefix { $0 != "#" }
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts[0].split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { Self.decoded($0) }
        // Only the last segment may be empty; a slash alone is the root.
        let last = path.popLast()
        path.removeAll { $0.isEmpty }
        if let last, !last.isEmpty || !path.isEmpty { path.append(last) }
        guard parts.count > 1 else { return }
        query = parts[1].split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(sides[0]), sides.count > 1 ? Self.decoded(sides[1]) : "")
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Hexadecimal.value(of: $0) }
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                bytes.append(digits[0] << 4 | digits[1])
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
