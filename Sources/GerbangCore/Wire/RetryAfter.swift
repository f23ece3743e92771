package import HTTPTypes

/// The `Retry-After` header field (RFC 9110 §10.2.3).
package enum RetryAfter {
    /// The delay asked for, between one second and six hours; `nil` when the field is absent or malformed.
    package static func delay(from fields: HTTPFields, now: Timestamp) -> Duration? {
        guard let text = fields[.retryAfter] else { return nil }
        let delay: Duration
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // A number too large to be held is a long wait all the same.
            delay = .seconds(min(Int64(text) ?? .max, 86_400))
        } else if let moment = httpDate(text) {
            delay = moment - now
        } else {
            return nil
        }
        return min(max(delay, .seconds(1)), .seconds(6 * 3600))
    }

    /// Reads an IMF-fixdate such as `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func httpDate(_ text: String) -> Timestamp? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == ":" })
        guard parts.count == 8, parts[7] == "GMT", let day = Int(parts[1]),
            let month = months.firstIndex(of: String(parts[2])), let year = Int(parts[3]), let hour = Int(parts[4]),
            let minute = Int(parts[5]), let second = Int(parts[6])
        else { return nil }
        return Timestamp(year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    }
}
