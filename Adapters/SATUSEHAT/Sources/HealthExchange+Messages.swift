internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

/// The messages to the platform; the token is added on the way out.
extension HealthExchange {
    /// `GET /Patient?identifier=system|NIK`.
    func search(for input: PatientInput) -> WireRequest {
        search("Patient", identifier: IdentifierSystem.nik, input.nik.revealed)
    }

    /// `GET /Encounter?identifier=system|number`.
    func searchForEncounter(of call: AdapterCall) -> WireRequest {
        search("Encounter", identifier: encounterSystem, call.registrationNumber)
    }

    /// `POST /Encounter`. Nothing in it depends on the attempt or the moment.
    func registration(of input: EncounterInput, for call: AdapterCall) -> WireRequest {
        let period: JSONValue = ["start": .string(Self.text(of: input.start))]
        var kind: JSONObject = [
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": .string(input.kind.code),
        ]
        kind["display"] = input.kind.display.map { .string($0) }
        let attender: JSONValue = [
            "coding": [
                [
                    "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "ATND",
                    "display": "attender",
                ]
            ]
        ]
        let organization = EncounterInput.Party(id: settings.organizationID)
        let encounter: JSONValue = [
            "resourceType": "Encounter",
            "identifier": [["system": .string(encounterSystem), "value": .string(call.registrationNumber)]],
            "status": "arrived",
            "statusHistory": [["status": "arrived", "period": period]],
            "class": .object(kind),
            "subject": Self.reference("Patient", input.patient),
            "participant": [["type": [attender], "individual": Self.reference("Practitioner", input.practitioner)]],
            "period": period,
            "location": [["location": Self.reference("Location", input.location)]],
            "serviceProvider": Self.reference("Organization", organization),
        ]
        return WireRequest(
            method: .post,
            path: Self.root + ["Encounter"],
            headerFields: [.contentType: "application/json", .accept: "application/json"],
            body: encounter.encoded()
        )
    }

    /// The system of our organisation's numbers for encounters.
    var encounterSystem: String { IdentifierSystem.encounter(of: settings.organizationID) }

    private static let root = ["fhir-r4", "v1"]

    private func search(_ type: String, identifier system: String, _ value: String) -> WireRequest {
        WireRequest(
            method: .get,
            path: Self.root + [type],
            query: [.init("identifier", "\(system)|\(value)")],
            headerFields: [.accept: "application/json"]
        )
    }

    private static func reference(_ type: String, _ party: EncounterInput.Party) -> JSONValue {
        var reference: JSONObject = ["reference": .string("\(type)/\(party.id)")]
        reference["display"] = party.name.map { .string($0) }
        return .object(reference)
    }

    /// The moment in UTC and whole seconds; the platform wants the offset written as `+00:00`.
    private static func text(of moment: Timestamp) -> String {
        "\(moment.description.prefix(19))+00:00"
    }
}
