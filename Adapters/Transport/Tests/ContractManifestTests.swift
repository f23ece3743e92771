internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangSchemas
internal import GerbangXML
internal import HTTPTypes
internal import Testing
internal import TransportSimulator

@testable internal import TransportAdapter

/// The adapter by its description, held to what the module does with X-Road.
@Suite("The transport adapter by contract")
struct ContractManifestTests {
    private func byContract<Value>(_ body: () throws -> Value) rethrows -> Value {
        try BothPackagings.$packaging.withValue(.contract) { try body() }
    }

    private static let messages: [(TransportOperation, String)] = [
        (.getVehicle, "request-xroad-get-vehicle.xml"), (.bookInspection, "request-xroad-book-inspection.xml"),
        (.findBooking, "request-xroad-find-booking.xml"),
    ]

    @Test("The description beside it is the one that is published")
    func files() throws {
        let folder = Files.package.appending(path: "Adapters/Transport/Contract")
        for name in ["transport.wsdl", "transport.xsd", "xroad.xsd", "xroad-identifiers.xsd"] {
            #expect([UInt8](try Data(contentsOf: folder.appending(path: name))) == GerbangSchemas.wsdl[name])
        }
    }

    @Test("It is clean and passes its own fixtures")
    func fixtures() throws {
        let path = Files.package.appending(path: "Adapters/Transport/Contract/adapter.yaml").path
        let manifest = try Manifest.load(path: path)
        #expect(manifest.warnings.isEmpty)
        let results = manifest.runFixtures(catalogue: try ServiceCatalogue.builtin())
        #expect(results.count >= 8)
        for result in results { #expect(result.isPassed, "\(result.name): \(result.differences)") }
    }

    @Test("Messages are those of the module", arguments: messages.indices)
    func message(index: Int) throws {
        let (operation, fixture) = Self.messages[index]
        let request = try byContract { try Sample.adapter(Sample.xroad).prepare(Sample.call(operation)) }
        let expected = try XMLDocument(parsing: Files.fixture(fixture)).canonical(.exclusive())
        let written = try XMLDocument(parsing: request.body).canonical(.exclusive())
        // The module chooses another prefix for X-Road's identifiers.
        let text = String(decoding: written, as: UTF8.self).replacing("xmlns:n4=", with: "xmlns:id=")
            .replacing("n4:", with: "id:")
        #expect(text == String(decoding: expected, as: UTF8.self))
        #expect(request.path.isEmpty && request.query.isEmpty && request.method == .post)
        #expect(try Schemas.issues(request.body).isEmpty)
    }

    /// The answer's text with the hash of a message in it; the fixtures have the hash of the module's bytes.
    private func verdicts(_ text: String, _ operation: TransportOperation) throws -> (Verdict, Verdict) {
        var settings = try #require(Sample.xroad.objectValue)
        settings["requireRequestHash"] = false
        let hashless = text.replacing(#/<x:requestHash.*?<\/x:requestHash>/#, with: "")
        let value = JSONValue.object(settings)
        return (
            try Sample.classify(hashless, for: operation, settings: value),
            try byContract { try Sample.classify(hashless, for: operation, settings: value) }
        )
    }

    @Test(
        "Answers mean what they mean to the module",
        arguments: [
            (TransportOperation.getVehicle, "response-xroad-vehicle.xml"),
            (.bookInspection, "response-xroad-booking.xml"),
            (.findBooking, "response-xroad-found.xml"), (.findBooking, "response-xroad-found-twice.xml"),
            (.findBooking, "response-xroad-found-none.xml"), (.bookInspection, "response-xroad-station-full.xml"),
            (.getVehicle, "fault-xroad-access-denied.xml"), (.bookInspection, "fault-xroad-access-denied.xml"),
        ]
    )
    func answer(operation: TransportOperation, fixture: String) throws {
        let (module, contract) = try verdicts(try Files.text(fixture), operation)
        #expect(module == contract)
    }

    /// What is changed in an answer that a station is full.
    private static let changes: [(String, String)] = {
        let codes = [
            "VEHICLE_NOT_FOUND", "STATION_NOT_FOUND", "STATION_FULL", "DATE_NOT_POSSIBLE", "INPUT_INVALID",
            "DUPLICATE_REFERENCE", "QUOTA_EXHAUSTED", "OUTSIDE_HOURS", "TRY_LATER", "10027",
        ]
        let strange: [(String, String)] = [
            ("<x:id>", "<x:id>0"), ("DISHUB", "DINSOS"), (">v1<", ">v2<"), ("x:id>", "x:other>"),
            ("gerbang</a:subsystemCode>", "lain</a:subsystemCode>"),
        ]
        return strange + codes.map { ("STATION_FULL", $0) }
    }()

    @Test("Answers that do not belong to the call, and decisions of the agency, too", arguments: changes)
    func decision(original: String, replacement: String) throws {
        let text = try Files.text("response-xroad-station-full.xml").replacing(original, with: replacement)
        let (module, contract) = try verdicts(text, .bookInspection)
        #expect(module.name == contract.name)
        #expect(module.error?.code == contract.error?.code && module.error?.agencyCode == contract.error?.agencyCode)
    }

    @Test("A wrong hash, and one that is missing where it must be there, leave a booking in doubt")
    func hash() throws {
        // The fixture has the hash of the module's bytes, which are not these.
        let text = try Files.text("response-xroad-booking.xml").replacing("#sha512\">", with: "#sha512\">AAAA")
        let missing = text.replacing("x:requestHash", with: "x:otherHash")
        for body in [text, missing] {
            let verdict = try byContract { try Sample.classify(body, for: .bookInspection, settings: Sample.xroad) }
            #expect(verdict.name == "inDoubt" && verdict.error?.message.contains("hash") == true)
        }
    }

    @Test("The simulator, a security server with a register behind it, is spoken to")
    func simulator() async throws {
        let simulator = try TransportSimulator(clock: FrozenClock(moment: Sample.now))
        defer { simulator.stop() }
        try await BothPackagings.$packaging.withValue(.contract) {
            let line = try Line(Sample.xroad, simulator.baseURL)
            #expect(try await line.call(Sample.call(.getVehicle)).name == "succeeded")
            #expect(try await line.call(Sample.call(.getVehicle, ["plate": "B 1 A"])).error?.code == .agencyNotFound)
            #expect(try await line.inquire(Sample.call(.findBooking)) == .notDone)
            guard case .succeeded(let booking, let number?) = try await line.call(Sample.call(.bookInspection)) else {
                Issue.record("not booked")
                return
            }
            let found = try await line.inquire(Sample.call(.findBooking))
            #expect(found == .done(output: booking, agencyReference: number))
        }
        #expect(simulator.bookingCount(for: Sample.key) == 1)
    }
}
