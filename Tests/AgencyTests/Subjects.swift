internal import GerbangJSON

extension Subject {
    /// Every operation that provides a service, of every agency, by every form of its adapter.
    static let all = modules + manifests

    /// Where an agency has manifests, they meet the same.
    private static let manifests = [
        ("dukcapil", AgencyManifest(adapter: "dukcapil", path: "Adapters/Dukcapil/adapter.yaml")),
        ("transport", AgencyManifest(adapter: "transport", path: "Adapters/Transport/adapter.yaml")),
        ("transport", AgencyManifest(adapter: "transport-contract", path: "Adapters/Transport/Contract/adapter.yaml")),
    ].flatMap { agency, manifest in
        modules.filter { $0.agency == agency }.map { subject in
            var subject = subject
            subject.manifest = manifest
            return subject
        }
    }

    private static let modules: [Subject] = [
        Subject(
            agency: "dukcapil",
            service: "population.identity.verify",
            operation: "call-verify-by-element",
            payload: [
                "nik": "3174015708900003", "name": "SITI CONTOH", "birthPlace": "JAKARTA", "birthDate": "1990-08-17",
            ]
        ),
        Subject(
            agency: "dukcapil",
            service: "population.person.lookup",
            operation: "call-nik",
            payload: ["nik": "3174015708900003"]
        ),
        Subject(
            agency: "oss",
            service: "licensing.business.lookup",
            operation: "inquery-nib",
            payload: ["nib": "1234567890123"]
        ),
        Subject(
            agency: "oss",
            service: "licensing.permit.status",
            operation: "check-license-status",
            payload: ["permitId": "I-202401150000000000001"]
        ),
        Subject(
            agency: "oss",
            service: "licensing.permit.report-status",
            operation: "receive-license-status",
            inquiry: "check-license-status",
            payload: permit(["status": "41", "previousStatus": "10"])
        ),
        Subject(
            agency: "oss",
            service: "licensing.permit.issue",
            operation: "receive-license",
            inquiry: "check-license-status",
            payload: permit([
                "permitNumber": "503/001/2026", "issuedOn": "2026-01-05", "previousStatus": "10",
                "signatory": ["name": "BUDI CONTOH", "nip": "198001012005011001", "title": "Kepala Dinas"],
            ])
        ),
        Subject(
            agency: "satusehat",
            service: "health.patient.find",
            operation: "find-patient",
            payload: ["nik": "9271060312000001"]
        ),
        Subject(
            agency: "satusehat",
            service: "health.encounter.register",
            operation: "register-encounter",
            inquiry: "find-encounter",
            payload: [
                "patientId": "P02478375538", "practitionerId": "N10000001",
                "locationId": "b017aa54-f1df-4ec2-9d84-8823815d7228", "class": "ambulatory",
                "start": "2026-01-05T08:30:00+07:00",
            ]
        ),
        Subject(
            agency: "transport",
            service: "transport.vehicle.lookup",
            operation: "get-vehicle",
            payload: ["plate": "B 1234 XYZ"]
        ),
        Subject(
            agency: "transport",
            service: "transport.inspection.book",
            operation: "book-inspection",
            inquiry: "find-booking",
            payload: ["plate": "B 9012 TRK", "station": "JKT-PULOGADUNG", "date": "2026-01-12"]
        ),
    ]

    /// Those that have an effect, which an inquiry settles when it is in doubt.
    static let settled = all.filter { $0.inquiry != nil }

    private static func permit(_ more: JSONObject) -> JSONValue {
        var object: JSONObject = [
            "nib": "1234567890123", "ossId": "P02-202401150000000000001", "projectId": "R-202401150000000000001",
            "permitId": "I-202401150000000000001", "permitCode": "022000000001",
        ]
        for (key, value) in more { object[key] = value }
        return .object(object)
    }
}
