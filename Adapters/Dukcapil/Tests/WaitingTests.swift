internal import GerbangCore
internal import GerbangJSON
internal import Testing

@Suite("When the registry takes calls again", .bothPackagings)
struct WaitingTests {
    private static let quota: [(now: String, zone: String, until: String)] = [
        ("2026-03-02T10:00:00+07:00", "WIB", "2026-03-03T00:00:00+07:00"),
        ("2026-03-02T23:59:59+07:00", "WIB", "2026-03-03T00:00:00+07:00"),
        ("2026-12-31T12:00:00+07:00", "WIB", "2027-01-01T00:00:00+07:00"),
        ("2026-03-02T23:30:00+07:00", "WIT", "2026-03-04T00:00:00+09:00"),
        ("2026-03-02T10:00:00+08:00", "WITA", "2026-03-03T00:00:00+08:00"),
        // Just after our midnight it may still be yesterday there.
        ("2026-03-03T00:00:00+07:00", "WIB", "2026-03-03T00:05:00+07:00"),
        ("2026-03-03T00:04:59+07:00", "WIB", "2026-03-03T00:09:59+07:00"),
        ("2026-03-03T00:05:00+07:00", "WIB", "2026-03-04T00:00:00+07:00"),
    ]

    @Test("a used up quota waits for the registry's midnight", arguments: quota)
    func midnight(now: String, zone: String, until: String) throws {
        let adapter = try Support.adapter(["serviceDayZone": .string(zone)])
        #expect(try waiting(on: "05", at: now, with: adapter) == Timestamp(until))
    }

    private static let hours: [(now: String, opensAt: String, until: String)] = [
        ("2026-03-02T03:00:00+07:00", "06:00", "2026-03-02T06:00:00+07:00"),
        ("2026-03-02T05:59:59+07:00", "06:00", "2026-03-02T06:00:00+07:00"),
        ("2026-03-02T06:00:00+07:00", "06:00", "2026-03-02T06:05:00+07:00"),
        ("2026-03-02T06:04:00+07:00", "06:00", "2026-03-02T06:09:00+07:00"),
        ("2026-03-02T21:00:00+07:00", "06:00", "2026-03-03T06:00:00+07:00"),
        ("2026-03-02T21:00:00+07:00", "21:30", "2026-03-02T21:30:00+07:00"),
        ("2026-03-02T00:00:00+07:00", "00:00", "2026-03-02T00:05:00+07:00"),
        ("2026-03-02T12:00:00+07:00", "00:00", "2026-03-03T00:00:00+07:00"),
    ]

    @Test("closed access hours wait for the next opening", arguments: hours)
    func opening(now: String, opensAt: String, until: String) throws {
        let adapter = try Support.adapter(["opensAt": .string(opensAt)])
        #expect(try waiting(on: "06", at: now, with: adapter) == Timestamp(until))
    }

    private func waiting(on code: String, at now: String, with adapter: any Adapter) throws -> Timestamp? {
        let call = try Support.call(Support.lookup, ["nik": "3174015708900003"], now: #require(Timestamp(now)))
        let answer: JSONValue = ["content": [["RESPONSE_CODE": .string(code)]]]
        let verdict = try Support.classify(answer.encoded(), for: call, with: adapter)
        if case .throttled(_, let until) = verdict { return until }
        return nil
    }
}
