internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

@Suite("Sending")
struct SendingTests {
    @Test("method, target, header and body arrive as given", arguments: ["POST", "PUT", "PATCH", "DELETE", "REPORT"])
    func faithful(method: String) async throws {
        let seen = Mutex<ServedRequest?>(nil)
        let server = try LoopbackServer { request in
            seen.withLock { $0 = request }
            return .respond(status: 201, headerFields: [.contentType: "text/xml", .setCookie: "a=b"], body: [7])
        }
        let base = try BaseURL(server.baseURL + "/api/")
        let soapAction = try #require(HTTPField.Name("SOAPAction"))
        let wire = WireRequest(
            method: try #require(HTTPRequest.Method(rawValue: method)),
            path: ["a b", "..", "x/y"],
            query: [.init("q", "1&2=3"), .init("kosong", "")],
            headerFields: [.contentType: "text/xml; charset=utf-8", soapAction: "", .accept: "text/xml"],
            body: [0, 255, 10, 13]
        )
        let response = try await Shared.send(OutboundRequest(wire, below: base, timeouts: Shared.patient)).response
        #expect(response?.status == 201)
        #expect(response?.headerFields[.contentType] == "text/xml")
        #expect(response?.body == [7])
        let request = try #require(seen.withLock { $0 })
        #expect(request.method.rawValue == method)
        #expect(request.target == "/api/a%20b/%2E%2E/x%2Fy?q=1%262%3D3&kosong=")
        #expect(request.path == ["api", "a b", "..", "x/y"])
        #expect(request.query == [.init("q", "1&2=3"), .init("kosong", "")])
        #expect(request.headerFields[values: .contentType] == ["text/xml; charset=utf-8"])
        #expect(request.headerFields[values: .accept] == ["text/xml"])
        #expect(request.headerFields[values: soapAction] == [""])
        #expect(request.headerFields[.contentLength] == "4")
        #expect(request.headerFields[.userAgent] == "Gerbang")
        #expect(request.headerFields[.expect] == nil)
        #expect(request.headerFields[.acceptEncoding] == nil)
        #expect(request.headerFields[.cookie] == nil)
        #expect(request.body == [0, 255, 10, 13])
    }

    @Test("nothing is added to a message without a body")
    func withoutBody() async throws {
        let seen = Mutex<[ServedRequest]>([])
        let server = try LoopbackServer { request in
            seen.withLock { $0.append(request) }
            return .text("body")
        }
        for method in [HTTPRequest.Method.get, .delete, .head, .post] {
            let response = try await Shared.send(
                OutboundRequest(method: method, url: server.baseURL, timeouts: Shared.patient)
            ).response
            #expect(response?.body == (method == .head ? [] : Array("body".utf8)))
        }
        let requests = seen.withLock(\.self)
        #expect(requests.map(\.method) == [.get, .delete, .head, .post])
        #expect(requests.map { $0.headerFields[.contentLength] } == [nil, nil, nil, "0"])
        #expect(requests.allSatisfy { $0.headerFields[.contentType] == nil })
    }

    @Test("a body of several megabytes goes out and comes back without a wait for 100 Continue")
    func largeBody() async throws {
        let server = try LoopbackServer { .respond(body: $0.body) }
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let response = try await Shared.send(
            OutboundRequest(method: .post, url: server.baseURL, body: body, timeouts: Shared.patient)
        ).response
        #expect(response?.body == body)
    }

    @Test("a redirect is an answer and is not followed", arguments: [301, 302, 303, 307, 308])
    func redirect(status: Int) async throws {
        let requests = Counter()
        let server = try LoopbackServer { _ in
            requests.next()
            return .respond(status: status, headerFields: [.location: "/b"])
        }
        let response = try await Shared.get(server.baseURL + "/a").response
        #expect(response?.status == status)
        #expect(requests.value == 1)
    }

    @Test("an interim answer is passed over, trailers are left out, folded lines are joined")
    func interimAndTrailers() async throws {
        let text = """
            HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r
            HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\nBad Name: x\r\nTransfer-Encoding: chunked\r\n\r
            2\r\nok\r\n0\r\nX-Trailer: late\r\n\r\n
            """
        let server = try LoopbackServer { _ in .raw(Array(text.utf8)) }
        let response = try #require(try await Shared.get(server.baseURL).response)
        #expect(response.body == Array("ok".utf8))
        #expect(response.headerFields.map(\.name.rawName) == ["X-Folded", "Transfer-Encoding"])
        #expect(response.headerFields.first?.value == "one two")
    }

