internal import GerbangCore

/// What the citizen is told about the platform's answers.
enum OutcomeTexts {
    static let unknownPatient = LocalizedText(
        id: "NIK belum terdaftar sebagai pasien di SATUSEHAT; silakan hubungi petugas pendaftaran.",
        en: "This NIK is not registered as a patient in SATUSEHAT yet; please ask at the registration desk."
    )
    static let wrongData = LocalizedText(
        id: "SATUSEHAT tidak menerima data ini; mohon periksa kembali isian Anda.",
        en: "SATUSEHAT does not accept this data; please check what you entered."
    )
    static let unknownReference = LocalizedText(
        id: "Pasien, tenaga kesehatan, atau lokasi tidak dikenal di SATUSEHAT; mohon periksa kembali.",
        en: "SATUSEHAT does not know the patient, the practitioner or the location; please check them."
    )
    static let numberTaken = LocalizedText(
        id: "Nomor pendaftaran sudah dipakai untuk kunjungan lain; mohon hubungi petugas pendaftaran.",
        en: "The registration number is used for another visit; please ask at the registration desk."
    )
}
