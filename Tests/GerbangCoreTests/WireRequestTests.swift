internal import GerbangCore
internal import HTTPTypes
internal import Testing

@Suite("URLs of messages")
struct WireRequestTests {
    private static func base() throws -> BaseURL { try BaseURL("https://agency.example/root/") }

    private static func url(_ path: [String], _ query: [WireRequest.QueryItem] = []) throws -> String {
        try WireRequest(method: .get, path: path, query: query).url(below: base())
    }

    @Test(
        "a path segment stays one segment, whatever it holds",
        arguments: [
            ("NIK", "NIK"), ("..", "%2E%2E"), (".", "%2E"), ("...", "..."), ("../etc", "..%2Fetc"), ("a/b", "a%2Fb"),
            ("a?b", "a%3Fb"),
            ("a#b", "a%23b"), ("%2F", "%252F"), ("%2e%2e", "%252e%252e"), ("\r\nHost: x", "%0D%0AHost%3A%20x"),
            ("", ""),
            ("a b", "a%20b"), ("a+b", "a%2Bb"), ("a&b=c;d", "a%26b%3Dc%3Bd"), ("a\\b", "a%5Cb"), ("a\0b", "a%00b"),
            ("é", "%C3%A9"),
            ("日本", "%E6%97%A5%E6%9C%AC"), ("😀", "%F0%9F%98%80"), ("／", "%EF%BC%8F"), ("@:", "%40%3A"),
            ("a~b-c_d.e", "a~b-c_d.e"),
            ("\u{7f}", "%7F"), ("\"<>`{}|^", "%22%3C%3E%60%7B%7D%7C%5E"),
        ]
    )
    func segment(text: String, encoded: String) throws {
        #expect(try Self.url([text]) == "https://agency.example/root/\(encoded)")
        #expect(try Self.url(["a", text, "b"]) == "https://agency.example/root/a/\(encoded)/b")
    }

    @Test("a query item stays one item, whatever it holds")
    func query() throws {
        let items: [WireRequest.QueryItem] = [
            .init("nama", "a&b=c"), .init("x&y", "#?/"), .init("", ""), .init("z", "1+1 \r\n"),
        ]
        #expect(
            try Self.url(["q"], items)
                == "https://agency.example/root/q?nama=a%26b%3Dc&x%26y=%23%3F%2F&=&z=1%2B1%20%0D%0A"
        )
    }

    @Test("without path and query it is the base")
    func empty() throws {
        #expect(try Self.url([]) == "https://agency.example/root")
        #expect(try Self.url([], [.init("a", "b")]) == "https://agency.example/root?a=b")
    }

    @Test("no value breaks out of its place, and every value can be read back")
    func fuzz() throws {
        var generator = SplitMix64(seed: 8)
        let alphabet =
            Array("abz09/\\?#%&=+;:@. \r\n\t\0\"'<>{}éü日😀／．\u{2028}\u{301}").map { String($0) } + ["..", "%2F", "//"]
        func word() -> String {
            (0..<Int.random(in: 0...6, using: &generator)).map { _ in alphabet.randomElement(using: &generator) ?? "" }
                .joined()
        }
        for _ in 0..<1000 {
            let path = (0..<Int.random(in: 1...4, using: &generator)).map { _ in word() }
            let items = (0..<Int.random(in: 0...3, using: &generator)).map { _ in WireRequest.QueryItem(word(), word())
            }
            let url = try Self.url(path, items)
            #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
            let prefix = "https://agency.example/root/"
            let halves = url.dropFirst(prefix.count).split(separator: "?", omittingEmptySubsequences: false)
            #expect(url.hasPrefix(prefix))
            #expect(halves.count == (items.isEmpty ? 1 : 2))
            let segments = halves[0].split(separator: "/", omittingEmptySubsequences: false)
            #expect(segments.map { Self.decoded($0) } == path.map { Array($0.utf8) })
            #expect(!segments.contains("..") && !segments.contains("."))
            guard halves.count == 2 else { continue }
            let pairs = halves[1].split(separator: "&", omittingEmptySubsequences: false)
            let expected = items.flatMap { [Array($0.name.utf8), Array($0.value.utf8)] }
            let found = pairs.flatMap {
                $0.split(separator: "=", omittingEmptySubsequences: false).map { Self.decoded($0) }
            }
            #expect(found == expected)
        }
    }

    private static func decoded(_ text: Substring) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), text.utf8[...])
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let high = rest.popFirst().flatMap { Hexadecimal.value(of: $0) } ?? 0
            bytes.append(high << 4 | (rest.popFirst().flatMap { Hexadecimal.value(of: $0) } ?? 0))
        }
        return bytes
    }
}

@Suite("Hexadecimal digits")
struct HexadecimalTests {
    @Test("every byte is written and read")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            let text = Array(Hexadecimal.lower([byte]).utf8)
            #expect(text.count == 2)
            #expect(text.compactMap { Hexadecimal.value(of: $0) }.reduce(0) { $0 << 4 | $1 } == byte)
        }
        #expect(Hexadecimal.lower([0, 0xAB, 0xFF]) == "00abff")
        #expect(String((0...15).map { Hexadecimal.upper($0) }) == "0123456789ABCDEF")
        for byte in Array("gG/:@`".utf8) { #expect(Hexadecimal.value(of: byte) == nil) }
    }
}
