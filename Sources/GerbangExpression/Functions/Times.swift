internal import GerbangCore

/// The parts of moments and durations.
enum Times {
    static let functions: [Function] =
        accessor("getFullYear") { Int64($0.date.year) }
        + accessor("getMonth") { Int64($0.date.month - 1) }
        + accessor("getDate") { Int64($0.date.day) }
        + accessor("getDayOfMonth") { Int64($0.date.day - 1) }
        + accessor("getDayOfWeek") { Int64($0.date.weekday % 7) }
        + accessor("getDayOfYear") { Int64($0.dayOfYear) }
        + accessor("getHours", of: 3_600_000_000_000) { Int64($0.hour) }
        + accessor("getMinutes", of: 60_000_000_000) { Int64($0.minute) }
        + accessor("getSeconds", of: 1_000_000_000) { Int64($0.second) }
        + milliseconds

    /// A part of a moment, in UTC or in a zone, and of a duration if that has a unit for it.
    private static func accessor(
        _ name: String,
        of unit: Int64? = nil,
        _ part: @escaping @Sendable (CivilTime) -> Int64
    ) -> [Function] {
        let duration = unit == nil ? [] : [Signature([.duration], .int)]
        return [
            .unary(name, .core, member: true, [Signature([.timestamp], .int)] + duration) { value, _ throws(Failure) in
                switch (value, unit) {
                case (.timestamp(let moment), _): .int(part(CivilTime(moment, secondsFromUTC: 0)))
                case (.duration(let span), let unit?): .int(span.nanoseconds / unit)
                default: throw .noSuchOverload
                }
            },
            .binary(name, .core, member: true, [Signature([.timestamp, .string], .int)]) {
                value,
                zone,
                frame throws(Failure) in
                .int(part(try civilTime(value, zone, &frame)))
            },
        ]
    }

    private static let milliseconds: [Function] = [
        .unary("getMilliseconds", .core, member: true, [Signature([.timestamp], .int), Signature([.duration], .int)]) {
            value,
            _ throws(Failure) in
            switch value {
            case .timestamp(let moment): .int(Int64(moment.nanoseconds) / 1_000_000)
            case .duration(let span): .int(span.nanoseconds % 1_000_000_000 / 1_000_000)
            default: throw .noSuchOverload
            }
        },
        .binary("getMilliseconds", .core, member: true, [Signature([.timestamp, .string], .int)]) {
            value,
            zone,
            frame throws(Failure) in
            _ = try civilTime(value, zone, &frame)
            guard case .timestamp(let moment) = value else { throw .noSuchOverload }
            return .int(Int64(moment.nanoseconds) / 1_000_000)
        },
    ]

    /// A moment as a zone shows it.
    static func civilTime(_ value: CELValue, _ zone: CELValue, _ frame: inout Frame) throws(Failure) -> CivilTime {
        guard case .timestamp(let moment) = value, case .string(let name) = zone else { throw .noSuchOverload }
        return CivilTime(moment, secondsFromUTC: try offset(of: name, at: moment, &frame))
    }

    static func offset(of name: String, at moment: CELTimestamp, _ frame: inout Frame) throws(Failure) -> Int {
        try frame.charge(20)
        guard let offset = TimeZones.secondsFromUTC(name, at: moment) else {
            throw Failure(
                .invalidValue,
                "there is no such time zone; write it as Asia/Jakarta, WIB, WITA, WIT, UTC or +07:00"
            )
        }
        return offset
    }
}
