internal import GerbangCore

/// The people whom the simulated registry knows.
extension Person {
    /// Everybody by NIK.
    static let register: [String: Person] = Dictionary(uniqueKeysWithValues: everybody.map { ($0.nik, $0) })

    private static let everybody = [
        person("3174015708900003", "SITI CONTOH", "JAKARTA", 1990, 8, 17, "KARYAWAN SWASTA", jakarta, isFemale: true),
        person("3174011708900003", "BUDI CONTOH", "JAKARTA", 1990, 8, 17, "PEDAGANG", jakarta),
        person("3273012512850001", "ASEP TELADAN", "BANDUNG", 1985, 12, 25, "GURU", bandung),
        person("3578014107950002", "DEWI UMPAMA", "SURABAYA", 1995, 7, 1, "PERAWAT", surabaya, isFemale: true),
        person("5171010101800004", "WAYAN CONTOH", "DENPASAR", 1980, 1, 1, "PEMAHAT", denpasar),
        person("7371012902000001", "ANDI MISALNYA", "MAKASSAR", 2000, 2, 29, "NELAYAN", makassar),
        person("1101015205990009", "CUT PERMISALAN", "BAKONGAN", 1999, 5, 12, "PETANI", aceh, isFemale: true),
        person("9171011706880008", "YOSEF CONTOH", "JAYAPURA", 1988, 6, 17, "PEGAWAI", jayapura),
        person(
            "1271014503450005",
            "TIUR CONTOH",
            "MEDAN",
            1945,
            3,
            5,
            "PENSIUNAN",
            medan,
            isFemale: true,
            .deceased
        ),
        person("3374011011780006", "JOKO GANDA", "SEMARANG", 1978, 11, 10, "SOPIR", semarang, .duplicate),
        person(
            "6471014509920007",
            "RINI NONAKTIF",
            "BALIKPAPAN",
            1992,
            9,
            5,
            "PENJAHIT",
            balikpapan,
            isFemale: true,
            .inactive
        ),
    ].compactMap { $0 }

    private static func person(
        _ nik: String,
        _ name: String,
        _ birthPlace: String,
        _ year: Int,
        _ month: Int,
        _ day: Int,
        _ occupation: String,
        _ village: Village,
        isFemale: Bool = false,
        _ remark: Answer? = nil
    ) -> Person? {
        guard let birthDate = CivilDate(year: year, month: month, day: day) else { return nil }
        return Person(
            nik: nik,
            familyCardNumber: "\(nik.prefix(6))010115\(nik.suffix(4))",
            name: name,
            birthPlace: birthPlace,
            birthDate: birthDate,
            isFemale: isFemale,
            maritalStatus: "BELUM KAWIN",
            occupation: occupation,
            address: "JL. CONTOH \(nik.suffix(1))",
            village: village,
            remark: remark
        )
    }

    private static func village(_ codes: [Int], _ province: String, _ regency: String, _ district: String) -> Village {
        Village(codes: codes, names: [province, regency, district, "KELURAHAN CONTOH"])
    }

    private static let jakarta = village([31, 74, 1, 1001], "DKI JAKARTA", "KOTA ADM. JAKARTA SELATAN", "TEBET")
    private static let bandung = village([32, 73, 1, 1001], "JAWA BARAT", "KOTA BANDUNG", "SUKASARI")
    private static let surabaya = village([35, 78, 1, 1001], "JAWA TIMUR", "KOTA SURABAYA", "KARANGPILANG")
    private static let denpasar = village([51, 71, 1, 1001], "BALI", "KOTA DENPASAR", "DENPASAR SELATAN")
    private static let makassar = village([73, 71, 1, 1001], "SULAWESI SELATAN", "KOTA MAKASSAR", "MARISO")
    private static let aceh = village([11, 1, 1, 2001], "ACEH", "KAB. ACEH SELATAN", "BAKONGAN")
    private static let jayapura = village([91, 71, 1, 1001], "PAPUA", "KOTA JAYAPURA", "JAYAPURA UTARA")
    private static let medan = village([12, 71, 1, 1001], "SUMATERA UTARA", "KOTA MEDAN", "MEDAN KOTA")
    private static let semarang = village([33, 74, 1, 1001], "JAWA TENGAH", "KOTA SEMARANG", "SEMARANG TENGAH")
    private static let balikpapan = village(
        [64, 71, 1, 1001],
        "KALIMANTAN TIMUR",
        "KOTA BALIKPAPAN",
        "BALIKPAPAN TIMUR"
    )
}
