internal import GerbangXML

/// Puts a description together: reads it, compiles its schemas and joins both.
struct DescriptionReader {
    private let loader: DescriptionLoader
    private let limits: LoadLimits

    init(source: FileSource, options: WSDL.Options) {
        limits = options.limits
        loader = DescriptionLoader(
            source: source,
            catalogue: options.catalogue,
            fetch: options.fetch,
            limits: options.limits
        )
    }

    func read(_ path: String) throws(SOAPError) -> WSDL {
        var parser = DescriptionParser(loader: loader)
        try parser.read(path)
        let set = SchemaSet(loader: loader, rootFile: path)
        for schema in parser.schemas { try set.add(schema.root, file: schema.file, within: schema.namespace) }
        let compiler = SchemaCompiler(set: set, limits: limits)
        try compiler.compileAll()
        let planner = MessagePlanner(description: parser.description, compiler: compiler) { loader.warn($0) }
        let services = try plan(parser.description, planner)
        // Parts may have brought in schemas of the catalogue.
        try compiler.compileAll()
        set.reportMissing()
        let table = try SchemaLinker(compiler, limits: limits, preferredPrefixes: parser.prefixes).link()
        var emitter = SchemaEmitter(set: set)
        let base = try validator(&emitter, table, compiler.sources)
        var result: [WSDL.Service] = []
        for service in services {
            var ports: [WSDL.Port] = []
            for port in service.ports {
                ports.append(try assemble(port, service.name, table, emitter, base, compiler.sources))
            }
            result.append(WSDL.Service(name: service.name, documentation: service.documentation, ports: ports))
        }
        if result.flatMap(\.ports).isEmpty { loader.warn("\(path): the description has no operations") }
        return WSDL(
            file: path,
            files: [path] + loader.files.filter { $0 != path },
            targetNamespace: parser.description.targetNamespace,
            documentation: parser.description.documentation,
            services: result,
            warnings: loader.warnings,
            table: table
        )
    }

    private func validator(
        _ emitter: inout SchemaEmitter,
        _ table: SchemaTable,
        _ sources: [Int: SchemaComponent]
    ) throws(SOAPError) -> SchemaValidator? {
        var names: [String] = []
        for number in ModelCost.excessiveTypes(in: table) {
            guard let source = sources[number], emitter.open(source) else { continue }
            names.append(SchemaValidator.name(of: source))
        }
        if !names.isEmpty {
            loader.warn(
                "the content of these types is not validated by libxml2, for which it is too large, only checked when it is read: \(MessageEncoder.list(names))"
            )
        }
        return try SchemaValidator.build(&emitter, sources: sources, limits: limits) { loader.warn($0) }
    }

    // MARK: Planning

    private struct PlannedService {
        let name: String
        let documentation: String?
        let ports: [PlannedPort]
    }

    private struct PlannedPort {
        let name: String
        let binding: RawDescription.Binding?
        let port: RawDescription.Port?
        let kind: WSDL.Port.Kind
        let documentation: String?
        let operations: [OperationPlan]
        let otherOperations: [String]

        /// The elements that the messages need and no schema declares, each once.
        var wrappers: [SchemaEmitter.Wrapper] {
            var result: [SchemaEmitter.Wrapper] = []
            for wrapper in operations.flatMap(\.wrappers) where !result.contains(wrapper) { result.append(wrapper) }
            return result
        }
    }

    private func plan(_ description: RawDescription, _ planner: MessagePlanner) throws(SOAPError) -> [PlannedService] {
        var services: [PlannedService] = []
        var used: Set<XMLName> = []
        for service in description.services {
            var ports: [PlannedPort] = []
            for port in service.ports {
                guard let binding = description.bindings[port.binding] else {
                    // Descriptions that are put together of others have such ports beside good ones.
                    loader.warn(
                        "\(port.file):\(port.line): the port '\(SOAPError.shown(port.name))' refers to a binding that is not defined, '\(port.binding.localName)', and was passed over"
                    )
                    continue
                }
                used.insert(binding.name)
                try checkAddress(port, binding)
                ports.append(try planned(binding, port, planner))
            }
            services.append(PlannedService(name: service.name, documentation: service.documentation, ports: ports))
        }
        var loose: [PlannedPort] = []
        for name in description.bindingOrder where !used.contains(name) {
            if let binding = description.bindings[name] { loose.append(try planned(binding, nil, planner)) }
        }
        let bound = Set(description.bindings.values.map(\.portType))
        for name in description.portTypeOrder where !bound.contains(name) {
            guard let portType = description.portTypes[name] else { continue }
            var operations: [OperationPlan] = []
            for operation in portType.operations { operations.append(try planner.unbound(operation, of: name)) }
            loose.append(
                PlannedPort(
                    name: name.localName,
                    binding: nil,
                    port: nil,
                    kind: .unbound,
                    documentation: portType.documentation,
                    operations: operations,
                    otherOperations: []
                )
            )
        }
        if !loose.isEmpty { services.append(PlannedService(name: "", documentation: nil, ports: loose)) }
        return services
    }

