internal import GerbangExpression
internal import Testing

@Suite("Functions")
struct FunctionTests {
    @Test("conversions")
    func conversions() {
        expectTrue([
            "int('-42') == -42", "int('+7') == 7", "int(3.9) == 3", "int(-3.9) == -3", "int(timestamp(5)) == 5",
            "int(7u) == 7",
            "uint('42') == 42u", "uint(3.9) == 3u", "uint(5) == 5u", "double('-1.5e3') == -1500.0", "double(3) == 3.0",
            "math.isNaN(double('NaN'))", "double('-Infinity') == -1.0 / 0.0", "string(1) == '1'", "string(1u) == '1'",
            "string(true) == 'true'", "string(1.0) == '1'", "string(1500000.5) == '1500000.5'", "string(0.1) == '0.1'",
            "string(1e21) == '1e+21'", "string(1e-7) == '1e-07'", "string(-0.0045) == '-0.0045'",
            "string(b'abc') == 'abc'",
            "string(0.0 / 0.0) == 'NaN'", "string(1.0 / 0.0) == 'Infinity'", "bytes('abc') == b'abc'", "bool('true')",
            "!bool('F')",
            "dyn(1) == 1", "string('a') == 'a'", "string(123456789012345680000.0) == '123456789012345680000'",
        ])
        expectError(
            .overflow,
            [
                "int(1e19)", "int(-9223372036854775808.0)", "int(0.0 / 0.0)", "int(18446744073709551615u)", "uint(-1)",
                "uint(-1.0)", "uint(18446744073709551616.0)", "double('1e400')", "timestamp(253402300800)",
                "timestamp(-62135596801)",
            ]
        )
        expectError(
            .invalidValue,
            [
                "int('')", "int('1.0')", "int(' 1')", "int('0x1')", "int('9223372036854775808')", "uint('-1')",
                "uint('+1')",
                "double('')", "double('1 ')", "bool('yes')", "bool('tRUE')", "timestamp('now')", "duration('1')",
            ]
        )
        expectError(.wrongType, ["int(true)", "bool(1)", "bytes(1)", "string([1])", "uint(null)"])
    }

    @Test("moments")
    func moments() {
        let moment = "timestamp('2009-02-13T23:31:30.123456789Z')"
        expectTrue([
            "\(moment).getFullYear() == 2009", "\(moment).getMonth() == 1", "\(moment).getDate() == 13",
            "\(moment).getDayOfMonth() == 12", "\(moment).getDayOfWeek() == 5", "\(moment).getDayOfYear() == 43",
            "\(moment).getHours() == 23", "\(moment).getMinutes() == 31", "\(moment).getSeconds() == 30",
            "\(moment).getMilliseconds() == 123", "\(moment).getDate('Asia/Jakarta') == 14",
            "\(moment).getHours('+07:00') == 6",
            "\(moment).getHours('07:00') == 6", "\(moment).getMinutes('-00:30') == 1",
            "\(moment).getHours('WITA') == 7",
            "\(moment).getHours('WIT') == 8", "\(moment).getHours('UTC') == 23",
            "\(moment).getMilliseconds('WIB') == 123",
            "\(moment).getDayOfYear('Australia/Sydney') == 44", "\(moment).getMinutes('Asia/Kathmandu') == 16",
            "timestamp('2100-07-01T00:00:00Z').getHours('Europe/Paris') == 2",
            "timestamp('2100-01-01T00:00:00Z').getHours('Europe/Paris') == 1",
            "timestamp('2026-03-29T00:59:59Z').getHours('Europe/Paris') == 1",
            "timestamp('2026-03-29T01:00:00Z').getHours('Europe/Paris') == 3",
            "timestamp('2100-01-01T00:00:00Z').getHours('Australia/Sydney') == 11",
            "timestamp('2009-02-14T06:31:30+07:00') == timestamp('2009-02-13T23:31:30Z')",
            "string(timestamp('2009-02-13T23:31:30.100Z')) == '2009-02-13T23:31:30.1Z'",
            "string(timestamp('0001-01-01T00:00:00Z')) == '0001-01-01T00:00:00Z'",
            "timestamp('1969-12-31T23:59:59Z').getSeconds() == 59",
            "timestamp('2024-02-29T00:00:00Z').getDayOfYear() == 59",
            "timestamp('1900-03-01T00:00:00Z').getDayOfYear() == 59",
        ])
        expectError(
            .invalidValue,
            [
                "timestamp('0000-12-31T23:59:59Z')", "timestamp('0001-01-01T00:00:00+00:01')",
                "timestamp('9999-12-31T23:59:59-00:01')",
                "timestamp('2023-02-29T00:00:00Z')", "timestamp('2023-01-01T24:00:00Z')",
                "timestamp('2023-01-01T00:00:60Z')",
                "timestamp('2023-01-01')", "timestamp('2023-01-01T00:00:00')", "timestamp('2023-01-01T00:00:00.Z')",
                "timestamp(0).getHours('Atlantis/City')", "timestamp(0).getHours('../UTC')",
                "timestamp(0).getHours('/etc/localtime')",
                "timestamp(0).getHours('Asia')", "timestamp(0).getHours('+7')",
            ]
        )
    }

