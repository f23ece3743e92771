internal import GerbangCore
internal import GerbangXML
internal import HTTPTypes

/// Writes requests as a binding spells them.
struct MessageWriter: Sendable {
    let binding: TransportBinding

    /// The whole message.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` when XML cannot express the content.
    func write(_ content: MessageContent, for call: AdapterCall) throws(GerbangError) -> WireRequest {
        let wrapper = binding.wrapper(content.operation)
        do {
            var fields = HTTPFields()
            for (name, value) in try binding.soapVersion.httpFields(action: wrapper.soapAction) {
                guard let name = HTTPField.Name(name) else { continue }
                fields[name] = value
            }
            let body = try self.body(content, wrapper, for: call)
            return WireRequest(method: .post, headerFields: fields, body: body)
        } catch {
            throw GerbangError(
                .invalidInput,
                "the input cannot be written as XML: \((error as? XMLError)?.message ?? "")"
            )
        }
    }

    private func body(
        _ content: MessageContent,
        _ wrapper: TransportBinding.Wrapper,
        for call: AdapterCall
    ) throws -> [UInt8] {
        guard let xroad = binding.xroad else {
            return try SOAPEnvelope.write(binding.soapVersion, namespaces: ["t": wrapper.namespace]) { writer in
                try write(content, wrapper, to: &writer)
            }
        }
        let header = XRoadHeader(xroad, wrapper, for: call)
        return try SOAPEnvelope.write(
            binding.soapVersion,
            namespaces: [
                "xrd": XRoadHeader.namespace, "id": XRoadHeader.identifierNamespace, "t": wrapper.namespace,
            ],
            header: { writer in try header.write(to: &writer) },
            body: { writer in try write(content, wrapper, to: &writer) }
        )
    }

    private func write(_ content: MessageContent, _ wrapper: TransportBinding.Wrapper, to writer: inout XMLWriter)
        throws
    {
        let prefix = binding.hasQualifiedChildren ? "t:" : ""
        try writer.start("t:\(wrapper.element)")
        for (field, text) in content.fields {
            try writer.element(prefix + binding.name(field), text: text)
        }
        try writer.end()
    }
}