    /// Warns of an address at which nobody can be called by HTTP.
    ///
    /// Descriptions come with placeholders, and with ports for queues beside those for HTTP, so only one that names files is
    /// taken for a mistake of the description.
    private func checkAddress(_ port: RawDescription.Port, _ binding: RawDescription.Binding) throws(SOAPError) {
        guard case .soap = binding.kind, SOAPOperation.httpAddress(port.address) == nil else { return }
        guard let address = port.address, !address.isEmpty else {
            return loader.warn("\(port.file):\(port.line): the port has no address")
        }
        let scheme = address.prefix { $0 != ":" }.lowercased()
        guard !["ftp", "ftps", "sftp"].contains(scheme) else {
            throw SOAPError(
                .wsdl,
                "The address of the port '\(SOAPError.shown(port.name))' is one of files; it must begin with http:// or https://.",
                file: port.file,
                line: port.line
            )
        }
        loader.warn(
            "\(port.file):\(port.line): the port's address is none of HTTP, so it cannot be called without another one"
        )
    }

    private func planned(
        _ binding: RawDescription.Binding,
        _ port: RawDescription.Port?,
        _ planner: MessagePlanner
    ) throws(SOAPError) -> PlannedPort {
        var operations: [OperationPlan] = []
        var others: [String] = []
        if case .soap = binding.kind {
            for operation in binding.operations {
                if let plan = try planner.bound(operation, binding) { operations.append(plan) }
            }
        } else {
            others = binding.operations.map(\.name)
        }
        return PlannedPort(
            name: port?.name ?? binding.name.localName,
            binding: binding,
            port: port,
            kind: binding.kind,
            documentation: port?.documentation ?? binding.documentation,
            operations: operations,
            otherOperations: others
        )
    }

    // MARK: Assembling

    private func assemble(
        _ plan: PlannedPort,
        _ service: String,
        _ table: SchemaTable,
        _ emitter: SchemaEmitter,
        _ base: SchemaValidator?,
        _ sources: [Int: SchemaComponent]
    ) throws(SOAPError) -> WSDL.Port {
        var validator = base
        let wrappers = plan.wrappers
        if !wrappers.isEmpty, base != nil { validator = try self.validator(wrappers, emitter, sources) }
        let policies = (plan.binding?.policies ?? []) + (plan.port?.policies ?? [])
        let usesAddressing = plan.binding?.usesAddressing ?? false || plan.port?.usesAddressing ?? false
        var operations: [SOAPOperation] = []
        for operation in plan.operations {
            operations.append(
                try operation.operation(
                    OperationPlace(
                        service: service,
                        port: plan.name,
                        address: plan.port?.address,
                        version: { if case .soap(let version) = plan.kind { version } else { .v11 } }(),
                        usesAddressing: usesAddressing || AddressingPlan.isDescribed(by: policies),
                        policies: policies
                    ),
                    table,
                    validator
                )
            )
        }
        return WSDL.Port(
            name: plan.name,
            binding: plan.binding?.name.localName ?? "",
            address: plan.port?.address,
            kind: plan.kind,
            transport: plan.binding?.transport,
            documentation: plan.documentation,
            policies: policies,
            usesAddressing: usesAddressing,
            operations: operations,
            otherOperations: plan.otherOperations
        )
    }

    /// The validator for rpc messages, whose wrappers are declared in addition.
    private func validator(
        _ wrappers: [SchemaEmitter.Wrapper],
        _ emitter: SchemaEmitter,
        _ sources: [Int: SchemaComponent]
    ) throws(SOAPError) -> SchemaValidator? {
        var emitter = emitter
        var names: Set<XMLName> = []
        for wrapper in wrappers {
            guard names.insert(wrapper.name).inserted else {
                loader.warn(
                    "the operation '\(wrapper.name.localName)' comes twice with different parts; its messages are not validated"
                )
                return nil
            }
        }
        emitter.wrappers = wrappers
        do throws(SOAPError) {
            return try SchemaValidator.build(&emitter, sources: sources, limits: limits) { loader.warn($0) }
        } catch {
            loader.warn(
                "rpc messages are not validated by schema: \(error.place.isEmpty ? "" : "\(error.place): ")\(error.message)"
            )
            return nil
        }
    }
}
