internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

@Suite("Service calendar")
struct ServiceCalendarTests {
    /// A moment in the week of Monday, 5 January 2026.
    private func moment(_ day: Int, _ hour: Int, _ minute: Int = 0, zone: Zone = .wib) throws -> Timestamp {
        try #require(Timestamp(year: 2026, month: 1, day: day, hour: hour, minute: minute, zone: zone))
    }

    private let office = (1...5).map { ServiceCalendar.Hours(weekday: $0, opens: 8 * 3600, closes: 16 * 3600) }

    @Test("without hours and closures it is always open")
    func always() throws {
        let now = try moment(5, 3) + .milliseconds(7)
        #expect(ServiceCalendar().opening(atOrAfter: now) == now)
    }

    @Test("weekly hours: open from the first second to before the last, closed at the weekend")
    func weekly() throws {
        let calendar = ServiceCalendar(hours: office)
        let open = try moment(5, 8)
        for (asked, answer) in [
            (try moment(5, 0), open), (try moment(5, 7, 59) + .milliseconds(59_999), open), (open, open),
            (try moment(5, 15, 59) + .milliseconds(59_999), try moment(5, 15, 59) + .milliseconds(59_999)),
            (try moment(5, 16), try moment(6, 8)), (try moment(5, 23, 59), try moment(6, 8)),
            (try moment(9, 16), try moment(12, 8)), (try moment(10, 12), try moment(12, 8)),
            (try moment(11, 23), try moment(12, 8)),
        ] {
            #expect(calendar.opening(atOrAfter: asked) == answer)
        }
    }

    @Test("the hours are those of the agency's zone", arguments: [Zone.wib, .wita, .wit, .utc])
    func zones(_ zone: Zone) throws {
        let calendar = ServiceCalendar(zone: zone, hours: office)
        let open = try moment(5, 8, zone: zone)
        #expect(calendar.opening(atOrAfter: open + .milliseconds(-1)) == open)
        #expect(calendar.opening(atOrAfter: open) == open)
        #expect(calendar.opening(atOrAfter: try moment(5, 16, zone: zone)) == (try moment(6, 8, zone: zone)))
        // Monday morning in Papua is still Sunday evening in London.
        #expect(calendar.opening(atOrAfter: try moment(4, 12, zone: zone)) == open)
    }

    @Test("hours up to midnight join with the next day's from midnight")
    func midnight() throws {
        let hours = (1...7).map { ServiceCalendar.Hours(weekday: $0, opens: 0, closes: 86_400) }
        let calendar = ServiceCalendar(hours: hours)
        for now in [try moment(5, 0), try moment(5, 23, 59) + .milliseconds(59_999), try moment(6, 0)] {
            #expect(calendar.opening(atOrAfter: now) == now)
        }
    }

    @Test("several slots on one day, in any order, with a break between them")
    func breaks() throws {
        let calendar = ServiceCalendar(hours: [
            .init(weekday: 1, opens: 13 * 3600, closes: 15 * 3600),
            .init(weekday: 1, opens: 8 * 3600, closes: 12 * 3600),
        ])
        #expect(calendar.opening(atOrAfter: try moment(5, 7)) == (try moment(5, 8)))
        #expect(calendar.opening(atOrAfter: try moment(5, 12, 30)) == (try moment(5, 13)))
        #expect(calendar.opening(atOrAfter: try moment(5, 15)) == (try moment(12, 8)))
    }

    @Test(
        "closures: inside waits for the end, ends that fall outside the hours wait for the hours, chains are followed"
    )
    func closures() throws {
        let maintenance = ServiceCalendar.Closure(from: try moment(5, 10), until: try moment(5, 12))
        let eve = ServiceCalendar.Closure(from: try moment(5, 15), until: try moment(5, 20))
        let holiday = ServiceCalendar.Closure(from: try moment(5, 20), until: try moment(7, 0))
        let calendar = ServiceCalendar(hours: office, closures: [holiday, maintenance, eve])
        let before = try moment(5, 9, 59)
        #expect(calendar.opening(atOrAfter: before) == before)
        #expect(calendar.opening(atOrAfter: try moment(5, 10)) == maintenance.until)
        #expect(calendar.opening(atOrAfter: maintenance.until) == maintenance.until)
        #expect(calendar.opening(atOrAfter: try moment(5, 15)) == (try moment(7, 8)))
        let backwards = ServiceCalendar(closures: [.init(from: try moment(6, 0), until: try moment(5, 0))])
        #expect(backwards.opening(atOrAfter: try moment(5, 12)) == (try moment(5, 12)), "ends before it begins")
    }

    @Test("a calendar that never opens says so, in a short time")
    func never() throws {
        let now = try moment(5, 9)
        let forever = ServiceCalendar.Closure(from: now, until: .init(milliseconds: .max))
        let empty = ServiceCalendar.Hours(weekday: 1, opens: 3600, closes: 3600)
        let noDay = ServiceCalendar.Hours(weekday: 9, opens: 0, closes: 86_400)
        for calendar in [
            ServiceCalendar(closures: [forever]), ServiceCalendar(hours: [empty]), ServiceCalendar(hours: [noDay]),
        ] {
            #expect(calendar.opening(atOrAfter: now) == nil)
        }
    }

    @Test("hours that pass midnight")
    func overnight() throws {
        let calendar = ServiceCalendar(hours: (1...7).map { .init(weekday: $0, opens: 22 * 3600, closes: 6 * 3600) })
        let night = try moment(5, 23)
        #expect(calendar.opening(atOrAfter: night) == night)
    }

    @Test("what it says agrees with a look at every quarter of an hour of two weeks")
    func agreesWithBruteForce() throws {
        let closure = ServiceCalendar.Closure(from: try moment(7, 9, 10), until: try moment(8, 9, 20))
        let calendar = ServiceCalendar(
            zone: .wita,
            hours: office + [.init(weekday: 6, opens: 0, closes: 1800)],
            closures: [closure]
        )
        func isOpen(_ now: Timestamp) -> Bool {
            guard !(closure.from <= now && now < closure.until) else { return false }
            let (weekday, second) = (now.date(in: .wita).weekday, now.secondOfDay(in: .wita))
            return calendar.hours.contains { $0.weekday == weekday && $0.opens <= second && second < $0.closes }
        }
        let first = try moment(1, 0)
        for quarter in 0..<(14 * 96) {
            let now = first + .seconds(quarter * 900)
            let opening = try #require(calendar.opening(atOrAfter: now))
            #expect((opening == now) == isOpen(now))
            #expect(isOpen(opening))
            #expect(opening == now || !isOpen(opening + .milliseconds(-1)))
        }
    }
}
