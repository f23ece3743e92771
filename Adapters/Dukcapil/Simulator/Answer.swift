internal import GerbangJSON

/// What the registry answers instead of data, or remarks beside it.
struct Answer: Sendable, Hashable {
    let code: String
    let description: String
    /// What older instances say.
    let sentence: String

    static let loginFailed = Answer("03", "Login Gagal", sentence: "Login salah")
    static let addressIncorrect = Answer("04", "IP Address Tidak Sesuai", sentence: "IP Client  Tidak terdaftar")
    static let quotaExhausted = Answer("05", "Kuota Akses Hari ini telah Habis")
    static let outsideAccessHours = Answer("06", "Incorrect Access Time")
    static let parametersIncomplete = Answer("07", "Parameter Tidak Lengkap")
    static let credentialsEmpty = Answer("09", "User Id, Password atau IP User kosong")
    static let deceased = Answer("11", "Data Ditemukan, Meninggal Dunia")
    static let duplicate = Answer("12", "Data Ditemukan, Data Ganda")
    static let notFound = Answer(
        "13",
        "Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan",
        sentence: "Data Tidak Ditemukan"
    )
    static let inactive = Answer("14", "Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil")
    static let malformedNIK = Answer("15", "Data Tidak Ditemukan, NIK tidak sesuai format Dukcapil")
    static let institutionInactive = Answer("16", "Instansi Tidak Aktif")

    private init(_ code: String, _ description: String, sentence: String? = nil) {
        self.code = code
        self.description = description
        self.sentence = sentence ?? description
    }

    func record(style: DukcapilSimulator.Rules.ErrorStyle) -> JSONObject {
        switch style {
        case .code:
            ["RESPONSE_CODE": .string(code), "RESPONSE_DESC": .string(description), "RESPONSE": .string(sentence)]
        case .sentence:
            ["RESPON": .string(sentence)]
        }
    }
}
