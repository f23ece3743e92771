internal import GerbangJSON
internal import GerbangXML
internal import Testing

@testable internal import GerbangSOAP

/// WS-Addressing 1.0.
@Suite struct AddressingTests {
    private static let namespace = "http://www.w3.org/2005/08/addressing"

    /// A description with what says that it is addressed at the given places.
    private func operation(
        input: String = "",
        binding: String = "",
        soapAction: String = "",
        namespace: String = "urn:t",
        oneWay: Bool = false
    ) throws -> SOAPOperation {
        let output = oneWay ? "" : "<wsdl:output name=\"Answer\" message=\"t:out\"/>"
        let bound = oneWay ? "" : "<wsdl:output><soap:body use=\"literal\"/></wsdl:output>"
        let text = """
            <wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
              xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="\(namespace)" targetNamespace="\(namespace)"
              xmlns:wsam="http://www.w3.org/2007/05/addressing/metadata" xmlns:wsaw="http://www.w3.org/2006/05/addressing/wsdl"
              xmlns:wsp="http://www.w3.org/ns/ws-policy">
              <wsdl:types><xs:schema targetNamespace="\(namespace)"><xs:element name="request" type="xs:string"/>
              <xs:element name="answer" type="xs:string"/></xs:schema></wsdl:types>
              <wsdl:message name="in"><wsdl:part name="p" element="t:request"/></wsdl:message>
              <wsdl:message name="out"><wsdl:part name="p" element="t:answer"/></wsdl:message>
              <wsdl:portType name="Desk"><wsdl:operation name="call"><wsdl:input message="t:in" \(input)/>\(output)</wsdl:operation>
              </wsdl:portType>
              <wsdl:binding name="B" type="t:Desk"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>\(binding)
              <wsdl:operation name="call"><soap:operation soapAction="\(soapAction)"/><wsdl:input><soap:body use="literal"/></wsdl:input>
              \(bound)</wsdl:operation></wsdl:binding>
              <wsdl:service name="S"><wsdl:port name="P" binding="t:B"><soap:address location="http://localhost/desk?a=1&amp;b=2"/></wsdl:port>
              </wsdl:service>
            </wsdl:definitions>
            """
        return try WSDL.load(files: ["a.wsdl": Array(text.utf8)], root: "a.wsdl").operation("call")
    }

    private func blocks(_ bytes: [UInt8]) throws -> [String: String] {
        let envelope = try SOAPEnvelope(XMLDocument(parsing: bytes))
        var result: [String: String] = [:]
        for block in envelope.headers {
            #expect(block.namespaceURI == Self.namespace)
            #expect(result.updateValue(block.stringValue, forKey: block.localName) == nil)
        }
        return result
    }

    @Test("Actions are those of the description, or follow the default pattern")
    func actions() throws {
        // WS-Addressing Metadata 1.0, section 4.4.4.
        #expect(try operation().requestAction == "urn:t:Desk:callRequest")
        #expect(try operation().responseAction == "urn:t:Desk:Answer")
        #expect(
            try operation(input: "name=\"Ask\"", namespace: "http://e.example/x").requestAction
                == "http://e.example/x/Desk/Ask"
        )
        #expect(try operation(namespace: "http://e.example/x/").requestAction == "http://e.example/x/Desk/callRequest")
        #expect(try operation(oneWay: true).requestAction == "urn:t:Desk:call")
        #expect(try operation(soapAction: "urn:act").requestAction == "urn:act")
        for prefix in ["wsam", "wsaw"] {
            #expect(
                try operation(input: "\(prefix):Action=\"urn:in\"", soapAction: "urn:act").requestAction == "urn:in"
            )
        }
    }

    private static let marks = [
        "<wsaw:UsingAddressing/>", "<wsp:Policy><wsam:Addressing><wsp:Policy/></wsam:Addressing></wsp:Policy>",
        "<wsp:Policy><wsp:ExactlyOne><wsp:All><wsaw:UsingAddressing/></wsp:All></wsp:ExactlyOne></wsp:Policy>",
    ]

    @Test("A request is addressed where the description says so", arguments: marks)
    func described(mark: String) throws {
        let operation = try operation(binding: mark)
        #expect(operation.usesAddressing)
        let given = SOAPAddressing(messageID: "urn:uuid:1")
        #expect(
            try blocks(operation.encodeRequest("x", addressing: given)) == [
                "Action": "urn:t:Desk:callRequest", "MessageID": "urn:uuid:1", "To": "http://localhost/desk?a=1&b=2",
                "ReplyTo": "\(Self.namespace)/anonymous",
            ]
        )
        #expect(try blocks(operation.encodeRequest("x", addressing: .none)).isEmpty)
        let random = try blocks(operation.encodeRequest("x"))["MessageID"] ?? ""
        let other = try blocks(operation.encodeRequest("x"))["MessageID"] ?? ""
        #expect(random.count == 45 && other.count == 45 && random != other)
    }

    @Test("Elsewhere only by choice; what the caller writes is not written twice")
    func choice() throws {
        let operation = try operation()
        #expect(!operation.usesAddressing)
        #expect(try blocks(operation.encodeRequest("x")).isEmpty)
        let addressing = SOAPAddressing(use: .always, messageID: "urn:a", to: "urn:to")
        let headers: JSONValue = ["{\(Self.namespace)}Action": "urn:own"]
        let written = try blocks(operation.encodeRequest("x", headers: headers, addressing: addressing))
        #expect(written["Action"] == "urn:own" && written["To"] == "urn:to" && written.count == 4)
        let oneWay = try self.operation(oneWay: true)
        #expect(try blocks(oneWay.encodeRequest("x", addressing: addressing))["ReplyTo"] == nil)
    }

    @Test("An answer to another message is refused, one that says nothing is not")
    func relation() throws {
        let operation = try operation()
        let good = try operation.encodeResponse("y", relatesTo: "urn:uuid:1")
        #expect(try blocks(good) == ["Action": "urn:t:Desk:Answer", "RelatesTo": "urn:uuid:1"])
        guard case .output(let body, let headers) = try operation.decodeResponse(good, relatesTo: "urn:uuid:1") else {
            Issue.record("a fault")
            return
        }
        #expect(body == "y" && headers["{\(Self.namespace)}RelatesTo"] == "urn:uuid:1")
        #expect(refusal { _ = try operation.decodeResponse(good, relatesTo: "urn:uuid:2") }?.code == .envelope)
        let silent = try operation.encodeResponse("y")
        #expect(throws: Never.self) { try operation.decodeResponse(silent, relatesTo: "urn:uuid:2") }
        func block(_ text: String) -> String {
            "<a:RelatesTo xmlns:a=\"\(Self.namespace)\">\(text)</a:RelatesTo>"
        }
        let twice = envelope(
            "<t:answer>y</t:answer>",
            header: "<e:Header>\(block("urn:uuid:1"))\(block("urn:uuid:2"))</e:Header>"
        )
        #expect(refusal { _ = try operation.decodeResponse(twice, relatesTo: "urn:uuid:1") }?.code == .envelope)
        let fault = "<e:Fault><faultcode>e:Server</faultcode><faultstring>x</faultstring></e:Fault>"
        let wrong = envelope(fault, header: "<e:Header>\(block("urn:uuid:3"))</e:Header>")
        #expect(refusal { _ = try operation.decodeResponse(wrong, relatesTo: "urn:uuid:1") }?.code == .envelope)
    }
}
