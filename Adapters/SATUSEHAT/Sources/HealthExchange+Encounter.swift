internal import GerbangCore
internal import GerbangJSON

/// Reading the answers about an encounter.
extension HealthExchange {
    /// The verdict on the resource that a registration was answered with: it must be the encounter with our number.
    func registered(_ resource: JSONObject, for call: AdapterCall) -> Verdict {
        guard let encounter = RegisteredEncounter(resource, system: encounterSystem, number: call.registrationNumber)
        else { return call.unreadable("the answer is not the encounter that was registered") }
        return .succeeded(output: encounter.output, agencyReference: encounter.id)
    }

    /// What a search found out about the encounter; `nil` when it tells nothing.
    ///
    /// A number that is the request's own key is nobody else's. One that the client gave may have been used for another
    /// visit; that encounter is not ours, and ours was refused because of it.
    func finding(in bundle: SearchResult, for call: AdapterCall) -> Finding? {
        let number = call.registrationNumber
        let found = bundle.resources(of: "Encounter").compactMap { resource in
            RegisteredEncounter(resource, system: encounterSystem, number: number)
        }
        guard !found.isEmpty else { return bundle.isEmpty ? .notDone : nil }
        let ours = call.givenRegistrationNumber == nil ? found : found.filter { $0.fits(call.payload) }
        guard let encounter = ours.first else {
            return .rejected(
                GerbangError(
                    .agencyRejected,
                    "the registration number belongs to another encounter; give each encounter its own",
                    field: JSONPointer.root.appending(EncounterInput.registrationNumberField),
                    texts: OutcomeTexts.numberTaken
                )
            )
        }
        return .done(output: encounter.output, agencyReference: encounter.id)
    }
}

/// An encounter that the platform has under our number.
struct RegisteredEncounter {
    let id: String
    private let number: String
    private let status: String?
    private let patientID: String?
    private let start: Timestamp?

    /// `nil` when the resource is not an encounter with that number.
    init?(_ resource: JSONObject, system: String, number: String) {
        guard resource["resourceType"] == "Encounter", let id = FHIRText.id(resource["id"]),
            resource.identifiers(of: system).contains(number)
        else { return nil }
        self.id = id
        self.number = number
        status = FHIRText.text(resource["status"]).flatMap { Self.statuses.contains($0) ? $0 : nil }
        patientID = FHIRText.reference(resource["subject"], to: "Patient")
        start = FHIRText.text(resource["period"]?["start"]).flatMap { Timestamp($0) }
    }

    /// The service's output.
    var output: JSONValue {
        var output: JSONObject = ["encounterId": .string(id), "registrationNumber": .string(number)]
        output["status"] = status.map { .string($0) }
        return .object(output)
    }

    /// Whether it can be the encounter of this payload: of the same patient, begun in the same second. What cannot be
    /// read does not speak against it.
    func fits(_ payload: JSONValue) -> Bool {
        if let patientID, patientID != payload["patientId"]?.stringValue { return false }
        guard let start, let given = payload["start"]?.stringValue.flatMap({ Timestamp($0) }) else { return true }
        return start.description.prefix(19) == given.description.prefix(19)
    }

    /// FHIR R4, value set encounter-status.
    private static let statuses: Set<String> = [
        "planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled", "entered-in-error",
        "unknown",
    ]
}