    @Test("durations")
    func durations() {
        expectTrue([
            "duration('1h30m') == duration('5400s')", "duration('1.5s') == duration('1500ms')",
            "duration('-1m') == duration('-60s')",
            "duration('0') == duration('0s')", "duration('.5s') == duration('500ms')",
            "duration('1us') == duration('1000ns')",
            "duration('1µs') == duration('1us')", "string(duration('1h')) == '3600s'",
            "string(duration('-1500ms')) == '-1.5s'",
            "string(duration('1ns')) == '0.000000001s'", "duration('90m').getHours() == 1",
            "duration('90m').getMinutes() == 90",
            "duration('-90s').getMinutes() == -1", "duration('1.234s').getMilliseconds() == 234",
            "duration('2h').getSeconds() == 7200",
            "timestamp(10) - timestamp(4) == duration('6s')", "timestamp(10) - duration('4s') == timestamp(6)",
            "duration('4s') + timestamp(10) == timestamp(14)", "duration('1s') - duration('2s') == duration('-1s')",
            "timestamp('2000-01-01T00:00:00.5Z') + duration('500ms') == timestamp('2000-01-01T00:00:01Z')",
            "timestamp(0) - duration('1ns') == timestamp('1969-12-31T23:59:59.999999999Z')",
        ])
        expectError(
            .overflow,
            [
                "timestamp('9999-12-31T23:59:59Z') + duration('1s')",
                "timestamp('0001-01-01T00:00:00Z') - duration('1ns')",
                "timestamp('9999-12-31T23:59:59Z') - timestamp('0001-01-01T00:00:00Z')",
                "duration('9223372036s') + duration('9223372036s')",
            ]
        )
        expectError(
            .invalidValue,
            [
                "duration('')", "duration('1')", "duration('1x')", "duration('s')", "duration('1 s')",
                "duration('--1s')",
                "duration('9223372037s')", "duration('1d')", "duration('-')",
            ]
        )
        expectError(.wrongType, ["timestamp(0) + timestamp(0)", "duration('1s') * 2", "duration('1s') - timestamp(0)"])
    }

    @Test("mathematics")
    func mathematics() {
        expectTrue([
            "math.greatest(1, 3, 2) == 3", "math.greatest([1.5, 2.5]) == 2.5", "math.greatest(1, 2.0) == 2.0",
            "math.least(1u, 2u) == 1u",
            "math.least([3, 1, 2]) == 1", "type(math.greatest(1, 1.0)) == int", "math.ceil(1.2) == 2.0",
            "math.floor(-1.2) == -2.0",
            "math.round(2.5) == 3.0", "math.round(-2.5) == -3.0", "math.round(0.49999999999999994) == 0.0",
            "math.trunc(-1.9) == -1.0",
            "math.abs(-3) == 3", "math.abs(3u) == 3u", "math.abs(-1.5) == 1.5", "math.sign(-3) == -1",
            "math.sign(-0.0) == 0.0",
            "math.isNaN(math.sign(0.0 / 0.0))", "math.isInf(-1.0 / 0.0)", "!math.isInf(0.0 / 0.0)",
            "math.isFinite(1.0)",
            "math.sqrt(81) == 9.0", "math.sqrt(2u) > 1.41", "math.isNaN(math.sqrt(-1))", "math.bitAnd(-3, -5) == -7",
            "math.bitOr(1u, 2u) == 3u", "math.bitXor(3, 5) == 6", "math.bitNot(0u) == 18446744073709551615u",
            "math.bitNot(1) == -2",
            "math.bitShiftLeft(-1, 2) == -4", "math.bitShiftLeft(1, 63) == -9223372036854775808",
            "math.bitShiftLeft(1, 64) == 0",
            "math.bitShiftRight(-1, 63) == 1", "math.bitShiftRight(-1, 9223372036854775807) == 0",
            "math.bitShiftRight(8u, 1) == 4u",
        ])
        expectError(.overflow, ["math.abs(-9223372036854775808)"])
        expectError(.outOfRange, ["math.bitShiftLeft(1, -1)", "math.bitShiftRight(1u, -1)"])
        expectError(
            .wrongType,
            ["math.greatest('a')", "math.least()", "math.greatest(1, [2])", "math.ceil(1)", "math.bitAnd(1, 1u)"]
        )
        expectError(
            .noSuchOverload,
            ["math.greatest(dyn('a'))", "math.greatest([1, 'a'])", "math.floor(dyn(1))", "math.bitAnd(dyn(1), 1u)"]
        )
        expectError(.invalidValue, ["math.greatest([])"])
    }

