internal import GerbangCore
internal import GerbangJSON
internal import GerbangXML
internal import HTTPTypes
internal import Testing

@testable internal import TransportAdapter

/// One row of a table: what comes, and the verdict on a query and on a booking.
struct VerdictRow: Sendable, CustomTestStringConvertible {
    let input: String
    let query: String
    let booking: String
    let code: GerbangError.Code

    init(_ input: String, _ query: String, _ booking: String, _ code: GerbangError.Code) {
        self.input = input
        self.query = query
        self.booking = booking
        self.code = code
    }

    var testDescription: String { input }
}

@Suite("Transport verdict tables", .bothPackagings)
struct VerdictTableTests {
    @Test(
        "The agency's codes in a response",
        arguments: [
            VerdictRow("VEHICLE_NOT_FOUND", "rejected", "rejected", .agencyNotFound),
            VerdictRow("STATION_NOT_FOUND", "invalid", "invalid", .agencyInvalidInput),
            VerdictRow("STATION_FULL", "rejected", "rejected", .agencyRejected),
            VerdictRow("DATE_NOT_POSSIBLE", "rejected", "rejected", .agencyRejected),
            VerdictRow("BOOKING_NOT_FOUND", "rejected", "rejected", .agencyNotFound),
            VerdictRow("INPUT_INVALID", "invalid", "invalid", .agencyInvalidInput),
            VerdictRow("DUPLICATE_REFERENCE", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("QUOTA_EXHAUSTED", "throttled", "throttled", .agencyQuotaExhausted),
            VerdictRow("OUTSIDE_HOURS", "throttled", "throttled", .agencyOutsideHours),
            VerdictRow("TRY_LATER", "transient", "transient", .agencyUnavailable),
            VerdictRow("10027", "rejected", "rejected", .agencyRejected),
        ]
    )
    func decisions(row: VerdictRow) throws {
        for (operation, expected) in [(TransportOperation.getVehicle, row.query), (.bookInspection, row.booking)] {
            let verdict = try Sample.classify(Sample.decision(row.input, for: operation), for: operation)
            #expect(verdict.name == expected)
            let error = try #require(verdict.error)
            #expect(error.code == row.code)
            #expect(error.agencyCode == row.input)
            #expect(!"\(error) \(error.citizenText)".contains("rahasia"))
        }
    }

    @Test("A used-up quota waits for local midnight, a closed agency for a quarter of an hour")
    func waiting() throws {
        let quota = try Sample.classify(Sample.decision("QUOTA_EXHAUSTED", for: .getVehicle), for: .getVehicle)
        guard case .throttled(_, let midnight) = quota else { throw GerbangError(.internalFault, "not throttled") }
        #expect(midnight == Timestamp("2026-01-10T17:00:00Z"))
        let closed = try Sample.classify(Sample.decision("OUTSIDE_HOURS", for: .getVehicle), for: .getVehicle)
        guard case .throttled(_, let later) = closed else { throw GerbangError(.internalFault, "not throttled") }
        #expect(later == Sample.now + .seconds(900))
    }

    @Test(
        "A code is kept only when it is a technical word",
        arguments: ["SITI CONTOH", "3174015708900003", "a/b", String(repeating: "x", count: 81), "é"]
    )
    func codesThatAreNotKept(code: String) throws {
        let verdict = try Sample.classify(Sample.decision(code, for: .getVehicle), for: .getVehicle)
        #expect(verdict.name == "rejected")
        #expect(verdict.error?.agencyCode == nil)
        #expect(try Sample.classify(Sample.fault(code), for: .getVehicle).error?.agencyCode == nil)
    }

    @Test("Codes beside the data, without an element around them, are decisions as well")
    func codesWithoutWrapper() throws {
        let body = Sample.envelope(
            "<getVehicleResponse><faultCode> VEHICLE_NOT_FOUND </faultCode></getVehicleResponse>"
        )
        #expect(try Sample.classify(body, for: .getVehicle).error?.code == .agencyNotFound)
    }

    @Test(
        "Fault codes, in both spellings, with any status",
        arguments: [
            // Refused by our own security server: nothing went on.
            VerdictRow("Client.InvalidSoap", "invalid", "invalid", .agencyInvalidInput),
            VerdictRow("client.missing_header_field", "invalid", "invalid", .agencyInvalidInput),
            VerdictRow("Client.SomethingNew", "invalid", "invalid", .agencyInvalidInput),
            VerdictRow("Server.ClientProxy.UnknownMember", "unauthorized", "unauthorized", .invalidConfiguration),
            VerdictRow("server.clientproxy.unknown_member", "unauthorized", "unauthorized", .invalidConfiguration),
            VerdictRow(
                "Server.ClientProxy.SslAuthenticationFailed",
                "unauthorized",
                "unauthorized",
                .agencyUnauthorized
            ),
            VerdictRow("server.clientproxy.maintenance_mode", "transient", "transient", .agencyUnavailable),
            VerdictRow("Server.ClientProxy.CannotCreateSignature", "transient", "transient", .agencyUnavailable),
            // Refused by the provider's security server: the service was not called.
            VerdictRow("Server.ServerProxy.AccessDenied", "unauthorized", "unauthorized", .agencyUnauthorized),
            VerdictRow("server.serverproxy.access_denied", "unauthorized", "unauthorized", .agencyUnauthorized),
            VerdictRow("Server.ServerProxy.UnknownService", "unauthorized", "unauthorized", .invalidConfiguration),
            VerdictRow("server.serverproxy.unknown_service", "unauthorized", "unauthorized", .invalidConfiguration),
            VerdictRow("Server.ServerProxy.ServiceDisabled", "transient", "transient", .agencyUnavailable),
            VerdictRow("Server.ServerProxy.MaintenanceMode", "transient", "transient", .agencyUnavailable),
            VerdictRow("Server.ServerProxy.OutdatedGlobalConf", "transient", "transient", .agencyUnavailable),
            VerdictRow("server.serverproxy.global_conf_outdated", "transient", "transient", .agencyUnavailable),
            VerdictRow("Server.ServerProxy.InvalidSignatureValue", "transient", "transient", .agencyUnavailable),
            // The service may have acted.
            VerdictRow("Server.ClientProxy.NetworkError", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("server.clientproxy.io_error", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ClientProxy.OutdatedGlobalConf", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ClientProxy.InvalidSignatureValue", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ClientProxy.ServiceFailed.MissingBody", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ClientProxy.LoggingFailed", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ServerProxy.ServiceFailed", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ServerProxy.ServiceFailed.InvalidSoap", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ServerProxy.ServiceFailed.AccessDenied", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow(
                "server.serverproxy.service_failed.inconsistent_response",
                "transient",
                "inDoubt",
                .outcomeUnknown
            ),
            VerdictRow("Server.ServerProxy.NetworkError", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ServerProxy.IOError", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ServerProxy.TimestampingFailed", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ServerProxy.InternalError", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.ServerProxy", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("Server.SomethingNew", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("", "transient", "inDoubt", .outcomeUnknown),
            // Plain SOAP 1.1.
            VerdictRow("e:Client", "invalid", "invalid", .agencyInvalidInput),
            VerdictRow("e:Client.Authentication", "unauthorized", "unauthorized", .agencyUnauthorized),
            VerdictRow("e:Server", "transient", "inDoubt", .outcomeUnknown),
            VerdictRow("e:MustUnderstand", "invalid", "invalid", .agencyInvalidInput),
            VerdictRow("e:VersionMismatch", "invalid", "invalid", .agencyInvalidInput),
            VerdictRow("wsse:FailedAuthentication", "unauthorized", "unauthorized", .agencyUnauthorized),
        ]
    )
    func faults(row: VerdictRow) throws {
        for (operation, expected) in [(TransportOperation.getVehicle, row.query), (.bookInspection, row.booking)] {
            for (settings, status) in [
                (Sample.xroad, 200), (Sample.xroad, 500), (Sample.plain, 500), (Sample.plain, 400),
            ] {
                let verdict = try Sample.classify(
                    Sample.fault(row.input),
                    for: operation,
                    settings: settings,
                    status: status
                )
                #expect(verdict.name == expected)
                let error = try #require(verdict.error)
                let code = verdict.name == "transient" && row.code == .outcomeUnknown ? .agencyUnavailable : row.code
                #expect(error.code == code)
                #expect(!"\(error) \(error.citizenText)".contains("rahasia"))
            }
        }
    }

    @Test("The fixtures' faults: X-Road's with HTTP 200, and SOAP 1.2's")
    func faultFixtures() throws {
        let denied = try Files.text("fault-xroad-access-denied.xml")
        let verdict = try Sample.classify(denied, for: .bookInspection, settings: Sample.xroad)
        #expect(verdict.error?.agencyCode == "Server.ServerProxy.AccessDenied")
        #expect(verdict.name == "unauthorized")
        let receiver = try Files.text("fault-soap12-receiver.xml")
        #expect(
            try Sample.classify(receiver, for: .bookInspection, settings: Sample.plain12, status: 500).name == "inDoubt"
        )
        let sender = receiver.replacing("Receiver", with: "Sender")
        #expect(
            try Sample.classify(sender, for: .bookInspection, settings: Sample.plain12, status: 400).name == "invalid"
        )
    }

    @Test("A fault that answers another message is not believed")
    func foreignFault() throws {
        let header = "<e:Header><x:id xmlns:x=\"http://x-road.eu/xsd/xroad.xsd\">lain</x:id></e:Header><e:Body>"
        let body = Sample.fault("Server.ServerProxy.AccessDenied").replacing("<e:Body>", with: header)
        #expect(try Sample.classify(body, for: .bookInspection, settings: Sample.xroad).name == "inDoubt")
    }

    @Test(
        "Statuses without a SOAP message",
        arguments: [
            (200, "transient", "inDoubt"), (204, "transient", "inDoubt"), (301, "transient", "inDoubt"),
            (400, "invalid", "invalid"), (401, "unauthorized", "unauthorized"), (403, "unauthorized", "unauthorized"),
            (404, "invalid", "invalid"), (429, "throttled", "throttled"), (500, "transient", "inDoubt"),
            (502, "transient", "inDoubt"), (503, "transient", "inDoubt"), (504, "transient", "inDoubt"),
        ]
    )
    func statuses(status: Int, query: String, booking: String) throws {
        for body in ["<html><body>Bad</body></html>", "", "Service Unavailable", "{\"error\":1}"] {
            for (operation, expected) in [(TransportOperation.getVehicle, query), (.bookInspection, booking)] {
                let verdict = try Sample.classify(body, for: operation, status: status, type: "text/html")
                #expect(verdict.name == expected)
            }
        }
    }

    @Test("A good message with a bad status contradicts itself", arguments: [301, 404, 500, 503])
    func contradiction(status: Int) throws {
        let body = try Files.text("response-xroad-booking.xml")
        let verdict = try Sample.classify(body, for: .bookInspection, settings: Sample.xroad, status: status)
        #expect(verdict.name == "inDoubt")
    }
}
