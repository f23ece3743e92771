internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML
internal import Testing

@testable internal import TransportAdapter

@Suite("Hostile answers of a transport agency", .bothPackagings)
struct HostileAnswerTests {
    private static let vehicle = "<plate>&x;</plate><make>M</make><model>N</model><year>2019</year>"

    private static func withDocumentType(_ declaration: String) -> String {
        "<!DOCTYPE e:Envelope [\(declaration)]>"
            + Sample.envelope("<getVehicleResponse><vehicle>\(vehicle)</vehicle></getVehicleResponse>")
    }

    private static let laughs = (1...9).map { "<!ENTITY l\($0) \"&l\($0 - 1);&l\($0 - 1);&l\($0 - 1);&l\($0 - 1);\">" }

    static let bodies: [(String, [UInt8])] = [
        ("empty", []),
        ("one byte", [0x3C]),
        ("an external entity", Array(withDocumentType("<!ENTITY x SYSTEM \"file:///etc/hostname\">").utf8)),
        ("an external subset", Array("<!DOCTYPE a SYSTEM \"http://127.0.0.1:1/x.dtd\"><a/>".utf8)),
        ("a parameter entity", Array(withDocumentType("<!ENTITY % p SYSTEM \"file:///etc/hostname\"> %p;").utf8)),
        (
            "a billion laughs",
            Array(withDocumentType("<!ENTITY l0 \"ha\">\(laughs.joined())<!ENTITY x \"&l9;\">").utf8)
        ),
        ("deep nesting", Array(String(repeating: "<a>", count: 3_500_000).utf8)),
        ("deep nesting in a body", Array(Sample.envelope(String(repeating: "<a>", count: 200_000)).utf8)),
        ("many elements", Array(Sample.envelope(String(repeating: "<a/>", count: 600_000)).utf8)),
        ("a long attribute", Array("<a b=\"\(String(repeating: "x", count: 2_000_000))\"/>".utf8)),
        ("an unknown encoding", Array("<?xml version=\"1.0\" encoding=\"x-rot13\"?><a/>".utf8)),
        (
            "UTF-8 that is not",
            Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?><a>".utf8) + [0xC3, 0x28] + Array("</a>".utf8)
        ),
        ("UTF-16 that is not", [0xFF, 0xFE, 0x3C]),
        ("bytes", (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }),
        ("an array", Array("[1,2,3]".utf8)),
        ("a JSON object", Array("{\"status\":\"OK\"}".utf8)),
        ("HTML", Array("<!DOCTYPE html><html><body>OK</body></html>".utf8)),
        ("XML of another kind", Array("<ok/>".utf8)),
        ("another SOAP version", Array("<e:Envelope xmlns:e=\"urn:soap:3\"><e:Body/></e:Envelope>".utf8)),
        ("no namespace", Array("<Envelope><Body><bookInspectionResponse/></Body></Envelope>".utf8)),
        ("two bodies", Array(Sample.envelope("").replacing("<e:Body></e:Body>", with: "<e:Body/><e:Body/>").utf8)),
        ("an empty body", Array(Sample.envelope("").utf8)),
        (
            "the request",
            Array(
                "<e:Envelope xmlns:e=\"\(SOAPVersion.v11.namespace)\"><e:Body><getVehicle/></e:Body></e:Envelope>".utf8
            )
        ),
    ]

    @Test("None is taken for an answer, whatever is asked", arguments: bodies.indices)
    func refused(index: Int) throws {
        let (name, body) = Self.bodies[index]
        let adapter = try Sample.adapter(Sample.plain)
        for (operation, expected) in [(TransportOperation.getVehicle, "transient"), (.bookInspection, "inDoubt")] {
            // Large ones take a while without optimisation, and are refused before the operation matters.
            guard operation == .bookInspection || body.count < 100_000 else { continue }
            let call = try Sample.call(operation)
            let exchange = Exchange(request: try adapter.prepare(call), response: Sample.response(body))
            #expect(adapter.classify(exchange, for: call).name == expected, "\(name)")
        }
        guard body.count < 100_000 else { return }
        let call = try Sample.call(.findBooking)
        let exchange = Exchange(request: try adapter.prepare(call), response: Sample.response(body))
        #expect(adapter.assess(exchange, for: call).name == "unclear", "\(name)")
    }

    @Test("Every cut through a good booking leaves it in doubt")
    func truncated() throws {
        let adapter = try Sample.adapter()
        let call = try Sample.call(.bookInspection)
        let request = try adapter.prepare(call)
        let body = try Files.fixture("response-xroad-booking.xml")
        // The last byte is a line break behind the end.
        for length in stride(from: 0, to: body.count - 2, by: 7) {
            let exchange = Exchange(request: request, response: Sample.response(Array(body[..<length])))
            #expect(adapter.classify(exchange, for: call).name == "inDoubt")
        }
    }

    @Test("No single changed byte of a good answer makes an error out of range or a crash")
    func mutated() throws {
        let adapter = try Sample.adapter()
        let call = try Sample.call(.findBooking)
        let request = try adapter.prepare(call)
        let body = try Files.fixture("response-xroad-found.xml")
        for position in stride(from: 0, to: body.count, by: 3) {
            for byte in [UInt8(ascii: "<"), 0, 0xFF] {
                var changed = body
                changed[position] = byte
                let exchange = Exchange(request: request, response: Sample.response(changed))
                let finding = adapter.assess(exchange, for: call)
                #expect(finding.name == "done" || finding.name == "unclear")
            }
        }
    }

    @Test("A multipart body of nothing but delimiters, or without an end, is refused")
    func multipart() throws {
        let type = "multipart/related; boundary=b"
        for body in [
            "--b\r\n--b\r\n--b--", "--b", "--b\r\nContent-Type: text/xml\r\n\r\n<a>",
            String(repeating: "--b\n", count: 20_000),
        ] {
            #expect(try Sample.classify(body, for: .bookInspection, type: type).name == "inDoubt")
        }
    }
}
