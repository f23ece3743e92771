internal import GerbangJSON
internal import GerbangSchema
internal import Testing

@Suite("References and ill-formed schemas")
struct ReferenceTests {
    @Test("A reference leads within the schema, to given documents and to draft 7 itself")
    func resolution() throws {
        let schema = try json(
            #"""
            {
              "$id": "https://gerbang.example/schemas/request.json",
              "properties": {
                "nik": {"$ref": "person.json#/definitions/nik"},
                "name": {"$ref": "/schemas/person.json#name"},
                "mother": {"$ref": "urn:example:mother"},
                "local": {"$ref": "#/definitions/a%20b~1c"},
                "elsewhere": {"$ref": "#/x-parts/0"},
                "schema": {"$ref": "http://json-schema.org/draft-07/schema#"}
              },
              "definitions": {"a b/c": {"type": "null"}},
              "x-parts": [{"items": {"$ref": "#/definitions/a%20b~1c"}}]
            }
            """#
        )
        let person = try json(
            #"""
            {"definitions": {"nik": {"pattern": "^[0-9]{16}$"}, "name": {"$id": "#name", "minLength": 2}}}
            """#
        )
        let compiled = try JSONSchema(
            schema,
            resolving: [
                "https://gerbang.example/schemas/person.json": person, "urn:example:mother": ["type": "object"],
            ]
        )
        let wrong = #"{"nik":"1","name":"S","mother":1,"local":1,"elsewhere":[null,1],"schema":{"type":"strin"}}"#
        #expect(
            try compiled.validate(json(wrong)).map { "\($0.pointer) \($0.keyword)" } == [
                "/elsewhere/1 type", "/local type", "/mother type", "/name minLength", "/nik pattern",
                "/schema/type enum",
            ]
        )
    }

    @Test(
        "A reference that leads to nothing is refused, with the document's URI if that is missing",
        arguments: [
            (#"{"$ref":"https://example.com/other.json#/a"}"#, "https://example.com/other.json"),
            (#"{"$ref":"other.json"}"#, "other.json"),
            (
                #"{"$id":"https://example.com/a/b.json","items":{"$ref":"../other.json"}}"#,
                "https://example.com/other.json"
            ),
            (#"{"$ref":"file:///etc/passwd"}"#, "file:///etc/passwd"),
            (##"{"$ref":"#/definitions/none"}"##, "/definitions/none"),
            (##"{"$ref":"#none"}"##, "#none"),
            (##"{"$ref":"#%zz"}"##, "percent-encoding"),
            (##"{"$ref":"#/a~2"}"##, "JSON pointer"),
        ]
    )
    func unresolved(schema: String, hint: String) throws {
        let error = try #require(try schemaError(schema))
        #expect(error.code == .unresolvedReference)
        #expect(error.message.contains(hint), "\(error)")
        #expect(error.pointer.tokens.last == "$ref")
    }

    @Test(
        "A schema that never comes to an end is refused",
        arguments: [
            ##"{"$ref":"#"}"##,
            ##"{"x":{"a":{"$ref":"#/x/b"},"b":{"$ref":"#/x/a"}},"items":{"$ref":"#/x/a"}}"##,
            ##"{"allOf":[{"$ref":"#"}]}"##,
            ##"{"not":{"anyOf":[{"oneOf":[{"$ref":"#"}]}]}}"##,
            ##"{"if":{"then":{"$ref":"#"},"if":true}}"##,
            ##"{"dependencies":{"a":{"$ref":"#"}}}"##,
        ]
    )
    func endless(schema: String) throws {
        #expect(try schemaError(schema)?.code == .endlessReference)
    }

    @Test("A recursive schema follows the value as deep as it goes")
    func recursion() throws {
        let tree = try JSONSchema(
            json(
                ##"{"properties":{"children":{"items":{"$ref":"#"}},"name":{"type":"string"}}}"##
            )
        )
        var text = #"{"name":1}"#
        for _ in 0..<60 { text = #"{"children":[\#(text)]}"# }
        let found = tree.validate(try json(text))
        #expect(found.map(\.keyword) == ["type"])
        #expect(found.first?.pointer.tokens.count == 121)
    }

    @Test(
        "An ill-formed schema is refused with the place and what would be right",
        arguments: [
            (#"{"type":"strin"}"#, "/type", #"this must be one of "array", "boolean""#),
            (#"{"properties":{"a":{"minLength":-1}}}"#, "/properties/a/minLength", "this must be at least 0"),
            (#"{"properties":[]}"#, "/properties", "this must be an object"),
            (#"{"required":"nik"}"#, "/required", "this must be an array"),
            (#"{"items":{"allOf":[]}}"#, "/items/allOf", "this must have at least 1 element"),
            (#"{"multipleOf":0}"#, "/multipleOf", "this must be more than 0"),
            (#"{"$ref":3}"#, "/$ref", "this must be a string"),
            ("3", "", "this must be an object or true or false"),
            (##"{"items":{"$ref":"#/x"},"x":{"type":1}}"##, "/x/type", "this must"),
            (##"{"items":{"$ref":"#/x"},"x":"y"}"##, "/x", "this must be an object or true or false"),
            (#"{"properties":{"a\u0000":{}}}"#, "", "the name of a field must not hold a NUL character"),
        ]
    )
    func illFormed(schema: String, pointer: String, message: String) throws {
        let error = try #require(try schemaError(schema))
        #expect(error.code == .illFormed)
        #expect(error.pointer.description == pointer)
        #expect(error.message.hasPrefix(message), "\(error)")
    }

    @Test("An error in a given document names it")
    func otherDocument() throws {
        let error = try schemaError("{}", resolving: ["urn:example:a": ["items": ["type": "strin"]]])
        #expect(error?.document == "urn:example:a")
        #expect(error?.pointer.description == "/items/type")
    }

    @Test("Another draft is refused, whatever it says")
    func drafts() throws {
        #expect(
            try schemaError(#"{"$schema":"https://json-schema.org/draft/2020-12/schema"}"#)?.code == .unsupportedDraft
        )
        #expect(try schemaError(#"{"$schema":"http://json-schema.org/draft-04/schema#"}"#)?.code == .unsupportedDraft)
        #expect(try schemaError(#"{"$schema":"http://json-schema.org/draft-07/schema"}"#) == nil)
    }

    @Test("A divisor too long to divide by is refused")
    func divisor() throws {
        #expect(try schemaError(#"{"multipleOf":1234567890.1234567891}"#)?.code == .tooLarge)
        #expect(try schemaError(#"{"multipleOf":123456789012345678}"#) == nil)
    }
}
