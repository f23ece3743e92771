internal import GerbangCore

/// What the citizen is told about the answers of OSS.
enum CitizenWords {
    static let unknownBusiness = LocalizedText(
        id: "Pelaku usaha tidak ditemukan di OSS; mohon periksa kembali NIB atau NPWP.",
        en: "OSS has no such business; please check the NIB or the NPWP."
    )
    static let unknownPermit = LocalizedText(
        id: "Permohonan izin ini tidak ditemukan di OSS; mohon periksa kembali datanya atau hubungi petugas.",
        en: "OSS has no such permit application; please check the data or speak to an officer."
    )
    static let unknownCode = LocalizedText(
        id: "OSS memberi jawaban yang belum kami kenal; mohon hubungi petugas.",
        en: "OSS gave an answer that we do not know yet; please speak to an officer."
    )
}
