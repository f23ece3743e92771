import GerbangClient
import GerbangCore
import GerbangJSON
import Testing

@testable import gerbang

@Suite struct OutputTests {
    @Test("Columns are as wide as their widest cell, whatever its colour")
    func table() {
        let style = Style(isColored: true)
        var table = Table([.init(title: "name"), .init(title: "calls", alignment: .right), .init(title: "state")])
        table.add(["a", "7", style.ink("open", .green)])
        table.add(["longer", "12", "", "left over"])
        table.add(["short"])
        #expect(
            table.lines(style) == [
                "\u{1B}[1mNAME\u{1B}[0m    \u{1B}[1mCALLS\u{1B}[0m  \u{1B}[1mSTATE\u{1B}[0m",
                "a           7  \u{1B}[32mopen\u{1B}[0m",
                "longer     12",
                "short",
            ]
        )
    }

    @Test("Fields stand below each other, also over several lines")
    func fields() {
        var fields = FieldList()
        fields.add("a", "1")
        fields.add("long", "2\n3")
        fields.add("empty", "")
        fields.add("none", nil)
        #expect(fields.lines(Style(), indent: 2) == ["  a     1", "  long  2", "        3"])
    }

    @Test(
        "Spans are told in two units at most",
        arguments: [
            (Duration.milliseconds(12), "12 ms"), (.milliseconds(1000), "1 s"), (.milliseconds(1250), "1.3 s"),
            (.milliseconds(9999), "10 s"), (.seconds(61), "1 min 1 s"), (.seconds(90_000), "1 d 1 h"),
            (.seconds(-5), "0 ms"),
        ]
    )
    func spans(duration: Duration, text: String) {
        #expect(Moments.span(duration) == text)
    }

    @Test("Moments are told from now")
    func relative() {
        #expect(Moments.relative(.noon, to: .noon) == "now")
        #expect(Moments.relative(.noon + .seconds(180), to: .noon) == "in 3 min")
        #expect(Moments.relative(.noon, to: .noon + .seconds(180)) == "3 min ago")
    }

    @Test(
        "Colour needs a terminal that can and nobody who objects",
        arguments: [
            (true, [:], true, false),
            (false, ["LANG": "id_ID.UTF-8"], false, true),
            (true, ["NO_COLOR": "1", "LC_ALL": "C", "LANG": "en_US.UTF-8"], false, false),
            (true, ["TERM": "dumb", "LC_CTYPE": "C.utf8"], false, true),
        ]
    )
    func style(isTerminal: Bool, environment: [String: String], isColored: Bool, isUnicode: Bool) {
        let style = Style(isTerminal: isTerminal, zone: .wib) { environment[$0] }
        #expect(style == Style(isColored: isColored, isUnicode: isUnicode, zone: .wib))
    }

    @Test("A request's answer is shown only when asked for, and never in a list")
    func answer() throws {
        let json = Sample.request(more: ["output": ["owner": "SITI CONTOH"], "message": "Your request is done."])
        let request = try #require(GatewayAPI.Found(json))
        func card(_ showsAnswer: Bool) -> String {
            RequestCard(style: Style(), showsAnswer: showsAnswer, now: .noon).lines(request).joined(separator: "\n")
        }
        #expect(!card(false).contains("SITI"))
        #expect(card(false).contains("--answer shows it"))
        #expect(card(true).contains("\"owner\": \"SITI CONTOH\""))
        #expect(card(false).contains("citizen     “Your request is done.”"))
        let table = RequestTable.lines([request.request], style: Style(), now: .noon).joined()
        #expect(!table.contains("SITI"))
    }

    @Test(
        "An open request tells what it waits for",
        arguments: [
            (RequestState.queued, "paused", "when the connection is resumed"), (.queued, "retry", "in 5 s"),
            (.inDoubt, "", "in 5 s"), (.running, "", "in 5 s"),
        ]
    )
    func outlook(state: RequestState, reason: String, text: String) throws {
        let due = JSONValue.string((Timestamp.noon + .seconds(5)).description)
        let request = try #require(
            RequestStatus(json: Sample.request(state, more: ["reason": .string(reason), "dueAt": due]))
        )
        #expect(EventText.outlook(of: request, from: .noon, in: .utc) == text)
        #expect(RequestTable.lines([request], style: Style(), now: .noon)[1].hasSuffix("  \(text)"))
        let doubtful = try #require(RequestStatus(json: Sample.request(.inDoubt)))
        #expect(EventText.outlook(of: doubtful, from: .noon, in: .utc) == "an operator's word")
    }

    @Test("The form of a service's input is told by field")
    func outline() throws {
        let schema: JSONValue = [
            "type": "object", "required": ["plate"],
            "properties": [
                "plate": ["type": "string", "pattern": "^[A-Z]+$"],
                "owner": ["type": "object", "properties": ["nik": ["type": ["string", "null"]]]],
                "kind": ["enum": ["car", "bus"]],
            ],
        ]
        #expect(
            SchemaOutline.lines(schema) == [
                "plate*: string ^[A-Z]+$", "owner: object", "  nik: string or null", "kind: one of car | bus",
            ]
        )
    }

    @Test("A connection tells why nothing is sent")
    func connections() throws {
        let json: JSONValue = [
            "id": "dukcapil-jakarta", "adapter": "dukcapil", "adapterVersion": "1.0", "concurrency": 8, "inFlight": 2,
            "agency": ["id": "Ditjen Dukcapil", "en": "Civil registry"], "services": ["population.person.lookup"],
            "regions": ["31"], "isPaused": false, "breakerOpenings": 1, "closedBecause": "breakerOpen",
            "closedUntil": .string((Timestamp.noon + .seconds(30)).description),
            "backlog": ["queued": 12, "failed": 1], "oldest": .string(Timestamp.noon.description),
        ]
        let connection = try #require(ConnectionView(json))
        let report = ConnectionReport(style: Style(), language: .indonesian, now: .noon + .seconds(20))
        #expect(
            report.table([connection]) == [
                "CONNECTION        STATE                                             ADAPTER   CALLS  QUEUED  IN DOUBT  DEAD  "
                    + "OLDEST",
                "dukcapil-jakarta  waiting (breakerOpen), until 2026-01-31 12:00:30  dukcapil    2/8      12         0     1  "
                    + "  20 s",
            ]
        )
        let text = report.lines(connection).joined(separator: "\n")
        #expect(text.contains("agency    Ditjen Dukcapil"))
        #expect(text.contains("requests  12 queued, 1 in the dead-letter list"))
    }
}
