internal import GerbangCore

/// Moments and spans in words.
enum Moments {
    /// How long ago `moment` was, or in how long it will be, such as `3 min ago` and `in 2 h 5 min`.
    static func relative(_ moment: Timestamp, to now: Timestamp) -> String {
        let distance = moment - now
        guard abs(distance.milliseconds) >= 1000 else { return "now" }
        return distance > .zero ? "in \(span(distance))" : "\(span(now - moment)) ago"
    }

    /// A span in its two largest units; below ten seconds with a decimal, below one in milliseconds.
    static func span(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.milliseconds)
        guard (1000..<10_000).contains(milliseconds) else { return DurationText.readable(duration) }
        let tenths = (milliseconds + 50) / 100
        return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }

    /// The time of day with milliseconds, such as `08:15:30.250`.
    static func time(_ moment: Timestamp, in zone: Zone) -> String {
        String(moment.text(in: zone).dropFirst(11).prefix(12))
    }

    /// The date and the time of day to the second, such as `2026-01-31 08:15:30`.
    static func dateAndTime(_ moment: Timestamp, in zone: Zone) -> String {
        let text = moment.text(in: zone)
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8))"
    }

    /// When something comes, as seen from `now`: within a minute the span, later the clock, on another day the date.
    static func due(_ moment: Timestamp, from now: Timestamp, in zone: Zone) -> String {
        let distance = moment - now
        if distance.milliseconds < 1 { return "at once" }
        if distance < .seconds(60) { return "in \(span(distance))" }
        let clock = dateAndTime(moment, in: zone)
        let isToday = moment.date(in: zone) == now.date(in: zone)
        return isToday ? "at \(clock.dropFirst(11)), in \(span(distance))" : "on \(clock), in \(span(distance))"
    }
}
