internal import DukcapilSimulator
internal import Foundation
internal import Gerbang
internal import GerbangTesting
internal import Logging
internal import ServiceLifecycle
internal import Synchronization
internal import Testing

@Suite("A gateway in the backend's process")
struct GatewayTests {
    @Test("A request is submitted, awaited and told as it happens")
    func way() async throws {
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        let gateway = try Gateway(Sample.configuration(registry), storage: .memory)
        try await running(gateway) {
            let receipt = try await gateway.submit(Sample.identity("visit-1"))
            #expect(!receipt.isReplay)
            var kinds: [RequestEvent.Kind] = []
            for try await event in gateway.events(of: receipt.id) { kinds.append(event.kind) }
            #expect(kinds == [.accepted, .sending, .succeeded])
            let ended = try await gateway.wait(for: receipt.id, timeout: .seconds(20))
            #expect(ended.state == .succeeded)
            #expect(ended.output?["matches"] == true)
            #expect(ended.client == .embedded)
            #expect(try await gateway.history(of: receipt.id).map(\.kind) == kinds)
            let again = try await gateway.submit(Sample.identity("visit-1"), waiting: .seconds(300))
            #expect(again.isReplay && again.status == ended)
        }
        #expect(registry.ledger.entries.count == 1)
    }

    @Test("Another configuration is applied as a whole while the gateway works, or not at all")
    func apply() async throws {
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        var configuration = try Sample.configuration(registry)
        let working = configuration
        configuration.connections += working.connections
        let twice = configuration
        configuration.connections = []
        let gateway = try Gateway(configuration, storage: .memory)
        try await running(gateway) {
            await #expect(throws: GerbangError.self) { try await gateway.submit(Sample.identity("a")) }
            let refused = await #expect(throws: GerbangError.self) { try await gateway.apply(twice) }
            #expect(refused?.code == .invalidConfiguration)
            #expect(gateway.engine.snapshot.connections.isEmpty)
            #expect(try await gateway.apply(working) == 2)
            let receipt = try await gateway.submit(Sample.identity("a"), waiting: .seconds(300))
            #expect(receipt.status.state == .succeeded)
            #expect(try await gateway.history(of: receipt.id).compactMap(\.generation) == [2, 2])
        }
    }

    @Test("Two gateways in one process know nothing of each other, and both stop")
    func two() async throws {
        let folder = try TemporaryFolder()
        let registries = try [DukcapilSimulator(), DukcapilSimulator()]
        defer { for registry in registries { registry.stop() } }
        let first = try Gateway(Sample.configuration(registries[0]), storage: .file(folder.path("first.db")))
        let second = try Gateway(Sample.configuration(registries[1]), storage: .file(folder.path("second.db")))
        try await running(first) {
            try await running(second) {
                let one = try await first.submit(Sample.identity("same key"), waiting: .seconds(300))
                let other = try await second.submit(
                    Sample.identity("same key", name: "SITI LAIN"),
                    waiting: .seconds(300)
                )
                #expect(one.status.output?["matches"] == true)
                #expect(other.status.output?["matches"] == false)
                #expect(!other.isReplay && one.id != other.id)
                await expect(.notFound) { _ = try await first.status(of: other.id) }
                await expect(.notFound) { _ = try await second.history(of: one.id, after: 0) }
            }
            // The other has stopped; this one still works.
            let last = try await first.submit(Sample.identity("another key"), waiting: .seconds(300))
            #expect(last.status.state == .succeeded)
        }
        #expect(registries.map(\.ledger.entries.count) == [2, 1])
    }

    @Test("What a gateway left undone, the next one on the same database does")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        registry.refuse()
        @Sendable func open() throws -> Gateway {
            try Gateway(Sample.configuration(registry), storage: .file(folder.path("db")))
        }

        var gateway: Gateway? = try open()
        let run = Task { [gateway] in try await gateway?.run() }
        let id = try await gateway?.submit(Sample.identity("visit-2")).id
        let request = try #require(id)
        await expect(.storageUnavailable) { _ = try open() }
        // As good as a crash: what is under way is given up, and nothing is told.
        run.cancel()
        _ = await run.result
        gateway = nil

