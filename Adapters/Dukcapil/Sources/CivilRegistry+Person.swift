internal import GerbangCore
internal import GerbangJSON

/// Reading the answer to `CALL_NIK`.
extension CivilRegistry {
    /// The registered data of the person who was asked for.
    ///
    /// A record of another NIK is never passed on. Of several records of the same NIK the first counts, with a notice.
    /// A member that is missing or cannot be read is left out, except NIK and name.
    func person(in records: [RegistryRecord], for call: AdapterCall) -> Verdict {
        let notice = records.lazy.compactMap(\.notice).first
        let people = records.filter { $0.text("NIK") != nil || $0.text("NAMA_LGKP") != nil }
        guard let asked = call.payload["nik"]?.stringValue, people.allSatisfy({ $0.text("NIK") == asked }) else {
            return call.unreadable("the answer is not about the NIK that was asked for")
        }
        guard let record = people.first(where: { $0.text("NAMA_LGKP") != nil }),
            let name = record.text("NAMA_LGKP")
        else {
            if case .code(let code) = records.first?.statement { return verdict(on: code, for: call) }
            return call.unreadable("the answer has no name")
        }
        var output: JSONObject = ["nik": .string(asked)]
        func set(_ key: String, _ text: String?) {
            output[key] = text.map { .string($0) }
        }
        set("familyCardNumber", record.text("NO_KK"))
        set("name", name)
        set("birthPlace", record.text("TMPT_LHR"))
        set("birthDate", LenientText.date(record.text("TGL_LHR"), zone: settings.zone)?.description)
        set("sex", LenientText.sex(record.text("JENIS_KLMIN"))?.rawValue)
        set("religion", record.text("AGAMA"))
        set("maritalStatus", record.text("STATUS_KAWIN"))
        set("occupation", record.text("JENIS_PKRJN"))
        set("address", record.text("ALAMAT"))
        set("neighbourhood", neighbourhood(of: record))
        set("region", region(of: record)?.description)
        output["regionNames"] = regionNames(of: record)
        let isAmbiguous = people.count > 1
        let notices = [notice, isAmbiguous && notice != "duplicate" ? "duplicate" : nil].compactMap { $0 }
        if !notices.isEmpty { output["notices"] = .array(notices.map { .string($0) }) }
        return .succeeded(output: .object(output))
    }

    /// RT and RW as identity cards print them: `001/002`.
    private func neighbourhood(of record: RegistryRecord) -> String? {
        guard let rt = LenientText.code(record.text("NO_RT"), width: 3),
            let rw = LenientText.code(record.text("NO_RW"), width: 3)
        else { return nil }
        return "\(rt)/\(rw)"
    }

    /// The region down to the lowest level that the record gives without a gap.
    private func region(of record: RegistryRecord) -> Region? {
        var digits = ""
        for (name, width) in [("NO_PROP", 2), ("NO_KAB", 2), ("NO_KEC", 2), ("NO_KEL", 4)] {
            guard let part = LenientText.code(record.text(name), width: width) else { break }
            digits += part
        }
        // The nation is not a person's region.
        return digits.isEmpty ? nil : try? Region(digits)
    }

    private func regionNames(of record: RegistryRecord) -> JSONValue? {
        var names: JSONObject = [:]
        let levels = [
            ("province", "PROP_NAME"), ("regency", "KAB_NAME"), ("district", "KEC_NAME"), ("village", "KEL_NAME"),
        ]
        for (level, name) in levels {
            names[level] = record.text(name).map { .string($0) }
        }
        return names.isEmpty ? nil : .object(names)
    }
}
