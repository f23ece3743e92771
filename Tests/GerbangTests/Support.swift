internal import DukcapilSimulator
internal import Foundation
internal import Gerbang
internal import ServiceLifecycle

enum Sample {
    static let settings: JSONValue = [
        "institution": "MPP-JAKSEL", "userId": "DEMO", "password": "rahasia", "clientAddress": "10.1.2.3",
    ]

    /// A gateway's set-up in code, with short waits.
    static func configuration(_ registry: DukcapilSimulator) throws -> GatewayConfiguration {
        var configuration = GatewayConfiguration()
        var connection = try Connection(
            "dukcapil",
            adapter: "dukcapil",
            baseURL: registry.baseURL,
            settings: settings
        )
        connection.schedule = RetrySchedule(delays: [.milliseconds(50)], ceiling: .milliseconds(100))
        connection.limits.breaker.open = .milliseconds(50)
        connection.limits.breaker.maximumOpen = .milliseconds(50)
        configuration.connections = [connection]
        return configuration
    }

    static func identity(_ key: String, name: String = "SITI CONTOH") throws -> Submission {
        try Submission(
            .verifyIdentity,
            in: "31.74",
            key: key,
            payload: ["nik": "3174015708900003", "name": .string(name)]
        )
    }
}

/// Runs a gateway while `body` works with it, and stops it as a host would.
func running<Value: Sendable>(
    _ gateway: Gateway,
    _ body: @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await gateway.run() }
        let result = await Result { try await body() }
        gateway.stop()
        try await group.waitForAll()
        return try result.get()
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
