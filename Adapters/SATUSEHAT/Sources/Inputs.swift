internal import GerbangCore
internal import GerbangJSON

/// The input of `health.patient.find`, checked.
struct PatientInput {
    var nik: NIK

    init(_ call: AdapterCall) throws(GerbangError) {
        // Nobody is born later than today in the east of the country.
        nik = try PayloadReader(call.payload, allowed: ["nik"]).nik(today: call.now.date(in: .wit))
    }
}

/// The kind of an encounter, as its class says it.
struct EncounterClass: Sendable, Hashable {
    /// The code in HL7's v3-ActCode, or the platform's own.
    let code: String
    /// HL7's words for the code.
    let display: String?

    /// The classes by their names in the service's input.
    static let named: [(String, EncounterClass)] = [
        ("ambulatory", EncounterClass(code: "AMB", display: "ambulatory")),
        ("emergency", EncounterClass(code: "EMER", display: "emergency")),
        ("inpatient", EncounterClass(code: "IMP", display: "inpatient encounter")),
        ("home", EncounterClass(code: "HH", display: "home health")),
        // HL7's code system has no such code, and so no words for it.
        ("telemedicine", EncounterClass(code: "TELE", display: nil)),
        ("virtual", EncounterClass(code: "VR", display: "virtual")),
    ]
}

/// The input of `health.encounter.register`, checked.
struct EncounterInput {
    /// Something registered with SATUSEHAT, with the name that is shown beside the reference.
    struct Party {
        var id: String
        var name: String?
    }

    static let registrationNumberField = "registrationNumber"
    private static let fields = [
        "patientId", "patientName", "practitionerId", "practitionerName", "locationId", "locationName", "class",
        "start", registrationNumberField,
    ]
    /// 2014-06-03T00:00:00Z: nothing that began earlier is taken.
    private static let earliest = Timestamp(milliseconds: 1_401_753_600_000)

    var patient: Party
    var practitioner: Party
    var location: Party
    var kind: EncounterClass
    var start: Timestamp

    init(_ call: AdapterCall) throws(GerbangError) {
        let reader = try PayloadReader(call.payload, allowed: Self.fields)
        patient = Party(id: try reader.id("patientId"), name: try reader.name("patientName"))
        practitioner = Party(id: try reader.id("practitionerId"), name: try reader.name("practitionerName"))
        location = Party(id: try reader.id("locationId"), name: try reader.name("locationName"))
        kind = try reader.choice("class", EncounterClass.named)
        // What was not in the future when it was accepted is not refused because a clock was set back since.
        let latest = max(call.now, call.request.acceptedAt)
        start = try reader.moment("start", in: (Self.earliest, latest))
        _ = try reader.registrationNumber()
    }
}

extension AdapterCall {
    /// The number that the client gave to the encounter, if it gave one.
    var givenRegistrationNumber: String? {
        payload[EncounterInput.registrationNumberField]?.stringValue
    }

    /// The number under which the organisation knows the encounter: the client's, or else the request's key. It is the
    /// same for every attempt and every inquiry.
    var registrationNumber: String { givenRegistrationNumber ?? key }
}
