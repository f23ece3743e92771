import ArgumentParser
import Foundation
import GerbangCore
import GerbangEngine
import GerbangJSON
import Testing

@testable import gerbang

@Suite("Routes and reports for people")
struct RouteAndReportTests {
    @Test("an explanation names the choice first and says of every other one why not")
    func explanation() throws {
        let share = try #require(JSONNumber("0.75"))
        let lines = RouteReport.lines(
            [
                "chosen": "one", "elsewhere": 7,
                "candidates": [
                    [
                        "connection": "one", "region": "31.74", "priority": 1, "weight": 3, "takesOver": true,
                        "reason": "chosen", "share": .number(share),
                    ],
                    [
                        "connection": "two", "region": "ID", "priority": 1, "weight": 1, "takesOver": true,
                        "reason": "unavailable", "obstacle": "breakerOpen", "when": "channel == \"counter\"",
                    ],
                ],
            ],
            style: Style()
        )
        #expect(lines.first == "goes to one")
        #expect(lines.contains { $0.hasPrefix("one") && $0.contains("75 %") && $0.contains("chosen") })
        #expect(lines.contains { $0.contains("another one can (breakerOpen)") && $0.contains("channel ==") })
        #expect(lines.last == "7 more serve other places")
        #expect(RouteReport.lines(["candidates": [], "elsewhere": 0], style: Style()) == ["goes nowhere"])
    }

    @Test("a report has a line for each service")
    func report() {
        let start = Timestamp(milliseconds: 1_769_817_600_000)
        let line = Report.Line(
            service: ServiceID(checked: "transport.vehicle.lookup"),
            counts: [.succeeded: 8, .queued: 2, .expired: 1],
            half: .seconds(2),
            nineTenths: .seconds(90),
            oldestOpen: start
        )
        let span = ReportSpan(from: start, until: start + .seconds(86_400))
        let report = Report(span: span, lines: [line])
        let lines = ReportCommand.lines(report, style: Style(), now: start + .seconds(3600))
        #expect(lines.count == 2)
        #expect(lines[1].hasPrefix("transport.vehicle.lookup"))
        #expect(lines[1].split(separator: " ").dropFirst().prefix(5) == ["11", "2", "8", "0", "1"])
    }

    @Test("a tenant belongs to an operator's key only")
    func keys() async throws {
        let command = try KeysCommand.Create.parse([
            "--client", "ani", "--tenant", "south", "--database", "/does/not/exist/gerbang.db",
        ])
        let error = await #expect(throws: CommandError.self) { try await command.run() }
        #expect(error?.status == .usage)
        #expect(throws: Never.self) {
            try KeysCommand.Create.parse(["--client", "ani", "--operator", "--tenant", "south", "--database", "x.db"])
        }
    }

    @Test("a key of a tenant that the configuration does not have is refused; a database alone cannot tell")
    func unknownTenant() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let text = """
            storage: {path: keys.db}
            tenants: [{id: south, name: {id: S, en: S}, regions: ["31"]}]
            """
        let file = try folder.write("gerbang.yaml", text)
        let arguments = ["keys", "create", "--client", "ani", "--operator", "--tenant"]
        let refused = try Command.run(arguments + ["nope", "--config", file])
        #expect(refused.status == 2 && refused.errors.contains("there are: south"), "\(refused.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "keys.db").path))
        #expect(try Command.run(arguments + ["south", "--config", file]).status == 0)
        #expect(
            try Command.run(arguments + ["nope", "--database", folder.url.appending(path: "a.db").path]).status == 0
        )
    }
}
