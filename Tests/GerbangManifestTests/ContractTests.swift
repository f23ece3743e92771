internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangXML
internal import HTTPTypes
internal import Testing

/// A description, and manifests beside it.
enum Described {
    static let wsdl = """
        <?xml version="1.0"?>
        <wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
          xmlns:s12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
          xmlns:t="urn:kir" targetNamespace="urn:kir">
          <wsdl:types><xs:schema targetNamespace="urn:kir" elementFormDefault="qualified">
            <xs:element name="book"><xs:complexType><xs:sequence>
              <xs:element name="plate"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="10"/>
              </xs:restriction></xs:simpleType></xs:element>
              <xs:element name="weight" type="xs:decimal" minOccurs="0"/>
              <xs:element name="axle" type="xs:int" minOccurs="0" maxOccurs="unbounded"/>
            </xs:sequence></xs:complexType></xs:element>
            <xs:element name="booked"><xs:complexType><xs:sequence>
              <xs:element name="number" type="xs:string"/><xs:element name="fee" type="xs:decimal" minOccurs="0"/>
              <xs:element name="fault" type="xs:string" minOccurs="0"/>
              <xs:any namespace="##other" minOccurs="0" processContents="lax"/>
            </xs:sequence></xs:complexType></xs:element>
            <xs:element name="full"><xs:complexType><xs:sequence><xs:element name="until" type="xs:date"/>
            </xs:sequence></xs:complexType></xs:element>
            <xs:element name="office" type="xs:string"/>
          </xs:schema></wsdl:types>
          <wsdl:message name="in"><wsdl:part name="p" element="t:book"/></wsdl:message>
          <wsdl:message name="head"><wsdl:part name="office" element="t:office"/></wsdl:message>
          <wsdl:message name="out"><wsdl:part name="p" element="t:booked"/></wsdl:message>
          <wsdl:message name="no"><wsdl:part name="p" element="t:full"/></wsdl:message>
          <wsdl:portType name="P">
            <wsdl:operation name="book"><wsdl:input message="t:in"/><wsdl:output message="t:out"/>
              <wsdl:fault name="full" message="t:no"/></wsdl:operation>
            <wsdl:operation name="tell"><wsdl:input message="t:in"/></wsdl:operation>
            <wsdl:operation name="asked"><wsdl:output message="t:out"/></wsdl:operation>
          </wsdl:portType>
          \(binding("One", "s", action: "urn:kir/book"))
          \(binding("Two", "s12", action: "urn:kir/book"))
          <wsdl:service name="S">
            <wsdl:port name="One" binding="t:One"><s:address location="http://kir.example/soap/a%20b/?lang=id"/></wsdl:port>
            <wsdl:port name="Two" binding="t:Two"><s12:address location="http://kir.example/"/></wsdl:port>
          </wsdl:service>
        </wsdl:definitions>
        """

    private static func binding(_ name: String, _ prefix: String, action: String) -> String {
        let body = "<\(prefix):body use=\"literal\"/>"
        return """
            <wsdl:binding name="\(name)" type="t:P">
            <\(prefix):binding transport="http://schemas.xmlsoap.org/soap/http"/>
            <wsdl:operation name="book"><\(prefix):operation soapAction="\(action)"/>
              <wsdl:input>\(body)<\(prefix):header message="t:head" part="office" use="literal"/></wsdl:input>
              <wsdl:output>\(body)</wsdl:output>
              <wsdl:fault name="full"><\(prefix):fault name="full" use="literal"/></wsdl:fault></wsdl:operation>
            <wsdl:operation name="tell"><\(prefix):operation soapAction=""/><wsdl:input>\(body)</wsdl:input></wsdl:operation>
            <wsdl:operation name="asked"><\(prefix):operation soapAction=""/><wsdl:output>\(body)</wsdl:output>
            </wsdl:operation></wsdl:binding>
            """
    }

    static let verdict = """
        verdict:
          - when: has(body.fault) && has(body.fault.name)
            rejected: {message: refused, agencyCode: "${body.fault.name}"}
          - {when: has(body.fault), inDoubt: trouble}
          - succeeded: {output: "${body.output}"}
        """

