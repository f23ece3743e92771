internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import TransportAdapter

@Suite("Transport answers", .bothPackagings)
struct AnswerTests {
    private static let booked: JSONValue = [
        "bookingNumber": "KIR-2026-000001", "date": "2026-01-20", "slot": "08:00", "station": "JKT-PULOGADUNG",
    ]

    private func classify(
        _ fixture: String,
        _ operation: TransportOperation,
        _ settings: JSONValue = Sample.xroad,
        type: String = "text/xml; charset=utf-8"
    ) throws -> Verdict {
        try Sample.classify(try Files.text(fixture), for: operation, settings: settings, type: type)
    }

    @Test("A vehicle is mapped to the service's output")
    func vehicle() throws {
        let verdict = try classify("response-xroad-vehicle.xml", .getVehicle)
        let expected: JSONValue = [
            "plate": "B 1234 XYZ", "make": "Toyota", "model": "Avanza 1.3 G", "year": 2019, "colour": "Hitam",
            "fuel": "Bensin", "vehicleClass": "Mobil penumpang", "chassisNumber": "MHCONTOH000000001",
            "taxValidUntil": "2027-03-14",
        ]
        #expect(verdict == .succeeded(output: expected))
    }

    @Test("Another namespace, padding, nil, zones, day-first dates and ISO-8859-1 are understood")
    func lenient() throws {
        let adapter = try Sample.adapter(Sample.plain)
        let call = try Sample.call(.getVehicle)
        let body = try Files.fixture("response-plain-vehicle-lenient.xml")
        let exchange = Exchange(request: try adapter.prepare(call), response: Sample.response(body, type: "text/xml"))
        let expected: JSONValue = [
            "plate": "b1234xyz", "make": "Citroën", "model": "C3", "year": 2019, "taxValidUntil": "2027-03-14",
            "inspectionValidUntil": "2026-12-20",
        ]
        #expect(adapter.classify(exchange, for: call) == .succeeded(output: expected))
    }

    @Test("A booking is mapped with the agency's number as reference")
    func booking() throws {
        let verdict = try classify("response-xroad-booking.xml", .bookInspection)
        #expect(verdict == .succeeded(output: Self.booked, agencyReference: "KIR-2026-000001"))
        let found = try classify("response-xroad-found.xml", .findBooking)
        #expect(found == .succeeded(output: Self.booked, agencyReference: "KIR-2026-000001"))
        #expect(try classify("response-xroad-found-none.xml", .findBooking).error?.code == .agencyNotFound)
    }

    @Test("The first part of a multipart answer is read", arguments: ["MIME_boundary", "\"MIME_boundary\""])
    func multipart(boundary: String) throws {
        for start in ["", "; start=\"<root>\""] {
            let type = "multipart/related; type=\"text/xml\"; boundary=\(boundary)\(start)"
            let verdict = try classify("response-xroad-multipart.txt", .getVehicle, type: type)
            #expect(verdict.name == "succeeded")
        }
    }

    @Test(
        "A multipart answer that cannot be taken apart is refused",
        arguments: [
            "multipart/related", "multipart/related; boundary=another", "multipart/related; boundary=\"\"",
            "multipart/related; boundary=MIME_boundary; start=\"<data.bin>\"",
        ]
    )
    func brokenMultipart(type: String) throws {
        let verdict = try classify("response-xroad-multipart.txt", .getVehicle, type: type)
        #expect(verdict.name == "transient")
        #expect(verdict.error?.code == .agencyUnreadable)
    }

    // MARK: Header echo and request hash

    @Test(
        "An answer that does not belong to the request is not understood",
        arguments: [
            ("<x:id>", "<x:id>0", "'id'"),
            ("gerbang</a:subsystemCode>", "lain</a:subsystemCode>", "'client'"),
            ("<a:subsystemCode>gerbang</a:subsystemCode>", "", "'client'"),
            ("DISHUB", "DINSOS", "'service'"),
            ("<a:serviceVersion>v1</a:serviceVersion>", "<a:serviceVersion>v2</a:serviceVersion>", "'service'"),
            ("x:id>", "x:other>", "no X-Road header 'id'"),
            (
                "xmlsoap.org/soap/envelope/\" xmlns:x=\"http://x-road.eu/xsd/",
                "xmlsoap.org/soap/envelope/\" xmlns:x=\"urn:", "no X-Road header 'client'"
            ),
            ("#sha512\">", "#sha512\">AAAA", "hash"),
            ("xmlenc#sha512", "xmlenc#sha256", "algorithm"),
            ("x:requestHash", "x:otherHash", "no hash"),
        ]
    )
    func echo(original: String, replacement: String, reason: String) throws {
        for (fixture, operation, name) in [
            ("response-xroad-vehicle.xml", TransportOperation.getVehicle, "transient"),
            ("response-xroad-booking.xml", .bookInspection, "inDoubt"),
        ] {
            let body = try Files.text(fixture).replacing(original, with: replacement)
            let verdict = try Sample.classify(body, for: operation, settings: Sample.xroad)
            #expect(verdict.name == name)
            #expect(verdict.error?.code == .agencyUnreadable)
            #expect(verdict.error?.message.contains(reason) == true)
        }
        let found = try Files.text("response-xroad-found-none.xml").replacing(original, with: replacement)
        #expect(try Sample.assess(found, settings: Sample.xroad).name == "unclear", "never 'not done'")
    }

