/// The adapters that a process knows. A value: there is no global registry.
public struct AdapterRegistry: Sendable {
    private var definitions: [AdapterID: AdapterDefinition] = [:]

    /// Creates a registry.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when a description contradicts itself or a name comes twice.
    public init(_ definitions: [AdapterDefinition] = []) throws(GerbangError) {
        for definition in definitions {
            try register(definition)
        }
    }

    /// Adds an adapter.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when its description contradicts itself, the name is
    ///   taken, or it describes a service of another adapter differently.
    public mutating func register(_ definition: AdapterDefinition) throws(GerbangError) {
        let id = definition.descriptor.id
        guard definitions[id] == nil else {
            throw GerbangError(.invalidConfiguration, "two adapters are called \(id)")
        }
        try put(definition)
    }

    /// Adds an adapter, in the place of the one with the same name if there is one.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when its description contradicts itself, or it describes a
    ///   service of another adapter differently.
    public mutating func put(_ definition: AdapterDefinition) throws(GerbangError) {
        try definition.descriptor.validate()
        let id = definition.descriptor.id
        for service in definition.services {
            let others = definitions.filter { $0.key != id }.values.flatMap(\.services)
            guard let known = others.first(where: { $0.id == service.id }), known != service else { continue }
            throw GerbangError(.invalidConfiguration, "another adapter describes the service \(service.id) differently")
        }
        definitions[id] = definition
    }

    /// The adapter called `id`.
    public subscript(id: AdapterID) -> AdapterDefinition? { definitions[id] }

    /// The services that the adapters bring along, by name.
    public var services: [Service] {
        Set(definitions.values.flatMap(\.services)).sorted { $0.id < $1.id }
    }

    /// All descriptions, by name.
    public var descriptors: [AdapterDescriptor] {
        definitions.values.map(\.descriptor).sorted { $0.id < $1.id }
    }
}
