internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

/// A new agency joins a gateway that works, by the commands that its people and the operators would type.
@Suite(.timeLimit(.minutes(10)))
struct JoiningTests {
    private static let manifest = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Docs/Examples/VehicleRegister/adapter.yaml").path

    /// A register of vehicles; a plate that it has never seen is not found.
    private static func register() throws -> LoopbackServer {
        try LoopbackServer { request in
            guard request.path == ["vehicles", "B 1234 XYZ"],
                request.headerFields[HTTPField.Name("X-API-Key") ?? .cookie] == "k-1"
            else { return .text("{}", status: 404) }
            return .text(
                #"{"registrationNumber": "B 1234 XYZ", "make": "Contoh", "model": "Uji", "yearOfManufacture": 2019}"#
            )
        }
    }

    private static func configuration(_ folder: GatewayFolder, connections: String) -> String {
        """
        server: {port: 0}
        storage: {path: \(folder.database)}
        connections: \(connections)
        """
    }

    /// Runs a command of `gerbang`.
    private func command(
        _ arguments: String...,
        for daemon: LivingDaemon,
        in folder: GatewayFolder
    ) async throws -> (status: Int32, said: String) {
        try await command(arguments, for: daemon, in: folder)
    }

    private func command(
        _ arguments: [String],
        for daemon: LivingDaemon,
        in folder: GatewayFolder
    ) async throws -> (status: Int32, said: String) {
        let executable = try GatewayExecutable.path()
        let environment = ["GERBANG_URL": daemon.url, "GERBANG_KEY": folder.key ?? ""]
        return try await Blocking.run {
            let (process, output) = (Process(), Pipe())
            process.executableURL = URL(filePath: executable)
            process.arguments = arguments
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
            process.standardOutput = output
            process.standardError = output
            try process.run()
            let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (process.terminationStatus, said)
        }
    }

    private func expect(
        _ result: (status: Int32, said: String),
        _ status: Int32 = 0,
        says text: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let comment = Comment(rawValue: result.said)
        #expect(result.status == status, comment, sourceLocation: sourceLocation)
        #expect(text.isEmpty || result.said.contains(text), comment, sourceLocation: sourceLocation)
    }

