internal import GerbangCore
internal import Testing

@Suite("NIB and NPWP")
struct NumberTests {
    @Test("13 digits are a NIB", arguments: ["1234567890123", "0000000000000", "9120000000001"])
    func goodNIB(text: String) throws {
        #expect(try NIB(text).description == text)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "123456789012", "12345678901234", "123456789012a", " 234567890123", "1234567890123\n", "１２３４５６７８９０１２３",
            "1.234.567.890", "-123456789012", "+123456789012", "1234567é90123",
        ]
    )
    func badNIB(text: String) {
        let error = failure { () throws(GerbangError) in _ = try NIB(text) }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains("13 digits") == true)
    }

    @Test(
        "an NPWP is read in every written form",
        arguments: [
            ("3174015708900003", "3174015708900003"), ("012345678017000", "0012345678017000"),
            ("01.234.567.8-017.000", "0012345678017000"), ("12.345.678.9-012.345", "0123456789012345"),
            ("0012345678017000", "0012345678017000"),
        ]
    )
    func goodNPWP(text: String, revealed: String) throws {
        #expect(try NPWP(text).revealed == revealed)
    }

    @Test("an old number equals its new form")
    func npwpForms() throws {
        #expect(try NPWP("01.234.567.8-017.000") == NPWP("0012345678017000"))
    }

    @Test(
        "anything else is none, and the digits are not repeated",
        arguments: [
            "", "...---", "12345678901234", "12345678901234567", "12345678901234x", "１２３４５６７８９０１２３４５",
            "12 345 678 9 012 345",
            "12/345/678/9/012/345", "123456789012345\r\n",
        ]
    )
    func badNPWP(text: String) throws {
        let error = try #require(failure { () throws(GerbangError) in _ = try NPWP(text) })
        #expect(error.code == .invalidInput)
        #expect(!error.message.contains("1234"))
    }
}
