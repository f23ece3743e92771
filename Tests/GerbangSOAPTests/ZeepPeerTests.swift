internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangTesting
internal import GerbangXML
internal import Testing

/// Judges messages with libraries that are not ours: `Tests/Peers/zeep/judge.py`.
///
/// They come from PyPI into a virtual environment.
struct ZeepPeer {
    private let python: PythonEnvironment

    /// A peer, or `nil` where Python, its module `venv` or PyPI is out of reach.
    init?() async {
        guard let python = await PythonEnvironment.shared(PythonEnvironment.soap) else { return nil }
        self.python = python
    }

    /// One verdict for each case.
    func verdicts(on cases: [JSONValue]) async throws -> [String] {
        let script = "\(Fixture.folder)/../../Peers/zeep/judge.py"
        let printed = await python.run(script, input: cases.map { $0.text() + "\n" }.joined())
        return try #require(printed).split(separator: "\n").map { String($0) }
    }
}

@Suite("SOAP libraries nobody here wrote")
struct ZeepPeerTests {
    private static let skipped: Comment = "needs python3 with venv, and PyPI"

    /// Descriptions, and whether zeep understands all of them; it knows no substitution groups, mixed content and `INF`.
    private static let descriptions = [
        ("calculator", true), ("nillable", true), ("restriction", true), ("names", true), ("exchange", true),
        ("encodings/latin1", true), ("vies", true), ("sap", true), ("bni", true), ("facets", false),
        ("builtins", false),
        ("models", false), ("shapes", false), ("mixed", false), ("recursion", false), ("extensions", false),
        ("dataset", false), ("imports/Service.Orders_1.0.0", false),
    ]

    @Test(
        "Samples are valid for xmlschema, and zeep writes them as we do",
        .enabled(skipped) { await ZeepPeer() != nil },
        .timeLimit(.minutes(10))
    )
    func everything() async throws {
        let peer = try #require(await ZeepPeer())
        var cases: [JSONValue] = []
        for (name, isUnderstood) in Self.descriptions {
            for operation in try Fixture.load(name).operations {
                for kind in operation.messageKinds {
                    if case .fault = kind { continue }
                    let bytes = try operation.envelope(kind, operation.sample(kind))
                    guard let content = try SOAPEnvelope(XMLDocument(parsing: bytes)).content else { continue }
                    cases.append([
                        "wsdl": .string("\(Fixture.folder)/\(name).wsdl"), "zeep": .bool(isUnderstood),
                        "xml": .string(String(decoding: try content.canonical(.inclusive), as: UTF8.self)),
                    ])
                }
            }
        }
        let verdicts = try await peer.verdicts(on: cases)
        #expect(verdicts.count == cases.count)
        for (verdict, item) in zip(verdicts, cases) { #expect(verdict == "good", "\(item.text())") }
    }
}
