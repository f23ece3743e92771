internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("Settings as a whole")
struct SettingsStructureTests {
    private static func lines(_ reader: SettingsReader) -> [String] {
        reader.issues.map { "\($0.pointer) \($0.message)" }
    }

    @Test("everything that is wrong is told at once, each at its place")
    func allAtOnce() {
        var reader = SettingsReader([
            "name": 1, "nested": ["deep": ["port": "x", "extra": true]],
            "items": [["n": "a"], "b", ["n": 2], ["n": "c", "o": 1]], "zones": ["1", 2, "x"], "surplus": nil,
            "a/b~c": 1,
        ])
        #expect(reader.string("name") == nil)
        #expect(reader.string("absent") == nil)
        let port = reader.object("nested") { $0.object("deep") { $0.int("port", in: 1...9, default: 4) } }
        #expect(port == 4)
        #expect(reader.list("items") { $0.string("n") } == ["a", "c"])
        let zones = reader.texts("zones") { text throws(GerbangError) in
            guard let number = Int(text) else { throw GerbangError(.invalidInput, "must be a digit") }
            return number
        }
        #expect(zones == [1])
        reader.report("is not enough")
        let error = failure { () throws(GerbangError) in try reader.finish(describing: "the connection") }
        #expect(
            Self.lines(reader) == [
                "/name must be a text", "/absent is required", "/nested/deep/port must be a whole number from 1 to 9",
                "/nested/deep/extra unknown field; allowed are: port", "/items/1 must be an object with named fields",
                "/items/2/n must be a text", "/items/3/o unknown field; allowed are: n",
                "/zones/1 must be a text (numbers need quotes)", "/zones/2 must be a digit", " is not enough",
                "/surplus unknown field; allowed are: absent, items, name, nested, zones",
                "/a~1b~0c unknown field; allowed are: absent, items, name, nested, zones",
            ]
        )
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.field?.description == "/name")
        #expect(error?.message.hasPrefix("the connection: /name: must be a text; /absent: is required; ") == true)
    }

    @Test("a document that is right ends without an error")
    func clean() throws {
        var reader = SettingsReader(["a": "x"])
        #expect(reader.string("a") == "x")
        try reader.finish(describing: "it")
        #expect(reader.issues.isEmpty)
    }

    @Test(
        "what is not an object says so once, whatever is read from it",
        arguments: [[1], "x", 7, nil, true] as [JSONValue]
    )
    func notAnObject(value: JSONValue) {
        var reader = SettingsReader(value, at: JSONPointer(tokens: ["c"]))
        #expect(reader.string("a") == nil)
        #expect(reader.secret("b") == nil)
        #expect(reader.list("d") { $0.string("e") }.isEmpty)
        reader.reportUnknownKeys()
        #expect(Self.lines(reader) == ["/c must be an object with named fields"])
    }

    @Test("a text in both languages that is the whole object is read")
    func wholeText() {
        var reader = SettingsReader([
            "l": [["id": "satu", "en": "one"], ["id": "dua"], ["id": "a", "en": "b", "fr": "c"]]
        ])
        let texts = reader.list("l") { $0.wholeLocalizedText() }
        #expect(texts == [LocalizedText(id: "satu", en: "one"), LocalizedText(id: "a", en: "b")])
        #expect(
            Self.lines(reader) == [
                "/l/1 must be a text in both languages: {id: …, en: …}", "/l/2/fr unknown field; allowed are: en, id",
            ]
        )
    }

    @Test("a third language within a text is an unknown field")
    func thirdLanguage() {
        var reader = SettingsReader(["t": ["id": "satu", "en": "one", "fr": "un"]])
        _ = reader.localizedText("t")
        reader.reportUnknownKeys()
        #expect(reader.issues.count == 1)
    }

    @Test("secrets reach nested objects and are not available unless somebody gives them")
    func secrets() {
        var reader = SettingsReader(["n": ["s": ["env": "X"]]]) { kind, name throws(GerbangError) in kind + name }
        #expect(reader.object("n") { $0.secret("s") }?.revealed == "envX")
        var bare = SettingsReader(["s": ["file": "/etc/hostname"]])
        #expect(bare.secret("s") == nil)
        #expect(Self.lines(bare) == ["/s secrets from 'file' are not available here"])
    }

    @Test("no issue repeats a value")
    func noValues() {
        var reader = SettingsReader([
            "a": ["rahasia"], "b": "rahasia", "c": ["env": "x", "rahasia": "y"], "d": "rahasia", "e": "rahasia",
            "f": "rahasia",
        ])
        _ = reader.string("a")
        _ = reader.int("b", in: 0...1, default: 0)
        _ = reader.secret("c")
        _ = reader.duration("d")
        _ = reader.value("e") { text throws(GerbangError) in try BaseURL(text) }
        _ = reader.value("f") { text throws(GerbangError) in try Region(text) }
        #expect(reader.issues.count == 6)
        #expect(reader.issues.allSatisfy { !$0.message.contains("rahasia") })
    }

    @Test("has tells of a value that is not null")
    func has() {
        let reader = SettingsReader(["a": 1, "b": nil, "c": false])
        #expect(reader.has("a") && reader.has("c"))
        #expect(!reader.has("b") && !reader.has("d"))
    }
}