    @Test("Without a hash an answer is accepted where the settings say so, but never with a wrong one")
    func optionalHash() throws {
        var settings = try #require(Sample.xroad.objectValue)
        settings["requireRequestHash"] = false
        let text = try Files.text("response-xroad-booking.xml")
        let without = text.replacing("x:requestHash", with: "x:otherHash")
        #expect(try Sample.classify(without, for: .bookInspection, settings: .object(settings)).name == "succeeded")
        let wrong = text.replacing("#sha512\">", with: "#sha512\">AAAA")
        #expect(try Sample.classify(wrong, for: .bookInspection, settings: .object(settings)).name == "inDoubt")
    }

    @Test("A request that was changed on the way shows in the hash")
    func tampering() throws {
        let adapter = try Sample.adapter()
        let call = try Sample.call(.bookInspection)
        var request = try adapter.prepare(call)
        request.body.append(0x20)
        let response = Sample.response(try Files.fixture("response-xroad-booking.xml"))
        #expect(adapter.classify(Exchange(request: request, response: response), for: call).name == "inDoubt")
    }

    // MARK: Content

    @Test(
        "Content that is not what was asked for is not understood",
        arguments: [
            ("<r:plate>B 1234 XYZ</r:plate>", "<r:plate>B 9999 XYZ</r:plate>", "another vehicle"),
            ("<r:plate>B 1234 XYZ</r:plate>", "", "'plate'"),
            ("<r:make>Toyota</r:make>", "<r:make> </r:make>", "'make'"),
            ("<r:year>2019</r:year>", "<r:year>dua ribu</r:year>", "not a year"),
            ("<r:year>2019</r:year>", "<r:year>19</r:year>", "not a year"),
            ("2027-03-14", "2027-13-14", "not a day"),
            ("2027-03-14", "2027-03-14 kira-kira", "not a day"),
            ("r:getVehicleResponse", "r:getVehicle", "no element 'getVehicleResponse'"),
        ]
    )
    func vehicleContent(original: String, replacement: String, reason: String) throws {
        let body = try Files.text("response-xroad-vehicle.xml").replacing(original, with: replacement)
        let verdict = try Sample.classify(body, for: .getVehicle, settings: Sample.xroad)
        #expect(verdict.name == "transient")
        #expect(verdict.error?.message.contains(reason) == true)
    }

    @Test(
        "A booking that is not understood stays in doubt",
        arguments: [
            ("<r:bookingNumber>KIR-2026-000001</r:bookingNumber>", ""),
            ("<r:date>2026-01-20</r:date>", ""),
            ("<r:date>2026-01-20</r:date>", "<r:date>besok</r:date>"),
            ("<r:station>JKT-PULOGADUNG</r:station>", ""),
            ("000000000001</r:clientReference>", "000000000002</r:clientReference>"),
            ("r:bookInspectionResponse", "r:findBookingResponse"),
        ]
    )
    func bookingContent(original: String, replacement: String) throws {
        let body = try Files.text("response-xroad-booking.xml").replacing(original, with: replacement)
        let verdict = try Sample.classify(body, for: .bookInspection, settings: Sample.xroad)
        #expect(verdict.name == "inDoubt")
        #expect(verdict.error?.code == .agencyUnreadable)
    }

    // MARK: Inquiry

    @Test("An inquiry finds the booking, the first of two, or that there is none")
    func inquiry() throws {
        for fixture in ["response-xroad-found.xml", "response-xroad-found-twice.xml"] {
            let finding = try Sample.assess(try Files.text(fixture), settings: Sample.xroad)
            #expect(finding == .done(output: Self.booked, agencyReference: "KIR-2026-000001"))
        }
        #expect(try Sample.assess(try Files.text("response-xroad-found-none.xml"), settings: Sample.xroad) == .notDone)
        #expect(try Sample.assess(Sample.decision("BOOKING_NOT_FOUND", for: .findBooking)) == .notDone)
    }

    @Test(
        "An inquiry whose answer is not understood never says 'not done'",
        arguments: [
            "<findBookingResponse><reservation/></findBookingResponse>",
            "<findBookingResponse>tidak ada</findBookingResponse>",
            "<findBookingResponse><booking/></findBookingResponse>",
            "<findBookingResponse><booking><clientReference>lain</clientReference></booking></findBookingResponse>",
            "<findBookingResponse><fault/></findBookingResponse>",
            "<otherResponse/>", "",
        ]
    )
    func unclearInquiry(content: String) throws {
        #expect(try Sample.assess(Sample.envelope(content)).name == "unclear")
    }

    @Test("An inquiry that meets a fault, a status or another decision is unclear")
    func failedInquiry() throws {
        for body in [
            Sample.fault("soap:Server"), Sample.fault("Server.ServerProxy.AccessDenied"), Sample.fault("Client"),
        ] {
            #expect(try Sample.assess(body, status: 500).name == "unclear")
        }
        for code in BusinessMeaning.defaultCodes.keys where code != "BOOKING_NOT_FOUND" {
            #expect(try Sample.assess(Sample.decision(code, for: .findBooking)).name == "unclear")
        }
        for status in [200, 301, 400, 401, 404, 429, 500, 503] {
            #expect(try Sample.assess("<html/>", status: status, type: "text/html").name == "unclear")
        }
    }
}
