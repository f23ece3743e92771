internal import GerbangExpression
internal import Testing

@Suite("Operators")
struct OperatorTests {
    @Test("integer arithmetic is exact or an error")
    func integers() {
        expectTrue([
            "7 / 2 == 3", "-7 / 2 == -3", "7 % -2 == 1", "-7 % 2 == -1",
            "9223372036854775806 + 1 == 9223372036854775807",
            "18446744073709551614u + 1u == 18446744073709551615u", "7u / 2u == 3u", "2 + 3 * 4 - 1 == 13",
            "(2 + 3) * 4 == 20",
            "-(-9223372036854775807) == 9223372036854775807",
        ])
        expectError(
            .overflow,
            [
                "9223372036854775807 + 1", "-9223372036854775808 - 1", "9223372036854775807 * 2",
                "-(-9223372036854775808)",
                "-9223372036854775808 / -1", "-9223372036854775808 % -1", "0u - 1u", "18446744073709551615u + 1u",
                "9223372036854775808u * 2u",
            ]
        )
        expectError(.divisionByZero, ["1 / 0", "1 % 0", "1u / 0u", "1u % 0u"])
    }

    @Test("doubles follow IEEE 754")
    func doubles() throws {
        expectTrue([
            "1.0 / 0.0 == double('inf')", "-1.0 / 0.0 == double('-inf')", "0.0 / 0.0 != 0.0 / 0.0", "-0.0 == 0.0",
            "1.0 / -0.0 == double('-inf')", "!(0.0 / 0.0 < 1.0)", "!(0.0 / 0.0 >= 1.0)", "0.1 + 0.2 != 0.3",
        ])
        #expect(try evaluate("-0.0") == .double(-0.0))
        expectError(.wrongType, ["1.0 % 2.0", "1 + 1.0", "1u + 1", "-1u"])
        expectError(.noSuchOverload, ["1.0 % 2.0", "1 + 1.0", "'a' + 1", "-(1u)", "-'a'", "!1"], isChecked: false)
    }

    @Test("numbers of different types compare by amount")
    func mixedComparison() {
        expectTrue([
            "dyn(1) == 1u", "dyn(1u) == 1.0", "dyn(-1) != 18446744073709551615u", "1 < 2.5", "2u > 1", "dyn(-1) < 0u",
            "9223372036854775807 < 9223372036854775808u", "1.5 >= 1", "dyn(2.0) in [1, 2]", "{1: 'a'}[dyn(1.0)] == 'a'",
            "dyn('1') != 1", "dyn(null) != 0", "dyn([1]) == [1.0]", "dyn({1: 1}) == {1u: 1.0}",
            "!(dyn(1) < 0.0 / 0.0)", "!(dyn(1u) >= 0.0 / 0.0)", "dyn(9223372036854775807) < 1e19", "dyn(0u) > -1e300",
        ])
    }

    @Test("order")
    func order() {
        expectTrue([
            "'Z' < 'a'", "'a' < 'aa'", "'é' > 'z'", "'\u{FFFF}' < '😀'", "b'\\x00' < b'\\x00\\x00'", "b'\\xff' > b'a'",
            "false < true",
            "timestamp(1) > timestamp(0)", "duration('1s') < duration('1m')", "true >= true",
        ])
        expectError(.wrongType, ["[1] < [2]", "{} < {}", "'a' < 1", "type(1) < type(2)"])
        expectError(.noSuchOverload, ["[1] < [2]", "null <= null", "'a' < 1"], isChecked: false)
    }

    @Test("equality of aggregates and of other kinds")
    func equality() {
        expectTrue([
            "{'a': 1, 'b': [2]} == {'b': [2], 'a': 1}", "[1, [2]] != [1, [3]]", "null == null", "type(1) == int",
            "type(type(1)) == type", "type(null) == null_type", "type([]) == list", "type({}) == map",
            "type(b'') == bytes",
            "type(1u) == uint", "type(timestamp(0)) == google.protobuf.Timestamp", "type('') != type(b'')",
            "type(optional.none()) == optional_type", "type(duration('1s')) == google.protobuf.Duration",
            "type(ip('::1')) == net.IP", "[0.0 / 0.0] != [0.0 / 0.0]",
        ])
    }

    @Test("errors are values that logic may absorb, from either side")
    func logic() {
        expectTrue([
            "1 / 0 == 1 || true", "true || 1 / 0 == 1", "!(1 / 0 == 1 && false)", "!(false && 1 / 0 == 1)",
            "true ? true : 1 / 0 == 1",
            "1 / 0 == 1 || 1 / 0 == 1 || true", "[0, 1].exists(x, 1 / x == 1)", "![0, 1].all(x, 1 / x == 2)",
            "(1 / 0 == 1 && false) == false",
        ])
        expectTrue(["'a' || true", "!('a' && false)", "unknown || true", "unknown(1) || true"], isChecked: false)
        expectError(
            .divisionByZero,
            [
                "1 / 0 == 1 || false", "1 / 0 == 1 && true", "1 / 0 == 1 ? 1 : 2", "[0, 2].exists(x, 1 / x == 1)",
                "[1, 0].all(x, 1 / x == 1)", "[1, 0].exists_one(x, 1 / x == 1)", "[1, 0].map(x, 1 / x)", "[1 / 0]",
                "{'a': 1 / 0}",
                "cel.bind(x, 1 / 0, x)",
            ]
        )
        expectError(
            .noSuchOverload,
            ["'a' && true", "1 ? 2 : 3", "[1].all(x, x)", "[1].filter(x, 'a')"],
            isChecked: false
        )
    }

    @Test("elements and fields")
    func selection() {
        expectTrue([
            "[1, 2][1] == 2", "[1, 2][dyn(1u)] == 2", "[1, 2][dyn(1.0)] == 2", "{'a': {'b': 1}}.a.b == 1",
            "{'a': 1}['a'] == 1",
            "has({'a': null}.a)", "!has({'a': 1}.b)", "!has({'a': {}}.a.b)", "2 in [1, 2]", "'a' in {'a': 1}",
            "!('b' in {'a': 1})",
            "!(dyn(1.5) in {1: 1})", "!(dyn(b'a') in {'a': 1})",
        ])
        expectError(
            .outOfRange,
            ["[1][1]", "[1][-1]", "[][0]", "[1][9223372036854775807]", "[1][dyn(18446744073709551615u)]"]
        )
        expectError(.noSuchKey, ["{'a': 1}.b", "{1: 1}[2]", "{'a': 1}['b']", "{1: 1}[dyn('1')]", "{1: 1}[dyn(1.5)]"])
        expectError(
            .noSuchOverload,
            ["[1][dyn('0')]", "[1][dyn(0.5)]", "dyn(1).a", "dyn('a')[0]", "has(dyn(1).a)", "1 in dyn(1)"]
        )
    }

    @Test("concatenation")
    func concatenation() {
        expectTrue([
            "'a' + 'b' + '' == 'ab'", "b'a' + b'\\xff' == b'a\\xff'", "[1] + [] + [2] == [1, 2]",
            "[dyn(1)] + ['a'] == [dyn(1), 'a']",
        ])
    }
}
