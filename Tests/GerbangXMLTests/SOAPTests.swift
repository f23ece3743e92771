import GerbangXML
import Testing

@Suite("SOAP")
struct SOAPTests {
    @Test("A message is written and read again", arguments: SOAPVersion.allCases)
    func roundTrip(version: SOAPVersion) throws {
        let bytes = try SOAPEnvelope.write(version, namespaces: ["t": "urn:t"]) { writer in
            try writer.element("t:id", attributes: ["soap:mustUnderstand": "1"], text: "42")
        } body: { writer in
            try writer.element("t:find") { try $0.element("plate", text: "B 1234 <XYZ>") }
        }
        let envelope = try SOAPEnvelope(XMLDocument(parsing: bytes))
        #expect(envelope.version == version)
        #expect(envelope.header("id", namespace: "urn:t")?.text == "42")
        #expect(envelope.mandatoryHeaders.map(\.localName) == ["id"])
        #expect(envelope.content?.name == XMLName("find", namespace: "urn:t"))
        #expect(envelope.content?.descendant("plate", namespace: "")?.text == "B 1234 <XYZ>")
        #expect(envelope.fault == nil)
    }

    @Test("Only mandatory headers meant for the final receiver count")
    func mandatoryHeaders() throws {
        let envelope = try SOAPEnvelope(
            parse(
                """
                <E:Envelope xmlns:E="http://www.w3.org/2003/05/soap-envelope" xmlns="urn:h"><E:Header>
                <a E:mustUnderstand="true"/><b E:mustUnderstand="0"/><c mustUnderstand="1"/><d/>
                <e E:mustUnderstand="1" E:role="urn:someone-else"/>
                <f E:mustUnderstand="1" E:role="http://www.w3.org/2003/05/soap-envelope/role/next"/>
                </E:Header><E:Body/></E:Envelope>
                """
            )
        )
        #expect(envelope.headers.count == 6)
        #expect(envelope.mandatoryHeaders.map(\.localName) == ["a", "f"])
        #expect(envelope.content == nil)
    }

    @Test(
        "What is no proper envelope is refused",
        arguments: [
            ("<a/>", "xml.soap"), ("<Envelope/>", "xml.soap-version"),
            ("<Envelope xmlns='urn:soap'/>", "xml.soap-version"),
            ("<Envelope xmlns='\(ns)'/>", "xml.soap"),
            ("<Envelope xmlns='\(ns)'><Header/></Envelope>", "xml.soap"),
            ("<Envelope xmlns='\(ns)'><Body/><Header/></Envelope>", "xml.soap"),
            ("<Envelope xmlns='\(ns)'><Body/><Body/></Envelope>", "xml.soap"),
            ("<Envelope xmlns='\(ns)'><Header/><Header/><Body/></Envelope>", "xml.soap"),
            ("<Envelope xmlns='\(ns)'><Body/><x xmlns='urn:x'/></Envelope>", "xml.soap"),
            ("<E:Envelope xmlns:E='\(ns)'><Body/></E:Envelope>", "xml.soap"),
            ("<html><body>502 Bad Gateway</body></html>", "xml.soap"),
        ]
    )
    func improper(text: String, code: String) throws {
        let error = try #require(throws: XMLError.self) { _ = try SOAPEnvelope(parse(text)) }
        #expect(error.code.rawValue == code)
    }

    private static let ns = "http://schemas.xmlsoap.org/soap/envelope/"

    @Test("An X-Road fault has an unqualified dotted code")
    func xroadFault() throws {
        let fault = try #require(try SOAPEnvelope(parse(Samples.xroadFault)).fault)
        #expect(fault.version == .v11)
        #expect(fault.code == "Server.ServerProxy.AccessDenied")
        #expect(fault.codeName == XMLName("Server.ServerProxy.AccessDenied"))
        #expect(fault.codePath == ["Server", "ServerProxy", "AccessDenied"])
        #expect(!fault.blamesSender)
        #expect(fault.reason() == "Request is not allowed")
        #expect(fault.actor == nil)
        #expect(fault.detail == [SOAPFault.Entry(name: XMLName("faultDetail"), text: "1f2e-uuid")])
        let detail = try XMLDocument(parsing: try #require(fault.detailXML)).root
        #expect(detail.descendant("faultDetail")?.text == "1f2e-uuid")
        #expect(!fault.description.contains("allowed"))
    }

    @Test("A SOAP 1.1 fault has a qualified code, in whatever prefix")
    func version11() throws {
        let fault = try #require(
            try SOAPEnvelope(
                parse(
                    "<s:Envelope xmlns:s='\(Self.ns)'><s:Body><s:Fault><faultcode> s:Client.Input </faultcode>"
                        + "<faultstring xml:lang='id'>Salah</faultstring><faultactor>urn:x</faultactor></s:Fault></s:Body></s:Envelope>"
                )
            ).fault
        )
        #expect(fault.codeName == XMLName("Client.Input", namespace: Self.ns))
        #expect(fault.codePath == ["Client", "Input"])
        #expect(fault.blamesSender)
        #expect(fault.reasons == [SOAPFault.Reason("Salah", language: "id")])
        #expect(fault.actor == "urn:x")
        #expect(fault.detail.isEmpty)
        #expect(fault.detailXML == nil)
    }

