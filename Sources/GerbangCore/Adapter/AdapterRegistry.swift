/// How an adapter is made from a connection's settings: what a Swift module, a manifest or a remote process exports.
public struct AdapterDefinition: Sendable {
    /// What the adapter says of itself.
    public var descriptor: AdapterDescriptor
    /// Makes an adapter from the `settings` of a connection, without input or output.
    ///
    /// It reads everything it knows from the reader; the caller reports what was missing, wrong or left over.
    public var make: @Sendable (inout SettingsReader) -> (any Adapter)?

    /// Creates a definition.
    public init(
        descriptor: AdapterDescriptor,
        make: @escaping @Sendable (inout SettingsReader) -> (any Adapter)?
    ) {
        self.descriptor = descriptor
        self.make = make
    }
}

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
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when its description contradicts itself or the name is taken.
    public mutating func register(_ definition: AdapterDefinition) throws(GerbangError) {
        let id = definition.descriptor.id
        guard definitions[id] == nil else {
            throw GerbangError(.invalidConfiguration, "two adapters are called \(id)")
        }
        try put(definition)
    }

    /// Adds an adapter, in the place of the one with the same name if there is one.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` when its description contradicts itself.
    public mutating func put(_ definition: AdapterDefinition) throws(GerbangError) {
        try definition.descriptor.validate()
        definitions[definition.descriptor.id] = definition
    }

    /// The adapter called `id`.
    public subscript(id: AdapterID) -> AdapterDefinition? { definitions[id] }

    /// All descriptions, by name.
    public var descriptors: [AdapterDescriptor] {
        definitions.values.map(\.descriptor).sorted { $0.id < $1.id }
    }
}
