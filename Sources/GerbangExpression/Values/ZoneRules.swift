/// What a file of the tz database says (RFC 8536): when the offset of a zone changes.
struct ZoneRules: Sendable {
    /// The moments of change, ascending, and the offset from each on.
    private var transitions: [(moment: Int64, offset: Int)] = []
    /// The offset before the first change.
    private var first = 0
    /// The rule for all time after the last change.
    private var tail: ZoneTail?

    /// Reads a file; nil if it is none.
    init?(_ bytes: [UInt8]) {
        guard let old = Header(bytes, at: 0), old.version >= 2,
            let header = Header(bytes, at: Header.size + old.bodySize(timeSize: 4))
        else { return nil }
        let times = header.start + Header.size
        let kinds = times + header.timeCount * 8
        let types = kinds + header.timeCount
        let footer = header.start + Header.size + header.bodySize(timeSize: 8)
        guard header.typeCount > 0, footer <= bytes.count else { return nil }
        var offsets: [Int] = []
        for index in 0..<header.typeCount {
            offsets.append(Int(Int32(truncatingIfNeeded: Header.number(bytes, types + index * 6, 4))))
        }
        first = offsets[0]
        for index in 0..<header.timeCount {
            let kind = Int(bytes[kinds + index])
            guard kind < offsets.count else { return nil }
            transitions.append((Header.number(bytes, times + index * 8, 8), offsets[kind]))
        }
        let text = bytes[footer...].dropFirst().prefix { $0 != UInt8(ascii: "\n") }
        tail = ZoneTail(String(decoding: text, as: UTF8.self))
    }

    /// The offset at a second since the epoch.
    func secondsFromUTC(at second: Int64) -> Int {
        guard let last = transitions.last else { return tail?.secondsFromUTC(at: second) ?? first }
        if second >= last.moment { return tail?.secondsFromUTC(at: second) ?? last.offset }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].moment <= second { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : transitions[low - 1].offset
    }

    private struct Header {
        static let size = 44

        let start: Int
        let version: UInt8
        let timeCount: Int
        let typeCount: Int
        private let utCount: Int
        private let standardCount: Int
        private let leapCount: Int
        private let characterCount: Int

        init?(_ bytes: [UInt8], at start: Int) {
            guard start >= 0, start + Header.size <= bytes.count, bytes[start..<start + 4].elementsEqual("TZif".utf8)
            else {
                return nil
            }
            self.start = start
            version = bytes[start + 4] &- UInt8(ascii: "0")
            let counts = (0..<6).map { Int(Header.number(bytes, start + 20 + 4 * $0, 4)) }
            // A file of the size that is read at all has no larger counts.
            guard counts.allSatisfy({ (0...1 << 17).contains($0) }) else { return nil }
            utCount = counts[0]
            standardCount = counts[1]
            leapCount = counts[2]
            timeCount = counts[3]
            typeCount = counts[4]
            characterCount = counts[5]
        }

        func bodySize(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4) + standardCount
                + utCount
        }

        /// A big-endian number.
        static func number(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int64 {
            bytes[start..<start + count].reduce(0) { $0 << 8 | Int64($1) }
        }
    }
}

