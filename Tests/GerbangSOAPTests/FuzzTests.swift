internal import Foundation
internal import GerbangFuzzing
internal import GerbangJSON
internal import GerbangSOAP
internal import Testing

@Suite("Random descriptions, messages and multipart bodies")
struct FuzzTests {
    private static let root: String = {
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    }()

    @Test("No description crashes, hangs or has samples that do not come back", arguments: 1...4)
    func descriptions(seed: Int) throws {
        let report = try WSDLTarget(projectRoot: Self.root).run(seed: UInt64(seed), executions: 60)
        #expect(report.valid > 0)
    }

    @Test("No message crashes or hangs, and what is read can be written", arguments: 1...4)
    func messages(seed: Int) throws {
        let report = try MessageTarget(projectRoot: Self.root).run(seed: UInt64(seed), executions: 400)
        #expect(report.valid > 0)
    }

    @Test("No multipart body crashes or hangs", arguments: 1...4)
    func multipart(seed: Int) throws {
        let report = try MultipartTarget().run(seed: UInt64(seed), executions: 2_000)
        #expect(report.valid > 0)
    }

    /// For so many seconds each, by `GERBANG_FUZZ_SECONDS`.
    private static let seconds = ProcessInfo.processInfo.environment["GERBANG_FUZZ_SECONDS"].flatMap { Double($0) } ?? 0

    @Test("The same for a long time", .enabled(if: seconds > 0), arguments: ["wsdl", "soap", "mime"])
    func long(name: String) throws {
        let target = try #require(FuzzTargets.all(projectRoot: Self.root).first { $0.name == name })
        let end = Date() + Self.seconds
        var seed = UInt64(Date().timeIntervalSince1970)
        var executions = 0
        while Date() < end {
            do {
                executions += try target.run(seed: seed, executions: 50).executions
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            seed += 1
        }
        #expect(executions > 0)
        print("\(name): \(executions) executions")
    }

    // MARK: What was found

    private static let binary = #"<xs:element name="request" type="xs:base64Binary"/>"#

    @Test("Characters that are none of base64's are refused, although libxml2 passes over them")
    func looseBase64() throws {
        let operation = try Fixture.operation(schema: Self.binary)
        #expect(try operation.decodeRequest(envelope("<t:request>QU\n I=</t:request>")).body == "QUI=")
        #expect(refusal { _ = try operation.decodeRequest(envelope("<t:request>Q!U?I=</t:request>")) }?.code == .xml)
    }

    @Test(
        "What is read of a date can be written, up to the same number of digits in the year",
        arguments: [
            ("date", "123456789-01-01"), ("dateTime", "-123456789-01-01T00:00:00Z"), ("gYear", "123456789"),
            ("gYearMonth", "2026-02"), ("time", "24:00:00"), ("gMonthDay", "--02-29"),
            ("duration", "-P1Y2M3DT4H5M6.7S"),
        ]
    )
    func dates(type: String, text: String) throws {
        let operation = try Fixture.operation(schema: "<xs:element name=\"request\" type=\"xs:\(type)\"/>")
        func read(_ text: String) throws -> JSONValue {
            try operation.decodeRequest(envelope("<t:request>\(text)</t:request>")).body
        }
        let body = try read(text)
        #expect(body == .string(text))
        #expect(try operation.decodeRequest(operation.encodeRequest(body)).body == body)
        guard text.contains("123456789") else { return }
        let error = refusal { _ = try read(text.replacingOccurrences(of: "123456789", with: "1234567890")) }
        #expect(error?.code == .xml)
        #expect(error?.message.contains("more than 9 digits") == true)
    }

    @Test("A line break in the name of a namespace comes back")
    func namespaceWithLineBreak() throws {
        let operation = try Fixture.operation(schema: #"<xs:element name="request"/>"#)
        let content = try operation.decodeRequest(envelope("<t:request><a xmlns=\"u&#10;v\">1</a></t:request>"))
        let again = try operation.encodeRequest(content.body)
        #expect(try operation.decodeRequest(again).body == content.body)
    }

    @Test("White space around the name of a local element is none of the name")
    func paddedName() throws {
        let operation = try Fixture.operation(
            schema:
                #"<xs:element name="request"><xs:complexType><xs:sequence><xs:element name=" a " type="xs:int"/></xs:sequence></xs:complexType></xs:element>"#
        )
        let input: JSONValue = ["a": 1]
        #expect(try operation.decodeRequest(operation.encodeRequest(input)).body == input)
    }
}
