internal import GerbangXML

/// Plans the messages of operations: which elements they consist of, and which of them no schema declares.
struct MessagePlanner {
    let description: RawDescription
    let compiler: SchemaCompiler
    /// Tells people about something that is probably not meant.
    let warn: (String) -> Void

    /// The plan of an operation of a port type that no binding binds.
    func unbound(_ operation: RawDescription.Operation, of portType: XMLName) throws(SOAPError) -> OperationPlan {
        func style(_ use: RawDescription.MessageUse?) -> Bool {
            guard let use, let message = description.messages[use.message] else { return false }
            return message.parts.contains { $0.type != nil }
        }
        let isRPC = style(operation.input) || style(operation.output)
        return try plan(
            operation,
            of: portType,
            isRPC: isRPC,
            namespace: description.targetNamespace,
            RawDescription.Body(),
            RawDescription.Body(),
            faults: [:],
            action: nil,
            policies: []
        )
    }

    /// The plan of an operation of a SOAP binding; nil for one that the port type does not have.
    func bound(_ operation: RawDescription.BindingOperation, _ binding: RawDescription.Binding) throws(SOAPError)
        -> OperationPlan?
    {
        guard let portType = description.portTypes[binding.portType] else {
            throw SOAPError(
                .wsdl,
                "The binding '\(binding.name.localName)' binds a port type that is not defined: '\(binding.portType.localName)'.",
                file: binding.file,
                line: binding.line
            )
        }
        let alike = portType.operations.filter { $0.name == operation.name }
        let chosen = alike.first { alike.count == 1 || $0.input?.name == operation.inputName } ?? alike.first
        guard let chosen else {
            warn(
                "\(operation.file):\(operation.line): the operation '\(operation.name)' is bound, but the port type "
                    + "'\(portType.name.localName)' does not have it; it was passed over"
            )
            return nil
        }
        return try plan(
            chosen,
            of: portType.name,
            isRPC: (operation.style ?? binding.style) == "rpc",
            namespace: "",
            operation.input,
            operation.output,
            faults: operation.faults,
            action: operation.action,
            policies: operation.policies
        )
    }

    private func plan(
        _ operation: RawDescription.Operation,
        of portType: XMLName,
        isRPC: Bool,
        namespace: String,
        _ input: RawDescription.Body,
        _ output: RawDescription.Body,
        faults: [String: Bool],
        action: String?,
        policies: [SOAPPolicy]
    ) throws(SOAPError) -> OperationPlan {
        var wrappers: [SchemaEmitter.Wrapper] = []
        let request = try operation.input.map { (use) throws(SOAPError) in
            try message(use, input, wrapper: isRPC ? operation.name : nil, namespace, &wrappers)
        }
        let answer = try operation.output.map { (use) throws(SOAPError) in
            try message(use, output, wrapper: isRPC ? operation.name + "Response" : nil, namespace, &wrappers)
        }
        var plans: [OperationPlan.Fault] = []
        for (index, fault) in operation.faults.enumerated() {
            let name = fault.name ?? "fault\(index + 1)"
            var body = RawDescription.Body()
            body.isEncoded = faults[name] ?? false
            var none: [SchemaEmitter.Wrapper] = []
            plans.append(
                OperationPlan.Fault(
                    name: name,
                    message: try message(fault, body, wrapper: nil, isFault: true, "", &none)
                )
            )
        }
        return OperationPlan(
            operation: operation,
            isRPC: isRPC,
            action: action ?? operation.input?.action,
            policies: operation.policies + policies,
            addressing: AddressingPlan(
                operation,
                portType: portType,
                soapAction: action,
                policies: operation.policies + policies
            ),
            input: request,
            output: answer,
            faults: plans,
            wrappers: wrappers
        )
    }

    // MARK: Messages

    private func find(_ name: XMLName, file: String, line: Int) throws(SOAPError) -> RawDescription.Message {
        guard let message = description.messages[name] else {
            throw undefined(name, file: file, line: line)
        }
        return message
    }

    private func undefined(_ name: XMLName, file: String, line: Int) -> SOAPError {
        SOAPError(.wsdl, "The message '\(SOAPError.shown(name.localName))' is not defined.", file: file, line: line)
    }

