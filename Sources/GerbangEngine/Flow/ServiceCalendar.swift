public import GerbangCore

/// When an agency works: weekly hours, and times in which it is closed for maintenance or a holiday.
public struct ServiceCalendar: Sendable, Hashable {
    /// Hours on one day of the week.
    public struct Hours: Sendable, Hashable {
        /// The day: 1 is Monday, 7 is Sunday.
        public var weekday: Int
        /// The second of the day at which it opens.
        public var opens: Int
        /// The second of the day at which it closes; 86,400 is midnight, and less than ``opens`` is on the next day.
        public var closes: Int

        /// Creates hours.
        public init(weekday: Int, opens: Int, closes: Int) {
            self.weekday = weekday
            self.opens = opens
            self.closes = closes
        }
    }

    /// A span of time in which the agency is closed.
    public struct Closure: Sendable, Hashable {
        /// Its first moment.
        public var from: Timestamp
        /// The first moment after it.
        public var until: Timestamp

        /// Creates a closure.
        public init(from: Timestamp, until: Timestamp) {
            self.from = from
            self.until = until
        }
    }

    /// The zone that the hours are told in.
    public var zone: Zone
    /// The weekly hours; empty for always.
    public var hours: [Hours]
    /// The closures.
    public var closures: [Closure]

    /// Creates a calendar; without arguments it is always open.
    public init(zone: Zone = .wib, hours: [Hours] = [], closures: [Closure] = []) {
        self.zone = zone
        // Hours that pass midnight are those until midnight and the rest on the next day.
        self.hours = hours.flatMap { hours in
            guard hours.closes < hours.opens else { return [hours] }
            let rest = Hours(weekday: hours.weekday % 7 + 1, opens: 0, closes: hours.closes)
            return [Hours(weekday: hours.weekday, opens: hours.opens, closes: 86_400), rest]
        }
        self.closures = closures
    }

    /// The first moment at or after `moment` at which the agency works; `nil` when there is none within two years.
    public func opening(atOrAfter moment: Timestamp) -> Timestamp? {
        let horizon = moment + .seconds(730 * 86_400)
        var candidate = moment
        while candidate < horizon {
            if let closure = closures.first(where: { $0.from <= candidate && candidate < $0.until }) {
                candidate = closure.until
                continue
            }
            let opening = weeklyOpening(atOrAfter: candidate)
            guard opening > candidate else { return candidate }
            candidate = opening
        }
        return nil
    }

    private func weeklyOpening(atOrAfter moment: Timestamp) -> Timestamp {
        guard !hours.isEmpty else { return moment }
        let today = moment.date(in: zone)
        let second = moment.secondOfDay(in: zone)
        let isOpen = hours.contains { $0.weekday == today.weekday && $0.opens <= second && second < $0.closes }
        guard !isOpen else { return moment }
        let midnight = moment + .milliseconds(-Int64(second) * 1000 - moment.milliseconds % 1000)
        for days in 0...7 {
            let weekday = (today.weekday - 1 + days) % 7 + 1
            for slot in hours.filter({ $0.weekday == weekday }).sorted(by: { $0.opens < $1.opens }) {
                if days == 0, second >= slot.opens { continue }
                return midnight + .seconds(Int64(days) * 86_400 + Int64(slot.opens))
            }
        }
        return Timestamp(milliseconds: .max)
    }
}
