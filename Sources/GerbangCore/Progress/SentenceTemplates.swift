// The sentences themselves, for the documentation and the tests as well: `{agency}`, `{officer}` and `{when}` are filled in.

extension Situation {
    /// The sentence, with places to fill in.
    package var template: LocalizedText {
        switch self {
        case .aboutToBeSent, .waitingForTurn, .agencyInTrouble, .agencyUnreachable, .interrupted, .connectionRefused,
            .agencyCrowded,
            .quotaUsedUp, .agencyClosed, .onHold, .notConnected, .behindAnother:
            waitingTemplate
        case .atAgency, .cancelling, .checking, .checkedByOperator, .acknowledged, .acknowledgedAndClosed, .overdue:
            wayTemplate
        case .done, .rejected, .unknownToAgency, .wrongData, .withOperator, .notDone, .expired, .cancelled:
            endTemplate
        }
    }

    /// The moment that the sentence names.
    package var next: Timestamp? {
        switch self {
        case .agencyInTrouble(let next), .agencyUnreachable(let next), .interrupted(let next),
            .connectionRefused(let next),
            .agencyCrowded(let next), .quotaUsedUp(let next), .agencyClosed(let next):
            next
        case .acknowledgedAndClosed(let moment): moment
        default: nil
        }
    }

    private var waitingTemplate: LocalizedText {
        switch self {
        case .waitingForTurn:
            LocalizedText(
                id: "Permohonan Anda menunggu giliran untuk diteruskan ke {agency}.",
                en: "Your request is waiting for its turn to be passed on to {agency}."
            )
        case .agencyInTrouble:
            LocalizedText(
                id: "{agency} sedang mengalami gangguan; kami mencoba lagi {when}.",
                en: "{agency} is having trouble; we try again {when}."
            )
        case .agencyUnreachable:
            LocalizedText(
                id: "{agency} belum dapat dihubungi; kami mencoba lagi {when}.",
                en: "{agency} cannot be reached at the moment; we try again {when}."
            )
        case .interrupted:
            LocalizedText(
                id: "Pengiriman ke {agency} terputus; kami mengirim lagi {when}.",
                en: "Passing it on to {agency} was interrupted; we send it again {when}."
            )
        case .connectionRefused:
            LocalizedText(
                id: "Sambungan ke {agency} perlu ditangani petugas; kami mencoba lagi {when}.",
                en: "The connection to {agency} needs an officer; we try again {when}."
            )
        case .agencyCrowded:
            LocalizedText(
                id: "{agency} sedang ramai; permohonan Anda dilanjutkan {when}.",
                en: "{agency} is very busy; your request continues {when}."
            )
        case .quotaUsedUp:
            LocalizedText(
                id: "Jatah harian di {agency} sudah habis; permohonan Anda dilanjutkan {when}.",
                en: "The day's limit at {agency} is used up; your request continues {when}."
            )
        case .agencyClosed(nil):
            LocalizedText(
                id: "{agency} sedang tutup dan belum diketahui kapan buka lagi; permohonan Anda kami simpan.",
                en: "{agency} is closed and has not said when it opens again; your request is kept."
            )
        case .agencyClosed:
            LocalizedText(
                id: "{agency} baru buka lagi {when}; permohonan Anda dilanjutkan saat itu.",
                en: "{agency} opens again {when}; your request continues then."
            )
        case .onHold:
            LocalizedText(
                id: "Layanan {agency} dihentikan sementara oleh petugas; permohonan Anda kami simpan.",
                en: "An officer has put the service of {agency} on hold; your request is kept."
            )
        case .notConnected:
            LocalizedText(
                id: "Layanan ini sedang tidak tersambung dan perlu ditangani petugas; permohonan Anda kami simpan.",
                en: "This service is not connected at the moment and needs an officer; your request is kept."
            )
        case .behindAnother:
            LocalizedText(
                id: "Permohonan Anda dilanjutkan setelah permohonan sebelumnya untuk urusan yang sama selesai.",
                en: "Your request continues when an earlier request for the same case has ended."
            )
        default:
            LocalizedText(
                id: "Permohonan Anda sudah kami terima dan segera diteruskan ke {agency}.",
                en: "We have received your request and are about to pass it on to {agency}."
            )
        }
    }