    private func message(
        _ use: RawDescription.MessageUse,
        _ body: RawDescription.Body,
        wrapper: String?,
        isFault: Bool = false,
        _ namespace: String,
        _ wrappers: inout [SchemaEmitter.Wrapper]
    ) throws(SOAPError) -> MessagePlan {
        let message = try find(use.message, file: use.file, line: use.line)
        var plan = MessagePlan()
        plan.isEncoded = body.isEncoded
        plan.attachments = body.attachments
        let headerParts = Set(
            body.headers.filter { header in
                header.message == message.name
                    || (description.messages[header.message] == nil
                        && header.message.localName == message.name.localName)
            }.map(\.part)
        )
        var parts = message.parts.filter { !headerParts.contains($0.name) && !body.attachments.contains($0.name) }
        if let wanted = body.parts {
            for name in wanted where !message.parts.contains(where: { $0.name == name }) {
                throw SOAPError(
                    .wsdl,
                    "soap:body names the part '\(SOAPError.shown(name))', which the message '\(message.name.localName)' does not have.",
                    file: use.file,
                    line: use.line
                )
            }
            parts = message.parts.filter { wanted.contains($0.name) && !body.attachments.contains($0.name) }
        }
        if let wrapper {
            let name = XMLName(wrapper, namespace: body.namespace ?? namespace)
            plan.body = .wrapper(.extra(try self.wrapper(name, parts)))
            if !body.isEncoded {
                let list = parts.map { SchemaEmitter.Wrapper.Part(name: $0.name, type: $0.type, element: $0.element) }
                wrappers.append(SchemaEmitter.Wrapper(name: name, parts: list))
            }
        } else {
            plan.body = try documentBody(parts, isFault: isFault)
        }
        var scope = KeyScope()
        for header in body.headers {
            let planned = try self.header(header, &scope)
            if header.isFault { plan.faultHeaders.append(planned) } else { plan.headers.append(planned) }
        }
        return plan
    }

    private func documentBody(_ parts: [RawDescription.Part], isFault: Bool) throws(SOAPError) -> MessagePlan.Body {
        guard let first = parts.first else { return .empty }
        if parts.count == 1 {
            // In a fault's detail an element of the part's name stands for a type.
            if let type = first.type, !isFault {
                return .content(try compiler.type(named: type, file: first.file, line: first.line))
            }
            return .element(try element(of: first))
        }
        var elements: [(String, MessagePlan.Element)] = []
        for part in parts { elements.append((part.name, try element(of: part))) }
        return .parts(elements.map { (name: $0.0, element: $0.1) })
    }

    /// The element of a part: the declared one, or one of the part's name and type.
    private func element(of part: RawDescription.Part, namespace: String? = nil) throws(SOAPError)
        -> MessagePlan.Element
    {
        if let name = part.element {
            _ = try compiler.element(named: name, file: part.file, line: part.line)
            return .declared(name)
        }
        return .extra(compiler.add(try rawElement(of: part, namespace: namespace)))
    }

    private func rawElement(of part: RawDescription.Part, namespace: String? = nil) throws(SOAPError) -> RawElement {
        if let name = part.element { return try compiler.element(named: name, file: part.file, line: part.line) }
        guard let type = part.type else {
            throw SOAPError(.wsdl, "wsdl:part has neither an element nor a type.", file: part.file, line: part.line)
        }
        return RawElement(
            name: XMLName(part.name, namespace: namespace),
            type: try compiler.type(named: modern(type), file: part.file, line: part.line)
        )
    }

    private func modern(_ name: XMLName) -> XMLName {
        guard let uri = name.namespaceURI, SchemaDraft.namespaces.contains(uri) else { return name }
        return XMLName(name.localName, namespace: Namespaces.schema)
    }

    private func wrapper(_ name: XMLName, _ parts: [RawDescription.Part]) throws(SOAPError) -> Int {
        var particles: [RawParticle] = []
        for part in parts { particles.append(RawParticle(.element(try rawElement(of: part)))) }
        let type = compiler.add(
            RawType(
                base: BuiltinTypes.anyType,
                content: particles.isEmpty ? .empty : .elements(RawParticle(.group(.sequence, particles)))
            )
        )
        return compiler.add(RawElement(name: name, type: type))
    }

    /// The message and part of a header.
    ///
    /// Some services (spyne's) name the message by the namespace of the header's type instead of the description's, or name a
    /// part of another message; what there is only one of is meant.
    private func part(of header: RawDescription.Header) throws(SOAPError) -> RawDescription.Part {
        let alike = description.messages.values.filter { $0.name.localName == header.message.localName }
        let named = description.messages[header.message] ?? (alike.count == 1 ? alike[0] : nil)
        if let found = named?.parts.first(where: { $0.name == header.part }) { return found }
        let elsewhere = description.messages.values.flatMap(\.parts).filter { $0.name == header.part }
        let declarations = Set(elsewhere.map { [$0.element, $0.type] })
        if let found = elsewhere.first, declarations.count == 1 {
            warn(
                "\(header.file):\(header.line): a header's part '\(SOAPError.shown(header.part))' is not in the message that it names; the one of another message was taken"
            )
            return found
        }
        guard named != nil else {
            throw undefined(header.message, file: header.file, line: header.line)
        }
        throw SOAPError(
            .wsdl,
            "A header refers to the part '\(SOAPError.shown(header.part))', which the message '\(header.message.localName)' does not have.",
            file: header.file,
            line: header.line
        )
    }

    private func header(_ header: RawDescription.Header, _ scope: inout KeyScope) throws(SOAPError)
        -> MessagePlan.Header
    {
        let part = try self.part(of: header)
        let name = part.element ?? XMLName(part.name, namespace: header.namespace)
        return MessagePlan.Header(
            key: scope.claim(name),
            element: try element(of: part, namespace: header.namespace),
            isEncoded: header.isEncoded
        )
    }
}
