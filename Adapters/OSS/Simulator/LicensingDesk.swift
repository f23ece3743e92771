internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes

/// The system behind the server: takes one message after the other and decides what to answer.
struct LicensingDesk: Sendable {
    let rules: OSSSimulator.Rules
    let clock: any WallClock
    let register: LicensingRegister
    let ledger: Ledger
    let faults: FaultPlan

    /// What the system offers; the raw value is the last segment of the path.
    private enum Method: String {
        case inqueryNIB
        case checkNIB
        case receiveLicenseStatus
        case receiveLicense
        case checkLicenseStatus

        /// The adapter's operation that calls it.
        var operation: String {
            switch self {
            case .inqueryNIB, .checkNIB: "inquery-nib"
            case .receiveLicenseStatus: "receive-license-status"
            case .receiveLicense: "receive-license"
            case .checkLicenseStatus: "check-license-status"
            }
        }

        /// The name of the object around the message.
        var wrapper: String {
            switch self {
            case .inqueryNIB: "INQUERYNIB"
            case .checkNIB: "CHECKNIB"
            case .receiveLicenseStatus: "IZINSTATUS"
            case .receiveLicense: "IZINFINAL"
            case .checkLicenseStatus: "CHECKLICENSESTATUS"
            }
        }

        var hasEffect: Bool { self == .receiveLicenseStatus || self == .receiveLicense }
    }

    func serve(_ request: ServedRequest) -> ServedReply {
        let path = request.path
        guard path.count == 4, path[0] == "v1", path[1] == "kl", path[2] == "rba",
            let method = Method(rawValue: path[3])
        else { return Answer.page(status: 404) }
        guard request.method == .post else { return Answer.page(status: 405) }
        let fault = faults.take(operation: method.operation)
        if let trouble = trouble(instead: fault, method) { return trouble }
        return spoil(reply(answer(request, method), to: method), with: fault)
    }

    private func reply(_ answer: Answer, to method: Method) -> ServedReply {
        let wrapper = method == .checkLicenseStatus ? rules.statusWrapper : "respon\(method.rawValue)"
        return answer.reply(in: wrapper, rules: rules)
    }

    // MARK: - Faults

    /// Trouble that comes before anything is done.
    private func trouble(instead fault: Fault?, _ method: Method) -> ServedReply? {
        switch fault {
        case .resetBefore: .reset
        case .status500: Answer.page(status: 500)
        case .unavailable: Answer.page(status: 503, headerFields: [.retryAfter: "2"])
        case .quota: Answer.page(status: 429, headerFields: [.retryAfter: "60"])
        case .outsideHours: Answer.page(status: 503)
        case .unauthorized: reply(.unknownUser, to: method)
        case .duplicate: method.hasEffect ? reply(.sentBefore, to: method) : nil
        case .slow, .hang, .resetAfter, .html, .truncated, .garbage, nil: nil
        }
    }

    /// Trouble on the way back.
    private func spoil(_ reply: ServedReply, with fault: Fault?) -> ServedReply {
        switch (fault, reply) {
        case (.slow, _): .delayed(.milliseconds(300), reply)
        case (.hang, _): .hold
        case (.resetAfter, _): .reset
        case (.html, _): Answer.page(status: 200)
        case (.garbage, .respond(let status, let fields, let body)):
            .respond(status: status, headerFields: fields, body: body.map { $0 ^ 0xA5 })
        case (.truncated, .respond(let status, let fields, let body)):
            .truncated(status: status, headerFields: fields, body: body, bodyBytes: body.count / 2, ending: .close)
        default: reply
        }
    }

    // MARK: - Answers

    private func answer(_ request: ServedRequest, _ method: Method) -> Answer {
        guard let name = HTTPField.Name("user_key"), request.headerFields[name] == rules.userKey else {
            return .unknownUser
        }
        guard let fields = (try? JSONValue(parsing: request.body))?[method.wrapper]?.objectValue else {
            return .wrongParameter
        }
        let message = Message(fields: fields)
        switch method {
        case .inqueryNIB: return inquery(message)
        case .checkNIB: return check(message)
        case .receiveLicenseStatus: return takeStatus(message, key: key(of: request))
        case .receiveLicense: return takePermit(message, key: key(of: request))
        case .checkLicenseStatus: return status(message)
        }
    }

