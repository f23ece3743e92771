internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("Settings, field by field")
struct SettingsReaderTests {
    /// What a reader made of one value, as text, and the issues.
    struct Reading: Sendable, CustomTestStringConvertible {
        var name: String
        var read: @Sendable (inout SettingsReader) -> String?

        init(_ name: String, _ read: @escaping @Sendable (inout SettingsReader) -> String?) {
            self.name = name
            self.read = read
        }

        var testDescription: String { name }
    }

    private static let half = JSONNumber("0.5") ?? 0

    private static func positive(_ text: String) throws(GerbangError) -> Int {
        guard let number = Int(text), number > 0 else { throw GerbangError(.invalidInput, "must be positive") }
        return number
    }

    private static let string = Reading("string") { $0.string("a") }
    private static let optionalString = Reading("optionalString") { $0.optionalString("a") }
    private static let int = Reading("int") { "\($0.int("a", in: 1...10, default: 5))" }
    private static let double = Reading("optionalDouble") { $0.optionalDouble("a", atLeast: 0.5).map { "\($0)" } }
    private static let bool = Reading("bool") { "\($0.bool("a", default: true))" }
    private static let duration = Reading("duration") { $0.duration("a").map { "\($0.milliseconds)" } }
    private static let durationOr = Reading("duration or") { "\($0.duration("a", default: .seconds(9)).milliseconds)" }
    private static let value = Reading("value") { $0.value("a", positive).map { "\($0)" } }
    private static let optionalValue = Reading("optionalValue") { $0.optionalValue("a", positive).map { "\($0)" } }
    private static let choice = Reading("choice") { "\($0.choice("a", [("x", 1), ("y", 2)], default: 0))" }
    private static let secret = Reading("secret") { $0.secret("a")?.revealed }
    private static let optionalSecret = Reading("optionalSecret") { $0.optionalSecret("a")?.revealed }
    private static let json = Reading("json") { $0.json("a")?.text() }
    private static let optionalJSON = Reading("optionalJSON") { $0.optionalJSON("a")?.text() }
    private static let localized = Reading("localizedText") {
        $0.localizedText("a").map { "\($0.indonesian)|\($0.english)" }
    }
    private static let texts = Reading("texts") { $0.texts("a", positive).map { "\($0)" } }
    private static let list = Reading("list") { "\($0.list("a") { $0.string("b") })" }
    private static let object = Reading("object") { $0.object("a") { $0.string("b") } }

