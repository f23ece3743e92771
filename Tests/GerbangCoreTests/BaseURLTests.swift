internal import GerbangCore
internal import Testing

@Suite("Base URLs")
struct BaseURLTests {
    @Test(
        "usable ones are taken apart and written without a slash at the end",
        arguments: [
            ("https://api.contoh.go.id", "https", "api.contoh.go.id", nil, "", "https://api.contoh.go.id"),
            ("HTTPS://API.contoh.go.id/", "https", "API.contoh.go.id", nil, "", "https://API.contoh.go.id"),
            (
                "http://172.16.160.1:8000/dukcapil/get_json/", "http", "172.16.160.1", 8000, "/dukcapil/get_json",
                "http://172.16.160.1:8000/dukcapil/get_json"
            ),
            ("https://[2001:db8::1]:8443/x", "https", "[2001:db8::1]", 8443, "/x", "https://[2001:db8::1]:8443/x"),
            ("https://[::1]", "https", "[::1]", nil, "", "https://[::1]"),
            ("https://[::ffff:10.0.0.1]/a", "https", "[::ffff:10.0.0.1]", nil, "/a", "https://[::ffff:10.0.0.1]/a"),
            ("http://localhost:1/a/b/", "http", "localhost", 1, "/a/b", "http://localhost:1/a/b"),
            ("http://agency_1:65535", "http", "agency_1", 65535, "", "http://agency_1:65535"),
            ("https://host/a:b@c/", "https", "host", nil, "/a:b@c", "https://host/a:b@c"),
        ] as [(String, String, String, Int?, String, String)]
    )
    func good(text: String, scheme: String, host: String, port: Int?, path: String, written: String) throws {
        let url = try BaseURL(text)
        #expect(url.scheme == scheme)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.description == written)
        #expect(try BaseURL(url.description) == url)
    }

    @Test(
        "others are refused with the part that is wrong",
        arguments: [
            ("", "https://"), ("api.contoh.go.id", "https://"), ("//host", "https://"), ("https:/host", "https://"),
            ("ftp://host", "scheme"), ("javascript://host", "scheme"), (" https://host", "scheme"),
            ("://host", "scheme"),
            ("https\u{301}://host", "scheme"), ("https://", "host"), ("https:///path", "host"),
            ("https://:443", "host"),
            ("https://user:rahasia@host", "user"), ("https://user@host/", "user"), ("https://host?x=1", "query"),
            ("https://host/#f", "fragment"), ("https://host/a?b", "query"), ("https://host:0", "port"),
            ("https://host:65536", "port"), ("https://host:abc", "port"), ("https://host:", "port"),
            ("https://host:-1", "port"),
            ("https://host:+443", "port"), ("https://host:4_4", "port"), ("https://host:99999999999999999999", "port"),
            ("https://ho st", "space"), ("https://höst", "ASCII"), ("https://host/\r\nX: y", "control"),
            ("https://host/\0", "control"), ("https://host/a\tb", "control"), ("https://host/ü", "ASCII"),
            ("https://host\\evil", "host"), ("https://ho%73t", "host"), ("https://::1", "host"),
            ("https://[::1", "host"),
            ("https://::1]", "host"), ("https://[]", "host"), ("https://[host]x", "host"),
            ("https://[<script>]", "host"),
            ("https://[a]b]", "host"), ("https://a,b", "host"),
        ]
    )
    func bad(text: String, part: String) throws {
        let error = try #require(failure { () throws(GerbangError) in _ = try BaseURL(text) })
        #expect(error.code == .invalidConfiguration)
        #expect(error.message.contains(part))
        #expect(!error.message.contains("rahasia"))
    }
}
