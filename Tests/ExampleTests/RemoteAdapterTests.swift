internal import Foundation
internal import Gerbang
internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangRegistration
internal import GerbangRemote
internal import GerbangServer
internal import GerbangTesting
internal import HTTPTypes
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import RemoteInspection

/// The remote adapters of the documentation, as processes beside a gateway.
@Suite(.timeLimit(.minutes(5)))
struct RemoteAdapterTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Docs/Examples")

    /// A gateway with one registered and approved adapter.
    private struct Office: Sendable {
        var engine: Engine
        var registrar: Registrar
        var url: String
        var key: AgencyKey
    }

    private func withOffice(
        _ file: String,
        _ adapter: String,
        agency: String,
        settings: JSONValue,
        _ body: (Office) async throws -> Void
    ) async throws {
        let id = AdapterID(checked: adapter)
        let (store, key) = (MemoryAdapterStore(), AgencyKey())
        let now = SystemClock().now()
        try await store.save(AdapterKey(id: key.id, adapter: id, publicKey: key.publicKey, createdAt: now))
        let registrar = Registrar(
            store: store,
            builtin: try AdapterRegistry(),
            catalogue: try .builtin(),
            logger: Self.silent
        )
        let registration: JSONValue = ["kind": "remote", "content": .string(file)]
        let message = registration.encoded()
        let proof = try key.sign(method: "POST", path: "/v1/adapters", body: message, at: now, nonce: Nonce.make())
        _ = try await registrar.register(
            Registrar.Message(authorization: proof.authorization, path: "/v1/adapters", body: message)
        )
        let version = try RemoteDescriptor(parsing: file).adapter.version
        _ = try await registrar.approve(id, version: version, by: "operator:test")
        let connection = try Connection(
            "one",
            adapter: adapter,
            baseURL: agency,
            settings: settings,
            adapters: registrar.registry()
        )
        let engine = try Engine(
            catalogue: .builtin(),
            connections: [connection],
            store: MemoryStore(),
            transport: CurlTransport(),
            configuration: Engine.Configuration(stopGrace: .zero),
            logger: Self.silent,
            availability: registrar
        )
        registrar.use(
            Registrar.Surroundings(
                connections: { [connection] },
                apply: { change throws(GerbangError) in try await change.keep() }
            )
        )
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let server = GatewayServer(
            engine: engine,
            keys: NoKeys(),
            registrar: registrar,
            trail: store,
            configuration: GatewayServer.Configuration(port: 0),
            metrics: { "" },
            logger: Self.silent,
            onListening: { listening.yield($0) }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run() }
            group.addTask {
                defer { listening.finish() }
                try await server.run()
            }
            for await port in ports {
                try await body(
                    Office(engine: engine, registrar: registrar, url: "http://127.0.0.1:\(port)", key: key)
                )
                break
            }
            engine.stop()
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private struct NoKeys: APIKeyStore {
        func save(_ key: APIKey) async throws(GerbangError) {}
        func apiKeys() async throws(GerbangError) -> [APIKey] { [] }
        func revokeAPIKey(_ id: String, at moment: Timestamp) async throws(GerbangError) -> Bool { false }
    }

    private func end(
        of service: String,
        _ payload: JSONValue,
        _ office: Office
    ) async throws -> RequestStatus {
        let submission = Submission(
            service: try ServiceID(service),
            region: .nation,
            payload: payload,
            idempotencyKey: UUID().uuidString
        )
        let id = try await office.engine.submit(submission, as: ClientID(checked: "test")).status.id
        let limit = SystemClock().now() + .seconds(120)
        return try #require(try await office.engine.wait(for: id, until: limit))
    }

    @Test func inPythonWithItsStandardLibraryAlone() async throws {
        let bookings = Mutex<[String: JSONValue]>([:])
        let agency = try LoopbackServer { request in
            guard request.headerFields[HTTPField.Name("X-API-Key") ?? .cookie] == "k-1" else {
                return .text("{}", status: 401)
            }
            switch (request.method, request.path.first) {
            case (.get, "vehicles") where request.path.last == "B 1234 XYZ":
                return .text(#"{"plate": "B 1234 XYZ", "make": "Contoh", "model": "Uji", "year": 2020}"#)
            case (.post, "bookings"):
                guard let body = try? JSONValue(parsing: request.body), let key = body["reference"]?.stringValue else {
                    return .text("{}", status: 400)
                }
                var booking = body.objectValue ?? [:]
                booking["number"] = "N-1"
                let json = JSONValue.object(booking)
                bookings.withLock { $0[key] = json }
                return .text(json.text())
            default:
                return .text("{}", status: 404)
            }
        }
        let folder = Self.folder.appending(path: "RemoteVehicle")
        let file = try String(contentsOf: folder.appending(path: "adapter.json"), encoding: .utf8)
        let place = FileManager.default.temporaryDirectory.appending(path: "gerbang-\(UUID().uuidString).key")
        defer { try? FileManager.default.removeItem(at: place) }
        try await withOffice(file, "vehicle-remote", agency: agency.baseURL, settings: ["apiKey": "k-1"]) { office in
            try office.key.text.revealed.write(to: place, atomically: true, encoding: .utf8)
            let script = folder.appending(path: "adapter.py").path
            let arguments = ["--gateway", office.url, "--key", place.path, "--every", "1", "--until-input-ends"]
            guard let python = PythonEnvironment.Server(script: script, arguments) else {
                return print("skipped: there is no python3")
            }
            defer { python.stop() }
            let found = try await end(of: "transport.vehicle.lookup", ["plate": "B 1234 XYZ"], office)
            #expect(found.state == .succeeded)
            #expect(found.output?["make"] == "Contoh")
            let missing = try await end(of: "transport.vehicle.lookup", ["plate": "B 9 ZZ"], office)
            #expect(missing.state == .rejected)
            #expect(missing.error?.texts?.indonesian == "Nomor polisi tidak terdaftar.")
            let payload: JSONValue = ["plate": "B 1234 XYZ", "station": "JKT-01", "date": "2026-02-02"]
            let booked = try await end(of: "transport.inspection.book", payload, office)
            #expect(booked.state == .succeeded)
            #expect(booked.output?["bookingNumber"] == "N-1")
            #expect(bookings.withLock { $0.count } == 1)
        }
    }

    @Test func inSwift() async throws {
        let path = Self.folder.appending(path: "RemoteInspection/adapter.json")
        let file = try String(contentsOf: path, encoding: .utf8)
        let agency = InspectionOffice()
        try await withOffice(file, "inspection-remote", agency: "http://127.0.0.1:9", settings: [:]) { office in
            let process = RemoteProcess(
                file: Array(file.utf8),
                key: office.key,
                gateway: try BaseURL(office.url),
                desk: InspectionDesk(office: agency)
            )
            let running = Task { try await process.run(port: 0) { _ in } }
            let payload: JSONValue = ["plate": "B 1234 XYZ", "station": "JKT-01", "date": "2026-02-02"]
            let booked = try await end(of: "transport.inspection.book", payload, office)
            #expect(booked.state == .succeeded)
            #expect(booked.output?["bookingNumber"] == "KIR-1")
            #expect(agency.count == 1)
            running.cancel()
            _ = await running.result
        }
    }
}
