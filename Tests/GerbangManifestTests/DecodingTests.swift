internal import GerbangCore
internal import GerbangFuzzing
internal import GerbangJSON
internal import HTTPTypes
internal import Testing

@testable internal import GerbangManifest

@Suite("Decoding answers")
struct DecodingTests {
    private static let texts: [(packed: String, plain: String)] = [
        ("IZA", "a"), ("AoUwNghgnhB2cAJgFcBGYCWBrIA", "Pelayanan Publik"), ("qemhpzI", "日本"),
        ("N4IgTgpgzgDg9gOyhEAuBBXANlgvkA", #"{"response":null}"#), ("Q", ""),
        ("N4IgNglgzgLiBcBtAugXyA", #"{"list":[]}"#),
        (
            "N4IgNglgzgLiBcBtUBrA9gEwKYJASQDkAVEAGhADsBDAWytwAUB5AGTwAIGBRAgTQEEA0niLsAIvxb8Asu0AoBOIBOAOnb8AjxHaBkchABfALp6gA",
            #"{"list":[{"kode":"INT","nama":"POLI PENYAKIT DALAM — Dr. Añi ✓"}]}"#
        ),
    ]

    @Test("LZString texts are decompressed as others compressed them")
    func lzString() throws {
        for (packed, plain) in Self.texts {
            #expect(try LZString.decompress(Array(packed.utf8), maximum: 1000) == plain)
            #expect(try LZString.decompress(Array(packed.utf8), maximum: 1 << 20) == plain)
        }
    }

    @Test("what is not LZString is refused, and so is a text that grows too large")
    func hostileLZString() {
        for text in ["", "!", "é", "IZ", "A", "~~~~"] {
            #expect(throws: LZString.Malformed.self) { try LZString.decompress(Array(text.utf8), maximum: 1000) }
        }
        #expect(throws: LZString.Malformed.self) {
            try LZString.decompress(Array(Self.texts[1].packed.utf8), maximum: 4)
        }
        var generator = SplitMix64(seed: 7)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-$".utf8)
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 1...64, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 65
            }
            _ = try? LZString.decompress(text, maximum: 100_000)
        }
    }

    /// "Pelayanan Publik " eight times, compressed by others.
    private static let packed: [(form: Inflation.Form, base64: String)] = [
        (.gzip, "H4sIAAAAAAACAwtIzUmsTMxLzFMIKE3KycxWCBgYAQA2jteOiAAAAA=="),
        (.deflate, "eJwLSM1JrEzMS8xTCChNysnMVggYGAEAcLsyAQ=="), (.deflate, "C0jNSaxMzEvMUwgoTcrJzFYIGBgBAA=="),
    ]

    @Test("gzip and deflate, with and without its wrapper, are decompressed as others compressed them")
    func inflation() throws {
        let plain = Array(String(repeating: "Pelayanan Publik ", count: 8).utf8)
        for (form, text) in Self.packed {
            let bytes = try #require(LenientBase64.decode(Array(text.utf8)))
            #expect(try Inflation.inflate(bytes, form) == plain)
            #expect(try Inflation.inflate(bytes, form, maximum: plain.count) == plain)
            #expect(throws: EvaluationFailure.self) { try Inflation.inflate(bytes, form, maximum: plain.count - 1) }
            for end in 0..<bytes.count {
                #expect(throws: EvaluationFailure.self) { try Inflation.inflate(Array(bytes[..<end]), form) }
            }
            #expect(throws: EvaluationFailure.self) { try Inflation.inflate(bytes + [0], form) }
        }
        let gzip = try #require(LenientBase64.decode(Array(Self.packed[0].base64.utf8)))
        #expect(try Inflation.inflate(gzip + gzip, .gzip) == plain + plain)
        #expect(throws: EvaluationFailure.self) { try Inflation.inflate(plain, .gzip) }
    }

    @Test("a bomb is refused")
    func bomb() throws {
        // 17 MiB of zeros, compressed twice.
        let text =
            "H4sIAAAAAAACA+3bOw4BYRQF4H/MFB4JegVLUGokNGqNWixArUMiKgWNdViDHehEZwEiolCJx9iEZPJ91a1PeXJufZUPqVx82UfR95hvXrtrvhgAAACAjJufFnFaBoTG+9jrDwAAAICsG1XKya8UeA5rXXEAAABA5i3brepvIXCfjRNxAAAAQOZtH+dNWgV0Du/jtBn7moB/uCWlwmQdQjX6AMRwervOQwAA"
        let bytes = try #require(LenientBase64.decode(Array(text.utf8)))
        let inner = try Inflation.inflate(bytes, .gzip)
        let failure = #expect(throws: EvaluationFailure.self) { try Inflation.inflate(inner, .gzip) }
        #expect(failure?.message.contains("more than") == true)
    }

    @Test("AES-CBC needs keys of the right size and a text that was encrypted with them")
    func cipher() {
        for (key, iv, text) in [(15, 16, 16), (32, 15, 16), (32, 16, 15), (32, 16, 0), (32, 16, 32)] {
            #expect(throws: EvaluationFailure.self) {
                try BlockCipher.decrypt(
                    [UInt8](repeating: 1, count: text),
                    key: [UInt8](repeating: 2, count: key),
                    iv: [UInt8](repeating: 3, count: iv)
                )
            }
        }
    }

    @Test("base64 in either alphabet, with or without padding and line breaks")
    func base64() {
        for (text, plain) in [
            ("YQ==", "a"), ("YQ", "a"), ("YWI=\n", "ab"), ("Y W\r\nJj", "abc"), ("", ""), ("_-8", "\u{FF}ï"),
        ] {
            let bytes = LenientBase64.decode(Array(text.utf8))
            if text != "_-8" { #expect(bytes == Array(plain.utf8)) } else { #expect(bytes == [0xFF, 0xEF]) }
        }
        for text in ["Y", "YQ=a", "Y*Q="] { #expect(LenientBase64.decode(Array(text.utf8)) == nil) }
    }

    @Test("forms, texts, bytes and multipart answers")
    func forms() throws {
        func output(_ decode: String, _ output: String, _ body: String, _ type: String = "text/plain") throws
            -> JSONValue?
        {
            let rules = "decode: \(decode)\nverdict: [{succeeded: {output: {a: '${\(output)}'}}}]"
            let response = WireResponse(status: 200, headerFields: [.contentType: type], body: Array(body.utf8))
            return try Support.verdict(rules, response).output?["a"]
        }
        #expect(try output("[form]", "body.b", "a=1&b=x+%26%20y&b=2") == "x & y")
        #expect(try output("[text]", "body.trim()", " OK \n") == "OK")
        #expect(try output("[binary]", "body", "%PDF") == "JVBERg==")
        let parts = "--b\r\nContent-Type: application/json\r\n\r\n{\"n\": 1}\r\n--b\r\n\r\nfile\r\n--b--\r\n"
        #expect(try output("[multipart, json]", "body.n", parts, "multipart/related; boundary=b") == 1)
        #expect(try output("[hex, text]", "body", "6f6b") == "ok")
        #expect(try output("[{names: upper}]", "body", "{}") == nil)
    }

    @Test("XPath picks texts, lists, names and groups of values, in any namespace or in a declared one")
    func xml() throws {
        let rules = """
            decode:
              - xml:
                  namespaces: {n: "urn:a"}
                  values:
                    first: /*/*:item/*:name
                    exact: /n:list/n:item/n:name
                    other: /list/item/name
                    names: {texts: "//*:name"}
                    count: count(//*:item)
                    has: {exists: "//*:item[@id='2']"}
                    no: {exists: "//*:nothing"}
                    root: {name: .}
                    items: {each: "*:item", values: {id: "@id", name: "*:name"}}
                    second: {one: "*:item[2]", values: {name: "*:name"}}
            verdict: [{succeeded: {output: {a: "${body}"}}}]
            """
        let text = #"<list xmlns="urn:a"><item id="1"><name> A </name></item><item id="2"><name>B</name></item></list>"#
        let output = try Support.verdict(rules, WireResponse(status: 200, body: Array(text.utf8))).output?["a"]
        let expected: JSONValue = [
            "first": "A", "exact": "A", "names": ["A", "B"], "count": "2", "has": true, "no": false, "root": "list",
            "items": [["id": "1", "name": "A"], ["id": "2", "name": "B"]], "second": ["name": "B"],
        ]
        #expect(output == expected)
        let broken = try Support.verdict(rules, WireResponse(status: 200, body: Array("<a><b></a>".utf8)))
        #expect(broken.name == "transient")
    }

    @Test("paths that are walked directly give what XPath gives")
    func paths() throws {
        let document = #"<a xmlns="urn:a"><b><c>1</c></b><b><c>2</c><c xmlns="">3</c></b><d/></a>"#
        for path in [
            "/*/*:b/*:c", "*:b/*:c", "/n:a/n:b/n:c", "n:b/n:c", "*", "/*", "*/*", "b", "c", "*:x", "/*:b", ".", "*:b/c",
        ] {
            let rules = """
                decode: [{xml: {namespaces: {n: "urn:a"}, values: {fast: {texts: "\(path)"}, slow: {texts: "(\(path))[true()]"}}}}]
                verdict: [{succeeded: {output: {same: "${body.fast == body.slow}"}}}]
                """
            let verdict = try Support.verdict(rules, WireResponse(status: 200, body: Array(document.utf8)))
            #expect(verdict.output?["same"] == true, "\(path): \(verdict)")
        }
    }
}
