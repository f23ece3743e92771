internal import GerbangCore
internal import Testing

@Suite("Technical names")
struct IdentifierTests {
    private static let longest = String(repeating: "a", count: 100)

    @Test(
        "well-formed names are taken as they are",
        arguments: ["population.identity.verify", "a", "0", "dukcapil-31_74", "a..b", "a-", longest]
    )
    func good(text: String) throws {
        #expect(try ServiceID(text).text == text)
        #expect(try ClientID(text).description == text)
        #expect(try ConnectionID(text) == ConnectionID(checked: text))
    }

    @Test(
        "others are refused",
        arguments: [
            "", "A", "Dukcapil", ".a", "-a", "_a", "a b", "a/b", "../a", "a\n", "a\0", "é", "a%2f", "a\"b", "ａ", "{a}",
            longest + "a",
        ]
    )
    func bad(text: String) {
        let error = failure { () throws(GerbangError) in _ = try AdapterID(text) }
        #expect(error?.code == .invalidInput)
        #expect(error?.message.contains("adapter") == true)
        #expect(throws: GerbangError.self) { try OperationID(text) }
    }

    @Test("names sort by their bytes")
    func order() {
        let names = ["b", "a.b", "a-b", "a", "0"].map { ServiceID(checked: $0) }
        #expect(names.sorted().map(\.text) == ["0", "a", "a-b", "a.b", "b"])
    }
}
