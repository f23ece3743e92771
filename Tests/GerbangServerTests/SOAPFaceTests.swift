internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSOAP
internal import GerbangXML
internal import HTTPTypes
internal import Testing

@testable internal import GerbangServer

@Suite("The SOAP face")
struct SOAPFaceTests {
    private static var configuration: GatewayServer.Configuration {
        var configuration = GatewayServer.Configuration.testing
        configuration.soapServices = [.verifyIdentity, .bookInspection]
        return configuration
    }

    private static let identity: JSONValue = [
        "idempotencyKey": "key-1", "region": "31.74", "channel": "counter",
        "officer": ["id": "ani.petugas", "counter": "A-12"],
        "payload": ["nik": .string(Sample.nik), "name": "SITI <CONTOH>"], "waitSeconds": 30,
    ]

    /// Calls an operation by the description that the gateway itself gives.
    private func call(
        _ client: Client,
        _ name: String,
        _ input: JSONValue,
        port: String = "Gerbang11",
        header: String = ""
    ) async throws -> (answer: SOAPAnswer, status: Int) {
        let described = try await client.get("/soap?wsdl")
        let wsdl = try WSDL.load(files: ["a.wsdl": described.body], root: "a.wsdl")
        let operation = try wsdl.operation(name, port: port)
        var text = String(decoding: try operation.encodeRequest(input), as: UTF8.self)
        text = text.replacing("<soap:Body>", with: "\(header)<soap:Body>")
        let type = try #require(operation.httpFields().first?.value)
        let reply = try await client.call(.post, "/soap", ["Content-Type": type], body: Array(text.utf8))
        return (try operation.decodeResponse(reply.body), reply.status)
    }

    private func output(_ answer: SOAPAnswer) throws -> JSONValue {
        guard case .output(let output, _) = answer else {
            Issue.record("a fault: \(answer)")
            return .null
        }
        return output
    }

    private func failure(_ answer: SOAPAnswer) throws -> JSONValue {
        guard case .fault(let fault) = answer, fault.name == "failure", let detail = fault.detail else {
            Issue.record("no fault: \(answer)")
            return .null
        }
        return detail
    }

