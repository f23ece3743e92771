/// What the citizen is told about an error: one sentence, no jargon, in both languages.
enum CitizenTexts {
    static let wrongData = LocalizedText(
        id: "Ada data yang belum benar; mohon periksa kembali isian Anda.",
        en: "Some of the data is not right; please check what you entered."
    )
    static let notOffered = LocalizedText(
        id: "Layanan ini belum tersedia untuk wilayah Anda.",
        en: "This service is not available for your region yet."
    )
    static let notFound = LocalizedText(id: "Permohonan tidak ditemukan.", en: "The request was not found.")
    static let notNow = LocalizedText(
        id: "Hal ini tidak dapat dilakukan pada tahap permohonan saat ini.",
        en: "This cannot be done at the request's present stage."
    )
    static let internalFault = LocalizedText(
        id: "Terjadi gangguan pada sistem kami; petugas akan membantu Anda.",
        en: "Something went wrong on our side; an officer will help you."
    )
    static let tryAgain = LocalizedText(
        id: "Sistem sedang sibuk; mohon coba lagi beberapa saat lagi.",
        en: "The system is busy; please try again in a moment."
    )
    static let tooLate = LocalizedText(
        id: "Instansi tidak menjawab sampai batas waktu permohonan; silakan ajukan kembali.",
        en: "The agency did not answer before the request's deadline; please submit it again."
    )
    static let needsOfficer = LocalizedText(
        id: "Permohonan Anda perlu ditangani petugas; Anda tidak perlu mengajukan ulang.",
        en: "An officer needs to look at your request; you need not submit it again."
    )
    static let cancelled = LocalizedText(id: "Permohonan dibatalkan.", en: "The request was cancelled.")
    static let rejected = LocalizedText(
        id: "Instansi menolak permohonan ini.",
        en: "The agency rejected this request."
    )
    static let noData = LocalizedText(
        id: "Data tidak ditemukan di instansi terkait.",
        en: "The agency has no such record."
    )
    static let agencyDown = LocalizedText(
        id: "Sistem instansi sedang terganggu; kami mencoba lagi secara otomatis.",
        en: "The agency's system is having trouble; we keep trying for you."
    )
    static let queued = LocalizedText(
        id: "Permohonan Anda menunggu giliran di instansi.",
        en: "Your request is waiting for its turn at the agency."
    )
    static let tomorrow = LocalizedText(
        id: "Kuota harian instansi sudah habis; permohonan Anda dilanjutkan besok secara otomatis.",
        en: "The agency's daily quota is used up; your request continues tomorrow by itself."
    )
    static let closed = LocalizedText(
        id: "Layanan instansi sedang tutup; permohonan Anda dilanjutkan saat buka kembali.",
        en: "The agency's service is closed; your request continues when it opens again."
    )
    static let checking = LocalizedText(
        id: "Kami sedang memastikan hasil permohonan Anda kepada instansi; tidak ada yang dikirim dua kali.",
        en: "We are checking with the agency what became of your request; nothing is sent twice."
    )
}
