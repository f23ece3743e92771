internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import GerbangXML
internal import HTTPTypes
internal import Testing
internal import TransportSimulator

@testable internal import TransportAdapter

/// A clock that stands still.
struct FrozenClock: WallClock {
    let moment: Timestamp

    func now() -> Timestamp { moment }

    func sleep(until moment: Timestamp) async throws {}
}

/// An adapter, a transport and a base URL: one connection.
struct Line {
    let adapter: any Adapter
    let base: BaseURL
    let transport: CurlTransport

    init(_ settings: JSONValue, _ base: String) throws {
        adapter = try Sample.adapter(settings)
        self.base = try BaseURL(base)
        transport = try CurlTransport()
    }

    func exchange(_ call: AdapterCall, total: Duration = .seconds(10)) async throws -> Exchange {
        let request = try adapter.prepare(call)
        let timeouts = CallTimeouts(connect: .seconds(5), firstByte: total, total: total)
        let outcome = await transport.send(OutboundRequest(request, below: base, timeouts: timeouts))
        switch outcome {
        case .answered(let response): return Exchange(request: request, response: response)
        case .failed(let failure): throw failure
        }
    }

    func call(_ call: AdapterCall) async throws -> Verdict {
        adapter.classify(try await exchange(call), for: call)
    }

    func inquire(_ call: AdapterCall) async throws -> Finding {
        adapter.assess(try await exchange(call), for: call)
    }
}

@Suite("Transport simulator", .bothPackagings)
struct SimulatorTests {
    static let bindings: [(settings: JSONValue, path: String)] = [
        (Sample.xroad, ""), (Sample.plain, "/plain11"), (Sample.plain12, "/plain12"),
    ]

    private func simulator(slotsPerDay: Int = .max) throws -> TransportSimulator {
        try TransportSimulator(clock: FrozenClock(moment: Sample.now), slotsPerDay: slotsPerDay)
    }

    private func withSimulator(
        slotsPerDay: Int = .max,
        _ body: (TransportSimulator) async throws -> Void
    ) async throws {
        let simulator = try simulator(slotsPerDay: slotsPerDay)
        defer { simulator.stop() }
        try await body(simulator)
    }