    @Test("A SOAP 1.2 fault has subcodes and reasons by language")
    func version12() throws {
        let fault = try #require(
            try SOAPEnvelope(
                parse(
                    """
                    <e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:m="urn:m"><e:Body><e:Fault>
                    <e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>m:Timeout</e:Value>
                    <e:Subcode><e:Value>m:Slow</e:Value></e:Subcode></e:Subcode></e:Code>
                    <e:Reason><e:Text xml:lang="en-US">Too late</e:Text><e:Text xml:lang="id">Terlambat</e:Text></e:Reason>
                    <e:Node>urn:node</e:Node><e:Detail><m:max>P5M</m:max></e:Detail></e:Fault></e:Body></e:Envelope>
                    """
                )
            ).fault
        )
        #expect(fault.codeName == XMLName("Sender", namespace: "http://www.w3.org/2003/05/soap-envelope"))
        #expect(fault.codePath == ["Sender", "Timeout", "Slow"])
        #expect(fault.blamesSender)
        #expect(fault.reason() == "Too late")
        #expect(fault.reason(in: "id") == "Terlambat")
        #expect(fault.reason(in: "fr") == "Too late")
        #expect(fault.actor == "urn:node")
        #expect(fault.detail == [SOAPFault.Entry(name: XMLName("max", namespace: "urn:m"), text: "P5M")])
    }

    @Test("A fault that lacks everything is still a fault")
    func emptyFault() throws {
        let text = "<s:Envelope xmlns:s='\(Self.ns)'><s:Body><s:Fault/></s:Body></s:Envelope>"
        let fault = try #require(try SOAPEnvelope(parse(text)).fault)
        #expect(fault.code.isEmpty)
        #expect(fault.codeName == nil)
        #expect(fault.codePath.isEmpty)
        #expect(fault.reason() == nil)
    }

    @Test("A fault is written and read again", arguments: SOAPVersion.allCases)
    func writtenFault(version: SOAPVersion) throws {
        let fault = SOAPFault(
            version: version,
            code: version == .v11 ? "Server.ServerProxy" : "Receiver",
            subcodes: version == .v11 ? [] : ["soap:Late"],
            reasons: [SOAPFault.Reason("Gagal <x>", language: version == .v11 ? nil : "id")],
            actor: "urn:us",
            detail: [.init(name: XMLName("a", namespace: "urn:a"), text: "1"), .init(name: XMLName("b"), text: "2")]
        )
        let read = try #require(try SOAPEnvelope(XMLDocument(parsing: SOAPEnvelope.write(fault))).fault)
        #expect(read.code == (version == .v11 ? "Server.ServerProxy" : "soap:Receiver"))
        #expect(read.codePath == (version == .v11 ? ["Server", "ServerProxy"] : ["Receiver", "Late"]))
        #expect(read.reasons == fault.reasons)
        #expect(read.actor == fault.actor)
        #expect(read.detail == fault.detail)
    }

    @Test("The HTTP fields carry the action, and only a URI")
    func fields() throws {
        let v11 = try SOAPVersion.v11.httpFields(action: "urn:a#b")
        #expect(v11.map(\.name) == ["Content-Type", "SOAPAction"])
        #expect(v11.map(\.value) == ["text/xml; charset=utf-8", "\"urn:a#b\""])
        #expect(try SOAPVersion.v11.httpFields().last?.value == "\"\"")
        #expect(
            try SOAPVersion.v12.httpFields(action: "urn:a").map(\.value)
                == ["application/soap+xml; charset=utf-8; action=\"urn:a\""]
        )
        #expect(try SOAPVersion.v12.httpFields().map(\.value) == ["application/soap+xml; charset=utf-8"])
        for action in ["a\"b", "a\r\nX: y", "a b", "é", "a\\b"] {
            #expect(throws: XMLError.self) { try SOAPVersion.v11.httpFields(action: action) }
        }
    }
}