    @Test("lists")
    func lists() {
        expectTrue([
            "lists.range(3) == [0, 1, 2]", "lists.range(-1) == []", "[[1], [2, [3]]].flatten() == [1, 2, [3]]",
            "[[1], [2, [3]]].flatten(2) == [1, 2, 3]", "[[1]].flatten(0) == [[1]]",
            "[1, 2, 3, 4].slice(1, 3) == [2, 3]", "[1].slice(1, 1) == []",
            "[3, 1, 2].sort() == [1, 2, 3]", "['b', 'a'].sort() == ['a', 'b']", "[].sort() == []",
            "[true, false].sort() == [false, true]",
            "[3, 1, 2].sortBy(x, -x) == [3, 2, 1]",
            "[{'n': 'b', 'i': 1}, {'n': 'a', 'i': 2}].sortBy(x, x.n).map(x, x.i) == [2, 1]",
            "['bb', 'a', 'cc'].sortBy(x, x.size()) == ['a', 'bb', 'cc']", "[dyn(1), 2u, 1.0, 2].distinct() == [1, 2]",
            "['b', 'a', 'b'].distinct() == ['b', 'a']", "[[1], [1.0], [2]].distinct() == [[1], [2]]",
            "[1, 2, 3].reverse() == [3, 2, 1]",
            "[1, 2].first() == optional.of(1)", "[1, 2].last().value() == 2", "!dyn([]).first().hasValue()",
            "'abc'.reverse() == 'cba'",
        ])
        expectError(.outOfRange, ["[1].slice(0, 2)", "[1].slice(-1, 0)", "[1, 2].slice(1, 0)", "[1].flatten(-1)"])
        expectError(
            .noSuchOverload,
            ["[1, 'a'].sort()", "[[1]].sort()", "[1, 2.0].sort()", "[1, 2].sortBy(x, [x])", "dyn({}).sortBy(x, x)"]
        )
    }

    @Test("regular expressions")
    func patterns() {
        expectTrue([
            "'banana'.matches('ba(na)+')", "matches('abc', '^b') == false", "'a\\nb'.matches('(?m)^b$')",
            "'é'.matches('^.$')",
            "'x'.matches('')", "['a+', 'b'].all(p, !'c'.matches(p))",
            "regex.extract('id: 42', r'(\\d+)').value() == '42'",
            "regex.extract('id: 42', r'\\d').value() == '4'", "!regex.extract('x', 'y').hasValue()",
            "regex.extractAll('a1b22', r'\\d+') == ['1', '22']",
            "regex.replace('a1b22', r'(\\d+)', r'<\\1>') == 'a<1>b<22>'",
            "regex.replace('aaa', 'a', 'b', 2) == 'bba'", "regex.replace('ab', '', '-') == '-a-b-'",
            "regex.replace('a', 'a', r'\\\\') == '\\\\'",
            "regex.replace('é1', '1', 'é') == 'éé'", "regex.replace('aaa', 'a', 'b', 0) == 'aaa'",
        ])
        expectError(
            .invalidValue,
            [
                "'a'.matches('(')", "'a'.matches('(?=a)')", "'a'.matches(r'(a)\\1')", "regex.extract('a', '(a)(b)')",
                "regex.replace('a', 'a', r'\\1')", "'a'.matches('a{1001}')",
            ]
        )
        expectTrue(["'a'.matches('(') || true"])
    }