    static func text(
        wsdl: String = "{file: kir.wsdl, operation: book}",
        request: String = "body: {contract: {body: \"${input}\"}}",
        response: String = verdict,
        more: String = ""
    ) -> String {
        func indented(_ text: String) -> String {
            text.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
        }
        return """
            manifest: 1
            id: kir
            version: 1.0.0
            agency: {id: Kir, en: Inspection}
            \(more)
            operations:
              ask:
                effect: nonIdempotent
                wsdl: \(wsdl)
                request:
            \(indented(request))
                response:
            \(indented(response))
            """
    }

    static func load(_ text: String) throws(ManifestError) -> Manifest {
        try Manifest.parse(text, file: "adapter.yaml", files: ["kir.wsdl": Array(wsdl.utf8)])
    }

    static func issues(_ text: String) -> [ManifestIssue] {
        do throws(ManifestError) { return try load(text).warnings } catch { return error.issues }
    }

    static func message(_ text: String, _ input: JSONValue) throws -> WireRequest {
        let adapter = try Support.adapter(load(text), settings: [:])
        return try adapter.prepare(Support.call(adapter, input))
    }

    static func verdict(_ answer: String, status: Int = 200, _ text: String = text()) throws -> Verdict {
        let adapter = try Support.adapter(load(text), settings: [:])
        let call = try Support.call(adapter, ["plate": "B 1 A"])
        let message = try adapter.prepare(call)
        let body =
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:t=\"urn:kir\"><e:Body>\(answer)</e:Body></e:Envelope>"
        return adapter.classify(
            Exchange(request: message, response: WireResponse(status: status, body: Array(body.utf8))),
            for: call
        )
    }
}

@Suite("SOAP by contract in manifests")
struct ContractTests {
    @Test("The input is written by the contract, to the digit, with the binding's header fields")
    func message() throws {
        let input = try JSONValue(parsing: #"{"plate": "B <1> A", "weight": 1.500, "axle": [2]}"#)
        let message = try Described.message(Described.text(), input)
        let document = try XMLDocument(parsing: message.body)
        let body = try SOAPEnvelope(document).body
        #expect(body.descendant("book", "plate")?.text == "B <1> A")
        #expect(body.descendant("book", "weight")?.text == "1.500")
        #expect(body.descendant("book", "axle")?.namespaceURI == "urn:kir")
        #expect(message.method == .post)
        #expect(message.headerFields[.contentType] == "text/xml; charset=utf-8")
        #expect(message.headerFields[try #require(HTTPField.Name("SOAPAction"))] == "\"urn:kir/book\"")
        #expect(message.url(below: try BaseURL("http://host")) == "http://host/soap/a%20b/?lang=id")
    }

    @Test("Port, path, header blocks and a tree of its own may be said")
    func ownParts() throws {
        let text = Described.text(
            wsdl: "{operation: book}",
            request: """
                path: /kir
                body:
                  contract:
                    header: {office: "${request.region}"}
                    body: {plate: "${input.nomor}", axle: [1, "${input.?sumbu}"]}
                """,
            more: "wsdl: {file: kir.wsdl, service: S, port: Two}"
        )
        let message = try Described.message(text, ["nomor": "B 1 A"])
        #expect(message.headerFields[.contentType] == "application/soap+xml; charset=utf-8; action=\"urn:kir/book\"")
        #expect(message.url(below: try BaseURL("http://host")) == "http://host/kir")
        let document = try XMLDocument(parsing: message.body)
        let envelope = try SOAPEnvelope(document)
        #expect(envelope.header("office", namespace: "urn:kir")?.text == "3174")
        #expect(envelope.body.descendant("book", "plate")?.text == "B 1 A")
    }

    @Test("Without 'request' the input is the message")
    func noRequest() throws {
        let text = Described.text().replacing(
            "    request:\n      body: {contract: {body: \"${input}\"}}\n",
            with: ""
        )
        #expect(!text.contains("request:"))
        #expect(
            try Described.message(text, ["plate": "B 1 A"]) == Described.message(Described.text(), ["plate": "B 1 A"])
        )
    }

