internal import GerbangCore
internal import GerbangJSON
internal import GerbangSchema
internal import HTTPTypes
internal import OSSAdapter
internal import Testing

@Suite("Messages to OSS")
struct PrepareTests {
    private func body(_ operation: OSSOperation, _ payload: JSONValue? = nil, region: String = "31.74") throws
        -> JSONValue
    {
        let call = try Support.call(operation, payload, region: region)
        return try JSONValue(parsing: Support.adapter().prepare(call).body)
    }

    /// What the adapter translates must also fit the service's schema.
    private func expectValid(_ payload: JSONValue, _ operation: OSSOperation) throws {
        let id = try #require(OSSAdapter.definition.descriptor.operation(operation.id)?.service)
        let service = try #require(try ServiceCatalogue.builtin()[id])
        #expect(try JSONSchema(service.input).validate(payload).isEmpty)
    }

    @Test("every message is a POST with the user key and the request's key")
    func header() throws {
        let paths: [OSSOperation: String] = [
            .inqueryNIB: "inqueryNIB", .receiveLicenseStatus: "receiveLicenseStatus",
            .receiveLicense: "receiveLicense", .checkLicenseStatus: "checkLicenseStatus",
        ]
        for operation in OSSOperation.allCases {
            let call = try Support.call(operation)
            let message = try Support.adapter().prepare(call)
            #expect(message.method == .post)
            #expect(message.path == [paths[operation] ?? ""])
            #expect(message.query.isEmpty)
            #expect(message.headerFields[.contentType] == "application/json")
            #expect(try message.headerFields[#require(HTTPField.Name("user_key"))] == "demo-user-key")
            #expect(try message.headerFields[#require(HTTPField.Name("X-Request-ID"))] == call.key)
        }
    }

    @Test("without a key in the settings the connection's own authentication sends it")
    func noKey() throws {
        let message = try Support.adapter(["userKey": nil]).prepare(Support.call(.inqueryNIB))
        #expect(try message.headerFields[#require(HTTPField.Name("user_key"))] == nil)
    }

    private static let lookups: [(JSONValue, String, JSONValue)] = [
        (["nib": "1234567890123"], "inqueryNIB", ["INQUERYNIB": ["nib": "1234567890123"]]),
        (
            ["nib": "1234567890123", "ossId": "P02-1", "detail": "full"], "inqueryNIB",
            ["INQUERYNIB": ["nib": "1234567890123", "oss_id": "P02-1"]]
        ),
        (["npwp": "001234567017000"], "inqueryNIB", ["INQUERYNIB": ["npwp": "001234567017000"]]),
        (["nib": "1234567890123", "detail": "brief"], "checkNIB", ["CHECKNIB": ["nib": "1234567890123"]]),
    ]

    @Test("a lookup asks for everything or for little", arguments: lookups)
    func lookup(payload: JSONValue, method: String, expected: JSONValue) throws {
        let message = try Support.adapter().prepare(Support.call(.inqueryNIB, payload))
        #expect(message.path == [method])
        #expect(try JSONValue(parsing: message.body) == expected)
    }

    @Test("a report sends every field of the guide; what was not given is empty")
    func report() throws {
        let expected: JSONValue = [
            "IZINSTATUS": [
                "nib": "1234567890123", "id_produk": "", "id_proyek": "R-202401150000000000001",
                "oss_id": "P02-202401150000000000001", "id_izin": "I-202401150000000000001", "kd_izin": "022000000001",
                "kd_instansi": "022", "kd_status": "41", "tgl_status": "2026-03-02 10:00:00", "nip_status": "",
                "nama_status": "", "keterangan": "", "file_lampiran": "", "persetujuan_form": false,
            ]
        ]
        #expect(try body(.receiveLicenseStatus) == expected)
    }

