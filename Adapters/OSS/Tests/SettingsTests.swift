internal import GerbangCore
internal import GerbangJSON
internal import OSSAdapter
internal import Testing

@Suite("The adapter's description and settings")
struct SettingsTests {
    @Test("the description holds together and its services are in the catalogue")
    func description() throws {
        let registry = try AdapterRegistry([OSSAdapter.definition])
        let descriptor = try #require(registry.descriptors.first)
        let catalogue = try ServiceCatalogue.builtin()
        for operation in descriptor.operations {
            #expect(try catalogue[#require(operation.service)] != nil)
            #expect((operation.effect == .nonIdempotent) == (operation.inquiry != nil))
        }
        #expect(descriptor.operations.map(\.id) == OSSOperation.allCases.map(\.id))
        #expect(try Support.adapter().descriptor == descriptor)
    }

    @Test("how long a doubtful call may be at work is a setting")
    func conclusiveAfter() throws {
        let adapter = try Support.adapter(["inquiryConclusiveAfter": "90s"])
        let inquiry = adapter.descriptor.operation(OSSOperation.receiveLicense.id)?.inquiry
        #expect(inquiry?.conclusiveAfter == .seconds(90))
    }

    private static let wrong: [(String, JSONValue)] = [
        ("institution", ""), ("institution", "22"), ("institution", "0220"), ("institution", 22),
        ("institution", "abc"), ("userKey", ""), ("userKey", "a b"), ("userKey", "a\nb"), ("userKey", 1),
        ("inquiryConclusiveAfter", 300), ("inquiryConclusiveAfter", "soon"), ("password", "x"),
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
        #expect(OSSAdapter.definition.make(&reader) == nil)
        #expect(reader.issues.map(\.pointer.description) == ["/institution"])
    }
}
