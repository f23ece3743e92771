internal import GerbangCore
internal import HTTPTypes
internal import Testing

@Suite("Retry-After")
struct RetryAfterTests {
    private static let now = Timestamp(milliseconds: 784_111_777_000)

    private static func delay(_ text: String) -> Duration? {
        RetryAfter.delay(from: [.retryAfter: text], now: now)
    }

    @Test(
        "seconds are read, from one second to six hours",
        arguments: [
            ("1", 1), ("120", 120), ("007", 7), ("0", 1), ("21599", 21_599), ("21600", 21_600), ("21601", 21_600),
            ("9223372036854775807", 21_600), ("9223372036854775808", 21_600), ("99999999999999999999999999", 21_600),
        ]
    )
    func seconds(text: String, expected: Int) {
        #expect(Self.delay(text) == .seconds(expected))
    }

    @Test(
        "a date is read, from one second to six hours from now",
        arguments: [
            ("Sun, 06 Nov 1994 08:51:37 GMT", 120), ("Sun, 06 Nov 1994 08:49:37 GMT", 1),
            ("Sun, 06 Nov 1994 08:49:38 GMT", 1),
            ("Sat, 05 Nov 1994 08:49:37 GMT", 1), ("Sun, 06 Nov 1994 09:49:37 GMT", 3600),
            ("Mon, 07 Nov 1994 08:49:37 GMT", 21_600),
            ("Fri, 31 Dec 9999 23:59:59 GMT", 21_600), ("Thu, 01 Jan 1970 00:00:00 GMT", 1),
        ]
    )
    func date(text: String, expected: Int) {
        #expect(Self.delay(text) == .seconds(expected))
    }

    @Test(
        "garbage is no delay",
        arguments: [
            "", "-1", "+5", "5.5", "5s", "1e3", "soon", "１２", "5, 6", "0x10", "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 WIB", "Sun, 06 Xxx 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT", "06 Nov 1994", "1994-11-06T08:49:37Z",
            "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
            "Sun, -6 Nov 1994 08:49:37 GMT",
        ]
    )
    func garbage(text: String) {
        #expect(Self.delay(text) == nil)
    }

    @Test("without the field there is no delay")
    func absent() {
        #expect(RetryAfter.delay(from: [:], now: Self.now) == nil)
    }
}
