internal import GerbangCore

/// Moments as the system writes them: `yyyy-MM-dd HH:mm:ss` in WIB, whatever the zone of the office, and no zone.
enum OSSTime {
    /// The system's form of a moment, down to the second.
    static func text(_ moment: Timestamp) -> String {
        let second = moment.secondOfDay(in: .wib)
        return
            "\(moment.date(in: .wib)) \(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))"
    }

    /// The moment down to the second, as far as the system hears of it.
    static func wholeSecond(_ moment: Timestamp) -> Timestamp {
        let remainder = moment.milliseconds % 1000
        return Timestamp(milliseconds: moment.milliseconds - (remainder < 0 ? remainder + 1000 : remainder))
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

extension Region {
    /// The code with 10 digits, filled up with zeros, as the system writes it; a regency is `3201000000`.
    var tenDigits: String { digits + String(repeating: "0", count: max(0, 10 - digits.utf8.count)) }
}
