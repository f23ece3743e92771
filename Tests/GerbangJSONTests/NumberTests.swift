internal import GerbangJSON
internal import Testing

@Suite("Numbers")
struct NumberTests {
    @Test(
        "every digit survives parsing and writing",
        arguments: [
            "3174015708900003", "198503302010011002", "1500000.10", "-0", "0", "1E400", "1.0", "-1.50e-07", "1e+2",
            "123456789012345678901234567890123456789012345678901234567890", "0.000", "18446744073709551616",
        ]
    )
    func toTheDigit(text: String) throws {
        for format in [JSONValue.Format.compact, .pretty, .canonical] {
            #expect(try JSONValue(parsing: text).text(format) == text)
        }
        #expect(JSONNumber(text)?.text == text)
    }

    @Test(
        "only the grammar's numbers are taken",
        arguments: [
            "", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "0x1", "1_000", " 1", "1 ", "NaN", "1.2.3", "١",
        ]
    )
    func notNumbers(text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test(
        "an integer is given if it is exact",
        arguments: [
            ("0", 0, 0), ("-0", 0, 0), ("1.0", 1, 1), ("1e2", 100, 100), ("-1.20e1", -12, nil), ("0.5", nil, nil),
            ("1e-1", nil, nil), ("10e-1", 1, 1), ("0e99999999999999999999", 0, 0), ("1e99999999999999999999", nil, nil),
            ("1e400", nil, nil), ("9223372036854775807", .max, 9_223_372_036_854_775_807),
            ("9223372036854775808", nil, 9_223_372_036_854_775_808), ("-9223372036854775808", .min, nil),
            ("-9.223372036854775808e18", .min, nil), ("-9223372036854775809", nil, nil),
            ("18446744073709551615.0", nil, .max), ("18446744073709551616.0", nil, nil),
            ("1e19", nil, 10_000_000_000_000_000_000),
            ("1e20", nil, nil), ("3174015708900003", 3_174_015_708_900_003, 3_174_015_708_900_003),
        ] as [(String, Int64?, UInt64?)]
    )
    func integers(text: String, signed: Int64?, unsigned: UInt64?) throws {
        let number = try #require(JSONNumber(text))
        #expect(number.int64 == signed)
        #expect(number.uint64 == unsigned)
        #expect(JSONValue.number(number).intValue == signed.flatMap { Int(exactly: $0) })
    }

    @Test("doubles come and go in the shortest text")
    func doubles() throws {
        for value in [0.1, -0.0, 5, 1e22, 1e-7, .leastNonzeroMagnitude, .greatestFiniteMagnitude] as [Double] {
            let number = try #require(JSONNumber(value))
            #expect(number.double.bitPattern == value.bitPattern)
            #expect(JSONNumber(number.text) == number)
        }
        for value in [Double.nan, .infinity, -.infinity] { #expect(JSONNumber(value) == nil) }
        #expect(JSONNumber("1E400")?.double == .infinity)
        #expect(JSONNumber("-1E400")?.double == -.infinity)
        #expect(JSONNumber("1E-400")?.double == 0)
        #expect(JSONNumber(UInt64.max).text == "18446744073709551615")
        #expect(JSONNumber(Int8.min).text == "-128")
    }

    @Test("amounts are compared exactly, however they are written")
    func amounts() throws {
        let equal = [("1", "1.0"), ("100", "1e2"), ("0", "-0.00e5"), ("1500000.10", "15000001E-1"), ("1e99", "10e98")]
        for (left, right) in equal {
            let (left, right) = (try #require(JSONNumber(left)), try #require(JSONNumber(right)))
            #expect(left.isNumericallyEqual(to: right))
            #expect(left != right)
        }
        let different = [
            ("1", "-1"), ("9007199254740993", "9007199254740992"), ("1e400", "1e401"), ("0.1", "0.10000000000000001"),
            ("1e99999999999999999999", "1e99999999999999999998"), ("0", "1e-400"),
        ]
        for (left, right) in different {
            let (left, right) = (try #require(JSONNumber(left)), try #require(JSONNumber(right)))
            #expect(!left.isNumericallyEqual(to: right))
        }
    }
}
