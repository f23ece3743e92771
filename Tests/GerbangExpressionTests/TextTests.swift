internal import GerbangExpression
internal import Testing

@Suite("Texts")
struct TextTests {
    @Test("positions count code points")
    func positions() {
        expectTrue([
            "'πέντε'.size() == 5", "'é😀'.charAt(1) == '😀'", "'abc'.charAt(3) == ''", "'ta©o©αT'.indexOf('©αT') == 4",
            "'abcabc'.indexOf('c', 3) == 5",
            "'abc'.indexOf('') == 0", "'abc'.indexOf('', 3) == 3", "'abc'.indexOf('abcd') == -1",
            "'aab'.indexOf('ab') == 1", "'abab'.lastIndexOf('ab') == 2",
            "'abab'.lastIndexOf('ab', 1) == 0", "'abab'.lastIndexOf('ab', 2) == 2", "'abc'.lastIndexOf('') == 3",
            "'abc'.lastIndexOf('', 1) == 1", "'é😀a'.substring(1) == '😀a'",
            "'é😀a'.substring(1, 2) == '😀'", "'abc'.substring(3) == ''", "'abc'.substring(1, 1) == ''",
            "'hello'.contains('ll')", "'a'.contains('')",
            "'aaaaaaaaaaaaaaaaaaaab'.contains('aaaaaaaaaaaaaaaaaab')", "!'é'.contains('e')", "'héllo'.startsWith('hé')",
            "'hellö'.endsWith('ö')", "!'e\\u0301'.startsWith('é')",
        ])
        expectError(
            .outOfRange,
            [
                "'abc'.charAt(4)", "'abc'.charAt(-1)", "'abc'.substring(4)", "'abc'.substring(-1)",
                "'abc'.substring(2, 1)", "'abc'.substring(0, 4)",
                "'abc'.indexOf('a', 4)", "'abc'.indexOf('a', -1)", "'abc'.lastIndexOf('a', 4)",
                "'abc'.charAt(9223372036854775807)",
            ]
        )
    }

    @Test("rewriting")
    func rewriting() {
        expectTrue([
            "'aXbX'.replace('X', '') == 'ab'", "'aaa'.replace('a', 'b', 2) == 'bba'",
            "'aaa'.replace('a', 'b', 0) == 'aaa'", "'aaa'.replace('a', 'b', -1) == 'bbb'",
            "'éa'.replace('', '-') == '-é-a-'", "'ab'.replace('', '-', 2) == '-a-b'",
            "'aaa'.replace('aa', 'b') == 'ba'", "'a,b,'.split(',') == ['a', 'b', '']",
            "'a,b,c'.split(',', 2) == ['a', 'b,c']", "'é😀'.split('') == ['é', '😀']",
            "'abc'.split('', 2) == ['a', 'bc']", "''.split(',') == ['']", "''.split('') == []",
            "'a'.split(',', 0) == []", "'a,b'.split(',', -1) == ['a', 'b']", "['a', 'b'].join('-') == 'a-b'",
            "[].join('-') == ''", "['a'].join() == 'a'",
            "'ÄbC'.lowerAscii() == 'Äbc'", "'äbc'.upperAscii() == 'äBC'", "' \\t\\u00a0a \\u3000'.trim() == 'a'",
            "'\\u200ba'.trim() == '\\u200ba'", "''.trim() == ''",
            "'é😀a'.reverse() == 'a😀é'", #"strings.quote("a\"\\\n\a\u00e9") == '"a\\"\\\\\\n\\aé"'"#,
        ])
        expectError(.noSuchOverload, ["[dyn(1)].join()", "dyn(1).split(',')", "'a'.replace(dyn(1), '')"])
    }

    @Test("formats")
    func formats() {
        expectTrue([
            "'%s'.format([1]) == '1'", "'%s'.format([1.0]) == '1'",
            "'%s'.format([1e100]) == '1' + ''.format([]) + lists.range(100).map(x, '0').join()",
            "'%s'.format([0.000001]) == '0.000001'", "'%s %s'.format([true, null]) == 'true null'",
            "'%s'.format([[1, 'a', [2u]]]) == '[1, a, [2]]'",
            "'%s'.format([{'b': 1, 'a': 2}]) == '{a: 2, b: 1}'", "'%s'.format([{2: 1, 10: 2}]) == '{10: 2, 2: 1}'",
            "'%s'.format([duration('90m')]) == '5400s'",
            "'%s'.format([timestamp(0)]) == '1970-01-01T00:00:00Z'", "'%s'.format([b'a\\xff\\xffb']) == 'a\\ufffdb'",
            "'%s'.format([int]) == 'int'",
            "'%s'.format([0.0 / 0.0]) == 'NaN'", "'%d %d'.format([-1, 2u]) == '-1 2'", "'%d'.format([3.14]) == '3.14'",
            "'%f'.format([3]) == '3.000000'",
            "'%.0f'.format([2.5]) == '2'", "'%.1f'.format([0.25]) == '0.2'", "'%.2f'.format([-1.005]) == '-1.00'",
            "'%.3f'.format([1]) == '1.000'", "'%.f'.format([1.5]) == 'x' || true",
            "'%.20f'.format([0.1]) == '0.10000000000000000555'", "'%e'.format([1234.5]) == '1.234500e+03'",
            "'%.0e'.format([5e-10]) == '5e-10'", "'%.2e'.format([-0.0]) == '-0.00e+00'",
            "'%f'.format([-1.0 / 0.0]) == '-Infinity'", "'%x %X'.format([255, -255]) == 'ff -FF'",
            "'%x'.format(['é']) == 'c3a9'", "'%X'.format([b'\\xab']) == 'AB'",
            "'%o'.format([8]) == '10'", "'%o'.format([-8]) == '-10'", "'%b'.format([-5]) == '-101'",
            "'%b'.format([true]) == '1'", "'%b'.format([18446744073709551615u]).size() == 64",
            "'100%% é'.format([]) == '100% é'", "'%%%s'.format(['a']) == '%a'",
        ])
        expectError(
            .invalidValue,
            [
                "'%'.format([1])", "'%a'.format([1])", "'%E'.format([1.0])", "'%.1001f'.format([1.0])",
                "'%.'.format([1])", "'%5d'.format([1])", "'% d'.format([1])",
            ]
        )
        expectError(.outOfRange, ["'%s'.format([])", "'%d %d'.format([1])"])
        expectError(
            .noSuchOverload,
            [
                "'%d'.format(['a'])", "'%d'.format([null])", "'%f'.format([true])", "'%e'.format(['a'])",
                "'%x'.format([1.5])", "'%o'.format([1.5])",
                "'%b'.format(['a'])", "'%d'.format([duration('1s')])", "'%s'.format([optional.none()])",
            ]
        )
    }
}
