internal import GerbangCore
internal import GerbangJSON
internal import SATUSEHATAdapter
internal import Testing

@Suite("The adapter's description and settings")
struct SettingsTests {
    @Test("the description holds together and its services are in the catalogue")
    func description() throws {
        let registry = try AdapterRegistry([SATUSEHATAdapter.definition])
        let descriptor = try #require(registry.descriptors.first)
        let catalogue = try ServiceCatalogue.builtin()
        let services = descriptor.operations.compactMap(\.service)
        #expect(services.map(\.text) == ["health.patient.find", "health.encounter.register"])
        for service in services { #expect(catalogue[service] != nil) }
        #expect(descriptor.operation(Support.findPatient)?.effect == .query)
        #expect(descriptor.operation(Support.register)?.effect == .nonIdempotent)
        #expect(descriptor.operation(Support.register)?.inquiry?.operation == Support.findEncounter)
        #expect(try Support.adapter().descriptor == descriptor)
    }

    @Test("how long an encounter may still turn up is a setting")
    func conclusiveAfter() throws {
        let descriptor = try Support.adapter(["inquiryConclusiveAfter": "5m"]).descriptor
        #expect(descriptor.operation(Support.register)?.inquiry?.conclusiveAfter == .seconds(300))
    }

    private static let wrong: [(String, JSONValue)] = [
        ("organizationId", ""), ("organizationId", 10_000_004), ("organizationId", "1000/0004"),
        ("organizationId", "a b"), ("inquiryConclusiveAfter", "soon"), ("clientSecret", "demo"),
    ]

    @Test("a wrong or unknown setting is named", arguments: wrong)
    func wrongSetting(key: String, value: JSONValue) {
        let error = #expect(throws: GerbangError.self) { try Support.adapter([key: value]) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("/\(key): ") == true)
    }

    @Test("what is missing is told")
    func missing() {
        var reader = SettingsReader([:])
        #expect(SATUSEHATAdapter.definition.make(&reader) == nil)
        #expect(reader.issues.map(\.pointer.description) == ["/organizationId"])
    }
}
