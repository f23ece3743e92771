internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

/// The messages to the registry.
extension CivilRegistry {
    /// `CALL_VERIFY_BY_ELEMEN`: only the elements that were asked about are sent.
    func message(_ input: VerifyInput, for call: AdapterCall) -> WireRequest {
        var body: JSONObject = [:]
        func set(_ element: VerifyElement, _ text: String?) {
            body[element.wireName] = text.map { .string($0) }
        }
        set(.nik, input.nik.revealed)
        set(.familyCardNumber, input.familyCardNumber)
        set(.name, input.name)
        set(.birthPlace, input.birthPlace)
        set(.birthDate, input.birthDate.map { settings.dateFormat == .iso ? $0.description : $0.dayFirst })
        set(.sex, input.sex.map { $0 == .male ? "Laki-laki" : "Perempuan" })
        set(.maritalStatus, input.maritalStatus)
        set(.occupation, input.occupation)
        set(.address, input.address)
        // The interface spells it so.
        body["TRESHOLD"] = .string(String(input.threshold ?? settings.threshold))
        addCredentials(to: &body, userID: "USER_ID", password: "PASSWORD")
        return post(body, method: settings.verifyMethod, for: call)
    }

    /// `CALL_NIK`.
    func message(_ input: LookupInput, for call: AdapterCall) -> WireRequest {
        var body: JSONObject = ["NIK": .string(input.nik.revealed)]
        addCredentials(to: &body, userID: "user_id", password: "password")
        return post(body, method: settings.lookupMethod, for: call)
    }

    private func addCredentials(to body: inout JSONObject, userID: String, password: String) {
        let names = settings.credentialNames
        body[names.userID ?? userID] = .string(settings.userID)
        body[names.password ?? password] = .string(settings.password.revealed)
        body[names.clientAddress ?? "IP_USER"] = .string(settings.clientAddress)
    }

    private func post(_ body: JSONObject, method: String, for call: AdapterCall) -> WireRequest {
        var fields: HTTPFields = [.contentType: "application/json", .accept: "application/json"]
        if let requestID = HTTPField.Name("X-Request-ID") { fields[requestID] = call.key }
        return WireRequest(
            method: .post,
            path: ["get_json"] + settings.institution + [method],
            headerFields: fields,
            body: JSONValue.object(body).encoded()
        )
    }
}
