internal import GerbangCore
internal import Testing

@testable internal import GerbangEngine

@Suite("Time as an agency counts it")
struct WorkingTimeTests {
    /// A moment in the week of Monday, 5 January 2026.
    private func moment(_ day: Int, _ hour: Int, _ minute: Int = 0) throws -> Timestamp {
        try #require(Timestamp(year: 2026, month: 1, day: day, hour: hour, minute: minute, zone: .wib))
    }

    private static let office = (1...5).map { ServiceCalendar.Hours(weekday: $0, opens: 8 * 3600, closes: 16 * 3600) }

    @Test("An agency that is always open counts all time")
    func always() throws {
        let calendar = ServiceCalendar()
        let now = try moment(5, 9)
        #expect(calendar.moment(after: .seconds(90), from: now) == now + .seconds(90))
        #expect(calendar.openTime(from: now, to: now + .seconds(90)) == .seconds(90))
        #expect(calendar.openTime(from: now, to: now + .seconds(-90)) == .zero)
        #expect(calendar.openTime(of: .seconds(3 * 86_400)) == .seconds(3 * 86_400))
    }

    @Test("Nights, weekends and closures do not count")
    func office() throws {
        let holiday = ServiceCalendar.Closure(from: try moment(7, 0), until: try moment(8, 0))
        let calendar = ServiceCalendar(hours: Self.office, closures: [holiday])
        for (hours, from, end) in [
            (2, try moment(5, 9), try moment(5, 11)),
            (7, try moment(5, 9), try moment(5, 16)),
            (8, try moment(5, 9), try moment(6, 9)),
            (8, try moment(5, 3), try moment(5, 16)),
            (16, try moment(6, 9), try moment(9, 9)),
            (1, try moment(10, 12), try moment(12, 9)),
            (0, try moment(10, 12), try moment(12, 8)),
        ] {
            #expect(calendar.moment(after: .seconds(hours * 3600), from: from) == end)
            let counted = calendar.openTime(from: from, to: end)
            #expect(counted == .seconds(hours * 3600))
        }
    }

    @Test("A working day is as long as the agency is open, also when that passes midnight")
    func days() {
        #expect(ServiceCalendar(hours: Self.office).openTime(of: .seconds(3 * 86_400)) == .seconds(24 * 3600))
        #expect(ServiceCalendar(hours: Self.office).openTime(of: .seconds(86_460)) == .seconds(8 * 3600 + 60))
        #expect(ServiceCalendar(hours: Self.office).openTime(of: .seconds(600)) == .seconds(600))
    }

    @Test("An agency that never opens again finishes nothing")
    func never() throws {
        let now = try moment(5, 9)
        let closed = ServiceCalendar(closures: [.init(from: now, until: now + .seconds(900 * 86_400))])
        #expect(closed.moment(after: .seconds(1), from: now) == nil)
        #expect(closed.openTime(from: now, to: now + .seconds(86_400)) == .zero)
        let empty = ServiceCalendar(hours: [.init(weekday: 1, opens: 0, closes: 0)])
        #expect(empty.moment(after: .seconds(1), from: now) == nil)
        #expect(empty.openTime(from: now, to: now + .seconds(86_400)) == .zero)
    }

    @Test("What is reached after some open time has that much open time before it, whatever the calendar")
    func inverse() throws {
        var generator = RandomSource.Generator(state: 7)
        let start = try moment(5, 0)
        for _ in 0..<500 {
            let hours = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                ServiceCalendar.Hours(
                    weekday: Int.random(in: 1...7, using: &generator),
                    opens: Int.random(in: 0..<86_400, using: &generator),
                    closes: Int.random(in: 1...86_400, using: &generator)
                )
            }
            let closures = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                let from = start + .seconds(Int.random(in: 0..<1_000_000, using: &generator))
                return ServiceCalendar.Closure(
                    from: from,
                    until: from + .seconds(Int.random(in: 1...200_000, using: &generator))
                )
            }
            let calendar = ServiceCalendar(hours: hours, closures: closures)
            let from = start + .milliseconds(Int.random(in: 0..<600_000_000, using: &generator))
            let duration = Duration.milliseconds(Int.random(in: 1...300_000_000, using: &generator))
            guard let end = calendar.moment(after: duration, from: from) else { continue }
            #expect(end >= from + duration)
            #expect(calendar.openTime(from: from, to: end) == duration)
        }
    }
}
