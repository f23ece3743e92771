internal import ArgumentParser
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML

extension SOAPCommand {
    /// The command `gerbang soap describe`.
    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the services, ports and operations of a description.",
            discussion: """
                Header blocks, faults, policies and attachments are shown with each operation. With --schema the JSON \
                Schema (draft 7) of one operation's input, output and headers is written instead.

                EXAMPLES
                  gerbang soap describe service.wsdl
                  gerbang soap describe service.wsdl --schema getVehicle
                """
        )

        @Argument(help: "The description, a WSDL 1.1 file.", completion: .file(extensions: ["wsdl"]))
        var file: String

        @Option(help: ArgumentHelp("Write the JSON Schema of this operation.", valueName: "operation"))
        var schema: String?

        @OptionGroup var options: SOAPFileOptions

        @Flag(help: "Write JSON.")
        var json = false

        func run() async throws {
            let terminal = Terminal.standard
            let wsdl = try options.loadOrFail(file)
            if let schema { return terminal.print(try Self.schemas(of: schema, in: wsdl)) }
            if json { return terminal.print(SOAPDescription.json(wsdl)) }
            for warning in wsdl.warnings { terminal.hint(Printable.line(warning)) }
            terminal.print(SOAPDescription.lines(wsdl, terminal.style))
        }

        private static func schemas(of name: String, in wsdl: WSDL) throws(CommandError) -> JSONValue {
            do throws(SOAPError) {
                let operation = try wsdl.operation(name)
                var result = JSONObject()
                for kind in operation.messageKinds {
                    result[SOAPText.kind(kind)] = try operation.schema(kind)
                    if case .fault = kind { continue }
                    result["\(SOAPText.kind(kind)) headers"] = try operation.headerSchema(kind)
                }
                return .object(result)
            } catch {
                throw CommandError(.usage, error.message)
            }
        }
    }
}

/// A description for people and for programs.
enum SOAPDescription {
    /// The services, ports and operations, a line for each fact.
    static func lines(_ wsdl: WSDL, _ style: Style) -> [String] {
        var lines: [String] = []
        if let text = wsdl.documentation { lines.append(style.ink(Printable.line(text), .faint)) }
        for service in wsdl.services {
            lines.append(
                style.ink(service.name.isEmpty ? "(no service)" : "service \(Printable.line(service.name))", .bold)
            )
            if let text = service.documentation { lines.append("  " + style.ink(Printable.line(text), .faint)) }
            for port in service.ports { lines += Self.lines(port, style).map { "  " + $0 } }
        }
        return lines
    }

    private static func lines(_ port: WSDL.Port, _ style: Style) -> [String] {
        var lines = [style.ink("port \(Printable.line(port.name))", .bold) + "  \(kind(port.kind))"]
        if let address = port.address { lines.append("  address   \(Printable.line(address))") }
        if port.usesAddressing { lines.append("  uses      WS-Addressing") }
        for policy in port.policies { lines.append("  policy    \(Printable.line(text(policy)))") }
        for operation in port.operations { lines += Self.lines(operation, style).map { "  " + $0 } }
        if !port.otherOperations.isEmpty {
            lines.append(
                "  " + Printable.line("operations that are not SOAP: \(port.otherOperations.joined(separator: ", "))")
            )
        }
        return lines
    }

    private static func lines(_ operation: SOAPOperation, _ style: Style) -> [String] {
        var lines = [
            "\(style.ink(Printable.line(operation.name), .cyan))  \(operation.style.rawValue), \(operation.exchange.rawValue)"
        ]
        if let text = operation.documentation { lines.append("  " + style.ink(Printable.line(text), .faint)) }
        if !operation.action.isEmpty { lines.append("  action    \(Printable.line(operation.action))") }
        if let input = operation.input { lines += Self.lines(input, "input ") }
        if let output = operation.output { lines += Self.lines(output, "output") }
        for fault in operation.faults {
            lines.append(
                "  fault     \(Printable.line(fault.name))  \(Printable.line(fault.element?.description ?? ""))"
            )
        }
        for policy in operation.policies { lines.append("  policy    \(Printable.line(text(policy)))") }
        return lines
    }

