import Foundation
import GerbangJSON
import GerbangTesting
import HTTPTypes
import Synchronization
import Testing

/// The executable that stands beside these tests, run as an operator runs it.
enum Tool {
    struct Result {
        var status: Int32
        var output: String
        var notes: String

        var json: JSONValue { (try? JSONValue(parsing: Array(output.utf8))) ?? .null }
    }

    private static let path: String? = {
        let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let places = [runner, CommandLine.arguments.first, Bundle.main.executablePath].compactMap(\.self)
        return places.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appending(path: "gerbang").path }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static func run(_ arguments: String..., folder: URL? = nil) throws -> Result {
        try run(arguments, folder: folder)
    }

    static func run(_ arguments: [String], folder: URL? = nil) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        // To files: a full pipe would hold the process.
        let places = ["output", "notes"].map { name in
            FileManager.default.temporaryDirectory.appending(path: "gerbang-cli-\(UUID().uuidString)-\(name)")
        }
        defer { for place in places { try? FileManager.default.removeItem(at: place) } }
        for place in places { _ = FileManager.default.createFile(atPath: place.path, contents: nil) }
        process.standardOutput = try FileHandle(forWritingTo: places[0])
        process.standardError = try FileHandle(forWritingTo: places[1])
        try process.run()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            output: try String(contentsOf: places[0], encoding: .utf8),
            notes: try String(contentsOf: places[1], encoding: .utf8)
        )
    }
}

