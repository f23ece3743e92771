/// How an adapter is made from a connection's settings: what a Swift module, a manifest or a remote process exports.
public struct AdapterDefinition: Sendable {
    /// What the adapter says of itself.
    public var descriptor: AdapterDescriptor
    /// Services that the adapter provides and that the catalogue need not have: whoever brings a new agency brings along
    /// what can be asked of it.
    public var services: [Service]
    /// Makes an adapter from the `settings` of a connection, without input or output.
    ///
    /// It reads everything it knows from the reader; the caller reports what was missing, wrong or left over.
    public var make: @Sendable (inout SettingsReader) -> (any Adapter)?

    /// Creates a definition.
    public init(
        descriptor: AdapterDescriptor,
        services: [Service] = [],
        make: @escaping @Sendable (inout SettingsReader) -> (any Adapter)?
    ) {
        self.descriptor = descriptor
        self.services = services
        self.make = make
    }
}