    @Test("optional values")
    func optionals() {
        let data: [String: CELValue] = ["x": ["a": ["b": 1], "n": .null], "l": [1, 2]]
        expectTrue(
            [
                "x.?a.?b.value() == 1", "x.?a.b.value() == 1", "!x.?c.b.hasValue()", "x.?n.hasValue()",
                "x[?'a'].hasValue()",
                "!l[?5].hasValue()", "l[?1].value() == 2", "x.?c.orValue('d') == 'd'", "[?x.?c, ?l[?0]] == [1]",
                "{?'k': x.?c, ?'a': l[?0]} == {'a': 1}", "x.?c.or(l[?0]).value() == 1",
                "l[?0].optMap(v, v + 1).value() == 2",
                "!x.?c.optMap(v, v + 1).hasValue()", "x.?a.optFlatMap(v, v.?b).value() == 1",
                "optional.of(null).hasValue()",
                "!optional.ofNonZeroValue('').hasValue()", "!optional.ofNonZeroValue([]).hasValue()",
                "optional.ofNonZeroValue(1).hasValue()",
                "!optional.ofNonZeroValue(timestamp(0)).hasValue()", "optional.none() == optional.none()",
                "optional.of(1) != optional.none()",
                "optional.unwrap([optional.of(1), optional.none()]) == [1]", "[optional.of(2)].unwrapOpt() == [2]",
                "!has(x.?c.b)", "has(x.?a.b)", "optional.of(1).or(dyn(1 / 0)).value() == 1", "x.?a[?'b'].value() == 1",
                "x.?a['b'].value() == 1",
            ],
            data
        )
        expectError(.noValue, ["optional.none().value()"])
        expectError(
            .noSuchOverload,
            ["[?dyn(1)]", "{?'a': dyn(1)}", "dyn(1).?a", "dyn(1).hasValue()", "optional.of(1).optFlatMap(v, dyn(v))"]
        )
        expectError(
            .wrongType,
            ["[?1]", "1.?a", "1.optMap(v, v)", "optional.of(1).optFlatMap(v, v)", "optional.of(1).orValue('a')"]
        )
        let plain = CELEnvironment(variables: ["x": .dyn], features: [])
        for source in ["x.?a", "x[?0]", "[?x]", "{?'a': x}"] {
            #expect(throws: CELError.self) { try plain.compile(source) }
        }
    }

    @Test("IP addresses")
    func addresses() {
        expectTrue([
            "isIP('10.0.0.1')", "isIP('::')", "isIP('2001:db8::68')", "!isIP('10.0.0')", "!isIP('10.0.0.256')",
            "!isIP('10.0.0.01')",
            "!isIP('1:2:3:4:5:6:7')", "!isIP('1::2::3')", "!isIP('fe80::1%eth0')", "!isIP('')", "!isIP(':1')",
            "!isIP('12345::')",
            "isIP('1:2:3:4:5:6:7:8')", "isIP('1::8')", "!isIP('1:2:3:4:5:6:7:8:9')", "!isIP('::ffff:1.2.3.4')",
            "isIP('64:ff9b::1.2.3.4')",
            "string(ip('2001:DB8:0:0:1:0:0:1')) == '2001:db8::1:0:0:1'", "string(ip('0:0:0:0:0:0:0:0')) == '::'",
            "string(ip('1:0:0:0:0:0:0:0')) == '1::'",
            "string(ip('1:0:2:3:4:5:6:7')) == '1:0:2:3:4:5:6:7'", "ip.isCanonical('::1')", "!ip.isCanonical('0::1')",
            "ip('::ffff:a00:1') == ip('10.0.0.1')",
            "ip('10.0.0.1').family() == 4", "ip('::1').family() == 6", "ip('127.0.0.1').isLoopback()",
            "ip('::').isUnspecified()",
            "ip('169.254.0.1').isLinkLocalUnicast()", "ip('fe80::1').isLinkLocalUnicast()",
            "ip('224.0.0.7').isLinkLocalMulticast()",
            "ip('ff12::1').isLinkLocalMulticast()", "ip('8.8.8.8').isGlobalUnicast()",
            "!ip('255.255.255.255').isGlobalUnicast()",
            "isCIDR('10.0.0.0/8')", "!isCIDR('10.0.0.0/33')", "!isCIDR('10.0.0.0/08')", "!isCIDR('10.0.0.0')",
            "isCIDR('::/0')", "!isCIDR('::ffff:a00:1/8')",
            "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')", "cidr('10.0.0.0/8').prefixLength() == 8",
            "cidr('::/0').containsIP('1::')",
            "cidr('0.0.0.0/0').containsIP(ip('255.1.1.1'))", "!cidr('0.0.0.0/0').containsIP('::1')",
            "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
            "!cidr('10.1.0.0/16').containsCIDR('10.0.0.0/8')", "string(cidr('2001:DB8::/32')) == '2001:db8::/32'",
            "cidr('10.0.0.9/8').ip() == ip('10.0.0.9')",
            "type(cidr('::/0')) == net.CIDR",
        ])
        expectError(
            .invalidValue,
            ["ip('x')", "cidr('10.0.0.0/8/8')", "cidr('10.0.0.0/8').containsIP('x')", "ip.isCanonical('x')"]
        )
    }

