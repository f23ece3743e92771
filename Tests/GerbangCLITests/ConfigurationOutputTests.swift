import ArgumentParser
import GerbangClient
import GerbangCore
import GerbangJSON
import Testing

@testable import gerbang

@Suite struct ConfigurationOutputTests {
    private static let entry: JSONValue = [
        "generation": 7, "hash": "0123456789abcdef", "at": .string(Timestamp.noon.description), "actor": "operator:ani",
        "changes": ["connections.a: added", "log.level: \"info\" → \"debug\""], "atNextStart": ["log.level"],
    ]

    @Test("A generation is told with when, who and what")
    func entry() {
        #expect(
            ConfigurationReportLines(zone: .utc).entry(Self.entry) == [
                "generation 7  2026-01-31 12:00:00  operator:ani  0123456789ab",
                "  connections.a: added", "  log.level: \"info\" → \"debug\"", "  at the next start only: log.level",
            ]
        )
        #expect(
            ConfigurationReportLines(zone: .utc).changes(["changes": [], "atNextStart": []]) == ["nothing changes"]
        )
    }

    @Test("What was refused is told with its places")
    func refused() throws {
        guard case .object(var report) = Self.entry else { return }
        report["file"] = "g.yaml"
        report["content"] = ["log": ["level": "info"]]
        report["lastFailure"] = [
            "actor": "sighup", "detail": "not usable",
            "errors": [
                ["file": "g.yaml", "line": 3, "detail": "is required"], ["file": "h.yaml", "detail": "is gone"],
            ],
        ]
        let lines = ConfigurationReportLines(zone: .utc).report(.object(report))
        #expect(lines.contains("file  g.yaml"))
        #expect(lines.contains("REFUSED since (sighup): not usable"))
        #expect(lines.contains("  g.yaml:3: is required"))
        #expect(lines.contains("  h.yaml: is gone"))
        #expect(lines.contains { $0.contains("\"level\": \"info\"") })
    }

    @Test("Issues of a configuration are told as compilers write them")
    func issues() throws {
        let problem = try #require(
            Problem(
                [
                    "code": "invalid-input", "detail": "not usable",
                    "errors": [
                        [
                            "code": "invalid-input", "detail": "is required", "file": "g.yaml", "line": 3, "column": 5,
                            "field": "id",
                        ]
                    ],
                ],
                status: 422
            )
        )
        #expect(problem.issues.first?.place == "g.yaml:3:5: id")
    }

    @Test(
        "Arguments of 'config' that do not go together are refused",
        arguments: [
            ["config", "apply", "--replacing", "3"], ["config", "diff"], ["config", "rollback", "--to", "x"],
        ]
    )
    func arguments(arguments: [String]) {
        #expect(throws: (any Error).self) { try Gerbang.parseAsRoot(arguments) }
    }

    @Test("What a connection may do is told before what it does")
    func modes() throws {
        let report = ConnectionReport(style: Style(), language: .english, now: .noon)
        for (mode, isPaused, told) in [
            ("disabled", true, "disabled"), ("draining", false, "draining, open"),
            ("draining", true, "draining, paused"),
            ("enabled", false, "open"),
        ] {
            let json: JSONValue = ["id": "a", "mode": .string(mode), "isPaused": .bool(isPaused)]
            let connection = try #require(ConnectionView(json))
            #expect(report.lines(connection).first == "a  \(told)")
        }
    }
}