    @Test("a report with everything")
    func fullReport() throws {
        let payload = Support.with(
            Support.report.objectValue ?? [:],
            [
                "productId": "PRD-1", "status": "32", "decidedAt": "2026-03-01T23:59:59.900+09:00",
                "officer": ["nip": "198001012005011001", "name": "BUDI CONTOH"], "note": "Baris satu\nbaris dua",
                "attachmentUrl": "https://files.example/1.pdf", "formApproved": true,
                "billing": [
                    "accountCode": "425151", "revenueCode": "001", "billingCode": "820240115000001",
                    "billedOn": "2026-03-01", "expiresOn": "2026-03-08", "amount": 150_000,
                    "documentUrl": "https://files.example/sps.pdf",
                ],
            ]
        )
        try expectValid(payload, .receiveLicenseStatus)
        let status = try #require(try body(.receiveLicenseStatus, payload)["IZINSTATUS"]?.objectValue)
        #expect(status["id_produk"] == "PRD-1")
        #expect(status["tgl_status"] == "2026-03-01 21:59:59")
        #expect(status["nip_status"] == "198001012005011001")
        #expect(status["nama_status"] == "BUDI CONTOH")
        #expect(status["keterangan"] == "Baris satu\nbaris dua")
        #expect(status["persetujuan_form"] == true)
        let billing: JSONValue = [
            "kd_akun": "425151", "kd_penerimaan": "001", "kd_billing": "820240115000001", "tgl_billing": "2026-03-01",
            "tgl_expire": "2026-03-08", "nominal": 150_000, "url_dokumen": "https://files.example/sps.pdf",
        ]
        #expect(status["data_pnbp"] == billing)
        #expect(status["previousStatus"] == nil)
    }

    private static let moments: [(String, String)] = [
        ("2026-03-01T17:00:00Z", "2026-03-02 00:00:00"), ("2026-03-01T16:59:59Z", "2026-03-01 23:59:59"),
        ("2026-03-02T02:00:00+09:00", "2026-03-02 00:00:00"), ("2026-02-28T23:30:00-01:00", "2026-03-01 07:30:00"),
        ("2024-02-29T09:05:07.999+07:00", "2024-02-29 09:05:07"), ("2025-12-31T23:59:59+08:00", "2025-12-31 22:59:59"),
    ]

    @Test("moments are told in WIB without a zone, whatever zone they came in", arguments: moments)
    func moment(given: String, sent: String) throws {
        let payload = Support.with(Support.report.objectValue ?? [:], ["decidedAt": .string(given)])
        #expect(try body(.receiveLicenseStatus, payload)["IZINSTATUS"]?["tgl_status"] == .string(sent))
    }

    private static let regions: [(request: String, payload: String?, sent: String)] = [
        ("31.74", nil, "3174000000"), ("32", nil, "3200000000"), ("31.74.01", nil, "3174010000"),
        ("31.74.01.1001", nil, "3174011001"), ("ID", "32.01", "3201000000"), ("31.74", "3201000000", "3201000000"),
    ]

    @Test("regions have ten digits", arguments: regions)
    func region(request: String, given: String?, sent: String) throws {
        let payload = Support.with(Support.issue.objectValue ?? [:], ["region": given.map { .string($0) } ?? .null])
        #expect(try body(.receiveLicense, payload, region: request)["IZINFINAL"]?["kd_daerah"] == .string(sent))
    }

