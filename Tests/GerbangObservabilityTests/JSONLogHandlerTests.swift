internal import Foundation
internal import Logging
internal import Testing

@testable internal import GerbangObservability

@Suite("JSON log lines")
struct JSONLogHandlerTests {
    private func logger(_ sink: any LogSink, label: String = "gerbang.test", level: Logger.Level = .trace) -> Logger {
        let handler = JSONLogHandler(
            label: label,
            level: level,
            sink: sink,
            redactor: Redactor(),
            metadataProvider: nil,
            clock: { WallClock(seconds: 1_763_779_040, milliseconds: 7) }
        )
        return Logger(label: label, factory: { _ in handler })
    }

    @Test("A line has the time, level, label, message and the metadata in order")
    func wholeLine() {
        let sink = CapturingSink()
        var logger = logger(sink)
        logger[metadataKey: "request"] = "018f"
        logger.notice(
            "attempt ended",
            metadata: [
                "verdict": "ok", "attempt": .stringConvertible(2), "duration_ms": .stringConvertible(12.5),
                "final": .stringConvertible(true), "codes": ["05", .stringConvertible(6)],
                "limit": ["b": "2", "a": .stringConvertible(1)],
            ]
        )
        let expected =
            #"{"ts":"2025-11-22T02:37:20.007Z","level":"notice","label":"gerbang.test","msg":"attempt ended","#
            + #""attempt":2,"codes":["05",6],"duration_ms":12.5,"final":true,"limit":{"a":1,"b":"2"},"#
            + #""request":"018f","verdict":"ok"}"# + "\n"
        #expect(sink.lines == [expected])
    }

    @Test(
        "Awkward text survives as valid JSON on one line",
        arguments: [
            "quote \" backslash \\ slash /", "two\nlines\r\nand\ttab", "\u{0}\u{1}\u{1B}[31m\u{7F}",
            "\u{80}\u{9B}31m\u{A0}",
            "\u{2028}\u{2029}\u{2027}", "é 漢字 🇮🇩 \u{FFFE}\u{10FFFF}", "", String(repeating: "x\"", count: 10_000),
            String(decoding: [0x61, 0xFF, 0xC2, 0xED, 0xA0, 0x80, 0x62] as [UInt8], as: UTF8.self),
        ]
    )
    func awkwardText(_ text: String) throws {
        let sink = CapturingSink()
        logger(sink, label: text).info("\(text)", metadata: ["text": "\(text)", "\(text)k": ["\(text)"]])
        let object = try #require(try sink.objects().first)
        #expect(object["msg"] as? String == text)
        #expect(object["label"] as? String == text)
        #expect(object["text"] as? String == text)
        #expect(object["\(text)k"] as? [String] == [text])
        let line = try #require(sink.lines.first)
        #expect(line.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
        #expect(line.hasSuffix("}\n"))
        #expect(!line.unicodeScalars.contains("\u{2028}"))
    }

    @Test("Personal data is hidden in the label, the message, keys and values at any depth")
    func redacts() throws {
        let sink = CapturingSink()
        logger(sink, label: "for 3174015708900003").warning(
            "refused: nama=SITI CONTOH, nik 3174015708900003",
            metadata: [
                "nama": ["SITI", "CONTOH"], "3174015708900003": "x", "note": .stringConvertible(3_174_015_708_900_003),
                "body": ["password": "hunter2", "inner": [["api_key": "k"]]], "ratio": .stringConvertible(2.0 / 3.0),
                "big": .stringConvertible(3_174_015_708_900_003.0),
            ]
        )
        let line = try #require(sink.lines.first)
        for secret in ["3174015708900003", "SITI", "CONTOH", "hunter2", "\"k\"", "3.174"] {
            #expect(!line.contains(secret), "\(secret)")
        }
        let object = try #require(try sink.objects().first)
        #expect(object["msg"] as? String == "refused: nama=[redacted], nik [16 digits]")
        #expect(object["note"] as? String == "[16 digits]")
        #expect(object["ratio"] as? Double == 2.0 / 3.0)
    }