    @Test("base64")
    func base64() {
        expectTrue([
            "base64.encode(b'hello') == 'aGVsbG8='", "base64.decode('aGVsbG8=') == b'hello'",
            "base64.decode('aGVsbG8') == b'hello'",
            "base64.encode(b'') == ''", "base64.decode('') == b''", "base64.encode(b'\\xff\\xfe') == '//4='",
            "gerbang.base64url.encode(b'\\xff\\xfe') == '__4'", "gerbang.base64url.decode('__4=') == b'\\xff\\xfe'",
        ])
        expectError(
            .invalidValue,
            [
                "base64.decode('a')", "base64.decode('a===')", "base64.decode('aGVsbG8==')", "base64.decode('__4')",
                "base64.decode('aG Vs')",
            ]
        )
    }

    @Test("the project's own functions")
    func own() {
        let nik = "'3174015708900003'"
        expectTrue([
            "gerbang.nik.isValid(\(nik))", "!gerbang.nik.isValid('3174015708900000')", "!gerbang.nik.isValid('x')",
            "gerbang.nik.sex(\(nik)) == 'female'",
            "gerbang.nik.region(\(nik)) == '317401'", "gerbang.nik.mask(\(nik)) == '31**************'",
            "gerbang.nik.birthDate(\(nik), timestamp('2026-01-01T00:00:00Z')) == '1990-08-17'",
            "gerbang.region.isValid('31.74')", "!gerbang.region.isValid('99')",
            "gerbang.region.digits('31.74') == '3174'", "gerbang.region.dotted('3174') == '31.74'",
            "gerbang.region.isWithin('31.74', '31')",
            "!gerbang.region.isWithin('31', '31.74')", "gerbang.region.isWithin('31', 'ID')",
            "gerbang.region.zone('51') == 'WITA'", "gerbang.region.zone('ID') == 'WIB'",
            "gerbang.date.iso(timestamp('2026-01-31T20:00:00Z'), 'WIB') == '2026-02-01'",
            "gerbang.date.long(timestamp('2026-08-17T00:00:00Z'), 'WIB') == '17 Agustus 2026'",
            "gerbang.date.dayFirst(timestamp(0), 'UTC') == '01-01-1970'",
            "gerbang.date.compact(timestamp(0), 'UTC') == '19700101'",
            "gerbang.date.parse('2026-01-31', 'WIB') == timestamp('2026-01-30T17:00:00Z')",
            "gerbang.date.parse('31-01-2026', 'UTC') == timestamp('2026-01-31T00:00:00Z')",
            "gerbang.date.lenient('1990-08-16T17:00:00.000+0000', 'WIB').value() == '1990-08-17'",
            "gerbang.date.lenient('12/05/1999', 'WIB').value() == '1999-05-12'",
            "gerbang.date.lenient('2027-03-14+07:00', 'WIB').value() == '2027-03-14'",
            "gerbang.date.lenient('2027-03-14 10:00', 'WIB').value() == '2027-03-14'",
            "!gerbang.date.lenient('1990-02-31', 'WIB').hasValue()", "!gerbang.date.lenient('', 'WIB').hasValue()",
            "gerbang.text(' 01 ').value() == '01'", "gerbang.text(200).value() == '200'",
            "!gerbang.text(' ').hasValue()",
            "!gerbang.text(null).hasValue()", "!gerbang.text([1]).hasValue()", "!gerbang.text(1.5).hasValue()",
            "gerbang.text({'a': 1}.?a).value() == '1'", "!gerbang.text({'a': 1}.?b).hasValue()",
            "gerbang.hex.encode(gerbang.hash.sha256('abc')) == 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'",
            "gerbang.hex.encode(gerbang.hash.md5(b'abc')) == '900150983cd24fb0d6963f7d28e17f72'",
            "gerbang.hex.encode(gerbang.hmac.sha256('key', 'The quick brown fox jumps over the lazy dog')) == 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8'",
            "gerbang.hex.decode('00fF') == b'\\x00\\xff'", "gerbang.padLeft('7', 3, '0') == '007'",
            "gerbang.padRight('é', 3, '·') == 'é··'", "gerbang.padLeft('1234', 3, '0') == '1234'",
            "gerbang.digits('12.345-6') == '123456'",
        ])
        expectError(
            .invalidValue,
            [
                "gerbang.nik.sex('1')", "gerbang.region.name('99')", "gerbang.date.parse('31/01/2026', 'WIB')",
                "gerbang.hex.decode('0')", "gerbang.padLeft('a', 3, 'xx')",
            ]
        )
        expectError(
            .costLimit,
            ["gerbang.padLeft('a', 9223372036854775807, 'x')", "gerbang.padLeft('a', 1000000000, 'x')"]
        )
    }
}
