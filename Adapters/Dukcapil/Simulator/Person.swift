internal import GerbangCore
internal import GerbangJSON

/// Somebody in the register; all of them are invented.
struct Person: Sendable {
    var nik: String
    var familyCardNumber: String
    var name: String
    var birthPlace: String
    var birthDate: CivilDate
    var isFemale: Bool
    var maritalStatus: String
    var occupation: String
    var address: String
    var village: Village
    /// What the registry remarks about the person.
    var remark: Answer?

    /// Where a person lives, down to the village.
    struct Village: Sendable {
        /// The codes of province, regency, district and village.
        var codes: [Int]
        /// Their names.
        var names: [String]
    }

    /// The data that a lookup shows; codes of regions are numbers and have lost their leading zeros.
    var record: JSONObject {
        var record: JSONObject = [
            "NIK": .string(nik), "NO_KK": .string(familyCardNumber), "NAMA_LGKP": .string(name),
            "TMPT_LHR": .string(birthPlace), "TGL_LHR": .string(birthDate.description),
            "JENIS_KLMIN": .string(sex), "AGAMA": "KEPERCAYAAN", "STATUS_KAWIN": .string(maritalStatus),
            "JENIS_PKRJN": .string(occupation), "EKTP_STATUS": "CARD_PRINTED",
        ]
        let levels = zip(["PROP", "KAB", "KEC", "KEL"], zip(village.codes, village.names))
        for (level, (code, name)) in levels {
            record["NO_\(level)"] = .number(JSONNumber(code))
            record["\(level)_NAME"] = .string(name)
        }
        record["ALAMAT"] = .string(address)
        record["NO_RT"] = 1
        record["NO_RW"] = 2
        return record
    }

    private var sex: String { isFemale ? "Perempuan" : "Laki-laki" }

    /// The registry's word on every element that a message asks about, the NIK first.
    func comparison(with form: Form) -> JSONObject {
        let threshold = form["TRESHOLD"].flatMap { Int($0) } ?? 90
        var result: JSONObject = ["NIK": "Sesuai"]
        let exact = [
            ("NO_KK", familyCardNumber), ("TGL_LHR", birthDate.dayFirst), ("JENIS_KLMIN", sex),
            ("STATUS_KAWIN", maritalStatus), ("JENIS_PKRJN", occupation),
        ]
        for (element, registered) in exact {
            guard let given = form[element] else { continue }
            let matches = Similarity.normalised(given) == Similarity.normalised(registered)
            result[element] = matches ? "Sesuai" : "Tidak Sesuai"
        }
        for (element, registered) in [("NAMA_LGKP", name), ("TMPT_LHR", birthPlace), ("ALAMAT", address)] {
            guard let given = form[element] else { continue }
            let percent = Similarity.percent(given, registered)
            result[element] = .string("\(percent >= threshold ? "Sesuai" : "Tidak Sesuai") (\(percent))")
        }
        return result
    }
}
