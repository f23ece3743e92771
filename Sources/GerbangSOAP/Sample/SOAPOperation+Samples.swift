public import GerbangJSON

extension SOAPOperation {
    /// One of an operation's messages.
    public enum MessageKind: Sendable, Hashable {
        /// The request.
        case input
        /// The answer.
        case output
        /// The declared fault of this name.
        case fault(String)
    }

    /// A sample of a message's body that fits the contract, facets included: what may be there in the outer levels, what
    /// must be there below.
    ///
    /// - Throws: ``SOAPError`` with code `soap.sample` where a type has no value, or none was found for its facets.
    public func sample(_ kind: MessageKind) throws(SOAPError) -> JSONValue {
        let shape = try self.shape(of: kind)
        var maker = SampleMaker(table, isEncoded: shape.isEncoded)
        switch shape.body {
        case .empty: return .object([:])
        case .element(let element): return try maker.element(element)
        case .wrapper(let element): return try maker.value(of: element.type, depth: 0)
        case .content(let type): return try maker.value(of: type, depth: 0)
        case .parts(let parts):
            if case .fault = kind, let first = parts.first { return try maker.element(first.element) }
            var object = JSONObject()
            for part in parts {
                do throws(SOAPError) {
                    object[part.key] = try maker.element(part.element)
                } catch {
                    throw error.below(part.key)
                }
            }
            return .object(object)
        }
    }

    /// Samples of all header blocks of a message, by name.
    public func sampleHeaders(_ kind: MessageKind) throws(SOAPError) -> JSONValue {
        let shape = try self.shape(of: kind)
        var object = JSONObject()
        for header in shape.headers {
            var maker = SampleMaker(table, isEncoded: header.isEncoded)
            do throws(SOAPError) {
                object[header.key] = try maker.element(header.element, depth: 1)
            } catch {
                throw error.below(header.key)
            }
        }
        return .object(object)
    }

    /// The envelope of a message.
    ///
    /// - Throws: ``SOAPError``, as ``encodeRequest(_:headers:isValidated:)`` does.
    public func envelope(
        _ kind: MessageKind,
        _ body: JSONValue,
        headers: JSONValue = [:],
        isValidated: Bool = true
    ) throws(SOAPError) -> [UInt8] {
        switch kind {
        case .input: try encodeRequest(body, headers: headers, isValidated: isValidated, addressing: .none)
        case .output: try encodeResponse(body, headers: headers, isValidated: isValidated)
        case .fault(let name):
            try encodeFault(name, detail: body, blamesSender: true, reason: "Sample", isValidated: isValidated)
        }
    }

    /// The messages that the operation has.
    public var messageKinds: [MessageKind] {
        (inputShape == nil ? [] : [.input]) + (outputShape == nil ? [] : [.output])
            + faultShapes.map { .fault($0.name) }
    }

    func shape(of kind: MessageKind) throws(SOAPError) -> MessageShape {
        switch kind {
        case .input: return try shape(inputShape, "input")
        case .output: return try shape(outputShape, "output")
        case .fault(let name):
            guard let found = faultShapes.first(where: { $0.name == name }) else {
                throw SOAPError(.notFound, "The operation declares no fault '\(SOAPError.shown(name))'.")
            }
            return found.shape
        }
    }
}
