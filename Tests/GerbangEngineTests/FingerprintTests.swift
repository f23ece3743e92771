internal import GerbangCore
internal import GerbangJSON
internal import Testing

@testable internal import GerbangEngine

@Suite("Fingerprint of a submission")
struct FingerprintTests {
    private static func base() throws -> Submission {
        Submission(
            service: ServiceID(checked: "population.identity.verify"),
            region: try Region("31.74"),
            applicant: Applicant(
                nik: try NIK("3174015708900003", today: Timestamp(milliseconds: 1_767_578_400_000).date(in: .wib)),
                name: Sensitive("SITI CONTOH")
            ),
            payload: ["a": 1, "b": ["c": "x", "d": [1, 2, 3]], "e": .null],
            idempotencyKey: "key"
        )
    }

    @Test("the order of fields, however deep, does not matter")
    func order() throws {
        var other = try Self.base()
        other.payload = ["e": .null, "b": ["d": [1, 2, 3], "c": "x"], "a": 1]
        #expect(try Self.base().fingerprint() == other.fingerprint())
        #expect(other.fingerprint().count == 32)
    }

    @Test("neither the key nor the deadline belongs to the content")
    func without() throws {
        var other = try Self.base()
        other.idempotencyKey = "another"
        other.deadline = Timestamp(milliseconds: 1)
        #expect(try Self.base().fingerprint() == other.fingerprint())
    }

    struct Change: Sendable, CustomStringConvertible {
        var description: String
        var apply: @Sendable (inout Submission) throws -> Void
    }

    static let changes: [Change] = [
        Change(description: "service") { $0.service = ServiceID(checked: "population.person.lookup") },
        Change(description: "region") { $0.region = try Region("31.73") },
        Change(description: "nation") { $0.region = .nation },
        Change(description: "channel") { $0.channel = .kiosk },
        Change(description: "no name") { $0.applicant.name = nil },
        Change(description: "empty name") { $0.applicant.name = Sensitive("") },
        Change(description: "another name") { $0.applicant.name = Sensitive("SITI  CONTOH") },
        Change(description: "no NIK") { $0.applicant.nik = nil },
        Change(description: "another value") { $0.payload = ["a": 2, "b": ["c": "x", "d": [1, 2, 3]], "e": .null] },
        Change(description: "another type") { $0.payload = ["a": "1", "b": ["c": "x", "d": [1, 2, 3]], "e": .null] },
        Change(description: "a field less") { $0.payload = ["a": 1, "b": ["c": "x", "d": [1, 2, 3]]] },
        Change(description: "another order of a list") {
            $0.payload = ["a": 1, "b": ["c": "x", "d": [3, 2, 1]], "e": .null]
        },
        Change(description: "a field elsewhere") {
            $0.payload = ["a": 1, "c": "x", "b": ["d": [1, 2, 3]], "e": .null]
        },
        Change(description: "another case") { $0.payload = ["A": 1, "b": ["c": "x", "d": [1, 2, 3]], "e": .null] },
        Change(description: "white space") { $0.payload = ["a": 1, "b": ["c": "x ", "d": [1, 2, 3]], "e": .null] },
        Change(description: "no object") { $0.payload = .null },
    ]

    @Test("any change of the content matters")
    func changes() throws {
        var seen = [try Self.base().fingerprint(): "nothing"]
        for change in Self.changes {
            var other = try Self.base()
            try change.apply(&other)
            let earlier = seen.updateValue(change.description, forKey: other.fingerprint())
            #expect(earlier == nil, "\(change) is taken for \(earlier ?? "")")
        }
    }

    @Test("a number is the same number only digit by digit")
    func digits() throws {
        var (one, other) = (try Self.base(), try Self.base())
        one.payload = .number(try #require(JSONNumber("3174015708900003")))
        other.payload = .number(try #require(JSONNumber("3174015708900004")))
        #expect(one.fingerprint() != other.fingerprint())
    }
}
