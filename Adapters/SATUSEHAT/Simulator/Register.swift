internal import GerbangJSON

/// The people and places that the platform knows. The patients are those that the Ministry of Health publishes for its
/// sandbox: none of them lives, and their dates of birth do not fit their NIKs.
enum Register {
    private static let patients = [
        patient("9271060312000001", "P02478375538", "Ardianto Putra", "male", "1992-01-09"),
        patient("9204014804000002", "P03647103112", "Claudia Sintia", "female", "1989-11-03"),
        patient("9104224509000003", "P00805884304", "Elizabeth Dior", "female", "1976-07-07"),
        patient("9104223107000004", "P00912894463", "Dr. Alan Bagus Prasetya", "male", "1977-09-03"),
        patient("9104224606000005", "P01654557057", "Ghina Assyifa", "female", "2004-08-21"),
        patient("9104025209000006", "P02280547535", "Salsabilla Anjani Rizki", "female", "2001-04-16"),
        patient("9201076001000007", "P01836748436", "Theodore Elisjah", "female", "1985-09-18"),
        patient("9201394901000008", "P00883356749", "Sonia Herdianti", "female", "1996-06-08"),
        patient("9201076407000009", "P01058967035", "Nancy Wang", "female", "1955-10-10"),
        patient("9210060207000010", "P02428473601", "Syarif Muhammad", "male", "1988-11-02"),
    ]

    private static let byNIK = Dictionary(uniqueKeysWithValues: patients.map { ($0.nik, $0.resource) })
    private static let byID = Dictionary(uniqueKeysWithValues: patients.map { ($0.id, $0.resource) })

    /// The patient with a NIK.
    static func patient(nik: String) -> JSONObject? { byNIK[nik] }

    /// The resource of a type with an identifier; `organizationID` is the organisation that everything belongs to.
    static func resource(_ type: String, _ id: String, of organizationID: String) -> JSONObject? {
        switch (type, id) {
        case ("Patient", _): byID[id]
        case ("Practitioner", "N10000001"): practitioner
        case ("Location", "b017aa54-f1df-4ec2-9d84-8823815d7228"): location(of: organizationID)
        case ("Organization", organizationID): organization(organizationID)
        default: nil
        }
    }

    private static func patient(
        _ nik: String,
        _ id: String,
        _ name: String,
        _ gender: String,
        _ birthDate: String
    ) -> (nik: String, id: String, resource: JSONObject) {
        let resource: JSONObject = [
            "resourceType": "Patient", "id": .string(id),
            "meta": ["profile": ["https://fhir.kemkes.go.id/r4/StructureDefinition/Patient"]],
            "identifier": [
                [
                    "use": "official", "system": "https://fhir.kemkes.go.id/id/ihs-number", "value": .string(id),
                ]
            ],
            "active": true, "name": [["use": "official", "text": .string(name)]], "gender": .string(gender),
            "birthDate": .string(birthDate),
        ]
        return (nik, id, resource)
    }

    private static let practitioner: JSONObject = [
        "resourceType": "Practitioner", "id": "N10000001",
        "identifier": [["system": "https://fhir.kemkes.go.id/id/ihs-number", "value": "N10000001"]],
        "name": [["use": "official", "text": "Dokter Contoh"]],
    ]

    private static func location(of organizationID: String) -> JSONObject {
        [
            "resourceType": "Location", "id": "b017aa54-f1df-4ec2-9d84-8823815d7228",
            "identifier": [
                [
                    "system": .string("http://sys-ids.kemkes.go.id/location/\(organizationID)"), "value": "POLI-UMUM",
                ]
            ],
            "status": "active", "name": "Poli Umum", "mode": "instance",
            "managingOrganization": ["reference": .string("Organization/\(organizationID)")],
        ]
    }

    private static func organization(_ id: String) -> JSONObject {
        [
            "resourceType": "Organization", "id": .string(id),
            "identifier": [
                [
                    "use": "official", "system": .string("http://sys-ids.kemkes.go.id/organization/\(id)"),
                    "value": .string(id),
                ]
            ],
            "active": true, "name": "Klinik Contoh MPP",
        ]
    }
}
