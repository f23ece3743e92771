internal import GerbangJSON
internal import GerbangSchema
internal import Testing

@Suite("Messages of issues")
struct MessageTests {
    @Test(
        "Every keyword says what would be right, and where",
        arguments: [
            (#"{"type":"string"}"#, "1", " type: must be a string"),
            (#"{"type":["integer","null"]}"#, "1.5", " type: must be a whole number or null"),
            (#"{"type":["object","array","boolean"]}"#, "1", " type: must be an object or an array or true or false"),
            (#"{"enum":["A","B",3]}"#, #""C""#, #" enum: must be one of "A", "B", 3"#),
            (#"{"const":{"a":1}}"#, #"{"a":2}"#, #" const: must be {"a":1}"#),
            (#"{"pattern":"^[0-9]{16}$"}"#, #""x""#, " pattern: must match ^[0-9]{16}$"),
            (#"{"format":"date"}"#, #""2023-02-29""#, " format: must be a date that exists, such as 2024-02-29"),
            (
                #"{"format":"time"}"#, #""25:00:00Z""#,
                " format: must be a time with its offset, such as 09:30:00+07:00"
            ),
            (
                #"{"format":"date-time"}"#, #""2024-02-29 09:30:00Z""#,
                " format: must be a date and time with its offset, such as 2024-02-29T09:30:00+07:00"
            ),
            (#"{"minimum":1.50}"#, "1.49", " minimum: must be at least 1.50"),
            (#"{"maximum":10}"#, "11", " maximum: must be at most 10"),
            (#"{"exclusiveMinimum":0}"#, "0", " exclusiveMinimum: must be more than 0"),
            (#"{"exclusiveMaximum":0}"#, "-0.0", " exclusiveMaximum: must be less than 0"),
            (#"{"multipleOf":0.01}"#, "0.015", " multipleOf: must be a multiple of 0.01"),
            (#"{"minLength":1}"#, #""""#, " minLength: must have at least 1 character"),
            (#"{"maxLength":2}"#, #""äöü""#, " maxLength: must have at most 2 characters"),
            (#"{"minItems":2}"#, "[1]", " minItems: must have at least 2 elements"),
            (#"{"maxItems":1}"#, "[1,2]", " maxItems: must have at most 1 element"),
            (#"{"minProperties":1}"#, "{}", " minProperties: must have at least 1 field"),
            (#"{"maxProperties":0}"#, #"{"a":1}"#, " maxProperties: must have at most 0 fields"),
            (#"{"required":["nik"]}"#, "{}", " required: must have the field nik"),
            (#"{"dependencies":{"a":["b"]}}"#, #"{"a":1}"#, " dependencies: must have the field b because it has a"),
            (
                #"{"additionalProperties":false}"#, #"{"a":1}"#,
                "/a additionalProperties: is an unknown field; none are allowed"
            ),
            (
                #"{"properties":{"b":{},"a":{}},"patternProperties":{"^x-":{}},"additionalProperties":false}"#,
                #"{"c":1}"#,
                "/c additionalProperties: is an unknown field; allowed are b, a and names that match ^x-"
            ),
            (
                #"{"items":[{}],"additionalItems":false}"#, "[1,2]",
                "/1 additionalItems: is too much; the array must have at most 1 element"
            ),
            (#"{"items":{"type":"null"}}"#, "[null,1]", "/1 type: must be null"),
            (#"{"uniqueItems":true}"#, "[1,2,1.0]", "/2 uniqueItems: must differ from the elements before it"),
            (#"{"contains":{"const":1}}"#, "[2]", " contains: must have at least one element of the required form"),
            (#"{"not":{}}"#, "1", " not: must not have the form that is excluded here"),
            (#"{"properties":{"a":false}}"#, #"{"a":1}"#, "/a false: is not allowed here"),
            (
                #"{"oneOf":[{},{"type":"integer"},{"type":"string"}]}"#, "1",
                " oneOf: must have exactly one of the allowed forms, but has 2 of them"
            ),
            (
                #"{"propertyNames":{"pattern":"^[a-z]+$"}}"#, #"{"A":1}"#,
                "/A propertyNames: has a key that is not allowed: the key must match ^[a-z]+$"
            ),
            (#"{"if":{"minimum":5},"then":{"multipleOf":5},"else":{"maximum":3}}"#, "4", " maximum: must be at most 3"),
        ]
    )
    func keyword(schema: String, value: String, expected: String) throws {
        #expect(try issues(schema, value) == [expected])
    }

    @Test("No message repeats anything of the value")
    func privacy() throws {
        let schema = try JSONSchema(
            json(
                #"""
                {
                  "properties": {
                    "nik": {"type": "string", "pattern": "^[0-9]{16}$", "enum": ["0000000000000000"], "maxLength": 2},
                    "name": {"const": "X", "not": {"type": "string"}, "format": "date"},
                    "age": {"maximum": 1, "multipleOf": 7, "anyOf": [{"type": "null"}, {"type": "string"}]}
                  },
                  "additionalProperties": {"type": "null"}
                }
                """#
            )
        )
        let value = try json(#"{"nik": "3174015708900003x", "name": "SITI CONTOH", "age": 8765, "note": "RAHASIA"}"#)
        let found = schema.validate(value)
        #expect(found.count >= 9)
        for issue in found {
            for secret in ["3174015708900003", "SITI", "8765", "RAHASIA"] {
                #expect(!"\(issue)".contains(secret), "\(issue)")
            }
        }
    }

    @Test("Long lists and values are shortened")
    func shortening() throws {
        let many = (0..<30).map(String.init).joined(separator: ",")
        #expect(try issues(#"{"enum":[\#(many)]}"#, "99").first?.hasSuffix("18, 19 and 10 more") == true)
        let long = String(repeating: "x", count: 200)
        #expect(
            try issues(#"{"enum":["\#(long)",["\#(long)"]]}"#, "1") == [" enum: must be one of a long value, an array"]
        )
    }

    @Test("Pointers escape their keys")
    func escaping() throws {
        let found = try issues(#"{"additionalProperties":{"items":{"type":"null"}}}"#, #"{"a/b~c":[null,1]}"#)
        #expect(found == ["/a~1b~0c/1 type: must be null"])
    }

    @Test("Issues come by pointer, those inside a value before those of the value, each once")
    func order() throws {
        let schema = #"""
            {
              "allOf": [{"required": ["z"]}, {"required": ["z"]}],
              "properties": {"a": {"minItems": 20, "items": {"type": "null"}}, "b": {"type": "null"}}
            }
            """#
        let found = try issues(schema, #"{"b":1,"a":[null,null,1,null,null,null,null,null,null,null,1]}"#)
        #expect(
            found == [
                "/a/2 type: must be null",
                "/a/10 type: must be null",
                "/a minItems: must have at least 20 elements",
                "/b type: must be null",
                " required: must have the field z",
            ]
        )
    }

    @Test("Issues have one order also where keys look like indices")
    func mixedKeys() {
        let issues = ["2", "10", "1a", "b"].map {
            SchemaIssue(pointer: JSONPointer(tokens: [$0]), keyword: "type", message: "must be null")
        }
        #expect(issues.reversed().sorted() == issues)
    }

    @Test("There are at most 32 issues")
    func cap() throws {
        let value = "[" + Array(repeating: "1", count: 1_000).joined(separator: ",") + "]"
        let found = try issues(#"{"items":{"type":"null"}}"#, value)
        #expect(found.count == 32)
        #expect(found.first == "/0 type: must be null")
    }

    @Test(
        "Of alternatives, the one that was plainly meant speaks",
        arguments: [
            // The only one of the value's type.
            (
                #"{"anyOf":[{"type":"string"},{"type":"object","required":["a"]}]}"#, "{}",
                " required: must have the field a"
            ),
            (#"{"anyOf":[{"type":"null"},{"enum":["A","B"]}]}"#, #""C""#, #" enum: must be one of "A", "B""#),
            // The only one whose marker is the value's.
            (
                """
                {"oneOf":[
                  {"properties":{"kind":{"const":"a"},"x":{"type":"null"}}},
                  {"properties":{"kind":{"const":"b"},"x":{"type":"string"}}}
                ]}
                """,
                #"{"kind":"b","x":1}"#, "/x type: must be a string"
            ),
            // No plain one.
            (#"{"anyOf":[{"minLength":3},{"pattern":"^x"}]}"#, #""a""#, " anyOf: must have one of the allowed forms"),
            (
                #"{"oneOf":[{"type":"null"},{"type":"array"}]}"#, "1",
                " oneOf: must have exactly one of the allowed forms"
            ),
        ]
    )
    func alternatives(schema: String, value: String, expected: String) throws {
        #expect(try issues(schema, value) == [expected])
    }
}
