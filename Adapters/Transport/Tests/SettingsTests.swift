internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import TransportAdapter

@Suite("Transport settings")
struct SettingsTests {
    @Test("The descriptor holds together, and the inquiry's patience is a setting")
    func descriptor() throws {
        try TransportAdapter.definition.descriptor.validate()
        _ = try AdapterRegistry([TransportAdapter.definition])
        let inquiry = try Sample.adapter().descriptor.operation(TransportOperation.bookInspection.id)?.inquiry
        #expect(inquiry?.conclusiveAfter == .seconds(60))
        var settings = try #require(Sample.plain.objectValue)
        settings["inquiryConclusiveAfter"] = "2s"
        let changed = try Sample.adapter(.object(settings)).descriptor
        try changed.validate()
        #expect(changed.operation(TransportOperation.bookInspection.id)?.inquiry?.conclusiveAfter == .seconds(2))
    }

    /// Wrong settings, and the places that are reported.
    struct Mistake: Sendable {
        let settings: JSONValue
        let places: [String]

        init(_ settings: JSONValue, _ places: String...) {
            self.settings = settings
            self.places = places
        }
    }

    static let mistakes: [Mistake] = [
        Mistake([:], "/client", "/provider"),
        Mistake(["binding": "rest"], "/binding", "/client", "/provider"),
        Mistake(["binding": "plain", "client": [:]], "/client"),
        Mistake(["binding": "plain", "serviceVersion": "v1"], "/serviceVersion"),
        Mistake(["binding": "plain", "soapVersion": "2.0"], "/soapVersion"),
        Mistake(["binding": "plain", "elements": ["plate": "a b"]], "/elements/plate"),
        Mistake(["binding": "plain", "elements": ["plate": "t:plate"]], "/elements/plate"),
        Mistake(["binding": "plain", "elements": ["plat": "x"]], "/elements/plat"),
        Mistake(
            ["binding": "plain", "operations": ["get-vehicle": ["soapAction": "a\"b"]]],
            "/operations/get-vehicle/soapAction"
        ),
        Mistake(["binding": "plain", "operations": ["get": [:]]], "/operations/get"),
        Mistake(["binding": "plain", "namespace": ""], "/namespace"),
        Mistake(
            ["binding": "plain", "errorCodes": ["stationFull": ["X"], "tryLater": ["X"]]],
            "/errorCodes/tryLater"
        ),
        Mistake(["binding": "plain", "errorCodes": ["full": ["X"]]], "/errorCodes/full"),
        Mistake(["binding": "plain", "inquiryConclusiveAfter": "soon"], "/inquiryConclusiveAfter"),
        Mistake(["binding": "plain", "password": "x"], "/password"),
    ]

    @Test("Wrong settings are reported by their place", arguments: mistakes)
    func issues(row: Mistake) {
        #expect(Sample.issues(row.settings).map(\.pointer.description).sorted() == row.places.sorted())
    }

    @Test("X-Road speaks SOAP 1.1 only, and its codes have a small alphabet")
    func xroadIssues() throws {
        var settings = try #require(Sample.xroad.objectValue)
        settings["soapVersion"] = "1.2"
        settings["client"] = ["instance": "ID", "memberClass": "GOV/X", "memberCode": "ä", "subsystem": "s"]
        let places = Sample.issues(.object(settings)).map(\.pointer.description).sorted()
        #expect(places == ["/client/memberClass", "/client/memberCode", "/client/subsystem", "/soapVersion"])
    }

    @Test("The agency's own codes replace the default ones of a meaning")
    func errorCodes() throws {
        let settings: JSONValue = ["binding": "plain", "errorCodes": ["vehicleUnknown": ["404", "K404"]]]
        for code in ["404", "K404"] {
            let body = Sample.decision(code, for: .getVehicle)
            #expect(try Sample.classify(body, for: .getVehicle, settings: settings).error?.code == .agencyNotFound)
        }
        let old = Sample.decision("VEHICLE_NOT_FOUND", for: .getVehicle)
        #expect(try Sample.classify(old, for: .getVehicle, settings: settings).error?.code == .agencyRejected)
    }
}
