internal import GerbangCore
internal import Testing

@Suite("Personal data prints masked")
struct MaskingTests {
    private static func nik() throws -> NIK {
        try NIK("3174015708900003", today: #require(CivilDate("2026-01-31")))
    }

    @Test("a NIK shows its province only")
    func nik() throws {
        let nik = try Self.nik()
        #expect("\(nik)" == "31**************")
        #expect(String(reflecting: nik) == "31**************")
        #expect(Mirror(reflecting: nik).children.isEmpty)
        expectHidden(nik, secrets: ["3174015708900003", "5708", "0003", "1990", "female"])
    }

    @Test("an NPWP shows its last three digits only")
    func npwp() throws {
        let npwp = try NPWP("3174015708900003")
        #expect("\(npwp)" == "*************003")
        #expect("\(npwp)".count == 16)
        #expect(Mirror(reflecting: npwp).children.isEmpty)
        expectHidden(npwp, secrets: ["3174", "5708", "90000"])
    }

    @Test("a sensitive value of any type shows nothing")
    func sensitive() {
        #expect("\(Sensitive("SITI CONTOH"))" == "[redacted]")
        #expect(String(reflecting: Sensitive(7)) == "[redacted]")
        expectHidden(Sensitive("SITI CONTOH"), secrets: ["SITI", "CONTOH"])
        expectHidden(Sensitive(["SITI": "CONTOH"]), secrets: ["SITI", "CONTOH"])
        expectHidden(Sensitive(3_174_015), secrets: ["3174015"])
        expectHidden(Sensitive(Sensitive("SITI CONTOH")), secrets: ["SITI"])
        expectHidden(Sensitive([UInt8](arrayLiteral: 222, 223)), secrets: ["222", "223"])
        #expect(Sensitive("a").revealed == "a")
        #expect(Sensitive("a") == Sensitive("a"))
        #expect(Sensitive("a") != Sensitive("b"))
    }

    @Test("an applicant hides number and name")
    func applicant() throws {
        let applicant = Applicant(nik: try Self.nik(), name: Sensitive("SITI CONTOH"))
        expectHidden(applicant, secrets: ["SITI", "3174", "1990"])
    }

    @Test("a mask is the same for two people of one province")
    func alike() throws {
        let today = try #require(CivilDate("2026-01-31"))
        let (one, two) = (try NIK("3174015708900003", today: today), try NIK("3101010101700009", today: today))
        #expect(one != two)
        #expect(renderings(of: one) == renderings(of: two))
    }
}
