internal import GerbangCore
internal import GerbangJSON

/// Reading the answers to `inqueryNIB` and `checkNIB`.
extension LicensingSystem {
    /// The business that was asked for: its own data, its projects and its permits.
    ///
    /// The people behind it (shareholders, those responsible) are never passed on. A member that is missing or cannot
    /// be read is left out, except NIB and name.
    func business(in record: OSSRecord, for call: AdapterCall) -> Verdict {
        guard let query = try? BusinessQuery(call.payload), let data = record.record("datanib") else {
            return call.unreadable("a success without the data of a business")
        }
        guard let nib = Self.nib(data.text("nib")), isAsked(query, nib: nib, data) else {
            return call.unreadable("the answer is not about the business that was asked for")
        }
        guard let name = data.text("nama_perseroan") ?? data.text("nama_perusahaan") else {
            return call.unreadable("the answer has no name")
        }
        var output: JSONObject = ["nib": .string(nib), "name": .string(name)]
        output["status"] = Self.businessStatus(data.text("status_nib") ?? data.text("status"))
        guard query.detail == .full else { return .succeeded(output: .object(output)) }
        set(&output, "ossId", data.text("oss_id"))
        set(&output, "npwp", data.text("npwp_perseroan"))
        set(&output, "legalForm", data.text("jenis_perseroan"))
        set(&output, "scale", LenientText.twoDigits(data.text("skala_usaha")))
        set(&output, "address", data.text("alamat_perseroan"))
        setRegion(&output, data.text("perseroan_daerah_id"))
        set(&output, "submittedOn", LenientText.day(data.text("tgl_pengajuan_nib"))?.description)
        set(&output, "issuedOn", LenientText.day(data.text("tgl_terbit_nib"))?.description)
        set(&output, "changedOn", LenientText.day(data.text("tgl_perubahan_nib"))?.description)
        output["projects"] = .array(data.records("data_proyek").compactMap { project(in: $0) })
        output["permits"] = .array(data.records("data_checklist").compactMap { permit(in: $0) })
        return .succeeded(output: .object(output))
    }

    private func project(in record: OSSRecord) -> JSONValue? {
        guard let id = record.text("id_proyek") else { return nil }
        var output: JSONObject = ["projectId": .string(id)]
        set(&output, "kbli", Self.digits(record.text("kbli"), width: 5))
        set(&output, "activity", record.text("uraian_usaha"))
        set(&output, "risk", record.text("skala_resiko"))
        set(&output, "scale", LenientText.twoDigits(record.text("skala_usaha")))
        return .object(output)
    }

    private func permit(in record: OSSRecord) -> JSONValue? {
        guard let id = record.text("id_izin") else { return nil }
        var output: JSONObject = ["permitId": .string(id)]
        set(&output, "projectId", record.text("id_proyek"))
        set(&output, "productId", record.text("id_produk"))
        set(&output, "permitCode", Self.digits(record.text("kd_izin"), width: 12))
        set(&output, "permitType", LenientText.twoDigits(record.text("jenis_izin")))
        set(&output, "name", record.text("nama_izin"))
        set(&output, "agency", record.text("instansi"))
        set(&output, "authority", LenientText.twoDigits(record.text("kewenangan")))
        setRegion(&output, record.text("kd_daerah"))
        set(&output, "checklist", record.text("flag_checklist"))
        set(&output, "permitNumber", record.text("no_izin"))
        set(&output, "permitDate", LenientText.day(record.text("tgl_izin"))?.description)
        return .object(output)
    }

    private func set(_ output: inout JSONObject, _ key: String, _ text: String?) {
        output[key] = text.map { .string($0) }
    }

    /// The code as it was sent and, when there is such a region, its dotted form without the zeros that fill it up.
    private func setRegion(_ output: inout JSONObject, _ code: String?) {
        guard let code, code.utf8.count <= 13 else { return }
        output["regionCode"] = .string(code)
        guard let region = try? Region(code), region != .nation else { return }
        output["region"] = .string(region.description)
    }

    private func isAsked(_ query: BusinessQuery, nib: String, _ data: OSSRecord) -> Bool {
        switch query.key {
        case .nib(let asked, let ossID):
            return asked == nib && (ossID == nil || data.text("oss_id") == nil || data.text("oss_id") == ossID)
        case .npwp(let asked):
            // An answer that does not repeat the number, or not as one, is taken at its word.
            guard let answered = data.text("npwp_perseroan").flatMap({ try? NPWP($0) }) else { return true }
            return (try? NPWP(asked.revealed)) == answered
        }
    }

    private static func nib(_ text: String?) -> String? { digits(text, width: 13) }

    /// A number of fixed width, which as a JSON number lost its leading zeros; any other text stays as it is.
    private static func digits(_ text: String?, width: Int) -> String? {
        guard let text, text.utf8.count < width, text.utf8.allSatisfy(Characters.isDigit) else { return text }
        return String(repeating: "0", count: width - text.utf8.count) + text
    }

    /// The status of a NIB (guide, Lampiran 14): its code with what it means, or the words in place of a code.
    private static func businessStatus(_ text: String?) -> JSONValue? {
        guard let text else { return nil }
        guard text.utf8.allSatisfy(Characters.isDigit), let code = LenientText.twoDigits(text) else {
            return ["text": .string(text)]
        }
        let meaning =
            switch code {
            case "01": "active"
            case "02": "notYetActive"
            case "03": "mayDoBusiness"
            case "04": "mayOperate"
            case "05": "suspended"
            case "06": "revoked"
            default: "unknown"
            }
        return ["code": .string(code), "meaning": .string(meaning)]
    }
}
