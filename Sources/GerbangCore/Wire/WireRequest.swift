public import HTTPTypes

/// A message that an adapter has prepared for its agency, relative to the connection's base URL.
///
/// The path is a list of segments and the query a list of pairs, never a string: each is percent-encoded by its
/// position when the URL is built, so that no value can break out of its place.
public struct WireRequest: Sendable, Hashable {
    /// The HTTP method.
    public var method: HTTPRequest.Method
    /// Path segments below the base URL's own path, unencoded.
    public var path: [String]
    /// Query items in order, unencoded.
    public var query: [QueryItem]
    /// Header fields. The transport adds `Host` and `Content-Length`.
    public var headerFields: HTTPFields
    /// The body; empty means none.
    public var body: [UInt8]

    /// One name and value of the query, unencoded.
    public struct QueryItem: Sendable, Hashable {
        /// The parameter's name.
        public var name: String
        /// The parameter's value.
        public var value: String

        /// Creates a query item from unencoded parts.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Creates a message; the defaults are an empty path, query, header and body.
    public init(
        method: HTTPRequest.Method,
        path: [String] = [],
        query: [QueryItem] = [],
        headerFields: HTTPFields = [:],
        body: [UInt8] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headerFields = headerFields
        self.body = body
    }

    /// The absolute URL of this message below `base`.
    public func url(below base: BaseURL) -> String {
        var url = base.description
        for segment in path {
            url.append("/")
            PercentEncoding.append(segment, to: &url)
        }
        var separator: Character = "?"
        for item in query {
            url.append(separator)
            PercentEncoding.append(item.name, to: &url)
            url.append("=")
            PercentEncoding.append(item.value, to: &url)
            separator = "&"
        }
        return url
    }
}
