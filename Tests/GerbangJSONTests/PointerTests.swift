internal import GerbangJSON
internal import Testing

@Suite("Pointers")
struct PointerTests {
    private static let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
    ]

    @Test(
        "the examples of RFC 6901, section 5, lead where they should",
        arguments: [
            ("", document), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2),
            ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8), ("/foo/2", nil),
            ("/foo/-", nil), ("/foo/00", nil), ("/foo/+1", nil), ("/foo/", nil), ("/foo/99999999999999999999", nil),
            ("/foo/0/0", nil), ("/absent", nil),
        ] as [(String, JSONValue?)]
    )
    func examples(text: String, expected: JSONValue?) throws {
        let pointer = try #require(JSONPointer(text))
        #expect(PointerTests.document[pointer] == expected)
        #expect(pointer.description == text)
    }

    @Test("other texts are no pointers", arguments: ["foo", "~", "/~", "/~2", "/a~", " /a"])
    func refused(text: String) {
        #expect(JSONPointer(text) == nil)
    }

    @Test("a pointer grows step by step")
    func appending() {
        let pointer = JSONPointer.root.appending("a/b").appending(3).appending("~1")
        #expect(pointer.description == "/a~1b/3/~01")
        #expect(pointer.tokens == ["a/b", "3", "~1"])
        #expect(JSONPointer(pointer.description) == pointer)
        #expect(Set([pointer, JSONPointer.root]).count == 2)
    }
}
