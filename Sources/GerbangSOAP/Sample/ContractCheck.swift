internal import GerbangJSON
internal import GerbangXML

/// The result of trying a message of an operation out.
public struct ContractCheck: Sendable, Hashable {
    /// The service's name; empty where there is none.
    public let service: String
    /// The port's name.
    public let port: String
    /// The operation's name.
    public let operation: String
    /// The message.
    public let kind: SOAPOperation.MessageKind
    /// What went wrong; nil where all went well.
    public let failure: SOAPError?
    /// Whether the message was validated by schema, which SOAP encoding and a body without element prevent.
    public let isValidated: Bool
}

extension WSDL {
    /// Tries every message of every operation out: a sample is made and written, validated by the contract's own schema,
    /// read, and written again, and both texts must be the same in canonical form.
    public func check() -> [ContractCheck] {
        operations.flatMap { operation in operation.messageKinds.map { operation.check($0) } }
    }
}

extension SOAPOperation {
    /// Tries a message out, see ``WSDL/check()``.
    public func check(_ kind: MessageKind) -> ContractCheck {
        var failure: SOAPError?
        do throws(SOAPError) {
            // A sample is in the usual form, and what comes back must equal it.
            try reading(documents: .json).roundTrip(kind)
        } catch {
            failure = error
        }
        let shape = try? self.shape(of: kind)
        var isValidated = shape?.validator != nil
        if case .content = shape?.body { isValidated = false }
        return ContractCheck(
            service: service,
            port: port,
            operation: name,
            kind: kind,
            failure: failure,
            isValidated: isValidated
        )
    }

    private func roundTrip(_ kind: MessageKind) throws(SOAPError) {
        let sample = try self.sample(kind)
        var headers: JSONValue = [:]
        if case .fault = kind {} else { headers = try sampleHeaders(kind) }
        let first = try envelope(kind, sample, headers: headers)
        let content: Content
        switch kind {
        case .input: content = try decodeRequest(first, limits: Self.ownLimits)
        case .output:
            guard case .output(let body, let blocks) = try decodeResponse(first, limits: Self.ownLimits) else {
                throw SOAPError(.xml, "The sample was read as a fault.")
            }
            content = Content(body: body, headers: blocks)
        case .fault(let name):
            guard case .fault(let fault) = try decodeResponse(first, limits: Self.ownLimits),
                try isThis(fault, name)
            else { throw SOAPError(.xml, "The sample of the fault was not read as this fault.") }
            content = Content(body: fault.detail ?? [:], headers: [:])
        }
        guard content.body == sample, content.headers == headers else {
            throw SOAPError(
                .json,
                "The sample did not come back from XML as it was.",
                pointer: Self.difference(
                    .object(["body": sample, "headers": headers]),
                    .object(["body": content.body, "headers": content.headers])
                )
            )
        }
        let second = try envelope(kind, content.body, headers: content.headers)
        // Equal bytes are equal in any form; a relative namespace name, which some services have, has no canonical one.
        if first == second { return }
        guard try Self.canonical(first) == Self.canonical(second) else {
            throw SOAPError(.xml, "The sample was written otherwise after it had been read.")
        }
    }

    /// Whether a fault is the declared one of a name; one without detail has nothing that tells it from others.
    private func isThis(_ fault: SOAPFaultAnswer, _ name: String) throws(SOAPError) -> Bool {
        if case .empty = try shape(of: .fault(name)).body { return fault.detail == nil }
        return fault.detail != nil && (fault.name == name || faultShapes.count > 1)
    }

    private static func canonical(_ bytes: [UInt8]) throws(SOAPError) -> [UInt8] {
        do throws(XMLError) {
            return try XMLDocument(parsing: bytes, limits: ownLimits).canonical(.exclusive())
        } catch {
            throw SOAPError(.xml, error.message, line: error.line)
        }
    }

    /// Where two values begin to differ.
    private static func difference(_ left: JSONValue, _ right: JSONValue) -> JSONPointer {
        switch (left, right) {
        case (.object(let first), .object(let second)):
            for key in first.keys + second.keys where first[key] != second[key] {
                guard let one = first[key], let other = second[key] else { return JSONPointer(tokens: [key]) }
                return JSONPointer(tokens: [key]).appending(contentsOf: difference(one, other))
            }
        case (.array(let first), .array(let second)) where first.count == second.count:
            for index in first.indices where first[index] != second[index] {
                return JSONPointer(tokens: [String(index)]).appending(
                    contentsOf: difference(first[index], second[index])
                )
            }
        default: break
        }
        return .root
    }
}
