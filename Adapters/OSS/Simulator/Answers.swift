internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes

/// What the system answers to a message: a code, an explanation and data.
struct Answer: Sendable {
    var code: Int
    var explanation: String
    var data: JSONObject = [:]

    static let wrongParameter = Answer(code: 400, explanation: "Data Parameter Salah")
    static let unknownPermit = Answer(code: 400, explanation: "Data izin tidak ditemukan")
    static let sentBefore = Answer(code: 400, explanation: "Data sudah pernah dikirim")
    static let unknownUser = Answer(code: 401, explanation: "User Akses Tidak Valid")
    static let illegalAccess = Answer(code: 403, explanation: "Ilegal Inquiry / Akses")
    static let unknownBusiness = Answer(code: 400, explanation: "Data NIB tidak ditemukan", data: ["dataNIB": []])

    static func success(_ data: JSONObject = [:]) -> Answer { Answer(code: 200, explanation: "Sukses", data: data) }

    /// The answer in the object around it.
    func reply(in wrapper: String, rules: OSSSimulator.Rules) -> ServedReply {
        var object: JSONObject = [
            "kode": rules.writesCodesAsText ? .string(String(code)) : .number(JSONNumber(code)),
            "keterangan": .string(explanation),
        ]
        for (key, value) in data { object[key] = value }
        return .respond(
            status: rules.repeatsCodeAsStatus ? code : 200,
            headerFields: [.contentType: "application/json; charset=utf-8"],
            body: JSONValue.object([wrapper: .object(object)]).encoded()
        )
    }

    /// A page of the server in front of the system.
    static func page(status: Int, headerFields: HTTPFields = [:]) -> ServedReply {
        var fields = headerFields
        fields[.contentType] = "text/html"
        let text = "<!doctype html><html><head><title>OSS</title></head><body><h1>\(status)</h1></body></html>"
        return .respond(status: status, headerFields: fields, body: Array(text.utf8))
    }
}

extension LicensingRegister.Business {
    /// The whole of what `inqueryNIB` tells, with the irregularities of the guide: every value is a text, and one key
    /// has a space behind it.
    func data(permits: [LicensingRegister.Permit]) -> JSONObject {
        [
            "nib": .string(nib), "tgl_pengajuan_nib": "2024-01-15", "tgl_terbit_nib": "2024-01-15",
            "tgl_perubahan_nib": "", "oss_id": .string(ossID), "npwp_perseroan": .string(npwp),
            "nama_perseroan": .string(name), "jenis_perseroan": "01", "alamat_perseroan": "JL. CONTOH 1",
            "perseroan_daerah_id": .string(village), "skala_usaha": "01", "status_nib": .string(status),
            "penanggung_jwb": [
                [
                    "jns_identitas_penanggung_jwb": "01", "no_identitas_penanggung_jwb": "3174015708900003",
                    "nama_penanggung_jwb": "SITI CONTOH",
                ]
            ],
            "data_proyek": .array(
                permits.map { permit in
                    [
                        "id_proyek": .string(permit.projectID), "kbli": .string(permit.kbli), "uraian_usaha": "",
                        "skala_resiko": .string(permit.risk), "skala_usaha": "01", "data_lokasi_proyek": [],
                    ]
                }
            ),
            "data_checklist": .array(
                permits.map { permit in
                    [
                        "id_produk": "", "id_proyek": .string(permit.projectID), "id_izin": .string(permit.id),
                        "jenis_izin": "02", "kd_izin": .string(permit.code), "kd_daerah": .string(permit.region),
                        "nama_izin": .string(permit.name), "instansi": "Instansi Contoh", "kewenangan": "02",
                        "flag_checklist": "Y", "no_izin": .string(permit.number), "tgl_izin": .string(permit.issuedOn),
                    ]
                }
            ),
            "tipe_dokumen ": "9",
        ]
    }
}