    @Test("a permit sends every field of the guide; what was not given is empty")
    func issue() throws {
        var expected: JSONObject = [
            "nib": "1234567890123", "id_proyek": "R-202401150000000000001", "oss_id": "P02-202401150000000000001",
            "id_izin": "I-202401150000000000001", "kd_izin": "022000000001", "kd_daerah": "3174000000",
            "nomor_izin": "503/001/2026", "tgl_terbit_izin": "2026-03-02", "tgl_berlaku_izin": "",
            "nama_ttd": "BUDI CONTOH", "nip_ttd": "198001012005011001", "jabatan_ttd": "Kepala Dinas",
            "status_izin": "50", "file_izin": "", "keterangan": "", "file_lampiran": "", "nomenklatur_nomor_izin": "",
        ]
        #expect(try body(.receiveLicense) == ["IZINFINAL": .object(expected)])
        let payload = Support.with(
            Support.issue.objectValue ?? [:],
            [
                "validUntil": "2027-03-02", "status": "52", "fileUrl": "https://files.example/izin.pdf",
                "validMonths": 6, "validYears": 1, "permitType": "02", "technicalData": ["id_komitmen": "K-1"],
            ]
        )
        try expectValid(payload, .receiveLicense)
        expected["tgl_berlaku_izin"] = "2027-03-02"
        expected["status_izin"] = "52"
        expected["file_izin"] = "https://files.example/izin.pdf"
        expected["bln_berlaku_izin"] = 6
        expected["thn_berlaku_izin"] = 1
        expected["jenis_perizinan"] = "02"
        expected["data_teknis"] = ["id_komitmen": "K-1"]
        #expect(try body(.receiveLicense, payload) == ["IZINFINAL": .object(expected)])
    }

    @Test("a status is asked for by the permit alone, as a service and as an inquiry")
    func status() throws {
        let expected: JSONValue = ["CHECKLICENSESTATUS": ["id_izin": .string(Support.permitID)]]
        #expect(try body(.checkLicenseStatus) == expected)
        for origin in [OSSOperation.receiveLicenseStatus, .receiveLicense] {
            let message = try Support.adapter().prepare(Support.call(.checkLicenseStatus, for: origin))
            #expect(message.path == ["checkLicenseStatus"])
            #expect(try JSONValue(parsing: message.body) == expected)
        }
    }

    @Test("repeating a call repeats the message", arguments: OSSOperation.allCases)
    func stable(operation: OSSOperation) throws {
        var call = try Support.call(operation)
        let adapter = try Support.adapter()
        let first = try adapter.prepare(call)
        call.attempt = 2
        call.now = call.now + .seconds(3600)
        #expect(try adapter.prepare(call) == first)
    }

