internal import GerbangEngine
internal import GerbangJSON
internal import HTTPTypes

extension API {
    /// Everything that the API does.
    ///
    /// `Schemas/openapi/openapi.json` describes the same.
    static let endpoints: [Endpoint] = [
        Endpoint(.post, "/v1/requests", .client, takesBody: true) { try await $0.submit($1) },
        Endpoint(.get, "/v1/requests/{id}", .client) { try await $0.showRequest($1) },
        Endpoint(.get, "/v1/requests", .client) { try await $0.listRequests($1) },
        Endpoint(.get, "/v1/requests/{id}/events", .client) { try await $0.showEvents($1) },
        Endpoint(.post, "/v1/requests/{id}/cancel", .client) { try await $0.cancel($1) },
        Endpoint(.post, "/v1/requests/{id}/redrive", .tenants) { try await $0.redrive($1) },
        Endpoint(.post, "/v1/requests/{id}/resolve", .tenants, takesBody: true) { try await $0.resolve($1) },
        Endpoint(.post, "/v1/requests/{id}/discard", .tenants) { try await $0.discard($1) },
        Endpoint(.get, "/v1/services", .client) { $0.listServices($1) },
        Endpoint(.get, "/v1/services/{id}", .client) { try $0.showService($1) },
        Endpoint(.get, "/v1/connections", .tenants) { try await $0.listConnections($1) },
        Endpoint(.get, "/v1/connections/{id}", .tenants) { try await $0.showConnection($1) },
        Endpoint(.post, "/v1/connections/{id}/pause", .tenants) { try await $0.pause($1) },
        Endpoint(.post, "/v1/connections/{id}/resume", .tenants) { try await $0.resume($1) },
        Endpoint(.post, "/v1/connections/{id}/enable", .tenants) { try await $0.enable($1) },
        Endpoint(.post, "/v1/connections/{id}/drain", .tenants) { try await $0.drain($1) },
        Endpoint(.post, "/v1/connections/{id}/disable", .tenants) { try await $0.disable($1) },
        Endpoint(.get, "/v1/routes/explain", .tenants) { try $0.explainRoute($1) },
        Endpoint(.get, "/v1/reports", .tenants) { try await $0.showReport($1) },
        Endpoint(.get, "/v1/config", .operators) { api, _ in try await api.showConfiguration() },
        Endpoint(.post, "/v1/config", .operators, takesBody: true) { try await $0.applyConfiguration($1) },
        Endpoint(.get, "/v1/config/history", .operators) { try await $0.listConfigurations($1) },
        Endpoint(.post, "/v1/config/check", .operators, takesBody: true) { try await $0.checkConfiguration($1) },
        Endpoint(.post, "/v1/config/reload", .operators) { try await $0.reloadConfiguration($1) },
        Endpoint(.post, "/v1/config/rollback", .operators, takesBody: true) { try await $0.rollBackConfiguration($1) },
        Endpoint(.get, "/soap", .open) { try $0.describeFace($1) },
        Endpoint(.post, "/soap", .open, takesBody: true, takesXML: true) { try await $0.serveFace($1) },
        Endpoint(.post, "/v1/adapters", .agency, takesBody: true) { try await $0.registerAdapter($1) },
        Endpoint(.post, "/v1/adapters/{id}/heartbeat", .agency, takesBody: true) {
            try await $0.takeHeartbeat($1)
        },
        Endpoint(.get, "/v1/adapters", .operators) { api, _ in try api.listAdapters() },
        Endpoint(.get, "/v1/adapters/{id}", .operators) { try $0.showAdapter($1) },
        Endpoint(.get, "/v1/adapters/{id}/diff", .operators) { try $0.diffAdapter($1) },
        Endpoint(.post, "/v1/adapters/{id}/approve", .operators, takesBody: true, notesItself: true) {
            try await $0.approveAdapter($1)
        },
        Endpoint(.post, "/v1/adapters/{id}/reject", .operators, takesBody: true, notesItself: true) {
            try await $0.rejectAdapter($1)
        },
        Endpoint(.post, "/v1/adapters/{id}/rollback", .operators, takesBody: true, notesItself: true) {
            try await $0.rollBackAdapter($1)
        },
        Endpoint(.post, "/v1/adapters/{id}/enable", .operators, notesItself: true) {
            try await $0.setMode(.enabled, ofAdapter: $1)
        },
        Endpoint(.post, "/v1/adapters/{id}/drain", .operators, notesItself: true) {
            try await $0.setMode(.draining, ofAdapter: $1)
        },
        Endpoint(.post, "/v1/adapters/{id}/disable", .operators, notesItself: true) {
            try await $0.setMode(.disabled, ofAdapter: $1)
        },
        Endpoint(.get, "/v1/audit", .operators) { try await $0.listAudit($1) },
        Endpoint(.get, "/healthz", .open) { _, _ in Answer(json: ["status": "alive"]) },
        Endpoint(.get, "/readyz", .open) { api, _ in try await api.showReadiness() },
        Endpoint(.get, "/metrics", .operators) { api, _ in await api.showMetrics() },
        Endpoint(.get, "/openapi.json", .open) { api, _ in api.showOpenAPI() },
    ]
}
