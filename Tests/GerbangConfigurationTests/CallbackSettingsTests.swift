internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import Testing

@Suite("The part called callbacks")
struct CallbackSettingsTests {
    private func parse(_ text: String) throws -> CallbackConfiguration {
        try ConfigurationFile.parse(text, file: "gerbang.yaml", adapters: AdapterRegistry([])).engine.callbacks
    }

    @Test("Without it callbacks reach the public Internet over https only")
    func defaults() throws {
        let callbacks = try parse("server: {port: 8080}\n")
        #expect(callbacks.addresses == .publicInternet())
        #expect(!callbacks.allowsHTTP)
        #expect(callbacks.giveUpAfter == .seconds(3 * 86_400))
    }

    @Test("Every setting is read")
    func everything() throws {
        let callbacks = try parse(
            """
            callbacks:
              timeout: 5s
              retry: {delays: [1s], ceiling: 2s}
              allowPrivateTargets: ["10.20.0.0/16", "fd00:1::/32"]
              allowHTTP: true
              concurrency: 8
              concurrencyPerClient: 2
              giveUpAfter: 1d
              source: https://gerbang.jakarta.example
            server: {maximumEventStreams: 12}
            """
        )
        #expect(callbacks.timeouts.total == .seconds(5))
        #expect(callbacks.schedule == RetrySchedule(delays: [.seconds(1)], ceiling: .seconds(2)))
        #expect(callbacks.addresses.permits(try #require(IPAddress("10.20.1.1"))))
        #expect(callbacks.addresses.permits(try #require(IPAddress("fd00:1::1"))))
        #expect(!callbacks.addresses.permits(try #require(IPAddress("10.21.1.1"))))
        #expect(callbacks.allowsHTTP)
        #expect(callbacks.concurrency == 8)
        #expect(callbacks.concurrencyPerClient == 2)
        #expect(callbacks.giveUpAfter == .seconds(86_400))
        #expect(callbacks.source == "https://gerbang.jakarta.example")
    }

    @Test(
        "What is wrong is named at its place",
        arguments: [
            ("allowPrivateTargets: [\"10.0.0.1/8\"]", "allowPrivateTargets"),
            ("allowPrivateTargets: [localhost]", "allowPrivateTargets"), ("allowHTTP: maybe", "allowHTTP"),
            ("concurrency: 0", "concurrency"), ("source: \"a b\"", "source"), ("secret: x", "secret"),
        ]
    )
    func mistakes(_ line: String, _ field: String) {
        let error = #expect(throws: ConfigurationFile.Invalid.self) { try parse("callbacks:\n  \(line)\n") }
        #expect(error?.issues.count == 1)
        #expect(error?.issues.first?.line == 2)
        #expect(error?.issues.first?.field.hasPrefix("callbacks.\(field)") == true)
    }
}
