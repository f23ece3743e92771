internal import Gerbang
internal import HTTPTypes
internal import Testing

/// A browser without scripts: fetches pages and sends forms.
struct Browser: Sendable {
    let url: String
    private let transport: CurlTransport

    init(_ url: String) throws {
        self.url = url
        transport = try CurlTransport()
    }

    struct Page: Sendable {
        var status: Int
        var location: String?
        var text: String
        var fields: HTTPFields

        /// The value of a hidden field.
        func hidden(_ name: String) throws -> String {
            let parts = text.split(separator: "type=\"hidden\" name=\"\(name)\" value=\"")
            let rest = try #require(parts.count == 2 ? parts[1] : nil)
            return String(rest.prefix { $0 != "\"" })
        }
    }

    func get(_ path: String) async throws -> Page {
        try await fetch(.get, path)
    }

    func post(_ path: String, _ form: [String: String] = [:], origin: String? = nil) async throws -> Page {
        var query = WireRequest(method: .post)
        query.query = form.map { WireRequest.QueryItem($0.key, $0.value) }
        let encoded = query.url(below: try BaseURL("http://x")).drop { $0 != "?" }.dropFirst()
        var fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        fields[.origin] = origin ?? url
        return try await fetch(.post, path, fields, Array(encoded.utf8))
    }

    /// Loads a page again until it no longer asks for that.
    func getFinal(_ path: String) async throws -> Page {
        for _ in 0..<6000 {
            let page = try await get(path)
            guard page.text.contains("http-equiv=\"refresh\"") else { return page }
            try await Task.sleep(for: .milliseconds(50))
        }
        return try await get(path)
    }

    private func fetch(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: HTTPFields = [:],
        _ body: [UInt8] = []
    ) async throws -> Page {
        let outcome = await transport.send(
            OutboundRequest(method: method, url: url + path, headerFields: fields, body: body)
        )
        guard case .answered(let response) = outcome else {
            throw GerbangError(.unreachable, "the backend does not answer: \(outcome)")
        }
        return Page(
            status: response.status,
            location: response.headerFields[.location],
            text: String(decoding: response.body, as: UTF8.self),
            fields: response.headerFields
        )
    }
}
