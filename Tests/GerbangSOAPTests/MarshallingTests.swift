internal import Foundation
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import Testing

/// How JSON becomes XML and XML becomes JSON.
@Suite struct MarshallingTests {
    /// What stands between the tags of the body.
    private func body(_ bytes: [UInt8]) throws -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        let start = try #require(text.range(of: "<soap:Body>"))
        let end = try #require(text.range(of: "</soap:Body>"))
        return String(text[start.upperBound..<end.lowerBound])
    }

    @Test("Members are written in the schema's order, whatever theirs is")
    func order() throws {
        let operation = try Fixture.operation(
            schema: """
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="a" type="xs:int"/>
                <xs:element name="b" type="xs:string" minOccurs="0"/></xs:sequence><xs:attribute name="c" type="xs:boolean"/>
                </xs:complexType></xs:element>
                """
        )
        let bytes = try operation.encodeRequest(try json(#"{"b": "x < y & \"z\"", "@c": true, "a": 7}"#))
        #expect(try body(bytes) == #"<t:request c="true"><t:a>7</t:a><t:b>x &lt; y &amp; "z"</t:b></t:request>"#)
        #expect(try operation.decodeRequest(bytes).body == json(#"{"@c": true, "a": 7, "b": "x < y & \"z\""}"#))
    }

    @Test("An array stays an array with one element and without any")
    func arrays() throws {
        let operation = try Fixture.operation(
            schema: """
                <xs:element name="request"><xs:complexType><xs:sequence>
                <xs:element name="a" type="xs:int" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
                """
        )
        #expect(try operation.decodeRequest(envelope("<t:request><t:a>1</t:a></t:request>")).body == ["a": [1]])
        #expect(try operation.decodeRequest(envelope("<t:request/>")).body == [:])
        let error = refusal { _ = try operation.encodeRequest(["a": 1]) }
        #expect(error?.pointer?.description == "/a")
    }

    @Test(
        "Numbers keep every digit",
        arguments: ["12345678901234567890.1200", "0.10", "-5", "100000000000000000000001"]
    )
    func digits(text: String) throws {
        let operation = try Fixture.operation(schema: #"<xs:element name="request" type="xs:decimal"/>"#)
        let number = try #require(JSONNumber(text))
        let bytes = try operation.encodeRequest(.number(number))
        #expect(try body(bytes) == "<t:request>\(text)</t:request>")
        #expect(try operation.decodeRequest(bytes).body == .number(number))
    }

    @Test(
        "Forms of numbers that JSON does not know become such that it does",
        arguments: [
            ("decimal", " +07.50 ", "7.50"), ("decimal", ".5", "0.5"), ("decimal", "5.", "5"), ("int", "-0012", "-12"),
            ("double", "1.E5", "1E5"), ("double", "INF", "\"INF\""), ("double", "+.5e-3", "0.5E-3"),
            ("boolean", "1", "true"),
            ("date", "2024-01-15+01:00", "\"2024-01-15+01:00\""), ("base64Binary", "QU\nJD", "\"QUJD\""),
            ("token", "  a \n b ", "\"a b\""), ("normalizedString", "a\tb", "\"a b\""), ("string", " a ", "\" a \""),
        ]
    )
    func forms(type: String, text: String, expected: String) throws {
        let operation = try Fixture.operation(schema: "<xs:element name=\"request\" type=\"xs:\(type)\"/>")
        #expect(try operation.decodeRequest(envelope("<t:request>\(text)</t:request>")).body == json(expected))
    }

    @Test(
        "A value of the wrong kind is refused with its place",
        arguments: [
            ("int", "\"x\""), ("int", "1.5"), ("boolean", "\"yes\""), ("date", "\"31.01.2026\""),
            ("dateTime", "\"2026-02-30T00:00:00\""),
            ("base64Binary", "\"A\""), ("hexBinary", "\"0\""), ("string", "{}"), ("string", "[]"), ("decimal", "true"),
            ("QName", "\"a:b\""),
            ("unsignedByte", "256"), ("positiveInteger", "0"), ("string", "\"\\u0001\""),
        ]
    )
    func wrongValues(type: String, value: String) throws {
        let operation = try Fixture.operation(
            schema: """
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="v" type="xs:\(type)"/></xs:sequence>
                </xs:complexType></xs:element>
                """
        )
        let error = refusal { _ = try operation.encodeRequest(["v": try json(value)]) }
        #expect(error?.pointer?.description == "/v" || error?.path == "/request/v", "\(String(describing: error))")
    }

    @Test("Choices, groups and repetitions keep their order")
    func models() throws {
        let operation = try Fixture.operation("models")
        let value = try json(
            """
            {"@kind": "b", "settings": {"three": false, "one": "1"}, "street": "Jalan Merdeka", "village": "Gambir",
             "district": "Gambir", "#choice": [{"blue": 1}, {"red": "r"}, {"blue": 2}],
             "#sequence": [{"key": "k", "value": "v"}, {"key": "l", "value": "w"}]}
            """
        )
        let bytes = try operation.encodeRequest(value)
        #expect(try operation.decodeRequest(bytes).body == value)
        #expect(
            try body(bytes).contains(
                "<tns:blue>1</tns:blue><tns:red>r</tns:red><tns:blue>2</tns:blue><tns:key>k</tns:key>"
            )
        )
    }

    @Test("Members of two branches of a choice are refused, and so is a choice without any")
    func choices() throws {
        let operation = try Fixture.operation(
            schema: """
                <xs:element name="request"><xs:complexType><xs:choice><xs:element name="a" type="xs:int"/>
                <xs:sequence><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"/></xs:sequence></xs:choice>
                </xs:complexType></xs:element>
                """
        )
        #expect(refusal { _ = try operation.encodeRequest(["a": 1, "b": 2]) }?.code == .json)
        #expect(refusal { _ = try operation.encodeRequest([:]) }?.code == .json)
        #expect(refusal { _ = try operation.encodeRequest(["b": 2]) }?.code == .json)
        #expect(refusal { _ = try operation.encodeRequest(["a": 1, "x": 2]) }?.pointer?.description == "/x")
        #expect(throws: Never.self) { try operation.encodeRequest(["b": 2, "c": 3]) }
    }

    @Test("A derived type is named by #type, a substitute by its own name")
    func polymorphism() throws {
        let operation = try Fixture.operation("shapes")
        let value = try json(
            """
            {"any": [{"#type": "Ring", "radius": 2.50, "inner": 1}, {"#type": "Square", "@tilted": true, "side": 3}],
             "shape": [{"square": {"side": 1}}, {"ring": {"radius": 1, "inner": 0.5}}]}
            """
        )
        let bytes = try operation.encodeRequest(value)
        #expect(try operation.decodeRequest(bytes).body == value)
        #expect(try body(bytes).contains(#"<tns:any xsi:type="tns:Ring"><tns:radius>2.50</tns:radius>"#))
        let abstract = refusal { _ = try operation.encodeRequest(["any": [["radius": 1]], "shape": []]) }
        #expect(abstract?.pointer?.description == "/any/0")
        #expect(abstract?.message.contains("Circle") == true)
    }

    @Test("xsi:type is resolved by the prefixes in scope, whatever they are")
    func foreignPrefixes() throws {
        let operation = try Fixture.operation("bni", "transaction")
        let wire = """
            <q0:transaction xmlns:q0="http://service.example.co.id/core"><request><systemId>MPPGW</systemId>
            <content xmlns:zz="http://service.example.co.id/core/bo" xsi:type="zz:AccountShortInquiryReq"><accountNum>1000000001</accountNum>
            </content></request></q0:transaction>
            """
        let content = try operation.decodeRequest(envelope(wire)).body
        #expect(content["request"]?["content"]?["#type"] == "AccountShortInquiryReq")
        #expect(content["request"]?["content"]?["accountNum"] == "1000000001")
    }

    @Test("null is nil, and nil with attributes is #nil")
    func nils() throws {
        let operation = try Fixture.operation("nillable")
        let value = try json(
            ##"{"a": null, "b": {"@unit": "kg", "#nil": true}, "list": {"string": ["x", null]}, "many": [1, null]}"##
        )
        let bytes = try operation.encodeRequest(value)
        #expect(try operation.decodeRequest(bytes).body == value)
        #expect(try body(bytes).contains(#"<tns:b unit="kg" xsi:nil="true"/>"#))
    }

    @Test("Fixed and default values are filled in where they are required, and read from empty elements")
    func fixedValues() throws {
        let operation = try Fixture.operation(
            schema: """
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="f" type="xs:int" fixed="7"/>
                <xs:element name="d" type="xs:string" default="biasa"/></xs:sequence>
                <xs:attribute name="v" type="xs:string" use="required" fixed="1.0"/></xs:complexType></xs:element>
                """
        )
        #expect(
            try body(operation.encodeRequest([:])) == #"<t:request v="1.0"><t:f>7</t:f><t:d>biasa</t:d></t:request>"#
        )
        let read = try operation.decodeRequest(envelope(#"<t:request v="1.0"><t:f/><t:d/></t:request>"#)).body
        #expect(read == ["@v": "1.0", "f": 7, "d": "biasa"])
    }

    @Test("An element without a type has its fixed value in a sample, and takes it")
    func fixedWithoutType() throws {
        let operation = try Fixture.operation(
            schema: """
                <xs:element name="request"><xs:complexType><xs:sequence><xs:element name="f" fixed="42"/>
                </xs:sequence></xs:complexType></xs:element>
                """
        )
        #expect(try operation.sample(.input) == ["f": "42"])
        #expect(try operation.decodeRequest(operation.encodeRequest(["f": "42"])).body == ["f": "42"])
    }

    @Test("Free content keeps names, attributes, order and text")
    func freeContent() throws {
        let operation = try Fixture.operation("builtins")
        let wire = """
            <b:answer xmlns:b="urn:example:builtins" xmlns:o="urn:o" o:k="1">satu<o:x>2</o:x><y z="3"/>tiga</b:answer>
            """
        guard case .output(let value, _) = try operation.decodeResponse(envelope(wire)) else {
            Issue.record("a fault")
            return
        }
        #expect(
            value
                == (try json(
                    ##"{"@{urn:o}k": "1", "#content": ["satu", {"{urn:o}x": "2"}, {"y": {"@z": "3"}}, "tiga"]}"##
                ))
        )
        guard case .output(let again, _) = try operation.decodeResponse(operation.encodeResponse(value)) else { return }
        #expect(again == value)
    }

    @Test("Headers travel by name, declared or not")
    func headers() throws {
        let operation = try Fixture.operation("exchange")
        let headers = try json(
            #"{"session": {"@version": 2, "token": "t"}, "{http://www.w3.org/2005/08/addressing}MessageID": "urn:uuid:1"}"#
        )
        let content = try operation.decodeRequest(operation.encodeRequest("x", headers: headers))
        #expect(content.body == "x")
        #expect(content.headers == headers)
        #expect(refusal { _ = try operation.encodeRequest("x", headers: ["nope": 1]) }?.pointer?.description == "/nope")
    }

    @Test("A declared fault is read by its contract, another one as it is")
    func faults() throws {
        let operation = try Fixture.operation("exchange")
        let bytes = try operation.encodeFault("Refused", detail: ["code": 7], blamesSender: true, reason: "Ditolak")
        guard case .fault(let fault) = try operation.decodeResponse(bytes) else {
            Issue.record("no fault")
            return
        }
        #expect(fault.name == "Refused")
        #expect(fault.detail == ["code": 7])
        #expect(fault.fault.blamesSender)
        let wire = """
            <e:Fault><faultcode>Server.ServerProxy.AccessDenied</faultcode><faultstring>no</faultstring>
            <detail><faultDetail>uuid</faultDetail></detail></e:Fault>
            """
        guard case .fault(let other) = try operation.decodeResponse(envelope(wire)) else {
            Issue.record("no fault")
            return
        }
        #expect(other.name == nil)
        #expect(other.detail == [["faultDetail": "uuid"]])
        #expect(other.fault.codePath == ["Server", "ServerProxy", "AccessDenied"])
    }

    @Test("An answer with another element than the contract's is refused with what was expected")
    func wrongElement() throws {
        let operation = try Fixture.operation("calculator", "Add")
        let error = refusal {
            _ = try operation.decodeResponse(
                envelope(#"<AddResponse xmlns="urn:other"><AddResult>1</AddResult></AddResponse>"#)
            )
        }
        #expect(error?.code == .xml)
        #expect(error?.message.contains("{urn:example:calculator}AddResponse") == true)
    }
}
