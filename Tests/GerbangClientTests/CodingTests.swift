internal import Gerbang
internal import Testing

@testable internal import GerbangClient
@testable internal import GerbangServer

@Suite("What one side writes, the other reads")
struct CodingTests {
    private static let noon = Timestamp(milliseconds: 1_769_860_800_000)

    @Test("A submission, with everything that it can have")
    func submission() throws {
        let submission = Submission(
            service: .bookInspection,
            region: try Region("31.74.01"),
            applicant: Applicant(
                nik: try NIK("3174015708900003", today: Self.noon.date(in: .wib)),
                name: Sensitive("SITI CONTOH")
            ),
            channel: .counter,
            officer: Officer(id: try OfficerID("ani"), name: Sensitive("ANI CONTOH"), counter: "A-12"),
            payload: ["plate": "B 1234 XYZ", "distance": 12],
            idempotencyKey: "visit-1",
            deadline: Self.noon + .milliseconds(1),
            callback: try Callback(url: "https://mpp.example/calls?token=1")
        )
        #expect(try Submission(body: submission.body, idempotencyKey: "visit-1", now: Self.noon) == submission)
        let bare = try Submission(.lookUpPerson, in: "ID", key: "visit-2", payload: ["nik": "3174015708900003"])
        #expect(try Submission(body: bare.body, idempotencyKey: "visit-2", now: Self.noon) == bare)
    }

    @Test("A status, in every state and with everything that it can have", arguments: RequestState.allCases)
    func status(state: RequestState) throws {
        var generator = SystemRandomNumberGenerator()
        var status = RequestStatus(
            id: RequestID(at: Self.noon, using: &generator),
            client: try ClientID("mpp-jaksel"),
            service: .bookInspection,
            region: try Region("31"),
            channel: .kiosk,
            connection: try ConnectionID("dishub"),
            state: state,
            acceptedAt: Self.noon,
            updatedAt: Self.noon + .seconds(1),
            deadline: Self.noon + .seconds(3600)
        )
        #expect(RequestStatus(json: status.json(in: .indonesian)) == status)
        status.officer = Officer(id: try OfficerID("ani"), counter: "A-12")
        status.reason = .outsideHours
        status.dueAt = Self.noon + .seconds(2)
        status.attempts = 3
        status.isCancelRequested = true
        status.finishedAt = Self.noon + .seconds(3)
        status.output = ["bookingNumber": "1", "at": nil]
        status.agencyReference = "KIR-1"
        status.error = GerbangError(
            .agencyRejected,
            "no",
            field: JSONPointer.root.appending("payload").appending("a/b"),
            agencyCode: "K404",
            texts: LocalizedText(id: "Tidak.", en: "No.")
        )
        status.isDeadLetter = true
        status.callback = CallbackSummary(delivered: 1, pending: 2, failed: 3)
        status.progress = ProgressNotice(
            of: status,
            in: ProgressContext(Wording(agency: nil, zone: .wita, now: Self.noon))
        )
        #expect(RequestStatus(json: status.json(in: .english)) == status)
        status.error = GerbangError(.agencyNotFound, "unknown")
        #expect(RequestStatus(json: status.json(in: .english)) == status)
    }

    @Test(
        "What is no status is none",
        arguments: ["id", "client", "service", "region", "channel", "connection", "state"]
    )
    func noStatus(field: String) throws {
        var generator = SystemRandomNumberGenerator()
        let status = RequestStatus(
            id: RequestID(at: Self.noon, using: &generator),
            client: .embedded,
            service: .lookUpPerson,
            region: .nation,
            channel: .online,
            connection: try ConnectionID("dukcapil"),
            state: .queued,
            acceptedAt: Self.noon,
            updatedAt: Self.noon,
            deadline: Self.noon
        )
        let whole = status.json(in: .english)
        for value: JSONValue? in [nil, .null, "", "a b", 1] {
            var members = try #require(whole.objectValue)
            members[field] = value
            #expect(RequestStatus(json: .object(members)) == nil)
        }
        #expect(RequestStatus(json: whole) == status)
    }
}