    @Test("A request is submitted, its status asked for, and its result told")
    func submit() async throws {
        let result: JSONValue = ["matches": true, "elements": ["name": ["matches": true, "similarity": 100]]]
        try await withGateway(.succeed(result), keys: try KeyShelf(with: "kota-a"), configuration: Self.configuration) {
            gateway in
            let client = try gateway.client(named: "kota-b")
            let first = try output(await call(client, "submitPopulationIdentityVerify", Self.identity).answer)
            #expect(first["isReplay"] == false)
            let status = try #require(first["status"])
            #expect(status["state"] == "succeeded" && status["isFinal"] == true)
            #expect(status["agencyReference"] == "CONTOH-1")
            let told = status["result"]?["populationIdentityVerify"]
            #expect(told?["matches"] == true)
            #expect(
                told?["elements"] == ["entry": [["@name": "name", "value": ["matches": true, "similarity": 100]]]]
            )

            let again = try output(await call(client, "submitPopulationIdentityVerify", Self.identity).answer)
            #expect(again["isReplay"] == true && again["status"] == status)
            let id = try #require(status["id"])
            #expect(try output(await call(client, "status", ["requestId": id]).answer)["status"] == status)
            // The same request as the HTTP API knows it.
            let known = try await client.get("/v1/requests/\(id.stringValue ?? "")").json
            #expect(known["output"] == result && known["officer"]?["id"] == "ani.petugas")

            let other = try gateway.client(named: "kota-c")
            #expect(try failure(await call(other, "status", ["requestId": id]).answer)["code"] == "not-found")
        }
    }

    @Test("What is wrong comes back as a fault with our code and the place")
    func faults() async throws {
        try await withGateway(.hang, configuration: Self.configuration) { gateway in
            let client = try gateway.client()
            var input = try #require(Self.identity.objectValue)
            input["waitSeconds"] = nil
            func code(_ key: String, _ value: JSONValue?, _ port: String = "Gerbang11") async throws -> JSONValue {
                var changed = input
                changed[key] = value
                let (answer, status) = try await call(
                    client,
                    "submitPopulationIdentityVerify",
                    .object(changed),
                    port: port
                )
                #expect(status == (port == "Gerbang11" ? 500 : 400))
                return try failure(answer)
            }
            let region = try await code("region", "99")
            #expect(
                region["code"] == "unknown-region" && region["field"] == "/region" && region["isRetryable"] == false
            )
            let nik = try await code("payload", ["nik": "123", "name": "SITI CONTOH"])
            #expect(nik["code"] == "invalid-input" && nik["field"] == "/payload/nik")
            #expect(nik.text().contains("123") == false)
            #expect(try await code("idempotencyKey", "")["code"] == "idempotency-key-missing")
            _ = try output(await call(client, "submitPopulationIdentityVerify", .object(input)).answer)
            let reused = try await code("region", "31.71")
            #expect(reused["code"] == "idempotency-key-reused")
            #expect(reused["texts"]?["id"]?.stringValue?.isEmpty == false)
            #expect(try failure(await call(client, "status", ["requestId": "x"]).answer)["code"] == "not-found")
        }
    }

    @Test("The key comes in the header, or as the password of a UsernameToken")
    func keys() async throws {
        let keys = KeyShelf()
        let key = try keys.make("kota-a", .client)
        try await withGateway(.hang, keys: keys, configuration: Self.configuration) { gateway in
            let open = try gateway.client()
            let refused = try await call(open, "status", ["requestId": "x"])
            #expect(try failure(refused.answer)["code"] == "unauthorized")
            func header(_ user: String, _ password: String, _ type: String = "PasswordText") -> String {
                let base = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
                return """
                    <soap:Header><s:Security xmlns:s="\(UsernameToken.namespace)" soap:mustUnderstand="1"><s:UsernameToken>\
                    <s:Username>\(user)</s:Username>\
                    <s:Password Type="\(base)-username-token-profile-1.0#\(type)">\(password)</s:Password>\
                    </s:UsernameToken></s:Security></soap:Header>
                    """
            }
            func code(_ header: String) async throws -> JSONValue? {
                try failure(await call(open, "status", ["requestId": "x"], header: header).answer)["code"]
            }
            #expect(try await code(header("kota-a", key)) == "not-found")
            #expect(try await code(header("kota-b", key)) == "unauthorized")
            #expect(try await code(header("kota-a", key + "0")) == "unauthorized")
            #expect(try await code(header("kota-a", key, "PasswordDigest")) == "unauthorized")
            let other = "<soap:Header><x:y xmlns:x=\"urn:x\" soap:mustUnderstand=\"1\"/></soap:Header>"
            #expect(try await code(other) == "invalid-input")
        }
    }

    @Test("What is no message of an operation is refused")
    func messages() async throws {
        try await withGateway(.hang, configuration: Self.configuration) { gateway in
            let client = try gateway.client()
            func post(_ text: String, _ type: String = "text/xml") async throws -> Reply {
                try await client.call(.post, "/soap", ["Content-Type": type], body: Array(text.utf8))
            }
            #expect(try await post("{}").text.contains("malformed-request"))
            let envelope =
                "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body>%</e:Body></e:Envelope>"
            for body in ["", "<a/>", "<status xmlns=\"urn:gerbang:soap:2\"/>"] {
                let reply = try await post(envelope.replacing("%", with: body))
                #expect(reply.status == 500 && reply.text.contains("not-found"), "\(body)")
            }
            let wrong = try await post(
                envelope.replacing("%", with: "<status xmlns=\"urn:gerbang:soap:1\"><id/></status>")
            )
            #expect(wrong.text.contains("invalid-input"))
            let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"
            #expect(try await post(bomb).text.contains("malformed-request"))
            #expect(try await post(envelope, "text/plain").status == 415)
        }
    }

    @Test("Without services there is no SOAP face; a service that SOAP cannot express is refused at the start")
    func refusals() async throws {
        try await withGateway(.hang) { gateway in
            let reply = try await gateway.client().get("/soap?wsdl")
            #expect(reply.status == 404)
        }
        let catalogue = try ServiceCatalogue.builtin()
        #expect(throws: GerbangError.self) { try Face([ServiceID(checked: "nothing.here")], of: catalogue) }
        var service = try #require(catalogue[.bookInspection])
        service.input = [
            "type": "object", "properties": ["a": ["type": "array", "items": ["type": ["string", "array"]]]],
        ]
        let error = #expect(throws: GerbangError.self) { try FacedService(service) }
        #expect(error?.message.contains("transport.inspection.book") == true)
        #expect(error?.message.contains("/input/properties/a/items") == true, "\(error?.message ?? "")")
    }

    @Test("The whole catalogue can be offered")
    func catalogue() throws {
        let catalogue = try ServiceCatalogue.builtin()
        let face = try Face(catalogue.all.map(\.id), of: catalogue)
        let again = try Face(catalogue.all.map(\.id), of: catalogue)
        #expect(again.text == face.text)
        let wsdl = try WSDL.load(files: ["a.wsdl": Array(face.text.utf8)], root: "a.wsdl")
        #expect(wsdl.operations.count == 2 * (catalogue.all.count + 1))
        for check in wsdl.check() { #expect(check.failure == nil, "\(check.operation) \(check.kind)") }
    }
}

