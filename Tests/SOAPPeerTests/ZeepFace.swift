internal import Foundation
internal import Gerbang
internal import GerbangSQLite
internal import GerbangServer
internal import GerbangTesting
internal import Logging
internal import Testing
internal import TransportSimulator

/// A client made with zeep, which knows nothing of this project, at our SOAP face.
enum ZeepFace {
    static func check(_ environment: PythonEnvironment) async throws {
        let simulator = try TransportSimulator(clock: ManualClock())
        defer { simulator.stop() }
        let folder = try TemporaryFolder()
        let store = try SQLiteStore(path: folder.path("gerbang.db"))
        var configuration = GatewayConfiguration()
        configuration.connections = [
            try Connection(
                "transport",
                adapter: "transport",
                baseURL: "\(simulator.baseURL)/plain11",
                settings: ["binding": "plain"]
            )
        ]
        let gateway = try Gateway(configuration, store: store)
        let made = APIKeys.generate(client: try ClientID("kota-a"), role: .client, at: SystemClock().now())
        try await store.save(made.key)
        let key = made.plaintext
        let (ports, listening) = AsyncStream.makeStream(of: Int.self)
        let server = GatewayServer(
            engine: gateway.engine,
            keys: store,
            configuration: GatewayServer.Configuration(port: 0, soapServices: [.lookUpVehicle, .bookInspection]),
            metrics: { "" },
            onListening: { listening.yield($0) }
        )
        try await running(gateway) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    defer { listening.finish() }
                    try await server.run()
                }
                for await port in ports {
                    let url = "http://127.0.0.1:\(port)/soap?wsdl"
                    let printed = await environment.run(Peers.script("zeep/face.py"), [url, "kota-a", key])
                    try judge(try #require(printed))
                    break
                }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    private static func judge(_ printed: String) throws {
        let lines = printed.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines {
            let told = try JSONValue(parsing: Array(line.utf8))
            let first = told["first"]
            #expect(first?["isReplay"] == false, "\(printed)")
            #expect(first?["status"]?["state"] == "succeeded", "\(printed)")
            let vehicle = first?["status"]?["result"]?["transportVehicleLookup"]
            #expect(vehicle?["make"] == "Toyota" && vehicle?["plate"] == "B 1234 XYZ", "\(printed)")
            #expect(first?["again"]?["id"] == first?["status"]?["id"], "\(printed)")
            #expect(told["second"]?["isReplay"] == true)
            #expect(told["second"]?["status"]?["id"] == first?["status"]?["id"])
            #expect(told["other"]?["fault"]?["code"] == "idempotency-key-reused")
            #expect(told["wrong"]?["fault"]?["code"] == "invalid-input")
            #expect(told["wrong"]?["fault"]?["field"] == "/payload/plate")
            #expect(told["stranger"]?["fault"]?["code"] == "unauthorized")
        }
    }
}
