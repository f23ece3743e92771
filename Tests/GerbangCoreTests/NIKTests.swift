internal import GerbangCore
internal import Testing

@Suite("NIK")
struct NIKTests {
    private static let today = CivilDate(daysSinceEpoch: 20_484)

    private static func read(_ text: String, today: CivilDate = today) -> Result<NIK, GerbangError> {
        Result { () throws(GerbangError) in try NIK(text, today: today) }
    }

    @Test("the reference day is 31 January 2026")
    func referenceDay() {
        #expect(Self.today.description == "2026-01-31")
    }

    @Test(
        "a good one tells sex and date of birth",
        arguments: [
            ("3174015708900003", .female, "1990-08-17"), ("3174011708900003", .male, "1990-08-17"),
            ("3174017108900003", .female, "1990-08-31"), ("3174012902000001", .male, "2000-02-29"),
            ("3174016902000001", .female, "2000-02-29"), ("3174013101260001", .male, "2026-01-31"),
            ("3174010102260001", .male, "1926-02-01"), ("3174013112990001", .male, "1999-12-31"),
            ("1101010101019999", .male, "2001-01-01"), ("9671994112850001", .female, "1985-12-01"),
            ("3174012902280001", .male, "1928-02-29"), ("3169010101700001", .male, "1970-01-01"),
            ("3199010101700001", .male, "1970-01-01"), ("3174017103700001", .female, "1970-03-31"),
        ] as [(String, NIK.Sex, String)]
    )
    func good(text: String, sex: NIK.Sex, birthDate: String) throws {
        let nik = try NIK(text, today: Self.today)
        #expect(nik.revealed == text)
        #expect(nik.sex == sex)
        #expect(nik.birthDate.description == birthDate)
    }

    @Test(
        "a bad one is refused with the part that is wrong",
        arguments: [
            ("3174013102900003", "date of birth"), ("3174012902010001", "date of birth"),
            ("3174017102900003", "date of birth"), ("3174013104900003", "date of birth"),
            ("3174013208900003", "day of birth"), ("3174014008900003", "day of birth"),
            ("3174017208900003", "day of birth"), ("3174010008900003", "day of birth"),
            ("3174019908900003", "day of birth"), ("3174011713900003", "month"), ("3174011700900003", "month"),
            ("3174011708900000", "serial"), ("2074011708900003", "province"), ("9974011708900003", "province"),
            ("0074011708900003", "province"), ("9774011708900003", "province"), ("3170011708900003", "digits 3-4"),
            ("3100011708900003", "digits 3-4"), ("3174001708900003", "district"), ("9999999999999999", "no NIK"),
            ("317401170890000", "16 digits"), ("31740117089000033", "16 digits"), ("", "16 digits"),
            ("３１７４０１１７０８９００００３", "16 digits"), ("٣١٧٤٠١١٧٠٨٩٠٠٠٠٣", "16 digits"),
            ("3174 0117 0890 03", "16 digits"), ("31.74.01.17089003", "16 digits"), (" 317401170890003", "16 digits"),
            ("3174011708900003\n", "16 digits"), ("317401170890000O", "16 digits"), ("-174011708900003", "16 digits"),
            ("+174011708900003", "16 digits"), ("317401170890000\0", "16 digits"), ("3174011708900é", "16 digits"),
        ]
    )
    func bad(text: String, part: String) throws {
        let error = try #require(failure { () throws(GerbangError) in _ = try NIK(text, today: Self.today) })
        #expect(error.code == .invalidInput)
        #expect(error.message.contains(part))
        #expect(error.citizenText.indonesian.contains("NIK"))
        for shown in [error.message, error.description, error.citizenText.indonesian, error.citizenText.english] {
            #expect(text.isEmpty || !shown.contains(text))
            #expect(!shown.contains("174011708"))
        }
    }

    @Test("every day and month is judged by the calendar")
    func everyDayAndMonth() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for day in 0...99 {
            for month in 0...99 {
                let text = "317401\(Padding.zeros(day, 2))\(Padding.zeros(month, 2))900003"
                let real = day > 40 ? day - 40 : day
                let exists = (1...12).contains(month) && real >= 1 && real <= lengths[month - 1]
                #expect(((try? Self.read(text).get()) != nil) == exists, "day \(day), month \(month)")
            }
        }
    }

    @Test("29 February exists when either century has it")
    func leapDays() {
        for year in 0...99 {
            let recent = year % 4 == 0 && 2000 + year <= 2025
            let old = year % 4 == 0 && year != 0
            let nik = try? Self.read("3174012902\(Padding.zeros(year, 2))0001").get()
            #expect((nik != nil) == (recent || old), "year \(year)")
            #expect(nik.map { $0.birthDate.year } ?? 0 == (recent ? 2000 + year : (old ? 1900 + year : 0)))
        }
    }

    @Test("the century follows the day on which it is read")
    func century() throws {
        let text = "3174013101260001"
        #expect(try NIK(text, today: #require(CivilDate("2026-01-31"))).birthDate.year == 2026)
        #expect(try NIK(text, today: #require(CivilDate("2026-01-30"))).birthDate.year == 1926)
        // Neither 2000, which is still to come, nor 1900 has this day.
        let tooEarly = try #require(CivilDate("1999-12-31"))
        #expect(throws: GerbangError.self) { try NIK("3174012902000001", today: tooEarly) }
    }

    @Test("every regency or city number but 00 and 70 is allowed, known or not")
    func regencies() {
        for number in 0...99 {
            let nik = try? Self.read("31\(Padding.zeros(number, 2))011708900003").get()
            #expect((nik != nil) == (number != 0 && number != 70), "number \(number)")
        }
    }

    @Test("exactly the 38 provinces are allowed")
    func provinces() {
        let accepted = (0...99).map { Padding.zeros($0, 2) }
            .filter { (try? Self.read("\($0)01011708900003").get()) != nil }
        #expect(
            accepted == [
                "11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35", "36", "51",
                "52", "53", "61", "62", "63", "64", "65", "71", "72", "73", "74", "75", "76", "81", "82", "91", "92",
                "93", "94", "95", "96",
            ]
        )
    }

    @Test("random digits are read or refused, and what is read comes back")
    func fuzz() throws {
        var generator = SplitMix64(seed: 20_260_131)
        for _ in 0..<20_000 {
            let digits = (0..<16).map { _ in String(Int.random(in: 0...9, using: &generator)) }.joined()
            guard let nik = try? Self.read("31" + digits.dropFirst(2)).get() else { continue }
            #expect(nik.revealed.dropFirst(2) == digits.dropFirst(2))
            #expect(nik.birthDate <= Self.today)
            #expect(nik == NIK(restoring: nik.revealed, sex: nik.sex, birthDate: nik.birthDate))
        }
    }
}