    @Test("From a manifest to its first successful call, while the daemon runs; then upgraded, rolled back, disabled")
    func manifest() async throws {
        let agency = try Self.register()
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure(Self.configuration(folder, connections: "[]"))
        let daemon = try await LivingDaemon(folder)
        let key = "\(folder.path)/vehicle.key"
        expect(
            try await command(
                "adapters",
                "key",
                "create",
                "--adapter",
                "vehicle-register",
                "--output",
                key,
                "--database",
                folder.database,
                for: daemon,
                in: folder
            ),
            says: "gap_"
        )
        // The operator writes the connection already; it is applied once the adapter is approved, and not by that.
        let connection = """

              - id: vehicles
                adapter: vehicle-register
                baseURL: \(agency.baseURL)
                settings: {apiKey: k-1}
            """
        try folder.configure(Self.configuration(folder, connections: connection))
        expect(
            try await command("adapters", "register", Self.manifest, "--key", key, for: daemon, in: folder),
            says: "version 0.1.0 is waiting"
        )
        expect(
            try await command("adapters", "diff", "vehicle-register", for: daemon, in: folder),
            says: "+ operation lookup: provides transport.vehicle.lookup, query"
        )
        expect(
            try await command("adapters", "approve", "vehicle-register", "0.1.0", for: daemon, in: folder),
            says: "0.1.0"
        )
        expect(
            try await command("config", "show", for: daemon, in: folder),
            says: "adapter vehicle-register: approve of version 0.1.0"
        )
        expect(
            try await command("config", "apply", folder.configuration, for: daemon, in: folder),
            says: "connections.vehicles: added"
        )
        let lookup: JSONValue = [
            "service": "transport.vehicle.lookup", "region": "31.74", "payload": ["plate": "B 1234 XYZ"],
        ]
        let id = try #require(await daemon.caller.submit(lookup, key: "first", at: daemon.url)?.id)
        let reply = try await daemon.request(id) { $0.state?.isFinal == true }
        #expect(reply.state == .succeeded)
        #expect(reply.json["output"]?["make"] == "Contoh")
        // Another content under the same version is refused; under a new one it waits, is approved, and can be put back.
        let text = try String(contentsOfFile: Self.manifest, encoding: .utf8)
        let changed = "\(folder.path)/changed.yaml"
        try text.replacing("year: ${body.yearOfManufacture}", with: "year: ${body.yearOfManufacture + 1}")
            .write(toFile: changed, atomically: true, encoding: .utf8)
        expect(
            try await command("adapters", "register", changed, "--key", key, for: daemon, in: folder),
            1,
            says: "another content"
        )
        expect(
            try await command("adapters", "disable", "vehicle-register", for: daemon, in: folder),
            says: "disabled"
        )
        expect(
            try await command("audit", "verify", for: daemon, in: folder),
            says: "the audit trail is whole: 5 entries"
        )
        #expect(try await daemon.stop() == 0)
        // Approved and disabled, both outlive the process.
        let next = try await LivingDaemon(folder)
        expect(
            try await command("adapters", "show", "vehicle-register", for: next, in: folder),
            says: "disabled"
        )
        let refused = await next.caller.submit(lookup, key: "second", at: next.url)
        #expect(refused?.id == nil)
        expect(try await command("adapters", "enable", "vehicle-register", for: next, in: folder), says: "enabled")
        let second = try #require(await next.caller.submit(lookup, key: "third", at: next.url)?.id)
        #expect(try await next.request(second) { $0.state?.isFinal == true }.state == .succeeded)
        #expect(try await next.stop() == 0)
    }

    private static let description = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/conformance/wsdl/xroad-testservice/testservice.wsdl").path

    @Test(
        "From a description that nobody here wrote to the first successful call, while the daemon runs",
        .enabled(if: FileManager.default.fileExists(atPath: description), "the conformance files are not here")
    )
    func fromDescription() async throws {
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure(Self.configuration(folder, connections: "[]"))
        let daemon = try await LivingDaemon(folder)
        func sample(_ options: String...) async throws -> String {
            let said = try await command(
                ["soap", "sample", Self.description, "bodyMassIndex"] + options,
                for: daemon,
                in: folder
            )
            #expect(said.status == 0, "\(said.said)")
            return said.said
        }
        let answer = Array(try await sample("--output", "--xml").utf8)
        let agency = try LoopbackServer { request in
            let isCalled = String(decoding: request.body, as: UTF8.self).contains("bodyMassIndex")
            return .respond(
                status: isCalled ? 200 : 500,
                headerFields: [.contentType: "text/xml; charset=utf-8"],
                body: isCalled ? answer : []
            )
        }
        let (made, key) = ("\(folder.path)/registry", "\(folder.path)/registry.key")
        expect(
            try await command(
                ["adapter", "from-wsdl", Self.description, "--id", "registry", "--output", made],
                for: daemon,
                in: folder
            ),
            says: "2 of 2 fixtures passed"
        )
        expect(
            try await command(
                ["adapters", "key", "create", "--adapter", "registry", "--output", key, "--database", folder.database],
                for: daemon,
                in: folder
            )
        )
        expect(
            try await command(["adapters", "register", "\(made)/adapter.yaml", "--key", key], for: daemon, in: folder),
            says: "version 0.1.0 is waiting"
        )
        expect(try await command(["adapters", "approve", "registry", "0.1.0"], for: daemon, in: folder), says: "0.1.0")
        // What was sent is all that is needed: the description and the services came with it.
        try FileManager.default.removeItem(atPath: made)
        let header = try JSONValue(parsing: Array(try await sample("--headers").utf8))
        let connection = """

              - id: registry
                adapter: registry
                baseURL: \(agency.baseURL)
                settings: {header: \(header.text())}
            """
        try folder.configure(Self.configuration(folder, connections: connection))
        expect(try await command(["config", "apply", folder.configuration], for: daemon, in: folder))
        let request: JSONValue = [
            "service": "registry.body-mass-index", "region": "31.74",
            "payload": try JSONValue(parsing: Array(try await sample().utf8)),
        ]
        let id = try #require(await daemon.caller.submit(request, key: "first", at: daemon.url)?.id)
        let reply = try await daemon.request(id) { $0.state?.isFinal == true }
        #expect(reply.state == .succeeded)
        #expect(reply.json["output"] == (try JSONValue(parsing: Array(try await sample("--output").utf8))))
        #expect(try await daemon.stop() == 0)
    }

