internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes
internal import OSSAdapter
internal import Testing

@Suite("The status of a permit")
struct StatusTests {
    private static let clock: [(String, ServiceLevelEffect)] = [
        ("05", .unchanged), ("09", .unchanged), ("10", .unchanged), ("11", .unchanged), ("12", .unchanged),
        ("20", .unchanged), ("30", .unchanged), ("31", .unchanged), ("32", .unchanged), ("33", .unchanged),
        ("34", .unchanged), ("40", .unchanged), ("41", .pause), ("42", .resume), ("43", .pauseAndReset),
        ("44", .restart), ("45", .unchanged), ("49", .unchanged), ("50", .unchanged), ("52", .unchanged),
        ("57", .unchanged), ("58", .unchanged), ("60", .unchanged), ("70", .unchanged), ("80", .unchanged),
        ("90", .unchanged), ("93", .unchanged),
    ]

    @Test("every status of the guide does what the guide says to the clock of the decision", arguments: clock)
    func serviceLevel(code: String, effect: ServiceLevelEffect) {
        let status = PermitStatus(code: code)
        #expect(status.serviceLevel == effect)
        #expect(status.title != nil)
    }

    @Test("the table is complete")
    func complete() {
        #expect(Set(Self.clock.map(\.0)) == Set(PermitStatus.titles.keys))
        #expect(Self.clock.count == 27)
    }

    @Test("a code that the guide does not have, or no longer, says nothing", arguments: ["00", "91", "92", "99", "X7"])
    func unknown(code: String) {
        let status = PermitStatus(code: code)
        #expect(status.code == code)
        #expect(status.title == nil)
        #expect(status.serviceLevel == .unknown)
    }

    /// What an inquiry finds: the status sent, the status before, the status at OSS, and what follows for a report and
    /// for an issued permit.
    private static let findings: [(sent: String, before: String?, now: JSONValue, report: String, issue: String)] = [
        ("41", "10", "41", "done", "done"), ("41", "10", 41, "done", "done"), ("41", "10", "10", "notDone", "notDone"),
        ("41", "10", "42", "unclear", "unclear"), ("41", nil, "41", "done", "unclear"),
        ("41", nil, "10", "unclear", "unclear"), ("41", "41", "41", "unclear", "unclear"),
        ("41", "41", "10", "unclear", "unclear"), ("05", "09", 5, "done", "done"),
        ("41", "05", 5, "notDone", "notDone"),
        ("41", "10", "", "unclear", "unclear"), ("41", "10", nil, "unclear", "unclear"),
        ("41", "10", ["41"], "unclear", "unclear"), ("77", "10", "77", "done", "done"),
    ]

    @Test(
        "what the present status proves",
        arguments: findings.indices,
        [OSSOperation.receiveLicenseStatus, .receiveLicense]
    )
    func finding(index: Int, origin: OSSOperation) throws {
        let row = Self.findings[index]
        let base = origin == .receiveLicense ? Support.issue : Support.report
        let payload = Support.with(
            base.objectValue ?? [:],
            ["status": .string(row.sent), "previousStatus": row.before.map { .string($0) } ?? .null]
        )
        let call = try Support.call(.checkLicenseStatus, payload, for: origin)
        for wrapper in [
            "responcheckLicenseStatus", "responcheckStatusLicense", "responsecheckStatusLicense", " respon ",
        ] {
            let data: JSONValue = ["id_izin": .string(Support.permitID), "kd_status": row.now]
            let answer: JSONValue = .object([wrapper: ["kode": "200", "keterangan": "Sukses", "dataIZIN": data]])
            let finding = try Support.adapter().assess(Support.exchange(answer.encoded(), for: call), for: call)
            #expect(finding.name == (origin == .receiveLicense ? row.issue : row.report))
        }
    }

    @Test("the status 50 is what a permit is handed in with unless another is given")
    func defaultStatus() throws {
        let call = try Support.call(.checkLicenseStatus, for: .receiveLicense)
        let answer: JSONValue = [
            "responcheckLicenseStatus": [
                "kode": 200, "dataIZIN": ["id_izin": .string(Support.permitID), "kd_status": "50"],
            ]
        ]
        let finding = try Support.adapter().assess(Support.exchange(answer.encoded(), for: call), for: call)
        guard case .done(let output, let reference) = finding else {
            Issue.record("\(finding.name)")
            return
        }
        #expect(output["permitNumber"] == "503/001/2026")
        #expect(reference == nil)
    }

    private static let refusals: [(code: Int, explanation: String, status: Int, finding: String)] = [
        (400, "Data izin tidak ditemukan", 200, "notDone"), (404, "Data tidak ditemukan", 404, "notDone"),
        (400, "Data Parameter Salah", 200, "unclear"), (400, "Parameter tidak ditemukan", 200, "unclear"),
        (404, "Service Tidak Ditemukan", 200, "unclear"), (404, "Data / Service Tidak Ditemukan.", 200, "unclear"),
        (401, "User Akses Tidak Valid", 200, "unclear"), (403, "Data izin tidak ditemukan", 200, "unclear"),
        (405, "", 405, "unclear"), (500, "Data izin tidak ditemukan", 200, "unclear"), (504, "", 504, "unclear"),
        (777, "Data izin tidak ditemukan", 200, "unclear"), (200, "Data izin tidak ditemukan", 200, "unclear"),
    ]

    @Test("only the word that there is no such permit proves that nothing was done", arguments: refusals)
    func refusal(code: Int, explanation: String, status: Int, finding: String) throws {
        let call = try Support.call(.checkLicenseStatus, for: .receiveLicenseStatus)
        let answer: JSONValue = [
            "responsecheckStatusLicense": [
                "kode": .number(JSONNumber(code)), "keterangan": .string(explanation), "dataIZIN": ["id_izin": ""],
            ]
        ]
        let exchange = try Support.exchange(answer.encoded(), status: status, for: call)
        #expect(try Support.adapter().assess(exchange, for: call).name == finding)
    }

    @Test("the status of another permit proves nothing")
    func otherPermit() throws {
        let call = try Support.call(.checkLicenseStatus, for: .receiveLicenseStatus)
        let answer: JSONValue = [
            "responcheckLicenseStatus": ["kode": 200, "dataIZIN": ["id_izin": "I-2", "kd_status": "41"]]
        ]
        let finding = try Support.adapter().assess(Support.exchange(answer.encoded(), for: call), for: call)
        #expect(finding.name == "unclear")
    }

    @Test("an inquiry that is asked to wait waits")
    func waits() throws {
        let call = try Support.call(.checkLicenseStatus, for: .receiveLicenseStatus)
        let exchange = try Support.exchange([], status: 429, fields: [.retryAfter: "120"], for: call)
        guard case .unclear(_, let delay) = try Support.adapter().assess(exchange, for: call) else {
            Issue.record("not unclear")
            return
        }
        #expect(delay == .seconds(120))
    }
}