    private static let refused: [(OSSOperation, JSONObject, String)] = [
        (.inqueryNIB, ["nib": nil], "/nib"), (.inqueryNIB, ["nib": "123456789012"], "/nib"),
        (.inqueryNIB, ["nib": 1_234_567_890_123], "/nib"), (.inqueryNIB, ["npwp": "001234567017000"], "/npwp"),
        (.inqueryNIB, ["nib": nil, "npwp": "00.123.456.7-017.000"], "/npwp"),
        (.inqueryNIB, ["detail": "all"], "/detail"),
        (.inqueryNIB, ["nib": nil, "npwp": "001234567017000", "detail": "brief"], "/detail"),
        (.inqueryNIB, ["nib": nil, "npwp": "001234567017000", "ossId": "P02-1"], "/ossId"),
        (.inqueryNIB, ["ossId": "P02-1", "detail": "brief"], "/ossId"), (.inqueryNIB, ["ossId": "P02/1"], "/ossId"),
        (.inqueryNIB, ["name": "PT CONTOH MAJU"], "/*"), (.inqueryNIB, ["3174015708900003": "x"], "/*"),
        (.receiveLicenseStatus, ["nib": nil], "/nib"), (.receiveLicenseStatus, ["permitId": nil], "/permitId"),
        (.receiveLicenseStatus, ["permitId": .string(String(repeating: "1", count: 26))], "/permitId"),
        (.receiveLicenseStatus, ["permitCode": "1"], "/permitCode"),
        (.receiveLicenseStatus, ["status": nil], "/status"),
        (.receiveLicenseStatus, ["status": "4"], "/status"), (.receiveLicenseStatus, ["status": 41], "/status"),
        (.receiveLicenseStatus, ["previousStatus": "041"], "/previousStatus"),
        (.receiveLicenseStatus, ["decidedAt": "2026-03-02 10:00:00"], "/decidedAt"),
        (.receiveLicenseStatus, ["decidedAt": "2026-03-02T10:06:00+07:00"], "/decidedAt"),
        (.receiveLicenseStatus, ["officer": "BUDI"], "/officer"),
        (.receiveLicenseStatus, ["officer": ["nik": "x"]], "/officer/*"),
        (.receiveLicenseStatus, ["officer": ["name": "A\nB"]], "/officer/name"),
        (.receiveLicenseStatus, ["note": ""], "/note"), (.receiveLicenseStatus, ["note": "a\u{0}b"], "/note"),
        (.receiveLicenseStatus, ["attachmentUrl": "abc.pdf"], "/attachmentUrl"),
        (.receiveLicenseStatus, ["formApproved": "Y"], "/formApproved"),
        (.receiveLicenseStatus, ["billing": [:]], "/billing/billingCode"),
        (.receiveLicenseStatus, ["billing": ["billingCode": "1"]], "/billing/amount"),
        (.receiveLicenseStatus, ["billing": ["billingCode": "1", "amount": -1]], "/billing/amount"),
        (.receiveLicenseStatus, ["billing": ["billingCode": "1", "amount": 1, "billedOn": "x"]], "/billing/billedOn"),
        (.receiveLicense, ["permitNumber": nil], "/permitNumber"), (.receiveLicense, ["issuedOn": nil], "/issuedOn"),
        (.receiveLicense, ["issuedOn": "2026-02-30"], "/issuedOn"),
        (.receiveLicense, ["validUntil": "2026-03-01"], "/validUntil"),
        (.receiveLicense, ["signatory": nil], "/signatory"),
        (.receiveLicense, ["signatory": ["name": "BUDI CONTOH"]], "/signatory/nip"),
        (.receiveLicense, ["region": "ID"], "/region"), (.receiveLicense, ["region": "99.99"], "/region"),
        (.receiveLicense, ["region": 3174], "/region"), (.receiveLicense, ["status": "disetujui"], "/status"),
        (.receiveLicense, ["validMonths": "6"], "/validMonths"), (.receiveLicense, ["fileUrl": "ftp://x"], "/fileUrl"),
        (.receiveLicense, ["technicalData": ["a": ["b": 1]]], "/technicalData"),
        (.checkLicenseStatus, ["permitId": ""], "/permitId"), (.checkLicenseStatus, ["nib": "1234567890123"], "/*"),
    ]

    @Test(
        "input that cannot be translated is refused before anything is sent, and its field is named",
        arguments: refused.indices
    )
    func refuses(index: Int) throws {
        let (operation, changes, field) = Self.refused[index]
        let payload = Support.with(Support.payload(operation).objectValue ?? [:], changes)
        let call = try Support.call(operation, payload)
        let adapter = try Support.adapter()
        let error = #expect(throws: GerbangError.self) { try adapter.prepare(call) }
        #expect(error?.code == .invalidInput)
        #expect(error?.field?.description == field)
        for secret in ["3174015708900003", "BUDI", "001234567017000"] {
            #expect(error?.json.text().contains(secret) == false)
        }
    }

    @Test("a request for the whole nation needs the region of the permit")
    func nation() throws {
        let adapter = try Support.adapter()
        let call = try Support.call(.receiveLicense, region: "ID")
        let error = #expect(throws: GerbangError.self) { try adapter.prepare(call) }
        #expect(error?.field?.description == "/region")
    }

    @Test("a payload that is no object is refused", arguments: OSSOperation.allCases)
    func noObject(operation: OSSOperation) throws {
        let adapter = try Support.adapter()
        for payload: JSONValue in [[], "x", 1, nil] {
            let call = try Support.call(operation, payload)
            #expect(throws: GerbangError.self) { try adapter.prepare(call) }
        }
    }
}
