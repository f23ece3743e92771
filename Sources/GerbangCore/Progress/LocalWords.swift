/// Moments in the words of a place, as seen from `now`: `besok pukul 08.00 WIB`, `Monday at 08:00 WIB`.
package struct LocalWords: Sendable, Hashable {
    /// The zone of civil time.
    package var zone: Zone
    /// The present moment.
    package var now: Timestamp

    /// Creates words for a place and a moment.
    package init(zone: Zone, now: Timestamp) {
        self.zone = zone
        self.now = now
    }

    /// Within a minute.
    package static let soon = LocalizedText(id: "sebentar lagi", en: "in a moment")

    /// A moment that comes, rounded up to a whole minute; one within a minute, or past, is `sebentar lagi`.
    package func coming(_ moment: Timestamp) -> LocalizedText {
        guard moment - now >= .seconds(60) else { return Self.soon }
        return words(for: moment.rounded(up: true, toMinutes: 1))
    }

    /// An estimated moment: the further away, the coarser, and never earlier than it is.
    package func estimated(_ moment: Timestamp) -> LocalizedText {
        let distance = moment - now
        guard distance >= .seconds(60) else { return LocalizedText(id: "dalam satu menit", en: "within a minute") }
        let minutes: Int64 = distance < .seconds(600) ? 1 : distance < .seconds(7200) ? 5 : 15
        return words(for: moment.rounded(up: true, toMinutes: minutes))
    }

    /// A moment that is over, rounded down to a whole minute.
    package func past(_ moment: Timestamp) -> LocalizedText {
        words(for: moment.rounded(up: false, toMinutes: 1))
    }

    private func words(for moment: Timestamp) -> LocalizedText {
        let day = moment.date(in: zone)
        let second = moment.secondOfDay(in: zone)
        let hour = Padding.zeros(second / 3600, 2)
        let minute = Padding.zeros(second / 60 % 60, 2)
        let (indonesian, english) = dayWords(day, today: now.date(in: zone))
        return LocalizedText(
            id: "\(indonesian) pukul \(hour).\(minute) \(zone.label)",
            en: "\(english) at \(hour):\(minute) \(zone.label)"
        )
    }

    private func dayWords(_ day: CivilDate, today: CivilDate) -> (String, String) {
        let weekday = Self.weekdays[(day.weekday - 1) % 7]
        switch day.daysSinceEpoch - today.daysSinceEpoch {
        case -1: return ("kemarin", "yesterday")
        case 0: return ("hari ini", "today")
        case 1: return ("besok", "tomorrow")
        case 2...6: return weekday
        default:
            let month = Self.months[(day.month - 1) % 12]
            let year = day.year == today.year ? "" : " \(day.year)"
            return (
                "\(weekday.0), \(day.day) \(month.0)\(year),", "\(weekday.1), \(day.day) \(month.1)\(year),"
            )
        }
    }

    private static let weekdays = [
        ("Senin", "Monday"), ("Selasa", "Tuesday"), ("Rabu", "Wednesday"), ("Kamis", "Thursday"), ("Jumat", "Friday"),
        ("Sabtu", "Saturday"), ("Minggu", "Sunday"),
    ]
    private static let months = [
        ("Januari", "January"), ("Februari", "February"), ("Maret", "March"), ("April", "April"), ("Mei", "May"),
        ("Juni", "June"), ("Juli", "July"), ("Agustus", "August"), ("September", "September"), ("Oktober", "October"),
        ("November", "November"), ("Desember", "December"),
    ]
}

extension Timestamp {
    /// The moment in whole steps of so many minutes.
    fileprivate func rounded(up: Bool, toMinutes minutes: Int64) -> Timestamp {
        let step = minutes * 60_000
        let rest = (milliseconds % step + step) % step
        guard rest > 0 else { return self }
        return self + .milliseconds(up ? step - rest : -rest)
    }
}

extension Zone {
    /// The zone as people call it: `WIB`, `WITA`, `WIT`, or its offset.
    fileprivate var label: String {
        switch self {
        case .wib: "WIB"
        case .wita: "WITA"
        case .wit: "WIT"
        case .utc: "UTC"
        default: "UTC\(offsetText)"
        }
    }
}