    @Test("two hundred messages at once, each with its own answer")
    func parallel() async throws {
        let server = try LoopbackServer { .respond(body: $0.body) }
        let transport = try CurlTransport()
        let url = server.baseURL
        let answers = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let body = Array("number \(number)".utf8)
                    let request = OutboundRequest(method: .post, url: url, body: body, timeouts: Shared.patient)
                    return await transport.send(request).response?.body == body
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answers == 200)
    }

    // MARK: - What is refused

    struct Refused: Sendable, CustomTestStringConvertible {
        var name: String
        var request: OutboundRequest
        var testDescription: String { name }

        init(_ name: String, url: String = "http://127.0.0.1:9/", _ change: (inout OutboundRequest) -> Void = { _ in })
        {
            self.name = name
            request = OutboundRequest(method: .get, url: url)
            change(&request)
        }
    }

    static let refused = [
        Refused("file URL", url: "file:///etc/passwd"),
        Refused("ftp URL", url: "ftp://127.0.0.1/"),
        Refused("gopher URL", url: "gopher://127.0.0.1:9/_x"),
        Refused("no scheme", url: "127.0.0.1:9/"),
        Refused("no host", url: "http:///path"),
        Refused("empty URL", url: ""),
        Refused("line break in the URL", url: "http://127.0.0.1:9/a\r\nX-Evil: 1"),
        Refused("space in the URL", url: "http://127.0.0.1:9/a b"),
        Refused("zero byte in the URL", url: "http://127.0.0.1:9/a\u{0}b"),
        Refused("letters outside ASCII in the URL", url: "http://127.0.0.1:9/é"),
        Refused("backslash in the URL", url: "http://127.0.0.1:9\\@agency.example/"),
        Refused("user in the URL", url: "http://user:secret@127.0.0.1:9/"),
        Refused("malformed port", url: "http://127.0.0.1:99999/"),
        Refused("line break in the user agent") { $0.profile.userAgent = "a\r\nX-Evil: 1" },
        Refused("own content length") { $0.headerFields[.contentLength] = "3" },
        Refused("own transfer encoding") { $0.headerFields[.transferEncoding] = "chunked" },
        Refused("own connection field") { $0.headerFields[.connection] = "upgrade" },
        Refused("CONNECT") { $0.method = .connect },
        Refused("short key pin") { $0.profile.pinnedPublicKeySHA256 = [1, 2, 3] },
        Refused("proxy with a password in its URL") { $0.profile.proxy = .init(url: "http://user:secret@127.0.0.1:9") },
        Refused("proxy with another scheme") { $0.profile.proxy = .init(url: "file:///tmp/socket") },
    ]

    @Test("a message that cannot or must not be sent is refused, without its content in the text", arguments: refused)
    func refuses(_ refused: Refused) async throws {
        let failure = try await Shared.send(refused.request).failure
        #expect(failure?.kind == .unsendable)
        #expect(failure?.sendState == .notSent)
        #expect(failure?.detail.isEmpty == false)
        #expect(failure?.detail.contains("secret") == false)
        #expect(failure?.detail.contains("127.0.0.1") == false)
    }

    @Test("a line break in a header value does not start a new field")
    func headerInjection() async throws {
        let seen = Mutex<HTTPFields>([:])
        let server = try LoopbackServer { request in
            seen.withLock { $0 = request.headerFields }
            return .text("ok")
        }
        let outcome = try await Shared.send(
            OutboundRequest(
                method: .get,
                url: server.baseURL,
                headerFields: [.authorization: "a\r\nX-Evil: 1"],
                timeouts: Shared.patient
            )
        )
        let evil = try #require(HTTPField.Name("X-Evil"))
        #expect(outcome.failure?.kind == .unsendable || seen.withLock { $0[evil] == nil })
    }

    @Test("proxy variables of the environment change nothing")
    func environment() async {
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
                setenv(name, "http://127.0.0.1:9", 1)
            }
            let server = try LoopbackServer { _ in .text("direct") }
            let outcome = try await CurlTransport().send(OutboundRequest(method: .get, url: server.baseURL))
            guard outcome.response?.status == 200 else { exit(1) }
        }
    }

    // MARK: - Secrets

    @Test("neither a message nor a profile shows what it holds")
    func descriptions() {
        let secret = "rahasia-3174"
        let request = OutboundRequest(
            method: .post,
            url: "https://agency.example/\(secret)",
            headerFields: [.authorization: secret],
            body: Array(secret.utf8),
            profile: TransportProfile(
                certificateAuthorities: .file(secret),
                clientCertificate: .init(certificate: .bytes(Array(secret.utf8)), privateKeyPassword: secret),
                proxy: .init(url: secret, user: secret, password: secret),
                userAgent: secret
            )
        )
        var dumped = ""
        dump(request, to: &dumped)
        dump(request.profile, to: &dumped)
        dump(request.profile.clientCertificate, to: &dumped)
        dump(request.profile.proxy, to: &dumped)
        dumped += "\(request) \(String(reflecting: request)) \(request.profile) \(String(reflecting: request.profile))"
        dumped += "\(request.profile.proxy.map { "\($0)" } ?? "") \(String(reflecting: request.profile.proxy))"
        #expect(!dumped.contains(secret))
        #expect(!dumped.contains("114, 97, 104"))
        #expect("\(request.profile)" == "transport with pinned authorities, client certificate, proxy")
        #expect("\(TransportProfile())" == "default transport")
    }
}
