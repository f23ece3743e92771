internal import GerbangCore
internal import Synchronization

/// The value of the `Date` field (RFC 9110, section 5.6.7), written once a second.
final class HTTPDateCache: Sendable {
    private struct Entry: Sendable {
        var second: Int64
        var text: String
    }

    private let entry = Mutex(Entry(second: .min, text: ""))

    /// The date at `moment`.
    func text(at moment: Timestamp) -> String {
        let second = moment.milliseconds / 1000
        return entry.withLock { entry in
            if entry.second != second { entry = Entry(second: second, text: Self.text(of: moment)) }
            return entry.text
        }
    }

    /// Such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func text(of moment: Timestamp) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = moment.date(in: .utc)
        let second = moment.secondOfDay(in: .utc)
        let weekday = ((date.daysSinceEpoch % 7) + 7) % 7
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let time = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\(days[weekday]), \(two(date.day)) \(months[date.month - 1]) \(date.year) \(time) GMT"
    }
}