    @Test("A vehicle is looked up, a booking made and found, through each binding", arguments: bindings.indices)
    func goodWay(index: Int) async throws {
        let (settings, path) = Self.bindings[index]
        try await withSimulator { simulator in
            let line = try Line(settings, simulator.baseURL + path)
            let vehicle = try await line.call(Sample.call(.getVehicle))
            guard case .succeeded(let output, _) = vehicle else { throw GerbangError(.internalFault, vehicle.name) }
            #expect(output["make"] == "Toyota")
            #expect(try await line.inquire(Sample.call(.findBooking)) == .notDone)
            let booked = try await line.call(Sample.call(.bookInspection))
            guard case .succeeded(let booking, let number?) = booked else {
                throw GerbangError(.internalFault, booked.name)
            }
            #expect(booking["slot"] == "08:00")
            #expect(
                try await line.inquire(Sample.call(.findBooking)) == .done(output: booking, agencyReference: number)
            )
            #expect(simulator.ledger.entries.map(\.key) == [Sample.key])
            #expect(simulator.ledger.entries.map(\.reference) == [number])
        }
    }

    @Test("Sending a booking twice books twice, and the ledger shows it")
    func notIdempotent() async throws {
        try await withSimulator { simulator in
            let line = try Line(Sample.xroad, simulator.baseURL)
            for attempt in 1...2 {
                #expect(try await line.call(Sample.call(.bookInspection, attempt: attempt)).name == "succeeded")
            }
            #expect(simulator.ledger.repeatedKeys.count == 1)
            #expect(simulator.bookingCount(for: Sample.key) == 2)
            #expect(try await line.inquire(Sample.call(.findBooking)).name == "done")
        }
    }

    @Test("The agency decides against what it cannot do")
    func decisions() async throws {
        try await withSimulator(slotsPerDay: 1) { simulator in
            let line = try Line(Sample.xroad, simulator.baseURL)
            func error(_ operation: TransportOperation, _ payload: JSONValue) async throws -> GerbangError? {
                try await line.call(Sample.call(operation, payload)).error
            }
            func book(_ plate: String, _ station: String, _ date: String) async throws -> GerbangError? {
                try await error(
                    .bookInspection,
                    ["plate": .string(plate), "station": .string(station), "date": .string(date)]
                )
            }
            #expect(try await error(.getVehicle, ["plate": "B 1 A"])?.code == .agencyNotFound)
            #expect(try await book("B 1 A", "JKT-PULOGADUNG", "2026-01-20")?.code == .agencyNotFound)
            #expect(try await book("B 1234 XYZ", "DI-MANA", "2026-01-20")?.field?.description == "/station")
            #expect(try await book("B 1234 XYZ", "JKT-PULOGADUNG", "2026-01-09")?.agencyCode == "DATE_NOT_POSSIBLE")
            #expect(try await book("B 1234 XYZ", "JKT-PENUH", "2026-01-20")?.agencyCode == "STATION_FULL")
            #expect(try await book("B 1234 XYZ", "JKT-PULOGADUNG", "2026-01-10") == nil)
            #expect(try await book("D 4321 ABC", "JKT-PULOGADUNG", "2026-01-10")?.agencyCode == "STATION_FULL")
            #expect(simulator.ledger.entries.count == 1)
        }
    }

    /// What each fault leads to: the verdict on a lookup and a booking ("lost" for no complete answer), and how many
    /// bookings it leaves.
    static let expectations: [(fault: Fault, lookup: String, booking: String, effects: Int)] = [
        (.slow, "succeeded", "succeeded", 1),
        (.hang, "lost", "lost", 1),
        (.resetBefore, "lost", "lost", 0),
        (.resetAfter, "lost", "lost", 1),
        (.status500, "transient", "inDoubt", 0),
        (.html, "transient", "inDoubt", 1),
        (.truncated, "lost", "lost", 1),
        (.garbage, "transient", "inDoubt", 1),
        (.quota, "throttled", "throttled", 0),
        (.outsideHours, "throttled", "throttled", 0),
        (.duplicate, "transient", "inDoubt", 0),
        (.unavailable, "throttled", "inDoubt", 0),
        (.unauthorized, "unauthorized", "unauthorized", 0),
    ]

    @Test("The table of faults is complete")
    func faultTable() {
        #expect(Set(Self.expectations.map(\.fault)) == Set(Fault.allCases))
    }

    @Test(
        "Each fault leads to its verdict and its effects, and the inquiry tells the truth",
        arguments: expectations.indices
    )
    func faults(index: Int) async throws {
        let row = Self.expectations[index]
        for (settings, path) in Self.bindings {
            try await withSimulator { simulator in
                let line = try Line(settings, simulator.baseURL + path)
                for (operation, expected) in [
                    (TransportOperation.getVehicle, row.lookup), (.bookInspection, row.booking),
                ] {
                    simulator.faults.inject(row.fault, operation: operation.rawValue)
                    let call = try Sample.call(operation)
                    var verdict = "lost"
                    do {
                        let exchange = try await line.exchange(
                            call,
                            total: .milliseconds(row.fault == .hang ? 200 : 5000)
                        )
                        verdict = line.adapter.classify(exchange, for: call).name
                    } catch let failure as WireFailure {
                        #expect(failure.sendState == .maybeSent)
                    }
                    #expect(verdict == expected, "\(row.fault) for \(operation)")
                }
                #expect(simulator.ledger.entries.count == row.effects)
                let finding = try await line.inquire(Sample.call(.findBooking))
                #expect(finding.name == (row.effects == 0 ? "notDone" : "done"), "the fault is over")
            }
        }
    }

    @Test("A refusing agency cannot be reached, and can be again")
    func refusing() async throws {
        try await withSimulator { simulator in
            let line = try Line(Sample.xroad, simulator.baseURL)
            simulator.refuse()
            await #expect(throws: WireFailure.self) { try await line.call(Sample.call(.getVehicle)) }
            try simulator.accept()
            #expect(try await line.call(Sample.call(.getVehicle)).name == "succeeded")
        }
    }

    @Test("The security server refuses what X-Road refuses")
    func securityServer() async throws {
        try await withSimulator { simulator in
            let line = try Line(Sample.xroad, simulator.baseURL)
            let call = try Sample.call(.bookInspection)
            let good = String(decoding: try line.adapter.prepare(call).body, as: UTF8.self)
            for (original, replacement, code) in [
                ("<xrd:protocolVersion>4.0", "<xrd:protocolVersion>3.1", "Client.InvalidProtocolVersion"),
                ("xrd:id>", "xrd:no>", "Client.MissingHeaderField"),
                ("<id:serviceCode>bookInspection", "<id:serviceCode>getVehicle", "Client.InvalidBody"),
                ("DISHUB", "DINSOS", "Server.ClientProxy.UnknownMember"),
                ("<id:memberCode>MPP-3174</id:memberCode>", "<id:memberCode/>", "Client.InvalidClientIdentifier"),
                ("bookInspection", "cancelInspection", "Server.ServerProxy.UnknownService"),
                ("</soap:Envelope>", "", "Client.InvalidSoap"),
            ] {
                let body = Array(good.replacing(original, with: replacement).utf8)
                let message = WireRequest(method: .post, headerFields: [.contentType: "text/xml"], body: body)
                let outcome = await line.transport.send(OutboundRequest(message, below: line.base))
                guard case .answered(let response) = outcome else { throw GerbangError(.internalFault, "no answer") }
                #expect(response.status == 200)
                let fault = try SOAPEnvelope(XMLDocument(parsing: response.body)).fault
                #expect(fault?.code == code)
            }
            #expect(simulator.ledger.entries.isEmpty)
        }
    }

    @Test("What the simulator answers is valid, and echoes the header with the hash behind it")
    func validAnswers() async throws {
        try await withSimulator { simulator in
            for (settings, path) in Self.bindings {
                let line = try Line(settings, simulator.baseURL + path)
                for operation in [TransportOperation.findBooking, .getVehicle, .bookInspection, .findBooking] {
                    let exchange = try await line.exchange(Sample.call(operation))
                    #expect(try Schemas.issues(exchange.response.body).isEmpty)
                    let envelope = try SOAPEnvelope(XMLDocument(parsing: exchange.response.body))
                    let sent = try SOAPEnvelope(XMLDocument(parsing: exchange.request.body)).headers.map(\.localName)
                    #expect(envelope.headers.map(\.localName) == sent + (sent.isEmpty ? [] : ["requestHash"]))
                }
            }
        }
    }

    @Test("The description is served with its address and its schemas")
    func description() async throws {
        try await withSimulator { simulator in
            let transport = try CurlTransport()
            for path in [
                "/?wsdl", "/plain11?wsdl", "/plain12?WSDL", "/transport.xsd", "/xroad.xsd", "/xroad-identifiers.xsd",
            ] {
                let request = OutboundRequest(method: .get, url: simulator.baseURL + path)
                guard case .answered(let response) = await transport.send(request) else {
                    throw GerbangError(.internalFault, "no answer")
                }
                #expect(response.status == 200)
                let root = try XMLDocument(parsing: response.body).root
                #expect(root.localName == (path.hasSuffix("xsd") ? "schema" : "definitions"))
                if path == "/?wsdl" {
                    #expect(
                        String(decoding: response.body, as: UTF8.self).contains("location=\"\(simulator.baseURL)/\"")
                    )
                }
            }
        }
    }
}