    @Test("Numbers that JSON does not have become text")
    func oddNumbers() throws {
        let sink = CapturingSink()
        logger(sink).info(
            "x",
            metadata: [
                "nan": .stringConvertible(Double.nan), "inf": .stringConvertible(-Double.infinity),
                "max": .stringConvertible(Int.max), "min": .stringConvertible(Int.min),
            ]
        )
        let object = try #require(try sink.objects().first)
        #expect(object["nan"] as? String == "nan")
        #expect(object["inf"] as? String == "-inf")
        #expect(object["max"] as? String == "9223372036854775807")
        #expect(object["min"] as? String == "-9223372036854775808")
    }

    @Test("Keys of the line itself cannot be overwritten by metadata")
    func reservedKeys() throws {
        let sink = CapturingSink()
        logger(sink).info("real", metadata: ["msg": "fake", "level": "fake", "ts": "fake", "label": "fake"])
        let object = try #require(try sink.objects().first)
        #expect(object["msg"] as? String == "real")
        #expect(object["msg_"] as? String == "fake")
        #expect(object.count == 8)
    }

    @Test("An event's metadata wins over the provider's, and that over the handler's")
    func precedence() throws {
        let sink = CapturingSink()
        var handler = JSONLogHandler(
            label: "x",
            sink: sink,
            metadataProvider: .init { ["a": "2", "b": "2", "c": "2"] }
        )
        handler[metadataKey: "a"] = "1"
        handler[metadataKey: "d"] = "1"
        Logger(label: "x", factory: { _ in handler }).info("m", metadata: ["c": "3"])
        let object = try #require(try sink.objects().first)
        #expect(["a", "b", "c", "d"].map { object[$0] as? String } == ["2", "2", "3", "1"])
    }

    @Test("An error of the event is told by type and text, redacted")
    func errors() throws {
        struct Failure: Error, CustomStringConvertible {
            var description: String { "no answer for 3174015708900003" }
        }
        let sink = CapturingSink()
        logger(sink).error("failed", error: Failure())
        let object = try #require(try sink.objects().first)
        #expect(object["error"] as? String == "no answer for [16 digits]")
        #expect(object["error_type"] as? String == "Failure")
    }

    @Test("Level and metadata of a handler are values")
    func valueSemantics() {
        let sink = CapturingSink()
        var first = logger(sink)
        first.logLevel = .warning
        first[metadataKey: "only"] = "first"
        var second = first
        second.logLevel = .debug
        second[metadataKey: "only"] = "second"
        #expect(first.logLevel == .warning)
        #expect(first[metadataKey: "only"] == "first")
        first.info("unseen")
        second.debug("seen")
        #expect(sink.lines.count == 1)
    }

    @Test(
        "Timestamps follow the Gregorian calendar",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199, "2024-02-29T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.000Z"), (1_798_761_599, "2026-12-31T23:59:59.000Z"),
        ] as [(Int64, String)]
    )
    func timestamps(_ seconds: Int64, _ expected: String) {
        var bytes: [UInt8] = []
        WallClock(seconds: seconds, milliseconds: 0).appendTimestamp(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test("The clock of a handler is the wall clock")
    func realClock() throws {
        let sink = CapturingSink()
        let before = Date(timeIntervalSinceNow: -0.002)
        Logger(label: "x", factory: { JSONLogHandler(label: $0, sink: sink) }).info("now")
        let text = try #require(try sink.objects().first?["ts"] as? String)
        let time = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
        #expect(time >= before)
        #expect(time <= Date(timeIntervalSinceNow: 0.002))
    }

    @Test("The console line is one line, escaped, redacted and coloured on request")
    func console() {
        for isColored in [true, false] {
            let sink = CapturingSink()
            let handler = ConsoleLogHandler(label: "gerbang", sink: sink, isColored: isColored)
            Logger(label: "gerbang", factory: { _ in handler }).error(
                "bad\n\u{1B}[2J 3174015708900003",
                metadata: ["b": "two words", "a": .stringConvertible(1), "token": "t"]
            )
            let level = isColored ? "\u{1B}[31merror\u{1B}[0m" : "error"
            let rest = #" gerbang: bad\n\u001b[2J [16 digits] a=1 b="two words" token="[redacted]""#
            #expect(sink.lines.first?.dropFirst(13) == "\(level)\(rest)\n")
        }
    }
}