    @Test(
        "the right value is read without an issue",
        arguments: [
            (string, "text", "text"), (string, "", ""), (optionalString, "text", "text"), (int, 1, "1"),
            (int, 10, "10"),
            (double, 1, "1.0"), (double, .number(half), "0.5"), (bool, false, "false"), (duration, "5m", "300000"),
            (durationOr, "250ms", "250"), (value, "7", "7"), (optionalValue, "7", "7"), (choice, "y", "2"),
            (secret, "rahasia", "rahasia"), (secret, ["env": "NAME"], "env/NAME"),
            (optionalSecret, ["file": "/p"], "file//p"),
            (json, [1, nil], "[1,null]"), (optionalJSON, 3, "3"), (localized, ["id": "satu", "en": "one"], "satu|one"),
            (texts, ["1", "2"], "[1, 2]"), (texts, [], "[]"), (list, [["b": "x"], ["b": "y"]], #"["x", "y"]"#),
            (list, [], "[]"), (object, ["b": "x"], "x"),
        ] as [(Reading, JSONValue, String)]
    )
    func right(reading: Reading, value: JSONValue, expected: String) {
        var reader = Self.reader(["a": value])
        #expect(reading.read(&reader) == expected)
        reader.reportUnknownKeys()
        #expect(reader.issues.isEmpty)
    }

    @Test(
        "what is missing takes the default, or is reported when it is required",
        arguments: [
            (string, nil, "is required"), (optionalString, nil, nil), (int, "5", nil), (double, nil, nil),
            (bool, "true", nil),
            (duration, nil, "is required"), (durationOr, "9000", nil), (value, nil, "is required"),
            (optionalValue, nil, nil),
            (choice, "0", nil), (secret, nil, "is required"), (optionalSecret, nil, nil), (json, nil, "is required"),
            (optionalJSON, nil, nil), (localized, nil, "is required"), (texts, nil, nil), (list, "[]", nil),
            (object, nil, nil),
        ] as [(Reading, String?, String?)]
    )
    func missing(reading: Reading, expected: String?, message: String?) {
        var reader = Self.reader([:])
        #expect(reading.read(&reader) == expected)
        #expect(reader.issues.map(\.message) == (message.map { [$0] } ?? []))
        #expect(reader.issues.allSatisfy { $0.pointer.description == "/top/a" })
        guard reading.name.contains("JSON") == false, reading.name != "json" else { return }
        // Everywhere else null means absent.
        var null = Self.reader(["a": nil])
        #expect(reading.read(&null) == expected)
        #expect(null.issues == reader.issues)
    }

    @Test(
        "the wrong type is reported once, with what would be right",
        arguments: [
            (string, 7, "must be a text"), (string, ["x"], "must be a text"), (optionalString, true, "must be a text"),
            (int, "7", "must be a whole number from 1 to 10"), (int, 0, "must be a whole number from 1 to 10"),
            (int, 11, "must be a whole number from 1 to 10"),
            (int, .number(half), "must be a whole number from 1 to 10"),
            (double, "1", "must be a number of at least 0.5"), (double, 0, "must be a number of at least 0.5"),
            (bool, "true", "must be true or false"), (bool, 1, "must be true or false"),
            (duration, 30, "must be a duration such as 250ms, 30s, 5m, 2h or 3d"),
            (duration, "30", "must be a duration such as 250ms, 30s, 5m, 2h or 3d"),
            (durationOr, "soon", "must be a duration such as 250ms, 30s, 5m, 2h or 3d"), (value, 7, "must be a text"),
            (value, "-7", "must be positive"), (optionalValue, "x", "must be positive"),
            (choice, "z", "must be one of x, y"),
            (choice, 1, "must be one of x, y"), (secret, 7, "must be a text, {env: NAME} or {file: PATH}"),
            (secret, ["vault": "x"], "must be a text, {env: NAME} or {file: PATH}"),
            (secret, ["env": "x", "file": "y"], "must be a text, {env: NAME} or {file: PATH}"),
            (secret, ["env": 1], "must be a text, {env: NAME} or {file: PATH}"),
            (secret, [:], "must be a text, {env: NAME} or {file: PATH}"),
            (secret, ["env": "MISSING"], "it is not there"),
            (localized, "satu", "must be a text in both languages: {id: …, en: …}"),
            (localized, ["id": "satu"], "must be a text in both languages: {id: …, en: …}"),
            (texts, "1", "must be a list of texts"), (list, ["b": "x"], "must be a list"),
            (object, "x", "must be an object with named fields"), (object, [1], "must be an object with named fields"),
        ] as [(Reading, JSONValue, String)]
    )
    func wrong(reading: Reading, value: JSONValue, message: String) {
        var reader = Self.reader(["a": value])
        _ = reading.read(&reader)
        reader.reportUnknownKeys()
        #expect(reader.issues == [SettingsIssue(pointer: JSONPointer(tokens: ["top", "a"]), message: message)])
    }

    @Test("numbers that no machine number holds are refused, not rounded")
    func hugeNumbers() throws {
        for text in ["1e400", "99999999999999999999", "1.0000000000000000001"] {
            var reader = Self.reader(["a": try JSONValue(parsing: Array(text.utf8))])
            #expect(reader.int("a", in: .min ... .max, default: 3) == 3)
            #expect(reader.issues.count == 1)
        }
        var reader = Self.reader(["a": try JSONValue(parsing: Array("1e400".utf8))])
        #expect(reader.optionalDouble("a", atLeast: 0) == nil)
        #expect(reader.issues.count == 1)
    }

    private static func reader(_ value: JSONValue) -> SettingsReader {
        SettingsReader(value, at: JSONPointer(tokens: ["top"])) { kind, name throws(GerbangError) in
            guard name != "MISSING" else { throw GerbangError(.invalidConfiguration, "it is not there") }
            return "\(kind)/\(name)"
        }
    }
}
