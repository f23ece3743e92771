internal import GerbangJSON
internal import GerbangSchema
internal import Testing

@Suite("Limits and threads")
struct LimitTests {
    @Test("A schema that doubles its work at every step is stopped")
    func doubling() throws {
        var definitions = JSONObject()
        for level in 0..<60 {
            let next: JSONValue = ["$ref": .string("#/definitions/d\(level + 1)")]
            definitions["d\(level)"] = ["allOf": [next, next]]
        }
        definitions["d60"] = true
        let schema = try JSONSchema(["$ref": "#/definitions/d0", "definitions": .object(definitions)])
        #expect(schema.validate(1).map(\.keyword) == ["limit"])
    }

    @Test("A long chain of definitions neither overflows the stack nor is checked without end")
    func chain() throws {
        for keyword in ["allOf", "items", "not"] {
            var definitions = JSONObject()
            let length = 1_500
            for level in 0..<length {
                let next: JSONValue = ["$ref": .string("#/definitions/d\(level + 1)")]
                definitions["d\(level)"] = .object([keyword: keyword == "allOf" ? [next] : next])
            }
            definitions["d\(length)"] = ["type": "string"]
            let schema = try JSONSchema(["$ref": "#/definitions/d0", "definitions": .object(definitions)])
            #expect(schema.validate(1).map(\.keyword) == (keyword == "items" ? [] : ["limit"]))
        }
    }

    @Test("Too many subschemas are refused")
    func subschemas() throws {
        var definitions = JSONObject()
        for number in 0..<20_001 { definitions["p\(number)"] = [:] }
        let error = try schemaError(
            String(decoding: JSONValue.object(["properties": .object(definitions)]).encoded(), as: UTF8.self)
        )
        #expect(error?.code == .tooLarge)
    }

    @Test("The deepest value that can be read is checked; a deeper one is refused")
    func depth() throws {
        let schema = try JSONSchema(json(##"{"anyOf":[{"type":"integer"},{"items":{"$ref":"#"}}]}"##))
        var value: JSONValue = 1
        for _ in 0..<JSONLimits.deepest / 2 { value = [value] }
        #expect(schema.validate(value).isEmpty)
        for _ in 0..<JSONLimits.deepest / 2 + 1 { value = [value] }
        #expect(schema.validate(value).map(\.keyword) == ["limit"])
    }

    @Test("Large arrays and objects are checked in bounded time")
    func breadth() throws {
        let schema = try JSONSchema(json(#"{"items":{"type":"integer","minimum":0},"uniqueItems":true}"#))
        #expect(schema.validate(.array((0..<100_000).map { .number(JSONNumber($0)) })).isEmpty)
        let object = try JSONSchema(
            json(#"{"patternProperties":{"^k":{"type":"integer"}},"additionalProperties":false}"#)
        )
        let members = (0..<50_000).map { (key: "k\($0)", value: JSONValue.number(JSONNumber($0))) }
        #expect(object.validate(.object(JSONObject(members))).isEmpty)
    }

    @Test("One schema serves many threads at once")
    func threads() async throws {
        let schema = try JSONSchema(
            json(
                ##"""
                {
                  "type": "object",
                  "required": ["nik"],
                  "properties": {
                    "nik": {"type": "string", "pattern": "^[0-9]{16}$"},
                    "born": {"format": "date"},
                    "amount": {"multipleOf": 0.01, "maximum": 9999999999999999},
                    "relatives": {"items": {"$ref": "#"}, "uniqueItems": true},
                    "status": {"oneOf": [{"const": "kawin"}, {"const": "belum kawin"}]}
                  },
                  "patternProperties": {"^x-(a|b)+$": {"enum": [1, 2]}},
                  "additionalProperties": false
                }
                """##
            )
        )
        let valid = try json(
            #"{"nik":"3174015708900003","born":"1990-08-17","x-ab":2,"relatives":[{"nik":"3174015708900003"}]}"#
        )
        let invalid = try json(
            #"{"nik":"31740157089","born":"1990-02-30","x-ab":3,"status":"cerai","relatives":[{}],"y":1}"#
        )
        let expected = schema.validate(invalid)
        #expect(expected.count == 6)
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    (0..<50).allSatisfy { _ in schema.validate(valid).isEmpty && schema.validate(invalid) == expected }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