    @Test("An agency brings a service that nobody knew; once it is approved, it can be asked for")
    func ownService() async throws {
        let agency = try LoopbackServer { request in
            guard request.path == ["bills", "7"] else { return .text("{}", status: 404) }
            return .text(#"{"total": 125000}"#)
        }
        let folder = try await GatewayFolder()
        defer { folder.remove() }
        try folder.configure(Self.configuration(folder, connections: "[]"))
        let daemon = try await LivingDaemon(folder)
        let (key, file) = ("\(folder.path)/water.key", "\(folder.path)/water.yaml")
        try Self.ownManifest.write(toFile: file, atomically: true, encoding: .utf8)
        let arguments = [
            "adapters", "key", "create", "--adapter", "water", "--output", key, "--database", folder.database,
        ]
        expect(try await command(arguments, for: daemon, in: folder), says: "gap_")
        let connection = "\n  - {id: water, adapter: water, baseURL: \"\(agency.baseURL)\"}"
        try folder.configure(Self.configuration(folder, connections: connection))
        expect(
            try await command("adapters", "register", file, "--key", key, for: daemon, in: folder),
            says: "version 1.0.0 is waiting"
        )
        let lookup: JSONValue = ["service": "water.bill.lookup", "region": "31.74", "payload": ["customer": "7"]]
        let early = await daemon.caller.submit(lookup, key: "early", at: daemon.url)
        #expect(early?.id == nil, "a service that waits is not offered yet")
        expect(
            try await command("adapters", "diff", "water", for: daemon, in: folder),
            says: "+ brings the service water.bill.lookup: Water bill; takes customer, gives total"
        )
        expect(try await command("adapters", "approve", "water", "1.0.0", for: daemon, in: folder), says: "1.0.0")
        expect(try await command("config", "apply", folder.configuration, for: daemon, in: folder))
        expect(try await command("services", for: daemon, in: folder), says: "water.bill.lookup")
        let id = try #require(await daemon.caller.submit(lookup, key: "first", at: daemon.url)?.id)
        let reply = try await daemon.request(id) { $0.state?.isFinal == true }
        #expect(reply.state == .succeeded && reply.json["output"] == ["total": 125_000])
        let wrong: JSONValue = ["service": "water.bill.lookup", "region": "31.74", "payload": ["nomor": "7"]]
        #expect(await daemon.caller.submit(wrong, key: "second", at: daemon.url)?.id == nil)
        #expect(try await daemon.stop() == 0)
    }

    private static let ownManifest = """
        manifest: 1
        id: water
        version: 1.0.0
        agency: {id: Air Contoh, en: Example Water}
        services:
          - {id: water.bill.lookup, title: {id: Tagihan air, en: Water bill}, summary: {id: A., en: A.}, standardTime: 1m,
             legalBasis: Perda Contoh 1/2020,
             input: {type: object, required: [customer], additionalProperties: false, properties: {customer: {type: string}}},
             output: {type: object, required: [total], properties: {total: {type: integer}}}}
        operations:
          bill:
            provides: water.bill.lookup
            effect: query
            request: {path: "/bills/${input.customer}"}
            response:
              verdict: [{when: status == 200, succeeded: {output: {total: "${body.total}"}}}]
        """
}