    private static func lines(_ message: SOAPOperation.Message, _ title: String) -> [String] {
        let element = message.element.map(\.description) ?? (message.parts.isEmpty ? "(empty)" : "(several elements)")
        var lines = ["  \(title)    \(Printable.line(element))\(message.isEncoded ? "  encoded" : "")"]
        if !message.parts.isEmpty {
            lines.append("    parts   \(Printable.line(message.parts.map(\.key).joined(separator: ", ")))")
        }
        for header in message.headers {
            lines.append("    header  \(Printable.line(header.key))  \(Printable.line(header.element.description))")
        }
        for name in message.attachments { lines.append("    attachment  \(Printable.line(name))") }
        return lines
    }

    private static func kind(_ kind: WSDL.Port.Kind) -> String {
        switch kind {
        case .soap(.v11): "SOAP 1.1"
        case .soap(.v12): "SOAP 1.2"
        case .http(let verb): "HTTP \(Printable.line(verb)) without SOAP"
        case .unbound: "port type without binding"
        case .other(let namespace): "binding of \(Printable.line(namespace))"
        }
    }

    private static func text(_ policy: SOAPPolicy) -> String {
        let name = policy.name.isEmpty ? "(inline)" : policy.name
        return policy.isResolved
            ? "\(name): \(policy.assertions.joined(separator: ", "))" : "\(name) (not in the description)"
    }

    // MARK: JSON

    /// The same as JSON.
    static func json(_ wsdl: WSDL) -> JSONValue {
        var result: JSONObject = ["file": .string(wsdl.file), "targetNamespace": .string(wsdl.targetNamespace)]
        result["documentation"] = wsdl.documentation.map { .string($0) }
        result["services"] = .array(
            wsdl.services.map { service in
                ["name": .string(service.name), "ports": .array(service.ports.map { json($0) })]
            }
        )
        result["warnings"] = .array(wsdl.warnings.map { .string($0) })
        return .object(result)
    }

    private static func json(_ port: WSDL.Port) -> JSONValue {
        var result: JSONObject = [
            "name": .string(port.name), "kind": .string(kind(port.kind)), "binding": .string(port.binding),
        ]
        result["address"] = port.address.map { .string($0) }
        result["transport"] = port.transport.map { .string($0) }
        result["usesAddressing"] = .bool(port.usesAddressing)
        result["policies"] = .array(port.policies.map { json($0) })
        result["operations"] = .array(port.operations.map { json($0) })
        result["otherOperations"] = .array(port.otherOperations.map { .string($0) })
        return .object(result)
    }

    private static func json(_ policy: SOAPPolicy) -> JSONValue {
        [
            "name": .string(policy.name), "isResolved": .bool(policy.isResolved),
            "assertions": .array(policy.assertions.map { .string($0) }),
        ]
    }

    private static func json(_ operation: SOAPOperation) -> JSONValue {
        var result: JSONObject = [
            "name": .string(operation.name), "style": .string(operation.style.rawValue),
            "exchange": .string(operation.exchange.rawValue), "action": .string(operation.action),
        ]
        result["documentation"] = operation.documentation.map { .string($0) }
        result["input"] = operation.input.map { json($0) }
        result["output"] = operation.output.map { json($0) }
        result["faults"] = .array(
            operation.faults.map {
                ["name": .string($0.name), "element": $0.element.map { .string($0.description) } ?? .null]
            }
        )
        result["policies"] = .array(operation.policies.map { json($0) })
        return .object(result)
    }

    private static func json(_ message: SOAPOperation.Message) -> JSONValue {
        func list(_ parts: [SOAPOperation.Part]) -> JSONValue {
            .array(parts.map { ["key": .string($0.key), "element": .string($0.element.description)] })
        }
        return [
            "element": message.element.map { .string($0.description) } ?? .null, "parts": list(message.parts),
            "headers": list(message.headers), "isEncoded": .bool(message.isEncoded),
            "attachments": .array(message.attachments.map { .string($0) }),
        ]
    }
}
