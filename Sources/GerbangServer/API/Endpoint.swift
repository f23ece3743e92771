internal import HTTPTypes

/// One thing that the API does.
struct Endpoint: Sendable {
    /// Who may call it.
    enum Access: Sendable {
        /// Everybody.
        case open
        /// Holders of an adapter's key, which signs every message: whoever handles it checks that.
        case agency
        /// Every holder of a key.
        case client
        /// Holders of an operator's key, also of one that is bound to a tenant and sees only that tenant's things.
        case tenants
        /// Holders of an operator's key for the whole gateway.
        case operators
    }

    var method: HTTPRequest.Method
    /// The path, with at most one parameter in braces.
    var template: String
    var access: Access
    var takesBody: Bool
    /// Whether the body is a SOAP message instead of JSON.
    var takesXML: Bool
    /// Whether the audit trail is written by what it calls, in the same transaction.
    var notesItself: Bool
    var handle: @Sendable (API, Call) async throws -> Answer

    init(
        _ method: HTTPRequest.Method,
        _ template: String,
        _ access: Access,
        takesBody: Bool = false,
        takesXML: Bool = false,
        notesItself: Bool = false,
        _ handle: @escaping @Sendable (API, Call) async throws -> Answer
    ) {
        self.method = method
        self.template = template
        self.access = access
        self.takesBody = takesBody
        self.takesXML = takesXML
        self.notesItself = notesItself
        self.handle = handle
    }
}

/// Finds the endpoint for a method and a path.
struct RouteTable: Sendable {
    /// An endpoint with what is counted of it.
    struct Route: Sendable {
        var endpoint: Endpoint
        var meter: RouteMeter
    }

    /// What a method and a path lead to.
    enum Match {
        case route(Route, parameter: Substring)
        /// The path exists, and takes these methods.
        case otherMethod(allowed: String)
        case nothing
    }

    private struct Resource: Sendable {
        var segments: [Substring]
        var routes: [Route] = []
    }

    private var resources: [Resource] = []

    init(_ endpoints: [Endpoint]) {
        for endpoint in endpoints {
            let route = Route(
                endpoint: endpoint,
                meter: RouteMeter(route: endpoint.template, method: endpoint.method.rawValue)
            )
            let segments = Self.segments(of: endpoint.template)
            if let index = resources.firstIndex(where: { $0.segments == segments }) {
                resources[index].routes.append(route)
            } else {
                resources.append(Resource(segments: segments, routes: [route]))
            }
        }
    }

    /// Finds the route; whoever answers `GET` answers `HEAD`.
    func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        let segments = Self.segments(of: path)
        for resource in resources where resource.segments.count == segments.count {
            guard let parameter = Self.parameter(of: segments, in: resource.segments) else { continue }
            let wanted = method == .head ? .get : method
            guard let route = resource.routes.first(where: { $0.endpoint.method == wanted }) else {
                return .otherMethod(allowed: Self.allowed(resource.routes))
            }
            return .route(route, parameter: parameter)
        }
        return .nothing
    }

    private static func segments(of path: String) -> [Substring] {
        path.split(separator: "/", omittingEmptySubsequences: false)
    }

    /// What stands for the template's parameter, or an empty text; `nil` when the path is another.
    private static func parameter(of path: [Substring], in template: [Substring]) -> Substring? {
        var parameter: Substring = ""
        for (segment, expected) in zip(path, template) where segment != expected {
            guard expected.first == "{", !segment.isEmpty else { return nil }
            parameter = segment
        }
        return parameter
    }

    private static func allowed(_ routes: [Route]) -> String {
        routes.flatMap { $0.endpoint.method == .get ? ["GET", "HEAD"] : [$0.endpoint.method.rawValue] }
            .joined(separator: ", ")
    }
}
