internal import GerbangCore
internal import GerbangJSON

/// A citizen's datum that the registry compares; the raw value is its name in the service's input and output.
enum VerifyElement: String, CaseIterable {
    case nik
    case familyCardNumber
    case name
    case birthPlace
    case birthDate
    case sex
    case maritalStatus
    case occupation
    case address

    /// The name of the element in the registry's messages.
    var wireName: String {
        switch self {
        case .nik: "NIK"
        case .familyCardNumber: "NO_KK"
        case .name: "NAMA_LGKP"
        case .birthPlace: "TMPT_LHR"
        case .birthDate: "TGL_LHR"
        case .sex: "JENIS_KLMIN"
        case .maritalStatus: "STATUS_KAWIN"
        case .occupation: "JENIS_PKRJN"
        case .address: "ALAMAT"
        }
    }
}

/// The input of `population.identity.verify`, checked.
struct VerifyInput {
    var nik: NIK
    var familyCardNumber: String?
    var name: String?
    var birthPlace: String?
    var birthDate: CivilDate?
    var sex: NIK.Sex?
    var maritalStatus: String?
    var occupation: String?
    var address: String?
    var threshold: Int?

    private static let fields = VerifyElement.allCases.map(\.rawValue) + ["threshold"]

    init(_ payload: JSONValue, today: CivilDate) throws(GerbangError) {
        let reader = try PayloadReader(payload, allowed: Self.fields)
        nik = try reader.nik(today: today)
        familyCardNumber = try reader.sixteenDigits("familyCardNumber")
        name = try reader.text("name", maximum: 200)
        birthPlace = try reader.text("birthPlace", maximum: 100)
        birthDate = try reader.date("birthDate", notAfter: today)
        sex = try reader.sex("sex")
        maritalStatus = try reader.text("maritalStatus", maximum: 50)
        occupation = try reader.text("occupation", maximum: 100)
        address = try reader.text("address", maximum: 300)
        threshold = try reader.int("threshold", in: 0...100)
        guard Self.askedElements(of: payload).count > 1 else {
            throw GerbangError(
                .invalidInput,
                "needs at least one element to compare beside nik, such as name or birthDate",
                field: .root
            )
        }
    }

    /// The elements that a payload asks about, in the order of the messages.
    static func askedElements(of payload: JSONValue) -> [VerifyElement] {
        VerifyElement.allCases.filter { payload[$0.rawValue] != nil }
    }
}

/// The input of `population.person.lookup`, checked.
struct LookupInput {
    var nik: NIK

    init(_ payload: JSONValue, today: CivilDate) throws(GerbangError) {
        nik = try PayloadReader(payload, allowed: ["nik"]).nik(today: today)
    }
}
