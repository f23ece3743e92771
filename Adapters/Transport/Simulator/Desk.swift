internal import GerbangCore
internal import GerbangSchemas
internal import GerbangTesting
internal import GerbangXML
internal import HTTPTypes

/// Takes the requests, has them settled, and writes the answers.
struct Desk: Sendable {
    let office: TransportOffice
    let faults: FaultPlan

    private enum Result {
        case vehicle(Vehicle)
        case bookings([TransportOffice.Booking])
        case decision(TransportOffice.Decision)
    }

    func answer(_ request: ServedRequest) -> ServedReply {
        if request.method == .get { return description(for: request) }
        guard let endpoint = Endpoint(path: request.path) else { return .text("no such path", status: 404) }
        guard request.method == .post else { return .text("POST only", status: 405) }
        let message: IncomingMessage
        do {
            message = try IncomingMessage(request, at: endpoint)
        } catch {
            return refuse(error, at: endpoint)
        }
        let fault = faults.take(operation: message.operation.rawValue)
        if let fault, let reply = instead(of: message, fault, request, endpoint) { return reply }
        let reply = write(settle(message), for: message, request, endpoint)
        return fault.map { spoil(reply, by: $0) } ?? reply
    }

    private func settle(_ message: IncomingMessage) -> Result {
        do throws(TransportOffice.Decision) {
            switch message.operation {
            case .getVehicle:
                return .vehicle(try office.vehicle(message.text("plate")))
            case .bookInspection:
                let reference = message.text("clientReference")
                let booking = try office.book(
                    reference,
                    plate: message.text("plate"),
                    station: message.text("station"),
                    date: message.text("date")
                )
                return .bookings([booking])
            case .findBooking:
                return .bookings(office.bookings(for: message.text("clientReference")))
            }
        } catch {
            return .decision(error)
        }
    }

    // MARK: Trouble

    /// The reply to a call that has no effect because of a fault; `nil` for faults that come after the effect.
    private func instead(
        of message: IncomingMessage,
        _ fault: Fault,
        _ request: ServedRequest,
        _ endpoint: Endpoint
    ) -> ServedReply? {
        func decide(_ code: String, _ text: String) -> ServedReply {
            write(.decision(TransportOffice.Decision(code: code, text: text)), for: message, request, endpoint)
        }
        switch fault {
        case .resetBefore: return .reset
        case .status500: return .text("Internal Server Error", status: 500)
        case .unavailable:
            let fields: HTTPFields = [.contentType: "text/plain", .retryAfter: "2"]
            return .respond(status: 503, headerFields: fields, body: Array("Service Unavailable".utf8))
        case .quota: return decide("QUOTA_EXHAUSTED", "Kuota harian sudah habis")
        case .outsideHours: return decide("OUTSIDE_HOURS", "Layanan sedang tutup")
        case .duplicate: return decide("DUPLICATE_REFERENCE", "Permohonan sudah pernah dikirim")
        case .unauthorized:
            guard endpoint == .xroad else { return .text("Unauthorized", status: 401) }
            return refuse(
                Refusal(code: "Server.ServerProxy.AccessDenied", text: "request is not allowed"),
                at: endpoint
            )
        case .slow, .hang, .resetAfter, .html, .truncated, .garbage: return nil
        }
    }

    /// What becomes of a good reply.
    private func spoil(_ reply: ServedReply, by fault: Fault) -> ServedReply {
        switch (fault, reply) {
        case (.slow, _): .delayed(.milliseconds(300), reply)
        case (.hang, _): .hold
        case (.resetAfter, _): .reset
        case (.html, _): .text("<html><body><h1>Sedang dalam perbaikan</h1></body></html>", contentType: "text/html")
        case (.truncated, .respond(let status, let fields, let body)):
            .truncated(status: status, headerFields: fields, body: body, bodyBytes: body.count / 2, ending: .close)
        case (.garbage, .respond(let status, let fields, let body)):
            .respond(status: status, headerFields: fields, body: body.map { $0 ^ 0xA5 })
        default: reply
        }
    }