        try registry.accept()
        let next = try await opened(open)
        try await running(next) {
            let ended = try await next.wait(for: request, timeout: .seconds(20))
            #expect(ended.state == .succeeded)
            #expect(try await next.submit(Sample.identity("visit-2")).id == request)
            await expect(.conflict) { _ = try await next.cancel(request) }
        }
        #expect(registry.ledger.entries.count == 1)
    }

    @Test("A gateway stops with its host, and tells those who wait")
    func shutdown() async throws {
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        registry.refuse()
        let gateway = try Gateway(Sample.configuration(registry), storage: .memory)
        let id = try await gateway.submit(Sample.identity("visit-3")).id
        let group = ServiceGroup(services: [gateway], logger: Logger(label: "host"))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                var iterator = gateway.events(of: id).makeAsyncIterator()
                #expect(try await iterator.next()?.kind == .accepted)
                await group.triggerGracefulShutdown()
                while let event = try await iterator.next() { #expect(!event.state.isFinal) }
            }
            tasks.addTask {
                let status = try await gateway.wait(for: id, timeout: .seconds(600))
                #expect(!status.state.isFinal)
            }
            try await tasks.waitForAll()
        }
        await expect(.shuttingDown) { _ = try await gateway.submit(Sample.identity("visit-4")) }
    }

    @Test("The file that sets up the daemon sets up a gateway too, and says what is wrong with it")
    func file() async throws {
        let folder = try TemporaryFolder()
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        let path = folder.path("gerbang.yaml")
        try Data(
            """
            server: {port: 1}
            storage: {path: \(folder.path("gerbang.db"))}
            connections:
              - id: dukcapil
                adapter: dukcapil
                baseURL: \(registry.baseURL)
                settings: \(Sample.settings.text())

            """.utf8
        ).write(to: URL(fileURLWithPath: path))
        let gateway = try Gateway(contentsOf: path, client: ClientID("mpp-jaksel"))
        try await running(gateway) {
            let status = try await gateway.submit(Sample.identity("visit-5"), waiting: .seconds(300)).status
            #expect(status.state == .succeeded)
            #expect(status.client.text == "mpp-jaksel")
        }
        let none = #expect(throws: ConfigurationFile.Invalid.self) {
            try Gateway(contentsOf: path, adapters: AdapterRegistry())
        }
        #expect(none?.issues.first?.message.contains("there is no such adapter") == true)
    }

    @Test("The host's logger is used, and sees no personal data")
    func logging() async throws {
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        let lines = Mutex<[String]>([])
        let collector = Collector { line in lines.withLock { $0.append(line) } }
        var logger = Logger(label: "host") { _ in collector }
        logger[metadataKey: "mall"] = "jaksel"
        let gateway = try Gateway(Sample.configuration(registry), storage: .memory, logger: logger)
        try await running(gateway) {
            _ = try await gateway.submit(Sample.identity("visit-6"), waiting: .seconds(300))
        }
        let text = lines.withLock { $0.joined(separator: "\n") }
        #expect(text.contains("call ended") && text.contains("mall=jaksel"))
        #expect(!text.contains("3174015708900003") && !text.contains("SITI"))
    }

    @Test("Cancelling and asking for what is not there")
    func commands() async throws {
        let registry = try DukcapilSimulator()
        defer { registry.stop() }
        let gateway = try Gateway(Sample.configuration(registry), storage: .memory)
        let id = try await gateway.submit(Sample.identity("visit-7")).id
        #expect(try await gateway.cancel(id).state == .cancelled)
        #expect(try await gateway.cancel(id).state == .cancelled)
        #expect(try await gateway.history(of: id).last?.actor == "client:embedded")
        let nobody = try #require(RequestID("01a2015b-6115-745e-8213-854da161bfe0"))
        await expect(.notFound) { _ = try await gateway.wait(for: nobody, timeout: .seconds(1)) }
        await expect(.notFound) { for try await _ in gateway.events(of: nobody) {} }
    }

    @Test("A connection made in code says everything that is wrong with it")
    func connection() {
        let missing = #expect(throws: GerbangError.self) {
            try Connection("dukcapil", adapter: "dukcapil", baseURL: "https://a.example", settings: ["userid": "DEMO"])
        }
        #expect(missing?.code == .invalidConfiguration)
        #expect(missing?.message.contains("institution") == true && missing?.message.contains("userid") == true)
        #expect(throws: GerbangError.self) {
            try Connection("x", adapter: "none", baseURL: "https://a.example", settings: [:])
        }
    }

    @Test("The names of services in the library stand in the catalogue")
    func names() throws {
        let catalogue = try ServiceCatalogue.builtin()
        for service: ServiceID in [.verifyIdentity, .lookUpPerson, .lookUpVehicle, .bookInspection] {
            #expect(catalogue[service] != nil)
        }
    }

    private func expect(
        _ code: GerbangError.Code,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: @Sendable () async throws -> Void
    ) async {
        let error = await #expect(throws: GerbangError.self, sourceLocation: sourceLocation) { try await body() }
        #expect(error?.code == code, sourceLocation: sourceLocation)
    }

    /// Opens a gateway once the one before has let go of the database.
    private func opened(_ open: () throws -> Gateway) async throws -> Gateway {
        for _ in 0..<30_000 {
            if let gateway = try? open() { return gateway }
            try await Task.sleep(for: .milliseconds(10))
        }
        return try open()
    }
}

/// Writes every line, with its metadata, into a text.
private struct Collector: LogHandler {
    var metadata = Logger.Metadata()
    var logLevel = Logger.Level.trace
    let write: @Sendable (String) -> Void

    init(_ write: @escaping @Sendable (String) -> Void) {
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        write("\(event.message) " + all.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
    }
}
