internal import DukcapilAdapter
internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("The adapter's description and settings", .bothPackagings)
struct SettingsTests {
    @Test("the description holds together and its services are in the catalogue")
    func description() throws {
        let registry = try AdapterRegistry([Support.definition])
        let descriptor = try #require(registry.descriptors.first)
        let catalogue = try ServiceCatalogue.builtin()
        for operation in descriptor.operations {
            #expect(operation.effect == .query)
            #expect(try catalogue[#require(operation.service)] != nil)
        }
        #expect(try Support.adapter().descriptor == descriptor)
    }

    private static let wrong: [(String, JSONValue)] = [
        ("institution", ""), ("institution", "a//b"), ("institution", "../x"), ("institution", "a b"),
        ("institution", 31), ("userId", ""), ("password", ""), ("password", 1), ("clientAddress", "jakarta"),
        ("clientAddress", ""), ("verifyMethod", "a/b"), ("lookupMethod", ""), ("dateFormat", "us"),
        ("threshold", 101), ("threshold", "90"), ("serviceDayZone", "UTC"), ("opensAt", "6:00"), ("opensAt", "24:00"),
        ("opensAt", 360), ("credentialNames", "upper"), ("timeout", "5s"),
    ]

    @Test("a wrong or unknown setting is named", arguments: wrong)
    func wrongSetting(key: String, value: JSONValue) {
        let error = #expect(throws: GerbangError.self) { try Support.adapter([key: value]) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("/\(key): ") == true)
    }

    @Test("everything that is missing is told at once")
    func missing() {
        var reader = SettingsReader([:])
        #expect(Support.definition.make(&reader) == nil)
        #expect(reader.issues.map(\.pointer.description) == ["/institution", "/userId", "/password", "/clientAddress"])
    }
}