@Suite("JSON Schema as XML Schema")
struct FaceTypeTests {
    /// A schema, a value of it, and the value by the contract.
    static let values: [(schema: String, value: String, contract: String)] = [
        (
            ##"{"type": "object", "additionalProperties": false, "properties": {"a": {"type": "integer"}}}"##,
            ##"{"a": 7}"##, ##"{"a": 7}"##
        ),
        (
            ##"{"type": "object", "required": ["l"], "properties": {"l": {"type": "array", "items": {"type": "string"}}}}"##,
            ##"{"l": ["x"]}"##, ##"{"l": ["x"]}"##
        ),
        (
            ##"{"type": "object", "required": ["l"], "properties": {"l": {"type": "array", "items": {"type": "string"}}}}"##,
            ##"{"l": []}"##, "{}"
        ),
        (
            ##"{"type": "object", "properties": {"n": {"type": ["string", "null"]}, "e": {"enum": ["<a>", "b"]}}}"##,
            ##"{"n": null, "e": "<a>"}"##, ##"{"n": null, "e": "<a>"}"##
        ),
        (
            ##"{"type": "object", "additionalProperties": {"type": ["string", "number"]}}"##,
            ##"{"any name/": "1"}"##, ##"{"entry": [{"@name": "any name/", "#text": "1"}]}"##
        ),
        (
            ##"{"type": "object", "additionalProperties": {"type": "object", "properties": {"b": {"type": "boolean"}}}}"##,
            ##"{"k": {"b": true}}"##, ##"{"entry": [{"@name": "k", "value": {"b": true}}]}"##
        ),
        (
            ##"{"$ref": "#/definitions/node", "definitions": {"node": {"type": "object", "required": ["v"], "properties": {"v": {"type": "integer"}, "next": {"anyOf": [{"type": "null"}, {"$ref": "#/definitions/node"}]}}}}}"##,
            ##"{"v": 1, "next": {"v": 2, "next": null}}"##, ##"{"v": 1, "next": {"v": 2, "next": null}}"##
        ),
        (
            ##"{"type": "object", "properties": {"a": {"type": "string"}}, "oneOf": [{"required": ["a"]}, {"properties": {"b": {"type": "string"}}, "required": ["b"]}]}"##,
            ##"{"b": "x"}"##, ##"{"b": "x"}"##
        ),
        (
            ##"{"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"properties": {"b": {"const": "c"}}}]}"##,
            ##"{"a": "", "b": "c"}"##, ##"{"a": "", "b": "c"}"##
        ),
        (
            ##"{"type": "array", "items": {"type": "array", "items": {"type": "number"}}}"##,
            "[[1.50], []]", ##"{"item": [{"item": [1.50]}, {}]}"##
        ),
        (##"{"type": "string", "pattern": "^x", "maxLength": 3}"##, ##""x""##, ##""x""##),
    ]

    @Test("Values go to the contract's form, to XML and back", arguments: values.indices)
    func roundTrip(index: Int) throws {
        let (schema, value, contract) = Self.values[index]
        var service = try #require(ServiceCatalogue.builtin()[.bookInspection])
        (service.input, service.output) = (try JSONValue(parsing: schema), try JSONValue(parsing: schema))
        let face = try FacedService(service)
        let wanted = try JSONValue(parsing: value)
        let encoded = face.input.encoded(wanted, face.inputTypes)
        let expected = try JSONValue(parsing: contract)
        #expect(encoded == expected)
        #expect(face.input.decoded(encoded, face.inputTypes) == wanted)
        let text = FaceDescription.wsdl(of: [face])
        let wsdl = try WSDL.load(files: ["a.wsdl": Array(text.utf8)], root: "a.wsdl")
        let operation = try wsdl.operation(face.operation)
        let message: JSONValue = ["idempotencyKey": "k", "region": "31", "payload": encoded]
        let read = try operation.decodeRequest(operation.encodeRequest(message)).body["payload"]
        #expect(face.input.decoded(read ?? .null, face.inputTypes) == wanted)
    }

    @Test(
        "What SOAP cannot express is named with its place and reason",
        arguments: [
            ("true", "", "anything"), ("{}", "", "no type"), (##"{"type": "object"}"##, "", "may hold anything"),
            (
                ##"{"type": "object", "properties": {"a b": {"type": "string"}}}"##, "/properties/a b",
                "name of an element"
            ),
            (##"{"type": "array"}"##, "", "items"), (##"{"type": ["string", "boolean"]}"##, "", "boolean or string"),
            (##"{"$ref": "other.json"}"##, "", "refers to something other"),
            (
                ##"{"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}"##, "/oneOf",
                "different types"
            ),
            (
                ##"{"type": "object", "properties": {"a": {"properties": {"b": {}}}}}"##, "/properties/a/properties/b",
                "no type"
            ),
        ]
    )
    func inexpressible(schema: String, place: String, reason: String) throws {
        let parsed = try JSONValue(parsing: schema)
        let error = #expect(throws: Inexpressible.self) {
            var reader = FaceTypeReader(parsed)
            _ = try reader.read()
        }
        #expect(error?.pointer.description == place)
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    }
}
