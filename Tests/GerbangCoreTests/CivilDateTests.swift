internal import GerbangCore
internal import Testing

@Suite("Days of the calendar")
struct CivilDateTests {
    private static func isLeap(_ year: Int) -> Bool { year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) }

    @Test("every day from 1900 to 2100 counts on from the one before")
    func everyDay() throws {
        var (year, month, day, weekday) = (1900, 1, 1, 1)
        for number in -25_567...47_846 {
            let date = CivilDate(daysSinceEpoch: number)
            guard date.year == year, date.month == month, date.day == day, date.weekday == weekday,
                date.daysSinceEpoch == number, CivilDate(year: year, month: month, day: day) == date,
                CivilDate(date.description) == date, CivilDate(dayFirst: date.dayFirst) == date
            else {
                Issue.record("day \(number) is \(date), not \(year)-\(month)-\(day)")
                return
            }
            let lengths = [31, Self.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            weekday = weekday % 7 + 1
            day += 1
            if day > lengths[month - 1] { (day, month) = (1, month + 1) }
            if month > 12 { (month, year) = (1, year + 1) }
        }
        #expect((year, month, day) == (2101, 1, 1))
    }

    @Test(
        "known days have known numbers and days of the week",
        arguments: [
            ("1970-01-01", 0, 4), ("1900-01-01", -25_567, 1), ("2000-02-29", 11_016, 2), ("2026-01-31", 20_484, 6),
            ("2026-08-17", 20_682, 1), ("1945-08-17", -8903, 5), ("2100-12-31", 47_846, 5), ("0001-01-01", -719_162, 1),
            ("9999-12-31", 2_932_896, 5),
        ]
    )
    func known(text: String, number: Int, weekday: Int) throws {
        let date = try #require(CivilDate(text))
        #expect(date.daysSinceEpoch == number)
        #expect(date.weekday == weekday)
        #expect(CivilDate(daysSinceEpoch: number) == date)
        #expect(date.description == text)
    }

    @Test("29 February exists in leap years only")
    func leapYears() {
        for year in 1...3000 { #expect((CivilDate(year: year, month: 2, day: 29) != nil) == Self.isLeap(year)) }
    }

    @Test(
        "days that do not exist are refused",
        arguments: [
            (2026, 2, 29), (1900, 2, 29), (2026, 4, 31), (2026, 1, 32), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0),
            (0, 1, 1),
            (10_000, 1, 1), (-1, 1, 1), (2026, -1, 1), (2026, 1, -1), (.max, 1, 1), (2026, .max, .min),
        ]
    )
    func nonexistent(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test(
        "other forms are refused",
        arguments: [
            "", "2026", "2026-01", "2026-1-31", "2026-01-1", "20260131", "2026/01/31", "31-01-2026", "2026-01-31 ",
            " 2026-01-31", "2026-01-31T", "+026-01-31", "-026-01-31", "２０２６-01-31", "2026-02-30", "0000-01-01",
            "2026-01-é",
            "2026--1-31",
        ]
    )
    func badText(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test(
        "day-first texts are read as such",
        arguments: [
            ("17-08-1990", "1990-08-17"), ("29-02-2024", "2024-02-29"), ("29-02-2023", nil), ("1990-08-17", nil),
            ("08-17-1990", nil), ("7-8-1990", nil), ("17/08/1990", nil), ("17-08-90", nil), ("", nil),
            ("17-08-1990x", nil),
        ]
    )
    func dayFirst(text: String, expected: String?) {
        #expect(CivilDate(dayFirst: text)?.description == expected)
    }

    @Test("days compare by time")
    func order() throws {
        let days = ["2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"].compactMap { CivilDate($0) }
        #expect(days.count == 4)
        #expect(days.reversed().sorted() == days)
    }
}
