internal import GerbangCore
internal import Testing

@Suite("Durations as text")
struct DurationTextTests {
    @Test(
        "a number and a unit are read",
        arguments: [
            ("0s", .zero), ("250ms", .milliseconds(250)), ("30s", .seconds(30)), ("5m", .seconds(300)),
            ("2h", .seconds(7200)),
            ("3d", .seconds(259_200)), ("007s", .seconds(7)), ("1000000000d", .seconds(86_400_000_000_000)),
        ] as [(String, Duration)]
    )
    func good(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(
        "other forms are refused",
        arguments: [
            "", "s", "5", "5 s", " 5s", "5s ", "-5s", "+5s", "1.5h", "1,5h", "5S", "5sec", "5min", "5w", "5mss",
            "1h30m", "٥s", "５s",
            "1e3s", "0x5s", "1000000001s", "99999999999999999999s", "PT5S", "5\ns", "m5",
        ]
    )
    func bad(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        "people read the two largest units",
        arguments: [
            (.zero, "0 ms"), (.milliseconds(-5), "0 ms"), (.milliseconds(999), "999 ms"), (.seconds(1), "1 s"),
            (.milliseconds(1999), "1 s"), (.seconds(60), "1 min"), (.seconds(61), "1 min 1 s"),
            (.seconds(7500), "2 h 5 min"),
            (.seconds(86_400), "1 d"), (.seconds(86_405), "1 d"), (.seconds(90_061), "1 d 1 h"),
            (.seconds(30 * 86_400), "30 d"),
        ] as [(Duration, String)]
    )
    func readable(duration: Duration, text: String) {
        #expect(DurationText.readable(duration) == text)
    }
}
