/// What an adapter says of itself. It is data: reading it has no side effect.
public struct AdapterDescriptor: Sendable, Hashable {
    /// The adapter's name.
    public var id: AdapterID
    /// The adapter's version (semantic versioning 2.0.0).
    public var version: String
    /// The agency that it speaks to.
    public var agency: LocalizedText
    /// Its operations.
    public var operations: [OperationDescriptor]

    /// Creates a description of an adapter.
    public init(id: AdapterID, version: String, agency: LocalizedText, operations: [OperationDescriptor]) {
        self.id = id
        self.version = version
        self.agency = agency
        self.operations = operations
    }

    /// The operation called `id`.
    public func operation(_ id: OperationID) -> OperationDescriptor? {
        operations.first { $0.id == id }
    }

    /// The operation that provides `service`.
    public func operation(providing service: ServiceID) -> OperationDescriptor? {
        operations.first { $0.service == service }
    }

    /// Checks that the description holds together.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` with the first contradiction: a name twice, a service
    ///   provided twice, an inquiry that does not exist or changes something, no attempt allowed.
    public func validate() throws(GerbangError) {
        func refuse(_ reason: String) -> GerbangError {
            GerbangError(.invalidConfiguration, "adapter \(id): \(reason)")
        }
        guard !operations.isEmpty else { throw refuse("it has no operation") }
        guard Set(operations.map(\.id)).count == operations.count else {
            throw refuse("two operations have one name")
        }
        let services = operations.compactMap(\.service)
        guard Set(services).count == services.count else {
            throw refuse("two operations provide one service")
        }
        for operation in operations {
            guard operation.maximumAttempts > 0 else { throw refuse("\(operation.id) allows no attempt") }
            guard let inquiry = operation.inquiry else { continue }
            guard let target = self.operation(inquiry.operation), target.effect == .query else {
                throw refuse("\(operation.id) is settled by \(inquiry.operation), which is not one of its queries")
            }
        }
    }
}
