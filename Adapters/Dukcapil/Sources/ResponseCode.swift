/// The registry's response codes; the raw value is the code in its two-digit form.
enum ResponseCode: String, CaseIterable {
    case found = "01"
    case loginFailed = "03"
    case addressIncorrect = "04"
    case quotaExhausted = "05"
    case outsideAccessHours = "06"
    case parametersIncomplete = "07"
    case unprocessableNIK = "08"
    case credentialsEmpty = "09"
    case addressInvalid = "10"
    case deceased = "11"
    case duplicate = "12"
    case notFound = "13"
    case inactive = "14"
    case malformedNIK = "15"
    case institutionInactive = "16"
    case userInactive = "17"

    /// Whether the registry has the person.
    var isFound: Bool { self == .found || notice != nil }

    /// What the registry remarks about a person that it has, by the name in the service's output.
    var notice: String? {
        switch self {
        case .deceased: "deceased"
        case .duplicate: "duplicate"
        case .inactive: "inactive"
        default: nil
        }
    }

    /// The code that an older instance means with a sentence; `nil` when the sentence is not known.
    ///
    /// Instances differ in case and in the number of spaces. More precise sentences stand before their beginnings.
    init?(sentence: String) {
        let words = sentence.lowercased().split(whereSeparator: { $0.isWhitespace || $0 == "," || $0 == "." })
        let plain = words.joined(separator: " ")
        guard let match = Self.sentences.first(where: { plain.hasPrefix($0.0) }) else { return nil }
        self = match.1
    }

    private static let sentences: [(String, ResponseCode)] = [
        ("data tidak ditemukan nik tidak sesuai format", .malformedNIK),
        ("data tidak ditemukan", .notFound),
        ("data ditemukan meninggal dunia", .deceased),
        ("data ditemukan data ganda", .duplicate),
        ("data ditemukan status non aktif", .inactive),
        ("data ditemukan", .found),
        ("login gagal", .loginFailed),
        ("login salah", .loginFailed),
        ("ip address tidak sesuai", .addressIncorrect),
        ("ip client tidak terdaftar", .addressIncorrect),
        ("kuota akses hari ini telah habis", .quotaExhausted),
    ]
}
