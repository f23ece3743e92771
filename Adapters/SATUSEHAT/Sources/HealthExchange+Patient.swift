internal import GerbangCore
internal import GerbangJSON

/// Reading the answer to a search for a patient.
extension HealthExchange {
    /// The patient who has the NIK that was asked for.
    ///
    /// Another person's record is never passed on: a record that shows a NIK must show this one, and where there are
    /// several, each must. The platform's own samples show none, so that of a single record it is not demanded.
    func patient(in resource: JSONObject, for call: AdapterCall) -> Verdict {
        guard let bundle = SearchResult(resource), let asked = try? PatientInput(call).nik else {
            return call.unreadable("the answer is not the result of a search")
        }
        guard !bundle.isEmpty else {
            return .rejected(
                GerbangError(
                    .agencyNotFound,
                    "the platform has no patient with this NIK",
                    texts: OutcomeTexts.unknownPatient
                )
            )
        }
        let patients = bundle.resources(of: "Patient")
        let ids = Set(patients.compactMap { FHIRText.id($0["id"]) })
        let areAsked = patients.allSatisfy { patient in
            let shown = Self.shownNIKs(of: patient)
            return shown.isEmpty ? ids.count == 1 : shown.contains(asked.revealed)
        }
        guard areAsked, let patient = Self.best(of: patients), let id = FHIRText.id(patient["id"]) else {
            return call.unreadable("the answer is not about the NIK that was asked for")
        }
        let birthDate = FHIRText.text(patient["birthDate"]).flatMap { CivilDate($0) }
        let sex = FHIRText.text(patient["gender"]).flatMap { NIK.Sex(rawValue: $0.lowercased()) }
        var output: JSONObject = ["patientId": .string(id)]
        output["name"] = Self.name(of: patient).map { .string($0) }
        output["birthDate"] = birthDate.map { .string($0.description) }
        output["sex"] = sex.map { .string($0.rawValue) }
        // Registered data get corrected and the NIK does not, so a difference is worth a remark and nothing more.
        let notices = [
            ("inactive", patient["active"] == false),
            ("deceased", Self.isDeceased(patient)),
            ("duplicate", ids.count > 1),
            ("birthDateDiffersFromNik", birthDate.map { $0 != asked.birthDate } ?? false),
            ("sexDiffersFromNik", sex.map { $0 != asked.sex } ?? false),
        ].filter(\.1).map { JSONValue.string($0.0) }
        if !notices.isEmpty { output["notices"] = .array(notices) }
        return .succeeded(output: .object(output))
    }

    /// The first record with an identifier, if possible one that is in use.
    private static func best(of patients: [JSONObject]) -> JSONObject? {
        let usable = patients.filter { FHIRText.id($0["id"]) != nil }
        return usable.first { $0["active"] != false } ?? usable.first
    }

    /// The NIKs of a record that are shown in full; some instances mask them.
    private static func shownNIKs(of patient: JSONObject) -> [String] {
        patient.identifiers(of: IdentifierSystem.nik)
            .filter { $0.utf8.count == 16 && $0.utf8.allSatisfy(FHIRText.isDigit) }
    }

    /// The official name as one text.
    private static func name(of patient: JSONObject) -> String? {
        let names = patient["name"]?.arrayValue ?? []
        guard let name = names.first(where: { $0["use"] == "official" }) ?? names.first else { return nil }
        if let text = FHIRText.text(name["text"]) { return text }
        let given = (name["given"]?.arrayValue ?? []).compactMap { FHIRText.text($0) }
        let parts = given + [FHIRText.text(name["family"])].compactMap { $0 }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private static func isDeceased(_ patient: JSONObject) -> Bool {
        patient["deceasedBoolean"] == true || FHIRText.text(patient["deceasedDateTime"]) != nil
    }
}
