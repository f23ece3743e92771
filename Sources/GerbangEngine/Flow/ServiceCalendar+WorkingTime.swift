internal import GerbangCore

// Time as the agency counts it: only while it is open.
extension ServiceCalendar {
    /// However the calendar is cut up, the search ends.
    private static let mostSpans = 4000

    /// The moment at which `duration` of open time has passed since `moment`; `nil` when there is not so much of it within
    /// two years.
    func moment(after duration: Duration, from moment: Timestamp) -> Timestamp? {
        var rest = max(duration, .zero)
        var from = moment
        for _ in 0..<Self.mostSpans {
            guard let opening = opening(atOrAfter: from) else { return nil }
            guard let closing = closing(after: opening) else { return opening + rest }
            let span = closing - opening
            guard span < rest else { return opening + rest }
            rest -= span
            from = closing
        }
        return nil
    }

    /// How much open time lies between two moments.
    func openTime(from start: Timestamp, to end: Timestamp) -> Duration {
        var sum = Duration.zero
        var from = start
        for _ in 0..<Self.mostSpans {
            guard from < end, let opening = opening(atOrAfter: from), opening < end else { return sum }
            let closing = min(closing(after: opening) ?? end, end)
            sum += closing - opening
            from = closing
        }
        return sum
    }

    /// A standard time as open time: service standards count working days, so a day is as much as the agency is open on
    /// an ordinary one.
    func openTime(of standard: Duration) -> Duration {
        let days = standard.milliseconds / 86_400_000
        guard days > 0, !hours.isEmpty else { return standard }
        let week = hours.reduce(0) { $0 + max(0, $1.closes - $1.opens) }
        let perDay = Duration.seconds(week) / Set(hours.map(\.weekday)).count
        return perDay * Int(clamping: days) + .milliseconds(standard.milliseconds % 86_400_000)
    }

    /// The first moment after `opening`, at which the agency is open, that is closed or begins another span of hours; `nil`
    /// when there is none.
    private func closing(after opening: Timestamp) -> Timestamp? {
        let closure = closures.map(\.from).filter { $0 > opening }.min()
        guard !hours.isEmpty else { return closure }
        let weekday = opening.date(in: zone).weekday
        let second = opening.secondOfDay(in: zone)
        let midnight = opening + .milliseconds(-Int64(second) * 1000 - opening.milliseconds % 1000)
        let slots = hours.filter { $0.weekday == weekday && $0.opens <= second && second < $0.closes }
        guard let closes = slots.map(\.closes).max() else { return closure }
        let end = midnight + .seconds(closes)
        return closure.map { min($0, end) } ?? end
    }
}
