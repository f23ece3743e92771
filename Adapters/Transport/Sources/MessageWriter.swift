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
            let body = try SOAPEnvelope.write(binding.soapVersion, header: header(wrapper, call)) { writer in
                try write(content, wrapper, to: &writer)
            }
            return WireRequest(method: .post, headerFields: fields, body: body)
        } catch {
            throw GerbangError(.invalidInput, "the input cannot be written as XML: \((error as? XMLError)?.message ?? "")")
        }
    }

    private func write(_ content: MessageContent, _ wrapper: TransportBinding.Wrapper, to writer: inout XMLWriter) throws {
        let prefix = binding.hasQualifiedChildren ? "t:" : ""
        try writer.start("t:\(wrapper.element)", namespaces: ["t": wrapper.namespace])
        for (field, text) in content.fields {
            try writer.element(prefix + binding.name(field), text: text)
        }
        try writer.end()
    }

    private func header(
        _ wrapper: TransportBinding.Wrapper,
        _ call: AdapterCall
    ) -> ((inout XMLWriter) throws -> Void)? {
        guard let xroad = binding.xroad else { return nil }
        return { writer in try XRoadHeader(xroad, wrapper, for: call).write(to: &writer) }
    }
}
