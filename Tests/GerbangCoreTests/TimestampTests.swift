internal import GerbangCore
internal import Testing

@Suite("Points in time")
struct TimestampTests {
    @Test(
        "RFC 3339 is read",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T07:00:00+07:00", 0), ("1969-12-31T23:59:59.999Z", -1),
            ("2026-01-31T08:15:30Z", 1_769_847_330_000), ("2026-01-31T08:15:30.250Z", 1_769_847_330_250),
            ("2026-01-31T08:15:30.25Z", 1_769_847_330_250), ("2026-01-31T08:15:30.2Z", 1_769_847_330_200),
            ("2026-01-31T08:15:30.0009999Z", 1_769_847_330_000), ("2026-01-31T08:15:30.1239999Z", 1_769_847_330_123),
            ("2026-01-31t08:15:30z", 1_769_847_330_000), ("2026-01-31 15:15:30+07:00", 1_769_847_330_000),
            ("2026-01-31T17:15:30+09:00", 1_769_847_330_000), ("2026-01-30T22:45:30-09:30", 1_769_847_330_000),
            ("2026-01-31T08:15:30-00:00", 1_769_847_330_000), ("2026-02-01T08:14:30+23:59", 1_769_847_330_000),
            ("2016-12-31T23:59:60Z", 1_483_228_800_000), ("1900-01-01T00:00:00Z", -2_208_988_800_000),
            ("2100-12-31T23:59:59Z", 4_133_980_799_000), ("2024-02-29T00:00:00Z", 1_709_164_800_000),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000), ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] as [(String, Int64)]
    )
    func good(text: String, milliseconds: Int64) {
        #expect(Timestamp(text) == Timestamp(milliseconds: milliseconds))
    }

    @Test(
        "anything else is refused",
        arguments: [
            "", "now", "2026-01-31", "2026-01-31T08:15Z", "2026-01-31T08:15:30", "2026-01-31T8:15:30Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-01-00T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T08:60:00Z", "2026-01-31T08:15:61Z",
            "2026-01-31T08:15:30+7:00", "2026-01-31T08:15:30+0700", "2026-01-31T08:15:30+24:00",
            "2026-01-31T08:15:30+07:60", "2026-01-31T08:15:30+07", "2026-01-31T08:15:30.Z", "2026-01-31T08:15:30,5Z",
            "2026-01-31T08:15:30.-5Z", "2026-1-31T08:15:30Z", "26-01-31T08:15:30Z", "+2026-01-31T08:15:30Z",
            "-2026-01-31T08:15:30Z", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", " 2026-01-31T08:15:30Z",
            "2026-01-31T08:15:30Z ", "2026-01-31T08:15:30Z\n", "2026-01-31T08:15:30Z\0", "2026-01-31T08:15:30ZZ",
            "2026-01-31T08:15:30Z+07:00", "2026-01-31_08:15:30Z", "2026-01-31T08.15.30Z", "２０２６-01-31T08:15:30Z",
            "2026-01-31T08:15:30WIB", "2026-W05-6T08:15:30Z", "20260131T081530Z", "1769847330",
            "2026-01-31T08:15:30\u{2212}07:00",
        ]
    )
    func bad(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("a fraction of any length is cut, not counted up")
    func longFraction() {
        let text = "2026-01-31T08:15:30." + String(repeating: "9", count: 5000) + "Z"
        #expect(Timestamp(text) == Timestamp(milliseconds: 1_769_847_330_999))
    }

    @Test("what is written is read again, in every zone, from 1900 to 2100")
    func roundTrip() {
        var generator = SplitMix64(seed: 1900)
        let zones = [Zone.utc, .wib, .wita, .wit, Zone(secondsFromUTC: -34_200), Zone(secondsFromUTC: 86_340)]
        for _ in 0..<2000 {
            let range: ClosedRange<Int64> = -2_208_988_800_000...4_133_980_799_999
            let moment = Timestamp(milliseconds: .random(in: range, using: &generator))
            #expect(Timestamp(moment.description) == moment)
            for zone in zones {
                #expect(Timestamp(moment.text(in: zone)) == moment)
                let (day, second) = (moment.date(in: zone), moment.secondOfDay(in: zone))
                let rebuilt = Timestamp(
                    year: day.year,
                    month: day.month,
                    day: day.day,
                    hour: second / 3600,
                    minute: second / 60 % 60,
                    second: second % 60,
                    zone: zone
                )
                let whole = rebuilt.map { moment - $0 } ?? .seconds(-1)
                #expect(whole >= .zero && whole < .seconds(1))
            }
        }
    }

    @Test(
        "texts are written in the asked zone",
        arguments: [
            (.utc, "2026-01-31T17:30:00.005Z"), (.wib, "2026-02-01T00:30:00.005+07:00"),
            (.wita, "2026-02-01T01:30:00.005+08:00"), (.wit, "2026-02-01T02:30:00.005+09:00"),
            (Zone(secondsFromUTC: -12_600), "2026-01-31T14:00:00.005-03:30"),
        ] as [(Zone, String)]
    )
    func written(zone: Zone, text: String) throws {
        #expect(try #require(Timestamp("2026-01-31T17:30:00.005Z")).text(in: zone) == text)
    }

    @Test(
        "midnight comes at its own time in each zone",
        arguments: [
            ("2026-01-31T16:59:59.999Z", .wib, "2026-01-31T17:00:00Z"),
            ("2026-01-31T17:00:00Z", .wib, "2026-02-01T17:00:00Z"),
            ("2026-01-31T15:59:59.999Z", .wita, "2026-01-31T16:00:00Z"),
            ("2026-01-31T16:00:00Z", .wita, "2026-02-01T16:00:00Z"),
            ("2026-01-31T14:59:59.999Z", .wit, "2026-01-31T15:00:00Z"),
            ("2026-01-31T15:00:00Z", .wit, "2026-02-01T15:00:00Z"),
            ("2026-01-31T23:59:59.999Z", .utc, "2026-02-01T00:00:00Z"),
            ("2024-02-28T17:00:00Z", .wib, "2024-02-29T17:00:00Z"),
            ("1969-12-31T16:59:59.999Z", .wib, "1969-12-31T17:00:00Z"),
            ("2025-12-31T17:00:00.001Z", .wib, "2026-01-01T17:00:00Z"),
        ] as [(String, Zone, String)]
    )
    func midnight(text: String, zone: Zone, expected: String) throws {
        let midnight = try #require(Timestamp(text)).nextMidnight(in: zone)
        #expect(midnight == Timestamp(expected))
        #expect(midnight.secondOfDay(in: zone) == 0)
    }

    @Test("impossible times of day are refused")
    func impossible() {
        for (hour, minute, second) in [
            (24, 0, 0), (-1, 0, 0), (0, 60, 0), (0, -1, 0), (0, 0, 61), (0, 0, -1), (.max, 0, 0),
        ] {
            #expect(Timestamp(year: 2026, month: 1, day: 1, hour: hour, minute: minute, second: second) == nil)
        }
        #expect(Timestamp(year: 2026, month: 2, day: 29) == nil)
    }

    @Test("adding and subtracting stop at the ends of what can be told")
    func ends() {
        let (first, last) = (Timestamp(milliseconds: .min), Timestamp(milliseconds: .max))
        #expect(last + .seconds(1) == last)
        #expect(first + .seconds(-1) == first)
        #expect(last + .seconds(Int64.max) == last)
        #expect(last - first > .seconds(1_000_000_000))
        #expect(first - last < .seconds(-1_000_000_000))
        #expect(first - Timestamp(milliseconds: 1) < .zero)
        #expect(Timestamp(milliseconds: 5) - Timestamp(milliseconds: 7) == .milliseconds(-2))
        #expect(Timestamp(milliseconds: 5) + .microseconds(1999) == Timestamp(milliseconds: 6))
    }

    @Test(
        "the ends of what can be told can be written and asked",
        arguments: [Int64.min, .min + 1, -1, .max - 1, .max]
    )
    func extremes(milliseconds: Int64) {
        let moment = Timestamp(milliseconds: milliseconds)
        for zone in [Zone.utc, .wib, Zone(secondsFromUTC: -34_200)] {
            #expect(!moment.text(in: zone).isEmpty)
            #expect((0..<86_400).contains(moment.secondOfDay(in: zone)))
            #expect(moment.nextMidnight(in: zone) >= moment)
        }
    }

    @Test("durations count in whole milliseconds, cut towards zero")
    func milliseconds() {
        #expect(Duration.seconds(90).milliseconds == 90_000)
        #expect(Duration.microseconds(1999).milliseconds == 1)
        #expect(Duration.microseconds(-1999).milliseconds == -1)
        #expect(Duration.seconds(Int64.max).milliseconds == .max)
        #expect(Duration.seconds(Int64.min).milliseconds == .min)
        let edge = Duration(secondsComponent: .max / 1000, attosecondsComponent: 999_000_000_000_000_000)
        #expect(edge.milliseconds == .max)
    }

    @Test("zones are found by their names")
    func zones() {
        #expect(Zone(name: "WIB") == .wib && Zone(name: "wita") == .wita && Zone(name: "Wit") == .wit)
        #expect(Zone(name: "UTC") == .utc)
        for name in ["", "GMT", "WIBB", " WIB", "Asia/Jakarta", "+07:00"] { #expect(Zone(name: name) == nil) }
        #expect([Zone.wib, .wita, .wit].map(\.secondsFromUTC) == [25_200, 28_800, 32_400])
    }

    @Test("the machine's clock does not wait for what has passed")
    func systemClock() async throws {
        let clock = SystemClock()
        #expect(clock.now() > Timestamp(milliseconds: 1_700_000_000_000))
        try await clock.sleep(until: Timestamp(milliseconds: 0))
        try await clock.sleep(until: Timestamp(milliseconds: .min))
    }
}