    // MARK: Writing

    private func write(
        _ result: Result,
        for message: IncomingMessage,
        _ request: ServedRequest,
        _ endpoint: Endpoint
    ) -> ServedReply {
        var header: ((inout XMLWriter) throws -> Void)?
        if endpoint == .xroad {
            header = { try SecurityServer.echo(message.envelope, requestBody: request.body, to: &$0) }
        }
        return reply(endpoint, header: header) { writer in
            let namespaces = ["": IncomingMessage.namespace] as KeyValuePairs
            try writer.start(message.operation.element + "Response", namespaces: namespaces)
            switch result {
            case .vehicle(let vehicle):
                try writer.start("vehicle")
                for field in vehicle.fields { try writer.element(field.name, text: field.value) }
                try writer.end()
            case .bookings(let bookings):
                for booking in bookings { try write(booking, to: &writer) }
            case .decision(let decision):
                try writer.start("fault")
                try writer.element("faultCode", text: decision.code)
                try writer.element("faultString", text: decision.text)
                try writer.end()
            }
            try writer.end()
        }
    }

    private func write(_ booking: TransportOffice.Booking, to writer: inout XMLWriter) throws {
        try writer.start("booking")
        try writer.element("clientReference", text: booking.clientReference)
        try writer.element("bookingNumber", text: booking.number)
        try writer.element("plate", text: booking.plate)
        try writer.element("station", text: booking.station)
        try writer.element("date", text: booking.date.description)
        try writer.element("slot", text: booking.slot)
        try writer.end()
    }

    /// X-Road tells of faults with HTTP 200; plain services with 500, or 400 in SOAP 1.2 when the sender is to blame.
    private func refuse(_ refusal: Refusal, at endpoint: Endpoint) -> ServedReply {
        let code: String
        let status: Int
        switch endpoint {
        case .xroad:
            code = refusal.code
            status = 200
        case .plain(let version):
            code = refusal.plainCode(version)
            status = code == "soap:Sender" ? 400 : 500
        }
        let detail = SOAPFault.Entry(name: XMLName("faultDetail"), text: "5ea48ae9-15c1-465a-be15-9b6ef2c7ef4a")
        let fault = SOAPFault(
            version: endpoint.version,
            code: code,
            reasons: [SOAPFault.Reason(refusal.text)],
            detail: [detail]
        )
        guard let body = try? SOAPEnvelope.write(fault) else { return .text("cannot write", status: 500) }
        return .respond(status: status, headerFields: Self.fields(endpoint), body: body)
    }

    private func reply(
        _ endpoint: Endpoint,
        header: ((inout XMLWriter) throws -> Void)?,
        body: (inout XMLWriter) throws -> Void
    ) -> ServedReply {
        guard let bytes = try? SOAPEnvelope.write(endpoint.version, header: header, body: body) else {
            return .text("cannot write", status: 500)
        }
        return .respond(headerFields: Self.fields(endpoint), body: bytes)
    }

    private static func fields(_ endpoint: Endpoint) -> HTTPFields {
        let type = endpoint.version == .v11 ? "text/xml" : "application/soap+xml"
        return [.contentType: "\(type); charset=utf-8"]
    }

    // MARK: Description

    /// The interface's description with this server's address in it, and the schemas that it imports.
    private func description(for request: ServedRequest) -> ServedReply {
        let isDescription = request.query.first?.name.lowercased() == "wsdl"
        let name = isDescription ? Endpoint(path: request.path)?.description : request.path.last
        guard let name, let file = GerbangSchemas.wsdl[name] else { return .text("no such file", status: 404) }
        let host = HTTPField.Name("Host").flatMap { request.headerFields[$0] } ?? "localhost"
        let text = String(decoding: file, as: UTF8.self).replacing("http://localhost/", with: "http://\(host)/")
        return .text(text, contentType: "text/xml; charset=utf-8")
    }
}
