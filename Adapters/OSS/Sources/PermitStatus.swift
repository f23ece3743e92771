package import GerbangCore
internal import GerbangJSON

/// What a status does to the time that an office has for its decision (guide, Lampiran 10).
package enum ServiceLevelEffect: String, Sendable, Hashable, CaseIterable {
    /// The clock stays as it is, running or not.
    case unchanged
    /// The clock stops; the time used so far counts.
    case pause
    /// The clock runs on from where it stopped.
    case resume
    /// The clock stops and goes back to its start.
    case pauseAndReset
    /// The clock runs from its start.
    case restart
    /// The guide has no such status: nothing may be concluded.
    case unknown
}

/// The status of a permit (`kd_status`, `status_izin`). A code that is not in the table is kept as it is.
package struct PermitStatus: Sendable, Hashable {
    /// The code as it was sent; two digits for those of the table.
    package let code: String

    /// Any code.
    package init(code: String) {
        self.code = code
    }

    /// A status that was approved: the permit may be issued.
    package static let approved = PermitStatus(code: "50")

    /// The name of the status; `nil` for a code that is not in the table.
    package var title: LocalizedText? { Self.titles[code] }

    /// What the status does to the time for the decision.
    package var serviceLevel: ServiceLevelEffect {
        switch code {
        case "41": .pause
        case "42": .resume
        case "43": .pauseAndReset
        case "44": .restart
        default: title == nil ? .unknown : .unchanged
        }
    }

    /// The status as it stands in outputs; `agencyText` is the system's own name for it.
    func json(agencyText: String? = nil) -> JSONValue {
        var object: JSONObject = ["code": .string(code), "sla": .string(serviceLevel.rawValue)]
        object["title"] = title?.json
        object["agencyText"] = agencyText.map { .string($0) }
        return .object(object)
    }

    /// Every code of the table. 58 stands in a sample of the guide only.
    package static let titles: [String: LocalizedText] = [
        "05": LocalizedText(id: "Penapisan", en: "Screening"),
        "09": LocalizedText(id: "Persyaratan dilengkapi", en: "Requirements being completed"),
        "10": LocalizedText(id: "Dokumen lengkap", en: "Documents complete"),
        "11": LocalizedText(id: "Dokumen belum lengkap", en: "Documents incomplete"),
        "12": LocalizedText(id: "Pemenuhan komitmen", en: "Commitments being met"),
        "20": LocalizedText(id: "Validasi", en: "Validation"),
        "30": LocalizedText(id: "Verifikasi pembayaran", en: "Payment being verified"),
        "31": LocalizedText(id: "Konfirmasi pembayaran", en: "Payment being confirmed"),
        "32": LocalizedText(id: "Menunggu verifikasi bukti bayar PNBP", en: "Proof of payment awaiting verification"),
        "33": LocalizedText(id: "Persetujuan pembayaran", en: "Payment approved"),
        "34": LocalizedText(id: "Perbaikan konfirmasi pembayaran", en: "Payment confirmation to be corrected"),
        "40": LocalizedText(id: "Inspeksi", en: "Inspection"),
        "41": LocalizedText(id: "Konfirmasi persyaratan", en: "Requirements to be confirmed by the applicant"),
        "42": LocalizedText(id: "Data konfirmasi", en: "Confirmation received"),
        "43": LocalizedText(id: "Konfirmasi ulang persyaratan", en: "Requirements to be confirmed again"),
        "44": LocalizedText(id: "Data konfirmasi ulang", en: "Second confirmation received"),
        "45": LocalizedText(id: "Persyaratan terverifikasi", en: "Requirements verified"),
        "49": LocalizedText(id: "Pengambilan nomor", en: "Number being assigned"),
        "50": LocalizedText(id: "Disetujui", en: "Approved"),
        "52": LocalizedText(id: "Terbit sementara", en: "Issued provisionally"),
        "57": LocalizedText(id: "Disetujui otomatis (fiktif positif)", en: "Approved by lapse of time"),
        "58": LocalizedText(id: "Izin terbit atau sertifikat standar terverifikasi", en: "Issued or verified"),
        "60": LocalizedText(id: "Peringatan", en: "Warning"),
        "70": LocalizedText(id: "Penghentian sementara", en: "Suspension"),
        "80": LocalizedText(id: "Denda", en: "Fine"),
        "90": LocalizedText(id: "Ditolak", en: "Rejected"),
        "93": LocalizedText(id: "Penolakan persyaratan", en: "Requirements rejected"),
    ]
}
