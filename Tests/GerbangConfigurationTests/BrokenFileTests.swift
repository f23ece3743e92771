internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import Testing

@Suite("Files that cannot be read as configuration")
struct BrokenFileTests {
    private static func loading(_ path: String) throws -> [String] {
        do {
            _ = try ConfigurationFile.load(path: path, adapters: FakeAdapter.registry())
            return []
        } catch let error as ConfigurationFile.Invalid {
            #expect(error.description == error.issues.map(\.description).joined(separator: "\n"))
            return error.issues.map(\.description)
        }
    }

    private static func secret(_ reference: String) throws -> [String] {
        let head = "connections:\n  - id: a\n    adapter: semu\n    baseURL: https://a.example\n"
        return try issues(of: head + "    settings: {office: x, password: \(reference)}\n")
    }

    @Test("a file that is empty, as a full disk leaves it, is not taken for the defaults", arguments: ["", "\n \n"])
    func empty(text: String) throws {
        let told = try withFile(Array(text.utf8)) { try Self.loading($0) }
        #expect(told.count == 1 && told[0].contains("is empty"))
    }

    @Test("a service that the SOAP face cannot offer is told at once, at its place")
    func unknownFacedService() throws {
        let told = try issues(of: "soap: {services: [nope.nothing]}\n")
        #expect(
            told.count == 1 && told[0].contains("soap.services.0") && told[0].contains("no such service"),
            "\(told)"
        )
    }

    @Test("a file that is not there, and a folder, are told as such")
    func missing() throws {
        #expect(
            try Self.loading("/nowhere/c.yaml") == ["/nowhere/c.yaml: cannot be read; check the path and its rights"]
        )
        #expect(try Self.loading("/tmp") == ["/tmp: cannot be read; check the path and its rights"])
    }

    @Test(
        "a file that is not UTF-8 is told as such",
        arguments: [[0xFF, 0xFE, 0x61, 0x00], [0x61, 0x3A, 0x20, 0xE9], [0x61, 0xC0, 0x80]] as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) throws {
        let found = try withFile(bytes) { path in try (path, Self.loading(path)) }
        #expect(found.1 == ["\(found.0): is not UTF-8 text"])
    }

    @Test(
        "what is not YAML is shown at its place",
        arguments: [
            ("server:\n\tport: 1", 2), ("server:\n  port: [1", 3), ("server: {port: 1", 2), ("a: b: c", 1),
            ("server: \"x", 1),
            ("server:\n  port: 1\n bad: 2", 3), ("a: 1\n---\nb: 2\n", 2), ("a: %x\n@b: 1", 1), ("server: *gone", 1),
            ("a: \u{1}", nil),
        ] as [(String, Int?)]
    )
    func notYAML(text: String, line: Int?) throws {
        let found = try issues(of: text)
        #expect(found.count == 1)
        let first = try #require(found.first)
        #expect(first.hasPrefix(line.map { "c.yaml:\($0):" } ?? "c.yaml:"), "\(first)")
        #expect(first.contains("is not YAML"))
    }

    @Test("a field given twice is shown at its place")
    func duplicateKey() throws {
        #expect(try issues(of: "server:\n  port: 1\n  port: 2\n") == ["c.yaml:2:3: a field is given twice: port"])
        #expect(try issues(of: "log: {}\nserver: {}\n'log': {}\n") == ["c.yaml:1:1: a field is given twice: log"])
    }

    @Test(
        "anchors and aliases are refused",
        arguments: ["server: &s {port: 1}\nlog: *s\n", "server: &s {port: 1}\n", "log:\n  level: &l info\n"]
    )
    func aliases(text: String) throws {
        let found = try issues(of: text)
        #expect(found.count == 1)
        #expect(found.first?.contains("anchors and aliases are not allowed") == true)
        #expect(found.first?.hasPrefix("c.yaml:1:") == true || found.first?.hasPrefix("c.yaml:2:") == true)
    }

    @Test("aliases that multiply do no harm", .timeLimit(.minutes(10)))
    func billionLaughs() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(try issues(of: text).count == 1)
    }

    @Test(
        "a field's name must be a text",
        arguments: ["? [a]\n: 1\n", "? {a: 1}\n: 1\n", "server:\n  ? [port]\n  : 1\n"]
    )
    func nameIsNotText(text: String) throws {
        let found = try issues(of: text)
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("a field's name must be a text") == true)
        #expect(found.first?.split(separator: ":").count == 4)
    }

    @Test("nesting without end is refused", arguments: ["[", "{a: ", "- ", "? "])
    func deep(opening: String) throws {
        #expect(try !issues(of: "server: " + String(repeating: opening, count: 20_000)).isEmpty)
    }

    @Test("merging is not known")
    func merge() throws {
        #expect(
            try issues(of: "server:\n  <<: {port: 1}\n") == [
                "c.yaml:2:3: server.<<: unknown field; allowed are: behindTLS, host, maximumBodyBytes, maximumEventStreams, maximumWait, port"
            ]
        )
    }

    @Test(
        "a secret that is not to be had is told without its content",
        arguments: [
            ("{env: GERBANG_UNSET_VARIABLE}", "the environment variable GERBANG_UNSET_VARIABLE is not set"),
            ("{file: /nowhere/secret}", "the file /nowhere/secret cannot be read"),
            ("{file: /tmp}", "the file /tmp cannot be read"),
            ("{vault: x}", "must be a text, {env: NAME} or {file: PATH}"),
            ("12345678", "must be a text, {env: NAME} or {file: PATH}"),
            ("[rahasia]", "must be a text, {env: NAME} or {file: PATH}"),
            ("{env: A, file: B}", "must be a text, {env: NAME} or {file: PATH}"),
            ("{env: }", "must be a text, {env: NAME} or {file: PATH}"),
        ]
    )
    func secrets(reference: String, message: String) throws {
        #expect(try Self.secret(reference) == ["c.yaml:5:27: connections.0.settings.password: \(message)"])
    }

    @Test("a relative path of a secret begins at the configuration's folder, wherever the program runs")
    func relativeSecret() throws {
        let found = try withFile(Array("rahasia-uji\n".utf8)) { path in
            let folder = String(path.dropLast("/file".count))
            return try ["file", "./file", path, "other"].map { name in
                try Self.messages(of: name, besides: folder).map { $0.replacing(folder, with: "FOLDER") }
            }
        }
        #expect(found == [[], [], [], ["the file FOLDER/other cannot be read"]])
    }

    private static func messages(of secret: String, besides folder: String) throws -> [String] {
        let text = """
            connections:
              - id: a
                adapter: semu
                baseURL: https://a.example
                settings: {office: x, password: {file: \(secret)}}
            """
        let adapters = try FakeAdapter.registry()
        do throws(ConfigurationFile.Invalid) {
            _ = try ConfigurationFile.parse(text, file: "\(folder)/gerbang.yaml", adapters: adapters)
            return []
        } catch {
            return error.issues.map(\.message)
        }
    }

    @Test("names that stand twice, and addresses with a space, are told")
    func doubles() throws {
        let tenants = "tenants: [{id: a, name: {id: A, en: A}, regions: [\"31\"], clients: [x, y, x]}]\n"
        #expect(try issues(of: tenants) == ["c.yaml:1:58: tenants.0.clients: x is in the list twice"])
        let host = try issues(of: "server: {host: \"a b\"}\n")
        #expect(host == ["c.yaml:1:10: server.host: must be an address or a name such as 127.0.0.1, without spaces"])
    }

    @Test("an empty secret file is a mistake, as an empty variable is", arguments: ["", "\n", "  \n\n"])
    func emptySecretFile(content: String) throws {
        try withFile(Array(content.utf8)) { path in
            let found = try Self.secret("{file: \"\(path)\"}")
            #expect(found == ["c.yaml:5:27: connections.0.settings.password: the file \(path) is empty"])
        }
    }

    @Test("a secret file that is not text is told without its content")
    func binarySecretFile() throws {
        let found = try withFile([0xFF, 0x00, 0xC3]) { try Self.secret("{file: \"\($0)\"}") }
        #expect(found.count == 1)
    }

    @Test("a damaged file is refused or read, and never brings the reader down")
    func fuzz() throws {
        let original = Array(
            """
            server: {host: a, port: 1}
            connections:
              - id: a
                adapter: semu
                baseURL: "https://a.example"
                regions: ["31", ID]
                settings: {office: x, password: 'y'}
                hours:
                  weekly: [{days: [mon], opens: "08:00", closes: "09:00"}]
            """.unicodeScalars
        )
        let pieces = Array("[]{}:,-#&*!|>'\"%@` \t\r\n\0?~.0é\u{85}\u{2028}\u{FEFF}".unicodeScalars)
        var generator = SplitMix64(seed: 41)
        for round in 0..<1500 {
            var scalars = original
            for _ in 0...(round % 4) {
                let place = Int.random(in: 0..<scalars.count, using: &generator)
                switch round % 3 {
                case 0: scalars[place] = pieces.randomElement(using: &generator) ?? " "
                case 1: scalars.insert(pieces.randomElement(using: &generator) ?? " ", at: place)
                default: scalars.remove(at: place)
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            #expect(try issues(of: String(text)).allSatisfy { $0.hasPrefix("c.yaml:") })
        }
    }
}
