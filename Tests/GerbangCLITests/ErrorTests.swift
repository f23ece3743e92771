import ArgumentParser
import GerbangClient
import GerbangConfiguration
import GerbangCore
import GerbangJSON
import Testing

@testable import gerbang

/// Swift Testing has an exit status too.
private typealias Status = gerbang.ExitStatus

@Suite struct ErrorTests {
    @Test(
        "The exit code tells how an awaited request ended",
        arguments: [
            (RequestState.succeeded, Status.done), (.rejected, .refused), (.failed, .refused), (.expired, .refused),
            (.cancelled, .refused), (.queued, .timedOut), (.running, .timedOut), (.inDoubt, .timedOut),
            (.awaitingAgency, .timedOut),
        ]
    )
    fileprivate func awaited(state: RequestState, status: Status) {
        #expect(Status(awaited: state) == status)
    }

    @Test(
        "The exit code tells what a problem amounts to",
        arguments: [
            (GerbangError.Code.unauthorized, Status.unauthorized), (.forbidden, .unauthorized),
            (.notFound, .notFound),
            (.storageUnavailable, .unreachable), (.shuttingDown, .unreachable), (.conflict, .refused),
            (.invalidInput, .refused), (.tooLarge, .refused), (.internalFault, .refused),
        ]
    )
    fileprivate func problems(code: GerbangError.Code, status: Status) throws {
        let document: JSONValue = ["code": .string(code.rawValue), "status": .number(JSONNumber(code.status))]
        #expect(CommandError(try #require(Problem(document, status: code.status))).status == status)
    }

    @Test("Errors of every kind keep their exit code")
    func reports() {
        func report(_ error: any Error) -> CommandRunner.Report {
            CommandRunner.report(of: error, from: Gerbang.self, style: Style())
        }
        #expect(report(CommandError(.timedOut, "late")) == .init(code: 6, text: "Error: late"))
        #expect(report(ExitCode(5)) == .init(code: 5, text: ""))
        #expect(report(ValidationError("no")).code == 2)
        #expect(report(GerbangError(.conflict, "no")).code == 1)
    }

    @Test("Every exit code stands in the help")
    func help() {
        let lines = Status.help.split(separator: "\n").dropFirst().map { $0.trimmingPrefix(while: \.isWhitespace) }
        #expect(lines.compactMap { $0.first?.wholeNumberValue } == Status.allCases.map { Int($0.rawValue) })
    }

    @Test("A problem names the field and says what to do")
    func invalidInput() throws {
        let document: JSONValue = [
            "type": "urn:gerbang:problem:invalid-input", "title": "Invalid input", "status": 422,
            "code": "invalid-input",
            "detail": "must have 16 digits", "field": "/payload/nik", "blame": "client", "retryable": false,
        ]
        let error = CommandError(try #require(Problem(document, status: 422)))
        #expect(
            error.text(Style()) == """
                Error: Invalid input (422 invalid-input)
                  /payload/nik: must have 16 digits
                  -> correct the fields named above; 'gerbang services show SERVICE' gives the form of the input
                """
        )
    }

    @Test("A problem with several issues tells them all")
    func severalIssues() throws {
        let document: JSONValue = [
            "title": "Invalid input", "status": 422, "code": "invalid-input", "detail": "is required",
            "field": "/region",
            "errors": [
                ["code": "invalid-input", "detail": "is required", "field": "/region"],
                ["code": "unknown-service", "detail": "no such service", "field": "/service"],
            ],
        ]
        let error = CommandError(try #require(Problem(document, status: 422)))
        #expect(error.details == ["/region: is required", "/service: no such service"])
    }

    private static let places: [(JSONObject, String)] = [
        (["header": "Idempotency-Key"], "header field Idempotency-Key: bad"),
        (["parameter": "limit"], "query parameter limit: bad"),
        (["line": 3, "column": 7], "line 3, column 7 of the body: bad"),
        (["field": ""], "the whole body: bad"),
        ([:], "bad"),
    ]

    @Test("A place outside the body is told too", arguments: places)
    func place(more: JSONObject, detail: String) throws {
        var document: JSONObject = ["code": "malformed-request", "detail": "bad"]
        for (key, value) in more { document[key] = value }
        #expect(CommandError(try #require(Problem(.object(document), status: 400))).details == [detail])
    }

    @Test("An issue of a configuration is told as compilers do")
    func configurationIssues() throws {
        let adapters = try AdapterRegistry()
        let invalid = #expect(throws: ConfigurationFile.Invalid.self) {
            try ConfigurationFile.parse("server:\n  port: high\n", file: "g.yaml", adapters: adapters)
        }
        let issue = try #require(invalid?.issues.first)
        #expect(ConfigurationCheck.line(issue, style: Style()).hasPrefix("g.yaml:2:3: error: server.port: "))
        let report = ConfigurationCheck.report([issue])
        #expect(report["isValid"] == false)
        #expect(report["issues"]?[0]?["line"] == 2)
        #expect(report["issues"]?[0]?["field"] == "server.port")
    }

    @Test("A configuration that cannot be read is an issue without a line")
    func missingConfiguration() throws {
        let options = try DatabaseOptions.parse(["--config", "/does/not/exist.yaml"])
        let error = #expect(throws: CommandError.self) { try options.open(mayCreate: false) }
        #expect(error?.status == .usage)
        #expect(error?.details.first?.hasPrefix("/does/not/exist.yaml: ") == true)
    }
}
