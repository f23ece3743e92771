internal import Testing

@testable internal import GerbangObservability

@Suite("Redaction")
struct RedactorTests {
    static let replaced: [(String, String)] = [
        ("NIK 3174015708900003 tidak ditemukan", "NIK [16 digits] tidak ditemukan"),
        ("NIK3174015708900003X", "NIK[16 digits]X"),
        ("npwp lama 012345678901000 dan 3174015708900003", "npwp lama [15 digits] dan [16 digits]"),
        ("npwp 01.234.567.8-901.000.", "npwp [15 digits]."),
        ("3174 0157 0890 0003", "[16 digits]"),
        ("317401.570890.0003", "[16 digits]"),
        ("31.74.01.570890.0003", "[16 digits]"),
        ("NIP 199001012015031001", "NIP [18 digits]"),
        ("NITKU 3174015708900003000000", "NITKU [22 digits]"),
        ("GET /penduduk/3174015708900003?x=1", "GET /penduduk/[16 digits]?x=1"),
        (
            "Authorization failed for Bearer abc.DEF-123_~+/==, sorry",
            "Authorization failed for Bearer [redacted], sorry"
        ),
        ("header basic dXNlcjpwYXNz", "header basic [redacted]"),
        ("BEARER  aaaaaaaaaaaaaaaaaaaaaaaa", "BEARER  [redacted]"),
        ("Authorization: Bearer abc123", "Authorization: [redacted]"),
        ("https://gerbang:rahasia@agency.example/v1", "https://[redacted]@agency.example/v1"),
        ("password=hunter2", "password=[redacted]"),
        ("password = hunter2 state=done", "password = [redacted] state=done"),
        ("X-Api-Key: k-1; next", "X-Api-Key: [redacted]; next"),
        ("user_key=abc&client=7", "user_key=[redacted]&client=7"),
        ("userKey:abc", "userKey:[redacted]"),
        ("nama=SITI CONTOH, code=05", "nama=[redacted], code=05"),
        ("Nama Lengkap: SITI CONTOH", "Nama Lengkap: [redacted]"),
        ("nama=SITI CONTOH state=done", "nama=[redacted] state=done"),
        (#"{"NAMA_LGKP":"SITI \"X\" CONTOH","code":"05"}"#, #"{"NAMA_LGKP":"[redacted]","code":"05"}"#),
        (#"{\"nama\":\"SITI\",\"code\":1}"#, #"{\"nama\":\"[redacted]\",\"code\":1}"#),
        (#"{"nama":["SITI","BUDI"],"x":1}"#, #"{"nama":[redacted],"x":1}"#),
        (#"{"nama":{"depan":"SITI, A"},"x":1}"#, #"{"nama":[redacted],"x":1}"#),
        (#"Person(fullName: Optional("SITI, A"), age: 7)"#, "Person(fullName: [redacted], age: 7)"),
        ("nama: 'SA'DIAH', x", "nama: '[redacted]', x"),
        ("<nama>SITI CONTOH</nama> rest", "<nama>[redacted]</nama> rest"),
        (#"<p:NIK xsi:type="s">123</p:NIK>"#, #"<p:NIK xsi:type="s">[redacted]</p:NIK>"#),
        (#"<nama value="SITI"/>"#, #"<nama value="[redacted]"/>"#),
        (#"<NIK token="s">12</NIK>"#, #"<NIK token="[redacted]">[redacted]</NIK>"#),
        ("<nama><![CDATA[SITI]]></nama>", "<nama>[redacted]</nama>"),
        (
            "noKK=1 nik_ibu=2 nikIbu=3 NIKIbu=4",
            "noKK=[redacted] nik_ibu=[redacted] nikIbu=[redacted] NIKIbu=[redacted]"
        ),
        ("?nik=1&nama=SITI+CONTOH#a", "?nik=[redacted]&nama=[redacted]"),
        ("alamat: JL. CONTOH NO. 1\nnext", "alamat: [redacted]\nnext"),
        ("tempat lahir: JAKARTA", "tempat lahir: [redacted]"),
    ]

    @Test("Personal data and credentials are replaced", arguments: replaced)
    func replaces(_ text: String, _ expected: String) {
        #expect(Redactor().redact(text) == expected)
    }

    @Test("Redacting twice changes nothing more", arguments: replaced)
    func isIdempotent(_ text: String, _ expected: String) {
        #expect(Redactor().redact(expected) == expected)
    }

    @Test(
        "Identifiers, times and ordinary words stay",
        arguments: [
            "", "a", "=", ":", ">", "password", "password:", "password=", "nama: \"\"", "<nama></nama>", "<nama/>",
            "018f3c5e-7d2a-7b31-9c4e-123456789012", "12345678-1234-4123-8123-123456789012",
            "trace 0123456789012345abcdefabcdefabcd", "4bf92f3577b34da6a3ce929d0e0e4736",
            "NIB 8120001234567", "2026-11-22T02:37:20.123Z", "20261122023720", "1763778000123", "1763778000123456789",
            "192.168.100.200:8080", "retry in 00:00:30", "state=waiting attempt=3 verdict=unknown code=05",
            "teknik: sipil", "klinik=7", "UNIK=1", "panik: tidak", "https://agency.example:8443/v1/x?a=b",
            "mail@agency.example", "Basic authentication failed", "the bearer of this", "a basic", "bearer",
            "operation population.identity.verify: done in 12 ms", "1234-5678", "x -> y", "a > b", "pin xsi:nil",
            "kk ns:type=1", "</nama> stays",
            "Kota Jakarta Selatan é 🇮🇩",
        ]
    )
    func keeps(_ text: String) {
        #expect(Redactor().redact(text) == text)
    }

    @Test("The gateway's own metadata keys are never hidden")
    func ownKeys() {
        let redactor = Redactor()
        for key in [
            "request", "client", "connection", "service", "operation", "state", "attempt", "verdict", "code",
            "duration_ms", "status", "error", "error_type", "host", "path", "method", "port", "version",
        ] {
            #expect(!redactor.hides(key: key), "\(key)")
        }
    }

    @Test("Every default name hides its value, in any case and spelling")
    func defaultNames() {
        let redactor = Redactor()
        for name in Redactor.defaultFragments + Redactor.defaultWords {
            #expect(redactor.hides(key: name), "\(name)")
            #expect(redactor.hides(key: "x_" + name.uppercased()), "\(name)")
            #expect(redactor.redact("\(name)=v") == "\(name)=[redacted]")
        }
        for key in ["API-Key", "db.password", "refreshToken", "Set-Cookie", "X-Signature", "no_kk", "NAMA_LGKP_IBU"] {
            #expect(redactor.hides(key: key), "\(key)")
        }
    }

    @Test("More names can be given")
    func additionalNames() {
        let redactor = Redactor(additionalFragments: ["cons_id", ""], additionalWords: ["rm", "1x"])
        #expect(
            redactor.redact("X-Cons-Id: 7, no_rm=5, norm=6, 1x=2")
                == "X-Cons-Id: [redacted], no_rm=[redacted], norm=6, 1x=[redacted]"
        )
    }

    @Test("Hostile text is scanned in linear time and without a trap")
    func hostileText() {
        let redactor = Redactor()
        let patterns = [
            "a123456789012345", "password:[redacted](", "<nama>[redacted]", "<nama", "\\\"", "nama:\"", "://",
            "bearer ",
            "Basic a", "nama:{[(", "'nama':'a'b", "12 12 12 ", "= = =", "nik\u{0}:", "&nama=é",
        ]
        for pattern in patterns {
            for cut in 0..<4 {
                let text = String(String(repeating: pattern, count: 4_000).dropLast(cut))
                let once = redactor.redact(text)
                #expect(!once.isEmpty)
            }
        }
    }
}