    @Test(
        "Input that does not fit is refused with its place",
        arguments: [
            (#"{"plate": "B 1 A", "weight": "viel"}"#, "/weight"), (#"{"plate": "B 12345 XYZ"}"#, "/plate"),
            (#"{"plate": "B 1 A", "axle": [1, 2.5]}"#, "/axle/1"), (#"{}"#, ""),
            (#"{"plate": "B 1 A", "colour": "red"}"#, "/*"), (#"{"plate": {"a": 1}}"#, "/plate"),
        ]
    )
    func refusal(input: String, field: String) throws {
        let error = #expect(throws: GerbangError.self) {
            try Described.message(Described.text(), JSONValue(parsing: input))
        }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == field, "\(error?.message ?? "")")
        #expect(error?.message.contains("viel") == false)
    }

    @Test("A place in the message is told as the place in the input that it comes from")
    func origin() throws {
        let text = Described.text(request: "body: {contract: {body: {plate: \"${input.kendaraan.nomor}\"}}}")
        let error = #expect(throws: GerbangError.self) {
            try Described.message(text, ["kendaraan": ["nomor": "B 12345 XYZ"]])
        }
        #expect(error?.field?.description == "/kendaraan/nomor")
        let fixed = Described.text(request: "body: {contract: {body: {plate: B 12345 XYZ}}}")
        let other = #expect(throws: GerbangError.self) { try Described.message(fixed, [:]) }
        #expect(other?.field == nil)
        #expect(other?.message.contains("at '/plate'") == true, "\(other?.message ?? "")")
    }