    private func key(of request: ServedRequest) -> String {
        HTTPField.Name("X-Request-ID").flatMap { request.headerFields[$0] } ?? ""
    }

    private func inquery(_ message: Message) -> Answer {
        let business =
            message["nib"].flatMap { register.business(nib: $0) }
            ?? message["npwp"].flatMap { register.business(npwp: $0) }
        guard let business else { return .unknownBusiness }
        if let ossID = message["oss_id"], ossID != business.ossID { return .unknownBusiness }
        return .success(["dataNIB": .object(business.data(permits: register.permits(of: business.nib)))])
    }

    private func check(_ message: Message) -> Answer {
        guard let business = message["nib"].flatMap({ register.business(nib: $0) }) else { return .unknownBusiness }
        return .success([
            "dataNIB": [
                "nib": .string(business.nib), "nama_perusahaan": .string(business.name),
                "status": .string(business.status),
            ]
        ])
    }

    private func takeStatus(_ message: Message, key: String) -> Answer {
        guard let institution = message["kd_instansi"], let status = message["kd_status"], status.utf8.count == 2,
            let moment = message["tgl_status"], moment.utf8.count == 19, message["kd_izin"] != nil
        else { return .wrongParameter }
        guard rules.institutions.contains(institution) else { return .illegalAccess }
        guard let permit = permit(of: message) else { return .unknownPermit }
        let serial = register.change(permit.id) { permit in
            permit.history.append(status)
            permit.attachment = message["file_lampiran"] ?? permit.attachment
        }
        record(key, .receiveLicenseStatus, serial)
        return .success(["dataNIB": [:]])
    }

    private func takePermit(_ message: Message, key: String) -> Answer {
        guard let status = message["status_izin"], status.utf8.count == 2, let number = message["nomor_izin"],
            let issuedOn = message["tgl_terbit_izin"], CivilDate(issuedOn) != nil, message["nama_ttd"] != nil,
            message["kd_daerah"]?.utf8.count == 10
        else { return .wrongParameter }
        guard let permit = permit(of: message) else { return .unknownPermit }
        let serial = register.change(permit.id) { permit in
            permit.history.append(status)
            permit.number = number
            permit.issuedOn = issuedOn
            permit.attachment = message["file_lampiran"] ?? permit.attachment
        }
        record(key, .receiveLicense, serial)
        let today = clock.now().date(in: .wib).description.filter { $0 != "-" }
        let own = "OSS-\(today)-\(serial ?? 0)"
        return .success([
            "nomor_izin": .string(own), "jenis_perizinan": "02",
            "file_lampiran": .string(message["file_lampiran"] ?? ""),
        ])
    }

    private func status(_ message: Message) -> Answer {
        guard let permit = message["id_izin"].flatMap({ register.permit($0) }) else { return .unknownPermit }
        return .success([
            "dataIZIN": [
                "nib": .string(permit.nib), "id_proyek": .string(permit.projectID), "id_izin": .string(permit.id),
                "kd_status": .string(permit.history.last ?? ""),
                "uraian_status": .string("Status \(permit.history.last ?? "")"),
                "file_lampiran": .string(permit.attachment),
            ]
        ])
    }

    /// The permit that a message names, when all its identifiers fit.
    private func permit(of message: Message) -> LicensingRegister.Permit? {
        guard let permit = message["id_izin"].flatMap({ register.permit($0) }), message["nib"] == permit.nib,
            message["id_proyek"] == permit.projectID, message["oss_id"] == permit.ossID
        else { return nil }
        return permit
    }

    private func record(_ key: String, _ method: Method, _ serial: Int?) {
        ledger.record(Ledger.Entry(key: key, operation: method.operation, reference: "S-\(serial ?? 0)"))
    }

    /// The fields of a message; empty texts count as missing.
    private struct Message {
        var fields: JSONObject

        subscript(name: String) -> String? {
            fields[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}
