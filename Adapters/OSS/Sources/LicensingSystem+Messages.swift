internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

/// The messages to OSS.
///
/// What an input leaves out is sent as an empty text, as the guide's own samples do; what the guide marks as optional
/// and is no text is left out.
extension LicensingSystem {
    /// `inqueryNIB` or `checkNIB`.
    func message(_ query: BusinessQuery, for call: AdapterCall) -> WireRequest {
        var fields: JSONObject = [:]
        switch query.key {
        case .nib(let nib, let ossID):
            fields["nib"] = .string(nib)
            fields["oss_id"] = ossID.map { .string($0) }
        case .npwp(let npwp):
            fields["npwp"] = .string(npwp.revealed)
        }
        return post(query.method, query.method == .inqueryNIB ? "INQUERYNIB" : "CHECKNIB", fields, for: call)
    }

    /// `receiveLicenseStatus`.
    func message(_ report: StatusReport, for call: AdapterCall) -> WireRequest {
        var fields: JSONObject = [
            "nib": .string(report.permit.nib), "id_produk": text(report.productID),
            "id_proyek": .string(report.permit.projectID), "oss_id": .string(report.permit.ossID),
            "id_izin": .string(report.permit.permitID), "kd_izin": .string(report.permit.permitCode),
            "kd_instansi": .string(settings.institution), "kd_status": .string(report.status.code),
            "tgl_status": .string(OSSTime.text(report.decidedAt ?? call.request.acceptedAt)),
            "nip_status": text(report.officerNIP), "nama_status": text(report.officerName),
            "keterangan": text(report.note), "file_lampiran": text(report.attachmentURL),
            "persetujuan_form": .bool(report.isFormApproved ?? false),
        ]
        fields["data_pnbp"] = report.billing.map { billing in
            [
                "kd_akun": text(billing.accountCode), "kd_penerimaan": text(billing.revenueCode),
                "kd_billing": .string(billing.billingCode), "tgl_billing": text(billing.billedOn?.description),
                "tgl_expire": text(billing.expiresOn?.description), "nominal": .number(JSONNumber(billing.amount)),
                "url_dokumen": text(billing.documentURL),
            ]
        }
        return post(.receiveLicenseStatus, "IZINSTATUS", fields, for: call)
    }

    /// `receiveLicense`.
    func message(_ issued: IssuedPermit, for call: AdapterCall) -> WireRequest {
        var fields: JSONObject = [
            "nib": .string(issued.permit.nib), "id_proyek": .string(issued.permit.projectID),
            "oss_id": .string(issued.permit.ossID), "id_izin": .string(issued.permit.permitID),
            "kd_izin": .string(issued.permit.permitCode), "kd_daerah": .string(issued.region.tenDigits),
            "nomor_izin": .string(issued.number), "tgl_terbit_izin": .string(issued.issuedOn.description),
            "tgl_berlaku_izin": text(issued.validUntil?.description), "nama_ttd": .string(issued.signatoryName),
            "nip_ttd": .string(issued.signatoryNIP), "jabatan_ttd": .string(issued.signatoryTitle),
            "status_izin": .string(issued.status.code), "file_izin": text(issued.fileURL),
            "keterangan": text(issued.note), "file_lampiran": text(issued.attachmentURL),
            "nomenklatur_nomor_izin": text(issued.numberScheme),
        ]
        fields["bln_berlaku_izin"] = issued.validMonths.map { .number(JSONNumber($0)) }
        fields["thn_berlaku_izin"] = issued.validYears.map { .number(JSONNumber($0)) }
        fields["jenis_perizinan"] = issued.permitType.map { .string($0) }
        fields["data_teknis"] = issued.technicalData.map { .object($0) }
        return post(.receiveLicense, "IZINFINAL", fields, for: call)
    }

    /// `checkLicenseStatus`.
    func message(_ query: StatusQuery, for call: AdapterCall) -> WireRequest {
        post(.checkLicenseStatus, "CHECKLICENSESTATUS", ["id_izin": .string(query.permitID)], for: call)
    }

    private func text(_ text: String?) -> JSONValue { .string(text ?? "") }

    private func post(
        _ method: OSSMethod,
        _ wrapper: String,
        _ fields: JSONObject,
        for call: AdapterCall
    ) -> WireRequest {
        var header: HTTPFields = [.contentType: "application/json", .accept: "application/json"]
        if let requestID = HTTPField.Name("X-Request-ID") { header[requestID] = call.key }
        if let userKey = settings.userKey, let name = HTTPField.Name("user_key") { header[name] = userKey.revealed }
        return WireRequest(
            method: .post,
            path: [method.rawValue],
            headerFields: header,
            body: JSONValue.object([wrapper: .object(fields)]).encoded()
        )
    }
}
