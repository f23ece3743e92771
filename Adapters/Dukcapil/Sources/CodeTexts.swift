internal import GerbangCore

/// What the citizen is told about the registry's answers.
enum CodeTexts {
    static let unknownNIK = LocalizedText(
        id: "NIK tidak ditemukan dalam data kependudukan; silakan hubungi Dinas Dukcapil.",
        en: "This NIK is not in the civil registry; please contact the civil registry office (Dinas Dukcapil)."
    )
    static let wrongNIK = LocalizedText(
        id: "NIK tidak diterima oleh Dukcapil; mohon periksa 16 angka pada KTP Anda.",
        en: "The civil registry does not accept this NIK; please check the 16 digits on your identity card."
    )
    static let deceased = LocalizedText(
        id: "Menurut data kependudukan, pemilik NIK ini telah meninggal dunia; jika keliru, hubungi Dinas Dukcapil.",
        en: "The civil registry has the holder of this NIK as deceased; if that is wrong, contact Dinas Dukcapil."
    )
    static let duplicate = LocalizedText(
        id: "Data kependudukan untuk NIK ini tercatat ganda; silakan hubungi Dinas Dukcapil.",
        en: "The civil registry has duplicate data for this NIK; please contact Dinas Dukcapil."
    )
    static let inactive = LocalizedText(
        id: "NIK ini berstatus nonaktif; silakan hubungi Dinas Dukcapil.",
        en: "This NIK is inactive; please contact Dinas Dukcapil."
    )
    static let unknownCode = LocalizedText(
        id: "Dukcapil memberi jawaban yang belum kami kenal; mohon hubungi petugas.",
        en: "The civil registry gave an answer that we do not know yet; please speak to an officer."
    )
}
