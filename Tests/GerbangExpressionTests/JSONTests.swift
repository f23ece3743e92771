internal import GerbangExpression
internal import GerbangJSON
internal import Testing

@Suite("CEL values and JSON")
struct JSONTests {
    @Test("integers stay exact, other numbers become doubles")
    func numbers() throws {
        let json = try JSONValue(
            parsing: "[1, -9223372036854775808, 18446744073709551615, 1.0, 1e2, 18446744073709551616, -0]"
        )
        #expect(
            CELValue(json) == [
                1, .int(.min), .uint(.max), .double(1), .double(100), .double(18_446_744_073_709_551_616), 0,
            ]
        )
        #expect(try CELValue.int(.min).json().text() == "-9223372036854775808")
        #expect(try CELValue.uint(.max).json().text() == "18446744073709551615")
        #expect(throws: CELError.self) { try CELValue.double(.nan).json() }
        #expect(throws: CELError.self) { try CELValue.list(CELList([.double(.infinity)])).json() }
    }

    @Test("documents come back as they were")
    func documents() throws {
        let text = #"{"z":{"nik":"3174015708900003"},"a":[null,true,"é",[]],"amount":1500000.25,"n":{}}"#
        #expect(try CELValue(try JSONValue(parsing: text)).json().text() == text)
    }

    @Test("what JSON does not know becomes text")
    func others() throws {
        let cases: [(String, String)] = [
            ("b'hello'", #""aGVsbG8=""#), ("timestamp(0)", #""1970-01-01T00:00:00Z""#), ("duration('90s')", #""90s""#),
            ("type(1)", #""int""#),
            ("optional.none()", "null"), ("optional.of([1])", "[1]"), ("ip('::1')", #""::1""#),
            ("cidr('10.0.0.0/8')", #""10.0.0.0/8""#),
            ("{1: 'a', true: 'b', 2u: 'c'}", #"{"1":"a","true":"b","2":"c"}"#),
        ]
        for (source, text) in cases { #expect(try evaluate(source).json().text() == text, "\(source)") }
        #expect(throws: CELError.self) { try evaluate("{1: 'a', '1': 'b'}").json() }
    }

    @Test("maps with many keys find each of them")
    func largeMaps() throws {
        let members = (0..<500).map { ("k\($0)", JSONValue.number(JSONNumber($0))) }
        let value = CELValue(.object(JSONObject(uniqueKeysWithValues: members)))
        let program = try CELEnvironment(variables: ["m": .dyn]).compile(
            "m.k0 == 0 && m.k499 == 499 && m['k250'] == 250 && !('k500' in m)"
        )
        #expect(try program.evaluate(["m": value]) == true)
    }
}
