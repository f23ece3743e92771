internal import GerbangCore
internal import GerbangJSON
internal import GerbangRemote
internal import Testing

/// The file that an agency registers.
@Suite
struct DescriptorTests {
    @Test func everythingIsRead() throws {
        let text = Sample.text(.translate, "idempotent", egress: "[\"https://files.agency.example\"]")
        let descriptor = try RemoteDescriptor(parsing: text)
        #expect(descriptor.adapter.id == Sample.id)
        #expect(descriptor.adapter.operations.map(\.effect) == [.idempotent(key: "key"), .query])
        #expect(descriptor.adapter.operations[0].inquiry?.conclusiveAfter == .milliseconds(1))
        #expect(descriptor.egress.map(\.description) == ["https://files.agency.example"])
        #expect(descriptor.settings.map(\.name) == ["token"])
    }

    @Test(arguments: [
        ("https://127.0.0.1:9000", true), ("http://127.0.0.1:9000", true), ("http://127.0.0.2", false),
        ("https://agency.example", false),
    ])
    func instancesMayRunWhereItSays(_ address: String, _ isAllowed: Bool) throws {
        #expect(try RemoteDescriptor(parsing: Sample.text()).allows(BaseURL(address)) == isAllowed)
    }

    @Test func aNameIsNotTrustedToBeThisMachine() throws {
        let text = Sample.text().replacing("\"127.0.0.1\"", with: "\"localhost\"")
        let descriptor = try RemoteDescriptor(parsing: text)
        #expect(!descriptor.allows(try BaseURL("http://localhost:9000")))
        #expect(descriptor.allows(try BaseURL("https://localhost:9000")))
    }

    @Test(arguments: [
        ("\"remote\": 1", "\"remote\": 2", "/remote"), ("\"1.0.0\"", "\"1.0\"", "/version"),
        ("\"translate\"", "\"guess\"", "/mode"), ("[\"127.0.0.1\"]", "[]", "/hosts"),
        ("[\"127.0.0.1\"]", "[\"127.0.0.1:80\"]", "/hosts/0"), ("\"secret\"", "\"password\"", "/settings/0/kind"),
        ("\"nonIdempotent\"", "\"idempotent\"", "/operations/0/effect"),
        ("\"nonIdempotent\"", "\"careful\"", "/operations/0/effect"), ("\"find\", \"conc", "\"lost\", \"conc", ""),
        ("\"remote\": 1", "\"remote\": 1, \"colour\": 1", "/colour"), ("{\"remote\"", "[\"remote\"", ""),
    ])
    func whatIsWrongIsNamed(_ old: String, _ new: String, _ place: String) throws {
        let text = Sample.text().replacing(old, with: new)
        #expect(text != Sample.text())
        let error = try #require(throws: GerbangError.self) { try RemoteDescriptor(parsing: text) }
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains(place))
    }

    @Test func settingsAreCheckedAndSecretsAreMasked() throws {
        let definition = try RemoteDescriptor(parsing: Sample.text())
            .definition(fleet: RemoteFleet(), catalogue: .builtin())
        var wrong = SettingsReader([:])
        _ = definition.make(&wrong)
        #expect(wrong.issues.map(\.pointer.description) == ["/token"])
        var right = SettingsReader(["token": "t-0-p"])
        let adapter = try #require(definition.make(&right) as? RemoteAdapter)
        #expect(adapter.settings.revealed == ["token": "t-0-p"])
        #expect(!"\(adapter.settings)".contains("t-0-p"))
    }

    @Test func aServiceThatTheCatalogueLacksIsRefused() throws {
        let text = Sample.text().replacing("transport.inspection.book", with: "transport.inspection.guess")
        let descriptor = try RemoteDescriptor(parsing: text)
        #expect(throws: GerbangError.self) {
            try descriptor.definition(fleet: RemoteFleet(), catalogue: .builtin())
        }
    }
}