@Suite("gerbang soap")
struct SOAPCommandTests {
    private static let root: URL = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder
    }()

    private static let calculator = root.appending(path: "Tests/GerbangSOAPTests/Fixtures/calculator.wsdl").path

    /// Descriptions of others, relative to their folder; none where the conformance data is not at hand.
    static let conformance = root.appending(path: "../shared/conformance/wsdl").standardizedFileURL
    static let others: [String] = {
        let names = FileManager.default.enumerator(atPath: conformance.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(".wsdl") }.sorted()
    }()

    @Test("describe tells services, ports and operations, and the JSON Schema of one")
    func describe() throws {
        let told = try Tool.run("soap", "describe", Self.calculator)
        #expect(told.status == 0, "\(told.notes)")
        #expect(told.output.contains("service Service") && told.output.contains("SOAP 1.1"), "\(told.output)")
        let json = try Tool.run("soap", "describe", Self.calculator, "--json").json
        #expect(json["services"]?.arrayValue?.first?["name"] == "Service")
        let schema = try Tool.run("soap", "describe", Self.calculator, "--schema", "Add")
        #expect(schema.status == 0)
        #expect(schema.json["input"]?["title"] == "Add input", "\(schema.output)")
        let unknown = try Tool.run("soap", "describe", Self.calculator, "--schema", "Addd")
        #expect(unknown.status == 2 && unknown.notes.contains("there are: Add"), "\(unknown.notes)")
        let missing = try Tool.run("soap", "describe", "/no/such.wsdl")
        #expect(missing.status == 2 && missing.notes.contains("cannot be used"), "\(missing.notes)")
    }

    @Test("sample makes JSON, XML, or both, that fit the description")
    func sample() throws {
        let json = try Tool.run("soap", "sample", Self.calculator, "Add")
        #expect(json.json["intA"]?.numberValue != nil, "\(json.output)")
        let xml = try Tool.run("soap", "sample", Self.calculator, "Add", "--output", "--xml")
        #expect(xml.output.contains("AddResponse") && xml.output.contains("Envelope"))
        let both = try Tool.run("soap", "sample", Self.calculator, "Add", "--json").json
        #expect(both["body"] == json.json && both["envelope"]?.stringValue?.contains("<") == true)
        #expect(try Tool.run("soap", "sample", Self.calculator, "Add", "--output", "--fault", "x").status == 2)
        let fault = try Tool.run("soap", "sample", Self.calculator, "Add", "--fault", "nope")
        #expect(fault.status == 2 && fault.notes.contains("there are: input, output"), "\(fault.notes)")
        for unknown in [
            try Tool.run("soap", "sample", Self.calculator, "nope"),
            try Tool.run("soap", "call", Self.calculator, "nope", "--input", "{}"),
        ] {
            #expect(unknown.status == 2 && unknown.notes.contains("there are: Add"), "\(unknown.notes)")
        }
    }

    @Test("call sends what fits and tells the answer, a fault, and an answer that breaks the contract")
    func call() throws {
        let content = Mutex("")
        let count = Mutex(0)
        let server = try LoopbackServer { _ in
            count.withLock { $0 += 1 }
            let envelope = "http://schemas.xmlsoap.org/soap/envelope/"
            let body = content.withLock { $0 }
            return .text(
                "<s:Envelope xmlns:s=\"\(envelope)\"><s:Body>\(body)</s:Body></s:Envelope>",
                contentType: "text/xml"
            )
        }
        defer { server.stop() }
        func call(_ answer: String, _ input: String = "{\"intA\": 1, \"intB\": 2}") throws -> Tool.Result {
            content.withLock { $0 = answer }
            return try Tool.run("soap", "call", Self.calculator, "Add", "--input", input, "--url", server.baseURL)
        }
        let sum = try call("<AddResponse xmlns=\"urn:example:calculator\"><AddResult>3</AddResult></AddResponse>")
        #expect(sum.status == 0 && sum.json == ["AddResult": 3], "\(sum)")
        let fault = try call("<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring></s:Fault>")
        #expect(fault.status == 1 && fault.json["fault"]?["code"] == "s:Server", "\(fault)")
        let broken = try call("<AddResponse xmlns=\"urn:example:calculator\"><AddResult>x</AddResult></AddResponse>")
        #expect(broken.status == 1 && broken.notes.contains("does not fit the contract"), "\(broken)")
        let before = count.withLock { $0 }
        let refused = try call("", "{\"intA\": \"many\", \"intB\": 2}")
        #expect(refused.status == 2 && refused.notes.contains("/intA"), "\(refused)")
        #expect(count.withLock { $0 } == before)
    }

    @Test("call sends files beside the envelope and puts those of the answer into a folder")
    func attachments() throws {
        let folder = try TemporaryFolder()
        let description = """
            <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
              xmlns:t="urn:example:deeds" xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:example:deeds">
              <types><x:schema targetNamespace="urn:example:deeds"><x:element name="deed" type="x:base64Binary"/></x:schema></types>
              <message name="m"><part name="p" element="t:deed"/></message>
              <portType name="P"><operation name="mirror"><input message="t:m"/><output message="t:m"/></operation></portType>
              <binding name="B" type="t:P"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="mirror">
                <s:operation soapAction=""/><input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
              <service name="S"><port name="P" binding="t:B"><s:address location="http://localhost/"/></port></service>
            </definitions>
            """
        try folder.write(description, to: "deeds.wsdl")
        let content = String(repeating: "Akta contoh\r\n", count: 50_000)
        try folder.write(content, to: "deed.txt")
        // It gives back what it got, parts and all.
        let server = try LoopbackServer { request in
            .respond(headerFields: [.contentType: request.headerFields[.contentType] ?? ""], body: request.body)
        }
        defer { server.stop() }
        func call(_ arguments: [String]) throws -> Tool.Result {
            try Tool.run(
                ["soap", "call", folder.path("deeds.wsdl"), "mirror", "--url", server.baseURL] + arguments,
                folder: folder.url
            )
        }
        let named = ["--input", "{\"#attachment\": \"deed\"}", "--attach", "deed=deed.txt;text/plain"]
        let answer = try call(named + ["--mtom", "--attachments", "."])
        #expect(answer.status == 0, "\(answer)")
        let name = try #require(answer.json["#attachment"]?.stringValue, "\(answer.output)")
        #expect(try String(contentsOf: folder.url.appending(path: name), encoding: .utf8) == content)
        let whole = try call(named + ["--mtom"])
        #expect(whole.json == .string(Data(content.utf8).base64EncodedString()))
        let inline = try call(named)
        #expect(inline.json == whole.json)
        let missing = try call(["--input", "{\"#attachment\": \"deed\"}", "--attach", "deed=nowhere.txt"])
        #expect(missing.status == 2 && missing.notes.contains("plain file"), "\(missing)")
        for wrong in ["deed=;", "deed", "=x", "deed=;text/plain"] {
            let mistake = try call(["--input", "{\"#attachment\": \"deed\"}", "--attach", wrong])
            #expect(mistake.status == 2, "\(mistake)")
        }
        let nowhere = try call(named + ["--mtom", "--attachments", "nowhere"])
        #expect(nowhere.status == 2 && nowhere.notes.contains("--attachments"), "\(nowhere)")
        let unnamed = try call(["--input", "\"QUJD\"", "--attach", "deed=deed.txt"])
        #expect(unnamed.status == 2 && unnamed.notes.contains("nowhere"), "\(unnamed)")
    }

    @Test("fetch copies a description and what it imports, and says what it could not get")
    func fetch() throws {
        let folder = try TemporaryFolder()
        let original = try String(contentsOfFile: Self.calculator, encoding: .utf8)
        let server = try LoopbackServer { request in
            switch request.target {
            case "/calc?wsdl": .text(original, contentType: "text/xml")
            case "/moved": .respond(status: 301, headerFields: [.location: "/calc?wsdl"])
            default: .respond(status: 404)
            }
        }
        defer { server.stop() }
        let fetched = try Tool.run(
            "soap",
            "fetch",
            server.baseURL + "/calc?wsdl",
            "--folder",
            "copy",
            folder: folder.url
        )
        #expect(fetched.status == 0 && fetched.output == "wrote copy/calc.wsdl\n", "\(fetched)")
        #expect(try Tool.run("soap", "check", "copy/calc.wsdl", folder: folder.url).status == 0)
        let again = try Tool.run("soap", "fetch", server.baseURL + "/calc?wsdl", "--folder", "copy", folder: folder.url)
        #expect(again.status == 2 && again.notes.contains("already"), "\(again)")
        let moved = try Tool.run("soap", "fetch", server.baseURL + "/moved")
        #expect(moved.status != 0 && moved.notes.contains("leads to /calc?wsdl"), "\(moved)")
        #expect(try Tool.run("soap", "fetch", "file:///etc/passwd").status != 0)
    }

    @Test("check prints a line for each operation, also as JSON")
    func check() throws {
        let checked = try Tool.run("soap", "check", Self.calculator)
        #expect(checked.status == 0, "\(checked.output)")
        let json = try Tool.run("soap", "check", Self.calculator, "--json").json
        let operations = try #require(json["files"]?.arrayValue?.first?["operations"]?.arrayValue)
        #expect(checked.output.split(separator: "\n").filter { $0.hasPrefix("ok") }.count == operations.count)
        let mixed = try Tool.run("soap", "check", Self.calculator, "/no/such.wsdl")
        #expect(mixed.status == 1 && mixed.output.contains("refused") && mixed.output.contains("ok"))
    }

    @Test(
        "check passes the descriptions of others, with a line for each operation",
        .enabled("needs the conformance data") { !others.isEmpty },
        arguments: others.filter { !$0.contains("negative") }
    )
    func passing(name: String) throws {
        let path = Self.conformance.appending(path: name).path
        let checked = try Tool.run("soap", "check", path)
        #expect(checked.status == 0, "\(checked.output)")
        let described = try Tool.run("soap", "describe", path, "--json").json
        let ports = (described["services"]?.arrayValue ?? []).flatMap { $0["ports"]?.arrayValue ?? [] }
        let count = ports.flatMap { $0["operations"]?.arrayValue ?? [] }.count
        let lines = checked.output.split(separator: "\n").filter { $0.hasPrefix("ok") }
        #expect(lines.count == max(count, 1), "\(checked.output)")
    }

    @Test(
        "check refuses broken descriptions of others, with a reason and without a file or network access",
        .enabled("needs the conformance data") { !others.isEmpty },
        arguments: others.filter { $0.contains("negative") }
    )
    func refused(name: String) throws {
        let checked = try Tool.run("soap", "check", Self.conformance.appending(path: name).path)
        #expect(checked.status == 1)
        let lines = checked.output.split(separator: "\n")
        #expect(lines.count == 1 && lines[0].hasPrefix("refused") && lines[0].count > 40, "\(checked.output)")
        #expect(!checked.output.contains("root:"))
    }
}
