internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML
internal import HTTPTypes
internal import Testing

@testable internal import TransportAdapter

@Suite("Transport messages")
struct MessageTests {
    @Test(
        "A request is written exactly as its fixture",
        .bothPackagings,
        arguments: [
            (TransportOperation.getVehicle, Sample.xroad, "request-xroad-get-vehicle.xml"),
            (.bookInspection, Sample.xroad, "request-xroad-book-inspection.xml"),
            (.findBooking, Sample.xroad, "request-xroad-find-booking.xml"),
            (.getVehicle, Sample.plain, "request-plain11-get-vehicle.xml"),
            (.bookInspection, Sample.plain12, "request-plain12-book-inspection.xml"),
        ]
    )
    func golden(operation: TransportOperation, settings: JSONValue, fixture: String) throws {
        let request = try Sample.adapter(settings).prepare(Sample.call(operation))
        #expect(String(decoding: request.body, as: UTF8.self) == (try Files.text(fixture)))
        #expect(request.method == .post)
        #expect(request.path.isEmpty && request.query.isEmpty)
    }

    @Test("SOAP 1.1 has a quoted SOAPAction, SOAP 1.2 an action in its content type")
    func actions() throws {
        let action: JSONObject = ["operations": ["get-vehicle": ["soapAction": "urn:x#get"]]]
        let soapAction = try #require(HTTPField.Name("SOAPAction"))
        for (settings, type, field) in [
            (Sample.plain, "text/xml; charset=utf-8", "\"urn:x#get\""),
            (Sample.plain12, "application/soap+xml; charset=utf-8; action=\"urn:x#get\"", nil),
        ] {
            var object = try #require(settings.objectValue)
            object["operations"] = action["operations"]
            let request = try Sample.adapter(.object(object)).prepare(Sample.call(.getVehicle))
            #expect(request.headerFields[.contentType] == type)
            #expect(request.headerFields[soapAction] == field)
        }
        let without = try Sample.adapter(Sample.xroad).prepare(Sample.call(.getVehicle))
        #expect(without.headerFields[soapAction] == "\"\"")
    }

    @Test(
        "Writing again gives the same bytes; every attempt and inquiry has a message identifier of its own",
        .bothPackagings
    )
    func identifiers() throws {
        let adapter = try Sample.adapter()
        func identifier(_ operation: TransportOperation, _ attempt: Int) throws -> String {
            let request = try adapter.prepare(Sample.call(operation, attempt: attempt))
            let envelope = try SOAPEnvelope(XMLDocument(parsing: request.body))
            return try #require(envelope.header("id")).text
        }
        #expect(
            try adapter.prepare(Sample.call(.bookInspection)) == adapter.prepare(Sample.call(.bookInspection))
        )
        let all = try [
            identifier(.bookInspection, 1), identifier(.bookInspection, 2), identifier(.findBooking, 1),
            identifier(.findBooking, 2), identifier(.getVehicle, 1),
        ]
        #expect(Set(all).count == all.count)
        for text in all {
            #expect(RequestID(text)?.description == text)
            #expect(text.dropFirst(14).first == "8", "version 8")
        }
    }

    @Test("The header has the client, service, id, user, issue and version, in this order", .bothPackagings)
    func headerOrder() throws {
        var settings = try #require(Sample.xroad.objectValue)
        settings["userId"] = "ID-petugas-7"
        let request = try Sample.adapter(.object(settings)).prepare(Sample.call(.bookInspection))
        let envelope = try SOAPEnvelope(XMLDocument(parsing: request.body))
        #expect(envelope.headers.map(\.localName) == ["client", "service", "id", "userId", "issue", "protocolVersion"])
        #expect(envelope.header("issue")?.text == Sample.key)
        #expect(envelope.content?.firstChild("clientReference")?.text == Sample.key)
    }

    @Test("The binding renames elements, moves namespaces and unqualifies children")
    func exchangedBinding() throws {
        let settings: JSONValue = [
            "binding": "plain",
            "namespace": "http://kendaraan.example/ws",
            "elementForm": "unqualified",
            "operations": ["get-vehicle": ["element": "cek.Kendaraan"]],
            "elements": ["plate": "nomor.polisi"],
        ]
        let request = try Sample.adapter(settings).prepare(Sample.call(.getVehicle))
        let content = try #require(try SOAPEnvelope(XMLDocument(parsing: request.body)).content)
        #expect(content.name == XMLName("cek.Kendaraan", namespace: "http://kendaraan.example/ws"))
        #expect(content.children.map(\.name) == [XMLName("nomor.polisi")])
    }

    @Test(
        "What looks like markup in the input stays text",
        .bothPackagings,
        arguments: [
            "</t:plate><t:station>X", "<!-- x -->", "]]>", "&lt;&amp;", "\"'><x/>", "<![CDATA[x]]>", "&#x42;",
            "<?x y?>",
        ]
    )
    func injection(text: String) throws {
        for settings in [Sample.xroad, Sample.plain, Sample.plain12] {
            let payload: JSONValue = ["plate": .string(text), "station": .string(text), "date": "2026-01-20"]
            let request = try Sample.adapter(settings).prepare(Sample.call(.bookInspection, payload))
            let content = try #require(try SOAPEnvelope(XMLDocument(parsing: request.body)).content)
            #expect(content.children.map(\.localName) == ["clientReference", "plate", "station", "date"])
            #expect(content.firstChild("plate")?.text == text)
            #expect(content.firstChild("station")?.text == text)
        }
    }

    /// A payload that cannot be sent, and the field at fault.
    struct Refusal: Sendable {
        let payload: JSONValue
        let field: String

        init(_ payload: JSONValue, _ field: String) {
            self.payload = payload
            self.field = field
        }
    }

    static let refusals: [Refusal] = [
        Refusal(["station": "S", "date": "2026-01-20"], "/plate"),
        Refusal(["plate": 7, "station": "S", "date": "2026-01-20"], "/plate"),
        Refusal(["plate": "", "station": "S", "date": "2026-01-20"], "/plate"),
        Refusal(["plate": "B 1\u{0}RAHASIA", "station": "S", "date": "2026-01-20"], "/plate"),
        Refusal(["plate": "B 1\u{85}RAHASIA", "station": "S", "date": "2026-01-20"], "/plate"),
        Refusal(
            ["plate": "B 1", "station": "RAHASIA RAHASIA RAHASIA RAHASIA RAHASIA", "date": "2026-01-20"],
            "/station"
        ),
        Refusal(["plate": "B 1", "station": "S", "date": "2026-02-30"], "/date"),
        Refusal(["plate": "B 1", "station": "S", "date": "20-01-2026"], "/date"),
        Refusal(["plate": "B 1", "station": "S"], "/date"),
        Refusal([], "/plate"),
        Refusal("RAHASIA", "/plate"),
    ]

    @Test(
        "Input that cannot be sent is refused by its field, without repeating it",
        .bothPackagings,
        arguments: refusals
    )
    func refuse(row: Refusal) throws {
        let adapter = try Sample.adapter()
        let call = try Sample.call(.bookInspection, row.payload)
        let error = #expect(throws: GerbangError.self) { try adapter.prepare(call) }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == row.field)
        #expect(error?.message.contains("RAHASIA") == false)
    }

    @Test("Characters that XML cannot express are refused", .bothPackagings)
    func forbiddenCharacters() throws {
        let adapter = try Sample.adapter()
        let call = try Sample.call(.getVehicle, ["plate": "B 1\u{FFFE}"])
        #expect(throws: GerbangError.self) { try adapter.prepare(call) }
    }
}