    private var wayTemplate: LocalizedText {
        switch self {
        case .cancelling:
            LocalizedText(
                id: "Pembatalan sudah kami catat; kami menunggu kepastian dari {agency}.",
                en: "Your cancellation is noted; we are waiting for word from {agency}."
            )
        case .checking:
            LocalizedText(
                id: "Kami memastikan kepada {agency} apakah permohonan Anda sudah diproses; mohon jangan ajukan ulang.",
                en: "We are checking with {agency} whether your request was carried out; please do not repeat it."
            )
        case .checkedByOperator:
            LocalizedText(
                id: "Petugas memastikan kepada {agency} apakah permohonan Anda sudah diproses; jangan ajukan ulang.",
                en: "An officer must check with {agency} whether your request was carried out; please do not repeat it."
            )
        case .acknowledged:
            LocalizedText(
                id: "{agency} sudah menerima permohonan Anda dan sedang memprosesnya.",
                en: "{agency} has received your request and is working on it."
            )
        case .acknowledgedAndClosed:
            LocalizedText(
                id: "{agency} sudah menerima permohonan Anda dan baru buka lagi {when}.",
                en: "{agency} has received your request and opens again {when}."
            )
        case .overdue:
            LocalizedText(
                id: "{agency} masih memproses permohonan Anda, lebih lama daripada biasanya.",
                en: "{agency} is still working on your request and takes longer than usual."
            )
        default:
            LocalizedText(
                id: "{agency} sedang memproses permohonan Anda.",
                en: "{agency} is working on your request."
            )
        }
    }

    private var endTemplate: LocalizedText {
        switch self {
        case .rejected:
            LocalizedText(
                id: "{agency} tidak mengabulkan permohonan Anda; tanyakan alasannya kepada {officer}.",
                en: "{agency} did not grant your request; please ask {officer} for the reason."
            )
        case .unknownToAgency:
            LocalizedText(
                id: "Data Anda tidak ditemukan di {agency}; mohon periksa isian atau tanyakan kepada {officer}.",
                en: "{agency} has no such record; please check what you entered or ask {officer}."
            )
        case .wrongData:
            LocalizedText(
                id: "Ada data yang belum benar; mohon perbaiki isian Anda lalu ajukan kembali.",
                en: "Some of the data is not right; please correct what you entered and submit it again."
            )
        case .withOperator:
            LocalizedText(
                id: "Permohonan Anda belum berhasil diteruskan ke {agency} dan perlu ditangani {officer}.",
                en: "Your request could not be passed on to {agency} and needs {officer}."
            )
        case .notDone:
            LocalizedText(
                id: "Permohonan Anda tidak diproses oleh {agency}; silakan ajukan kembali.",
                en: "Your request was not carried out by {agency}; please submit it again."
            )
        case .expired:
            LocalizedText(
                id: "Permohonan Anda tidak sempat diproses sampai batas waktunya; silakan ajukan kembali.",
                en: "Your request was not carried out before its time limit; please submit it again."
            )
        case .cancelled:
            LocalizedText(
                id: "Permohonan Anda dibatalkan dan tidak diproses; silakan ajukan kembali bila masih perlu.",
                en: "Your request was cancelled and not carried out; please submit it again if you still need it."
            )
        default:
            LocalizedText(
                id: "Permohonan Anda selesai dan hasilnya sudah tersedia.",
                en: "Your request is done and its result is available."
            )
        }
    }
}

extension Outlook {
    /// The sentence, with places to fill in.
    package var template: LocalizedText {
        switch self {
        case .finish: LocalizedText(id: "Perkiraan selesai {when}.", en: "Expected to be done {when}.")
        case .tooLate:
            LocalizedText(
                id: "Mungkin tidak selesai sebelum batas waktunya {when}, sehingga perlu diajukan kembali.",
                en: "It may not be done before its time limit {when}, and may have to be submitted again."
            )
        case .unknown:
            LocalizedText(
                id: "Waktu selesainya belum dapat diperkirakan.",
                en: "It cannot be said yet when it will be done."
            )
        case .done: LocalizedText(id: "Selesai {when}.", en: "Done {when}.")
        case .ended: LocalizedText(id: "Berakhir {when}.", en: "Ended {when}.")
        }
    }
}
