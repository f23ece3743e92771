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
        for (root, file) in parser.schemas { try set.add(root, file: file) }
        let compiler = SchemaCompiler(set: set, limits: limits)
        try compiler.compileAll()
        let planner = MessagePlanner(description: parser.description, compiler: compiler)
        let services = try plan(parser.description, planner)
        // Parts may have brought in schemas of the catalogue.
        try compiler.compileAll()
        set.reportMissing()
        let table = try SchemaLinker(compiler, limits: limits, preferredPrefixes: parser.prefixes).link()
        let base = try validator(SchemaEmitter(set: set), table)
        var result: [WSDL.Service] = []
        for service in services {
            var ports: [WSDL.Port] = []
            for port in service.ports { ports.append(try assemble(port, service.name, table, set, base)) }
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

    private func validator(_ emitter: SchemaEmitter, _ table: SchemaTable) throws(SOAPError) -> SchemaValidator? {
        guard ModelCost.pairs(in: table) <= ModelCost.maximum else {
            loader.warn("the content models are too large for libxml2; messages are not validated by schema")
            return nil
        }
        return try SchemaValidator.build(emitter, limits: limits) { loader.warn($0) }
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
        let wrappers: [SchemaEmitter.Wrapper]
    }

    private func plan(_ description: RawDescription, _ planner: MessagePlanner) throws(SOAPError) -> [PlannedService] {
        var services: [PlannedService] = []
        var used: Set<XMLName> = []
        for service in description.services {
            var ports: [PlannedPort] = []
            for port in service.ports {
                guard let binding = description.bindings[port.binding] else {
                    throw SOAPError(
                        .wsdl,
                        "The port '\(SOAPError.shown(port.name))' refers to a binding that is not defined: '\(port.binding.localName)'.",
                        file: port.file,
                        line: port.line
                    )
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
            // Parts that are named by their types need elements of their own here too.
            var wrappers: [SchemaEmitter.Wrapper] = []
            for operation in portType.operations {
                let plan = try planner.unbound(operation, of: name)
                operations.append(plan)
                for wrapper in plan.wrappers where !wrappers.contains(wrapper) { wrappers.append(wrapper) }
            }
            loose.append(
                PlannedPort(
                    name: name.localName,
                    binding: nil,
                    port: nil,
                    kind: .unbound,
                    documentation: portType.documentation,
                    operations: operations,
                    otherOperations: [],
                    wrappers: wrappers
                )
            )
        }
        if !loose.isEmpty { services.append(PlannedService(name: "", documentation: nil, ports: loose)) }
        return services
    }

    private func checkAddress(_ port: RawDescription.Port, _ binding: RawDescription.Binding) throws(SOAPError) {
        guard case .soap = binding.kind, let address = port.address, !address.isEmpty else {
            if case .soap = binding.kind { loader.warn("\(port.file):\(port.line): the port has no address") }
            return
        }
        let isHTTP =
            binding.transport.map { $0.hasSuffix("/soap/http") || $0.hasSuffix("/HTTP/") || $0.isEmpty } ?? true
        guard let colon = address.firstIndex(of: ":"), address[colon...].hasPrefix("://"), isHTTP else { return }
        let scheme = address[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw SOAPError(
                .wsdl,
                "The address of the port '\(SOAPError.shown(port.name))' must begin with http:// or https://, as its binding is SOAP over HTTP.",
                file: port.file,
                line: port.line
            )
        }
    }

    private func planned(
        _ binding: RawDescription.Binding,
        _ port: RawDescription.Port?,
        _ planner: MessagePlanner
    ) throws(SOAPError) -> PlannedPort {
        var operations: [OperationPlan] = []
        var wrappers: [SchemaEmitter.Wrapper] = []
        var others: [String] = []
        if case .soap = binding.kind {
            for operation in binding.operations {
                let plan = try planner.bound(operation, binding)
                operations.append(plan)
                for wrapper in plan.wrappers where !wrappers.contains(wrapper) { wrappers.append(wrapper) }
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
            otherOperations: others,
            wrappers: wrappers
        )
    }

    // MARK: Assembling

    private func assemble(
        _ plan: PlannedPort,
        _ service: String,
        _ table: SchemaTable,
        _ set: SchemaSet,
        _ base: SchemaValidator?
    ) throws(SOAPError) -> WSDL.Port {
        var validator = base
        if !plan.wrappers.isEmpty, base != nil { validator = try self.validator(plan.wrappers, set) }
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
    private func validator(_ wrappers: [SchemaEmitter.Wrapper], _ set: SchemaSet) throws(SOAPError) -> SchemaValidator?
    {
        var emitter = SchemaEmitter(set: set)
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
            return try SchemaValidator.build(emitter, limits: limits) { loader.warn($0) }
        } catch {
            loader.warn("rpc messages are not validated by schema: \(error.message)")
            return nil
        }
    }
}