    @Test("An answer is JSON, to the digit; a declared fault has name, code and detail")
    func answers() throws {
        let booked = "<t:booked><t:number>7</t:number><t:fee>10.50</t:fee><t:fault>x</t:fault></t:booked>"
        let output = try JSONValue(parsing: #"{"number": "7", "fee": 10.50, "fault": "x"}"#)
        #expect(try Described.verdict(booked) == .succeeded(output: output))
        #expect(try Described.verdict(booked).output?["fee"]?.text() == "10.50")

        let fault =
            "<e:Fault><faultcode>e:Server</faultcode><faultstring>Budi</faultstring><detail><t:full><t:until>2026-02-01</t:until></t:full></detail></e:Fault>"
        let told = Described.text(
            response:
                "verdict:\n  - when: has(body.fault)\n    succeeded: {output: \"${body.fault}\"}\n  - unexplained: true"
        )
        let expected: JSONValue = [
            "code": "e:Server", "path": ["Server"], "blamesSender": false, "name": "full",
            "detail": ["until": "2026-02-01"], "reason": "Budi",
        ]
        #expect(try Described.verdict(fault, status: 500, told) == .succeeded(output: expected))
        let rejected = try Described.verdict(fault, status: 500)
        #expect(rejected.name == "rejected")
        #expect(rejected.error?.agencyCode == "full")
    }

    @Test("An answer that breaks the contract is unreadable, unless it need not be valid")
    func brokenAnswers() throws {
        let broken = "<t:booked><t:number>7</t:number><t:fee>10.50 rupiah</t:fee></t:booked>"
        let verdict = try Described.verdict(broken)
        #expect(verdict.name == "inDoubt")
        #expect(verdict.error?.message.contains("rupiah") == false)
        let more = "<t:booked><t:number>7</t:number><t:fault>b</t:fault><t:fee>10.5</t:fee></t:booked>"
        #expect(try Described.verdict(more).name == "inDoubt")
        let strict = Described.text(wsdl: "{file: kir.wsdl, operation: tell}")
        #expect(try Described.verdict("", strict).name == "inDoubt")
    }

    @Test("A document in an answer is its text where the operation, or all of them, want it so")
    func documents() throws {
        let document = #"<d:doc xmlns:d="urn:d"><d:e a="1"/></d:doc>"#
        let answer = "<t:booked><t:number>7</t:number>\(document)</t:booked>"
        let usual = try Described.verdict(answer)
        #expect(usual.output?["#any"]?["{urn:d}doc"] != nil)
        for text in [
            Described.text(wsdl: "{file: kir.wsdl, operation: book, documents: xml}"),
            Described.text(more: "wsdl: {file: kir.wsdl, documents: xml}"),
        ] {
            #expect(try Described.verdict(answer, text).output?["#any"] == ["#xml": .string(document)])
        }
        let wrong = Described.issues(Described.text(wsdl: "{file: kir.wsdl, operation: book, documents: text}"))
        #expect(wrong.map(\.message) == ["must be one of: json, xml"])
    }

    @Test("A key that is nobody's field is not repeated, neither as a place nor in words")
    func strayKey() throws {
        for body in ["${input}", "{plate: \"${input.plate}\", more: \"${input}\"}"] {
            let text = Described.text(
                request: "body: {contract: {body: \(body.hasPrefix("$") ? "\"\(body)\"" : body)}}"
            )
            let error = #expect(throws: GerbangError.self) {
                try Described.message(text, ["plate": "B 1 A", "3174014101900001": "Kenari"])
            }
            #expect(error?.code == .invalidInput && !"\(error as Any)".contains("3174014101900001"))
        }
    }

    @Test("Messages are addressed when the manifest says so, and an answer to another message is unreadable")
    func addressing() throws {
        let adapter = try Support.adapter(
            Described.load(Described.text(wsdl: "{file: kir.wsdl, operation: book, addressing: always}")),
            settings: [:]
        )
        var call = try Support.call(adapter, ["plate": "B 1 A"])
        let identifier = "urn:uuid:\(call.key)"
        let message = try adapter.prepare(call)
        let text = String(decoding: message.body, as: UTF8.self)
        #expect(text.contains(">\(identifier)</wsa:MessageID>") && text.contains("urn:kir/book"), "\(text)")
        // All attempts are one message, by which the service can know a repetition.
        call.attempt = 2
        #expect(try adapter.prepare(call).body == message.body)
        func verdict(relatesTo other: String?) -> String {
            let header = other.map { "<e:Header><a:RelatesTo>\($0)</a:RelatesTo></e:Header>" } ?? ""
            let body = """
                <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="urn:kir" \
                xmlns:a="http://www.w3.org/2005/08/addressing">\(header)<e:Body><t:booked><t:number>7</t:number></t:booked>\
                </e:Body></e:Envelope>
                """
            let answer = WireResponse(status: 200, body: Array(body.utf8))
            return adapter.classify(Exchange(request: message, response: answer), for: call).name
        }
        #expect(verdict(relatesTo: identifier) == "succeeded")
        #expect(verdict(relatesTo: nil) == "succeeded")
        #expect(verdict(relatesTo: "urn:uuid:0193a6f0-5b00-7000-8000-00000000ffff") == "inDoubt")
        let plain = try Described.message(Described.text(), ["plate": "B 1 A"])
        #expect(!String(decoding: plain.body, as: UTF8.self).contains("MessageID"))
    }

    @Test("No body is the answer of a one-way operation only where the status is one of success")
    func oneWayRefused() throws {
        let adapter = try Support.adapter(
            Described.load(Described.text(wsdl: "{file: kir.wsdl, operation: tell}")),
            settings: [:]
        )
        let call = try Support.call(adapter, ["plate": "B 1 A"])
        for (status, word) in [(401, "unauthorized"), (429, "throttled"), (500, "inDoubt")] {
            let exchange = Exchange(request: try adapter.prepare(call), response: WireResponse(status: status))
            #expect(adapter.classify(exchange, for: call).name == word)
        }
    }

    @Test("A call that nobody answers is done when it was taken")
    func oneWay() throws {
        let adapter = try Support.adapter(
            Described.load(Described.text(wsdl: "{file: kir.wsdl, operation: tell}")),
            settings: [:]
        )
        let call = try Support.call(adapter, ["plate": "B 1 A"])
        let exchange = Exchange(request: try adapter.prepare(call), response: WireResponse(status: 202))
        #expect(adapter.classify(exchange, for: call) == .succeeded(output: [:]))
    }

    @Test(
        "What is wrong with a description is told where it is named",
        arguments: [
            ("{file: no.wsdl, operation: book}", "9:12", "cannot be used"),
            ("{operation: book}", "9:5", "the description's file"),
            ("{file: kir.wsdl, operation: buk}", "9:28", "there are: asked, book, tell"),
            ("{file: kir.wsdl, port: Three, operation: book}", "9:41", "no such service or port"),
            ("{file: kir.wsdl, operation: book, overload: 2}", "9:28", "no second"),
            ("{file: kir.wsdl, operation: asked}", "9:28", "speaks first"),
            ("{file: kir.wsdl, operation: book, prot: One}", "9:45", "unknown field"),
        ]
    )
    func mistakes(wsdl: String, place: String, message: String) {
        let issues = Described.issues(Described.text(wsdl: wsdl)).filter { $0.severity == .error }
        #expect(issues.count == 1, "\(issues)")
        #expect(issues.first.map { "\($0.line ?? 0):\($0.column ?? 0)" } == place, "\(issues)")
        #expect(issues.first?.message.contains(message) == true, "\(issues)")
    }

    @Test("A contract is needed where one is spoken of")
    func noContract() {
        let text = Described.text(response: "decode: [contract]\n\(Described.verdict)")
            .replacing("    wsdl: {file: kir.wsdl, operation: book}\n", with: "")
        let messages = Described.issues(text).filter { $0.severity == .error }.map(\.message)
        #expect(messages.count == 2 && messages.allSatisfy { $0.hasPrefix("needs 'wsdl'") }, "\(messages)")
    }

    @Test("Examples are written as JSON by the contract")
    func fixtures() throws {
        let fixtures = """
            fixtures:
              - name: booked
                operation: ask
                input: {plate: B 1 A, weight: 1.5}
                sends: {contract: {body: {plate: B 1 A, weight: 1.5}}}
                answer: {contract: {body: {number: "7"}}}
                verdict: succeeded
                output: {number: "7"}
              - name: full
                operation: ask
                input: {plate: B 1 A}
                answer: {fault: {name: full, detail: {until: 2026-02-01}}}
                verdict: rejected
                agencyCode: full
              - name: trouble
                operation: ask
                input: {plate: B 1 A}
                answer: {fault: {blamesSender: false}}
                verdict: inDoubt
              - name: another message
                operation: ask
                input: {plate: B 1 A}
                sends: {contract: {body: {plate: B 2 A}}}
            """
        let results = try Described.load(Described.text(more: fixtures)).runFixtures()
        #expect(results.map(\.isPassed) == [true, true, true, false], "\(results)")
        #expect(results.last?.differences == [#"sends /body/plate is "B 1 A" instead of "B 2 A""#])
    }

    @Test("A manifest brings services along, inline or in files beside it")
    func services() throws {
        let service = #"""
            {"id": "kir.book", "title": {"id": "a", "en": "a"}, "summary": {"id": "a", "en": "a"}, "standardTime": "1d",
             "legalBasis": "-", "input": {"type": "object"}, "output": {"type": "object", "required": ["number"]}}
            """#
        let text = Described.text(more: "services: [kir.json]").replacing(
            "effect:",
            with: "provides: kir.book\n    effect:"
        )
        let files = ["kir.wsdl": Array(Described.wsdl.utf8), "kir.json": Array(service.utf8)]
        let manifest = try Manifest.parse(text, file: "adapter.yaml", files: files)
        #expect(manifest.definition.services.map(\.id.text) == ["kir.book"])
        let inline = try Described.load(text.replacing("[kir.json]", with: "[\(service.replacing("\n", with: " "))]"))
        #expect(inline.services == manifest.services)

        var registry = try AdapterRegistry([manifest.definition])
        #expect(registry.services.map(\.id.text) == ["kir.book"])
        let catalogue = try ServiceCatalogue.builtin().adding(registry.services)
        #expect(catalogue[ServiceID(checked: "kir.book")] != nil)
        var other = manifest.definition
        other.descriptor.id = AdapterID(checked: "other")
        try registry.register(other)
        other.descriptor.id = AdapterID(checked: "third")
        other.services[0].legalBasis = "another"
        #expect(throws: GerbangError.self) { try registry.register(other) }
        other.services[0].id = .lookUpVehicle
        #expect(throws: GerbangError.self) { try catalogue.adding(other.services) }

        for (services, message) in [
            ("[no.json]", "there is no such file"), ("[../a.json]", "no such file"), ("[kir.wsdl]", "is not JSON"),
            ("[{id: a}]", "is required"), ("[kir.json, kir.json]", "a second time"), ("7", "must be a list"),
        ] {
            let issues: [ManifestIssue]
            do throws(ManifestError) {
                let broken = text.replacing("[kir.json]", with: services)
                issues = try Manifest.parse(broken, file: "adapter.yaml", files: files).warnings
            } catch {
                issues = error.issues
            }
            #expect(issues.contains { $0.message.contains(message) }, "\(issues)")
        }
    }
}
