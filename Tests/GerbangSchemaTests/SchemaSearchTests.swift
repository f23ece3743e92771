internal import GerbangJSON
internal import Testing

@testable internal import GerbangSchema

/// What a JSON Schema tells of members.
@Suite
struct SchemaSearchTests {
    private static let schema: JSONValue = [
        "definitions": ["node": ["properties": ["next": ["$ref": "#/definitions/node"], "id": [:]]]],
        "type": "object",
        "properties": [
            "node": ["$ref": "#/definitions/node"], "map": ["additionalProperties": ["properties": ["a": [:]]]],
        ],
        "allOf": [["properties": ["b": ["type": "string"]]]],
        "oneOf": [["properties": ["c": [:]]], ["properties": ["d": ["additionalProperties": false]]]],
    ]

    @Test(arguments: [
        ["node", "next", "next", "id"], ["map", "anything", "a"], ["b"], ["c", "anything"], ["d"],
    ])
    func found(names: [String]) { #expect(SchemaSearch(Self.schema).find(names) == .found) }

    @Test(arguments: [
        (["e"], ["node", "map", "b", "c", "d"]), (["node", "next", "x"], ["next", "id"]), (["map", "q", "b"], ["a"]),
        (["b", "x"], []), (["d", "x"], []),
    ])
    func missing(names: [String], others: [String]) {
        #expect(SchemaSearch(Self.schema).find(names) == .missing(name: names.last ?? "", others: others))
    }

    @Test(
        "A place shows the keys that the schema knows, and no others",
        arguments: [
            ("/node/next/id", "/node/next/id"), ("/3174014101900001", "/*"), ("/map/3174014101900001/a", "/map/*/a"),
            ("/map/x/b", "/map/*/*"), ("/node/x/id", "/node/*/*"), ("/c/x", "/c/*"), ("/list/0/id", "/list/0/id"),
            ("/list/31/Kenari", "/list/31/*"), ("/7", "/*"), ("", ""), ("/pattern/x1/y", "/pattern/*/y"),
        ]
    )
    func masked(pointer: String, shown: String) throws {
        let schema: JSONValue = [
            "definitions": Self.schema["definitions"] ?? [:],
            "properties": [
                "list": ["items": ["properties": ["id": [:]]]],
                "pattern": ["patternProperties": ["^x": ["properties": ["y": [:]]]]],
            ],
            "allOf": [Self.schema],
        ]
        #expect(SchemaSearch(schema).masked(try #require(JSONPointer(pointer))).description == shown)
    }

    @Test("A schema that refers to itself many times is searched in no time")
    func circles() {
        let again: JSONValue = .array(Array(repeating: ["$ref": "#"], count: 50))
        let schema: JSONValue = ["properties": ["x": ["anyOf": again]], "allOf": again, "additionalProperties": false]
        let names = Array(repeating: "x", count: 40)
        #expect(SchemaSearch(schema).find(names) == .found)
        #expect(SchemaSearch(schema).find(names + ["y"]) == .missing(name: "y", others: ["x"]))
        #expect(SchemaSearch(schema).masked(JSONPointer(tokens: names + ["31"])).tokens == names + ["*"])
    }
}
