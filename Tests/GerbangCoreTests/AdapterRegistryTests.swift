internal import GerbangCore
internal import Testing

@Suite("Descriptions and registry of adapters")
struct AdapterRegistryTests {
    private static func operation(
        _ id: String,
        service: String? = nil,
        effect: Effect = .query,
        inquiry: String? = nil,
        attempts: Int = 3
    ) -> OperationDescriptor {
        OperationDescriptor(
            id: OperationID(checked: id),
            service: service.map { ServiceID(checked: $0) },
            effect: effect,
            inquiry: inquiry.map { Inquiry(operation: OperationID(checked: $0)) },
            maximumAttempts: attempts
        )
    }

    private static func descriptor(
        _ operations: [OperationDescriptor],
        id: String = "semu",
        version: String = "1.0.0"
    ) -> AdapterDescriptor {
        AdapterDescriptor(
            id: AdapterID(checked: id),
            version: version,
            agency: LocalizedText(id: "Instansi", en: "Agency"),
            operations: operations
        )
    }

    private static func definition(_ descriptor: AdapterDescriptor) -> AdapterDefinition {
        AdapterDefinition(descriptor: descriptor) { _ in nil }
    }

    @Test(
        "a description that contradicts itself is refused",
        arguments: [
            ([], "no operation"), ([operation("a"), operation("b"), operation("a")], "one name"),
            ([operation("a", service: "s"), operation("b", service: "s")], "one service"),
            ([operation("a", attempts: 0)], "no attempt"), ([operation("a", attempts: -1)], "no attempt"),
            ([operation("a", effect: .nonIdempotent, inquiry: "b")], "not one of its queries"),
            (
                [operation("a", effect: .nonIdempotent, inquiry: "b"), operation("b", effect: .idempotent(key: "k"))],
                "not one of its queries"
            ),
            ([operation("a", effect: .nonIdempotent, inquiry: "a")], "not one of its queries"),
        ] as [([OperationDescriptor], String)]
    )
    func contradiction(operations: [OperationDescriptor], part: String) {
        let descriptor = Self.descriptor(operations)
        let error = failure { () throws(GerbangError) in try descriptor.validate() }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains(part) == true)
        #expect(error?.message.contains("semu") == true)
        #expect(throws: GerbangError.self) { try AdapterRegistry([Self.definition(descriptor)]) }
    }

    @Test("a description that holds together is taken, and its operations are found")
    func sound() throws {
        let descriptor = Self.descriptor([
            Self.operation("book", service: "s.book", effect: .nonIdempotent, inquiry: "find"), Self.operation("find"),
            Self.operation("pay", service: "s.pay", effect: .idempotent(key: "id")),
        ])
        try descriptor.validate()
        #expect(descriptor.operation(OperationID(checked: "find"))?.service == nil)
        #expect(descriptor.operation(providing: ServiceID(checked: "s.pay"))?.id.text == "pay")
        #expect(descriptor.operation(OperationID(checked: "x")) == nil)
        #expect(descriptor.operation(providing: ServiceID(checked: "x")) == nil)
        #expect(descriptor.operations.map(\.effect.isRepeatable) == [false, true, true])
        #expect(descriptor.operations.map(\.effect.name) == ["nonIdempotent", "query", "idempotent"])
    }

    @Test("the registry finds adapters by name and lists them in order")
    func registry() throws {
        let names = ["c", "a", "b"]
        let registry = try AdapterRegistry(
            names.map { Self.definition(Self.descriptor([Self.operation("o")], id: $0)) }
        )
        #expect(registry.descriptors.map(\.id.text) == ["a", "b", "c"])
        #expect(registry[AdapterID(checked: "b")]?.descriptor.id.text == "b")
        #expect(registry[AdapterID(checked: "d")] == nil)
        #expect(try AdapterRegistry().descriptors.isEmpty)
    }

    @Test("a second adapter of one name is refused and the first one stays")
    func duplicate() throws {
        let first = Self.definition(Self.descriptor([Self.operation("o")], version: "1.0.0"))
        let second = Self.definition(Self.descriptor([Self.operation("o")], version: "2.0.0"))
        var registry = try AdapterRegistry([first])
        let error = failure { () throws(GerbangError) in try registry.register(second) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("semu") == true)
        #expect(registry.descriptors.map(\.version) == ["1.0.0"])
        #expect(throws: GerbangError.self) { try AdapterRegistry([first, second]) }
    }
}
