internal import GerbangCore
internal import Glibc
internal import Synchronization

/// Zones of civil time by what an expression calls them.
enum TimeZones {
    /// Where the tz database stands.
    private static let folder = "/usr/share/zoneinfo/"
    /// The largest file that is read, in bytes; those of the database have a few thousand.
    private static let fileLimit = 1 << 17

    private static let loaded = Mutex<[String: ZoneRules]>([:])

    /// The offset at a moment: of a fixed one such as `+07:00`, of `UTC`, `WIB`, `WITA` or `WIT`, or of a zone of the tz
    /// database such as `Asia/Jakarta`; nil if there is no such zone.
    static func secondsFromUTC(_ name: String, at moment: CELTimestamp) -> Int? {
        if let offset = fixed(name) { return offset }
        if let rules = loaded.withLock({ $0[name] }) { return rules.secondsFromUTC(at: moment.seconds) }
        guard let rules = read(name) else { return fallback(name) }
        loaded.withLock { $0[name] = rules }
        return rules.secondsFromUTC(at: moment.seconds)
    }

    private static func fixed(_ name: String) -> Int? {
        switch name {
        case "", "UTC", "Z": return 0
        case "WIB": return Zone.wib.secondsFromUTC
        case "WITA": return Zone.wita.secondsFromUTC
        case "WIT": return Zone.wit.secondsFromUTC
        default: break
        }
        var scanner = ByteScanner(name)
        let isNegative = scanner.skip("-")
        if !isNegative { _ = scanner.skip("+") }
        guard let hours = scanner.digits(2), scanner.skip(":"), let minutes = scanner.digits(2), scanner.isAtEnd,
            hours < 24,
            minutes < 60
        else { return nil }
        return (isNegative ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// The zones of Indonesia, for machines without the tz database.
    private static func fallback(_ name: String) -> Int? {
        switch name {
        case "Asia/Jakarta", "Asia/Pontianak": Zone.wib.secondsFromUTC
        case "Asia/Makassar", "Asia/Ujung_Pandang": Zone.wita.secondsFromUTC
        case "Asia/Jayapura": Zone.wit.secondsFromUTC
        case "GMT", "Etc/UTC", "Etc/GMT": 0
        default: nil
        }
    }

    private static func read(_ name: String) -> ZoneRules? {
        // Such names lead to no file outside the folder.
        guard name.utf8.count <= 64, let first = name.utf8.first, isLetter(first),
            name.utf8.allSatisfy({ isLetter($0) || $0 &- 48 < 10 || "/_+-".utf8.contains($0) })
        else { return nil }
        let descriptor = open(folder + name, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 13)
        while bytes.count <= fileLimit {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return ZoneRules(bytes) }
            if count < 0 {
                guard errno == EINTR else { return nil }
                continue
            }
            bytes += buffer[..<count]
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }
}
