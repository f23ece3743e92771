internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML
internal import HTTPTypes
internal import Testing

@Suite("Messages of manifests")
struct MessageTests {
    static let hostile = [
        "a/b", "../../etc", "..", ".", "a?b=c", "a#b", "a%2Fb", "a b", "a&c=d", "a\r\nX-Evil: 1", "é✓", "\u{0}", "a;b",
        "<x/>", "\"'", "${input.other}", "]]>", "&amp;", "--gerbang", "a\"; filename=\"x",
    ]

    @Test("a path's value stays one segment, whatever it holds", arguments: hostile)
    func path(value: String) throws {
        let message = try Support.message("path: /a/${input.v}/pre-${input.v}", ["v": .string(value)])
        #expect(message.path == ["a", value, "pre-\(value)"])
        let url = message.url(below: try BaseURL("http://agency/base"))
        let rest = url.dropFirst("http://agency/base/a/".count)
        #expect(rest.split(separator: "/", omittingEmptySubsequences: false).count == 2)
        #expect(!rest.contains("?") && !rest.contains("#") && !rest.contains(" "))
        #expect(!url.contains("/../") && !url.contains("/./"))
    }

    @Test("a query's and a form's value stays one value", arguments: hostile)
    func pairs(value: String) throws {
        let request = "method: POST\npath: /\nquery: {q: \"${input.v}\", n: 1}\nbody: {form: {f: \"${input.v}\", g: x}}"
        let message = try Support.message(request, ["v": .string(value)])
        #expect(message.query == [WireRequest.QueryItem("q", value), WireRequest.QueryItem("n", "1")])
        let body = String(decoding: message.body, as: UTF8.self)
        #expect(body.split(separator: "&").count == 2)
        #expect(body.hasSuffix("&g=x"))
        #expect(message.headerFields[.contentType] == "application/x-www-form-urlencoded")
    }

    @Test("a header's value cannot begin another header", arguments: hostile)
    func header(value: String) throws {
        let isPlain = value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
        let name = try #require(HTTPField.Name("X-Ref"))
        if isPlain {
            let message = try Support.message("path: /\nheaders: {X-Ref: \"r-${input.v}\"}", ["v": .string(value)])
            #expect(message.headerFields[name] == "r-\(value)")
            #expect(message.headerFields.count == 1)
        } else {
            let error = #expect(throws: GerbangError.self) {
                try Support.message("path: /\nheaders: {X-Ref: \"r-${input.v}\"}", ["v": .string(value)])
            }
            #expect(error?.message.contains("headers.X-Ref") == true)
        }
    }

    @Test("a multipart value stays in its part", arguments: hostile)
    func multipart(value: String) throws {
        let request = """
            method: POST
            path: /
            body: {multipart: [{name: nik, value: "${input.v}"}, {name: "${input.v}", filename: "${input.v}", value: x}]}
            """
        let message = try Support.message(request, ["v": .string(value)])
        let type = try #require(message.headerFields[.contentType])
        let boundary = "--" + type.dropFirst("multipart/form-data; boundary=".count)
        let body = String(decoding: message.body, as: UTF8.self)
        #expect(body.split(separator: boundary, omittingEmptySubsequences: false).count == 4)
        #expect(!body.contains("\nX-Evil") || body.contains("\r\n\r\na\r\nX-Evil"))
        #expect(try Support.message(request, ["v": .string(value)]) == message, "the same every time")
    }

    @Test("what looks like markup stays text in XML", arguments: hostile)
    func xml(value: String) throws {
        let request = """
            method: POST
            path: /
            body:
              xml:
                namespaces: {t: "urn:x"}
                root: {"t:r": {"@a": "${input.v}", "t:e": "${input.v}", "t:l": "${[input.v, input.v]}"}}
            """
        guard !value.unicodeScalars.contains("\u{0}") else {
            #expect(throws: GerbangError.self) { try Support.message(request, ["v": .string(value)]) }
            return
        }
        let root = try XMLDocument(parsing: Support.message(request, ["v": .string(value)]).body).root
        #expect(root.children.map(\.localName) == ["e", "l", "l"])
        #expect(root.attribute("a") == value)
        #expect(root.firstChild("e")?.text == value)
    }

    @Test("what has no value is left out, everywhere")
    func missing() throws {
        let request = """
            method: POST
            path: /
            query: {a: "${input.?a}", b: "${input.?b}", c: "x-${input.?b}"}
            headers: {X-A: "${input.?a}", X-B: "${input.?b}"}
            body:
              json:
                a: ${input.?a}
                b: ${input.?b}
                n: null
                empty: {}
                nested: {b: "${input.?b}"}
                list: ["${input.?b}", "${input.?a}", 7]
                hidden: {"?": "false", x: 1}
            """
        let message = try Support.message(request, ["a": "1"])
        #expect(message.query == [WireRequest.QueryItem("a", "1")])
        #expect(message.headerFields.map(\.name.rawName).sorted() == ["Content-Type", "X-A"])
        let expected: JSONValue = ["a": "1", "n": nil, "empty": [:], "list": ["1", 7]]
        #expect(try JSONValue(parsing: message.body) == expected)
    }

    @Test("a list gives several path segments and query parameters, and an empty segment is refused")
    func lists() throws {
        let message = try Support.message("path: /a/${input.l}\nquery: {q: \"${input.l}\"}", ["l": ["x", "y"]])
        #expect(message.path == ["a", "x", "y"])
        #expect(message.query.map(\.value) == ["x", "y"])
        for input in [["l": ""], ["l": []], ["l": nil], [:]] as [JSONValue] {
            #expect(throws: GerbangError.self) { try Support.message("path: /a/${input.?l}", input) }
        }
    }

    @Test("an agency's own types, a form field of JSON, and a text body")
    func bodies() throws {
        let form = try Support.message(
            "method: POST\npath: /\nbody: {form: {simponi_req: {json: {method: x, data: [\"${input.v}\", 1]}}}}",
            ["v": "a&b"]
        )
        let field = String(decoding: form.body, as: UTF8.self)
        #expect(field == "simponi_req=%7B%22method%22%3A%22x%22%2C%22data%22%3A%5B%22a%26b%22%2C1%5D%7D")
        let odd = try Support.message(
            "method: DELETE\npath: /\nheaders: {Content-Type: Application/x-www-form-urlencoded}\nbody: {json: {a: 1}}",
            [:]
        )
        #expect(odd.headerFields[.contentType] == "Application/x-www-form-urlencoded")
        #expect(odd.body == Array(#"{"a":1}"#.utf8))
        let text = try Support.message("method: POST\npath: /\nbody: {text: \"nik=${input.v}\"}", ["v": "1"])
        #expect(text.body == Array("nik=1".utf8))
    }

    @Test("input that breaks the schema or a rule names its field, without repeating it")
    func refusals() throws {
        let request = """
            path: /${input.nik}
            input: {type: object, required: [nik], properties: {nik: {type: string, maxLength: 16}}}
            refuse: [{when: 'input.nik == "0"', field: /nik, message: not zero}]
            """
        for input in [[:], ["nik": 1], ["nik": "0"], ["nik": "RAHASIA-RAHASIA-RAHASIA"]] as [JSONValue] {
            let error = #expect(throws: GerbangError.self) { try Support.message(request, input) }
            #expect(error?.code == .invalidInput)
            #expect(error?.field?.description == "/nik")
            #expect(error?.description.contains("RAHASIA") == false)
        }
    }
}