/// The rule of a zone for the years to come, as POSIX writes `TZ`, such as `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneTail: Sendable {
    private struct Day: Sendable {
        enum Kind: Sendable {
            /// The n-th weekday of a month, 5 for the last.
            case weekday(month: Int, week: Int, day: Int)
            /// The n-th day of the year from 1, never counting 29 February.
            case julian(Int)
            /// The n-th day of the year from 0.
            case ordinal(Int)
        }

        var kind: Kind
        /// Seconds of local time.
        var time: Int
    }

    private var standard = 0
    private var saving: (offset: Int, start: Day, end: Day)?

    init?(_ text: String) {
        var rest = text.utf8[...]
        guard Self.skipName(&rest), let offset = Self.time(&rest) else { return nil }
        standard = -offset
        guard !rest.isEmpty else { return }
        guard Self.skipName(&rest) else { return nil }
        var summer = standard + 3600
        if rest.first != UInt8(ascii: ",") {
            guard let offset = Self.time(&rest) else { return nil }
            summer = -offset
        }
        guard let start = Self.day(&rest), let end = Self.day(&rest), rest.isEmpty else { return nil }
        saving = (summer, start, end)
    }

    func secondsFromUTC(at second: Int64) -> Int {
        guard let saving else { return standard }
        let local = (second + Int64(standard)).flooringDivision(by: 86_400).quotient
        let year = Self.year(ofDay: Int(local))
        let start = Self.second(of: saving.start, in: year) - Int64(standard)
        let end = Self.second(of: saving.end, in: year) - Int64(saving.offset)
        let isSaving = start < end ? start <= second && second < end : !(end <= second && second < start)
        return isSaving ? saving.offset : standard
    }

    private static func second(of day: Day, in year: Int) -> Int64 {
        let newYear = CivilTime.daysSinceEpoch(year: year, month: 1, day: 1)
        let isLeap = CivilTime.daysSinceEpoch(year: year, month: 3, day: 1) - newYear == 60
        let number: Int
        switch day.kind {
        case .ordinal(let ordinal): number = newYear + ordinal
        case .julian(let ordinal): number = newYear + ordinal - 1 + (isLeap && ordinal > 59 ? 1 : 0)
        case .weekday(let month, let week, let weekday):
            let first = CivilTime.daysSinceEpoch(year: year, month: month, day: 1)
            let next =
                month == 12
                ? CivilTime.daysSinceEpoch(year: year + 1, month: 1, day: 1)
                : CivilTime.daysSinceEpoch(year: year, month: month + 1, day: 1)
            // 1970-01-01 was a Thursday.
            let firstWeekday = Int(Int64(first + 4).flooringDivision(by: 7).remainder)
            var day = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            while day >= next { day -= 7 }
            number = day
        }
        return Int64(number) * 86_400 + Int64(day.time)
    }

    private static func year(ofDay day: Int) -> Int {
        var year = 1970 + day / 366
        while CivilTime.daysSinceEpoch(year: year + 1, month: 1, day: 1) <= day { year += 1 }
        while CivilTime.daysSinceEpoch(year: year, month: 1, day: 1) > day { year -= 1 }
        return year
    }

    private static func skipName(_ rest: inout Substring.UTF8View) -> Bool {
        if rest.first == UInt8(ascii: "<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let letters = rest.prefix { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
        rest = rest[letters.endIndex...]
        return letters.count >= 3
    }

    private static func number(_ rest: inout Substring.UTF8View) -> Int? {
        let digits = rest.prefix { $0 &- 48 < 10 }
        guard (1...3).contains(digits.count) else { return nil }
        rest = rest[digits.endIndex...]
        return Int(Substring(digits))
    }

    private static func skip(_ character: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
        guard let next = rest.first, UInt32(next) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// `[+-]h[h[h]][:mm[:ss]]` in seconds.
    private static func time(_ rest: inout Substring.UTF8View) -> Int? {
        let isNegative = skip("-", &rest)
        if !isNegative { _ = skip("+", &rest) }
        guard var seconds = number(&rest).map({ $0 * 3600 }) else { return nil }
        if skip(":", &rest) {
            guard let minutes = number(&rest) else { return nil }
            seconds += minutes * 60
            if skip(":", &rest) {
                guard let rest = number(&rest) else { return nil }
                seconds += rest
            }
        }
        return isNegative ? -seconds : seconds
    }

    private static func day(_ rest: inout Substring.UTF8View) -> Day? {
        guard skip(",", &rest) else { return nil }
        let kind: Day.Kind
        if skip("M", &rest) {
            guard let month = number(&rest), skip(".", &rest), let week = number(&rest), skip(".", &rest),
                let day = number(&rest), (1...12).contains(month), (1...5).contains(week), (0...6).contains(day)
            else { return nil }
            kind = .weekday(month: month, week: week, day: day)
        } else if skip("J", &rest) {
            guard let day = number(&rest), (1...365).contains(day) else { return nil }
            kind = .julian(day)
        } else {
            guard let day = number(&rest), (0...365).contains(day) else { return nil }
            kind = .ordinal(day)
        }
        guard skip("/", &rest) else { return Day(kind: kind, time: 7200) }
        guard let time = time(&rest) else { return nil }
        return Day(kind: kind, time: time)
    }
}
