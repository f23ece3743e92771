internal import GerbangCore
internal import GerbangJSON

/// Reads a request's payload strictly; every error names its field.
struct PayloadReader {
    private let object: JSONObject

    /// - Throws: ``GerbangError/Code/invalidInput`` when `payload` is not an object or has other fields than `allowed`.
    init(_ payload: JSONValue, allowed: [String]) throws(GerbangError) {
        guard let object = payload.objectValue else {
            throw GerbangError(.invalidInput, "must be an object", field: .root)
        }
        guard object.keys.allSatisfy(allowed.contains) else {
            // The key may be a misplaced value, and a pointer would spread it.
            throw GerbangError(
                .invalidInput,
                "unknown field; allowed are: \(allowed.joined(separator: ", "))",
                field: JSONPointer.root.appending("*")
            )
        }
        self.object = object
    }

    /// The identity number, which is required.
    func nik(today: CivilDate) throws(GerbangError) -> NIK {
        guard let value = object["nik"] else { throw Self.invalid("nik", "is required") }
        guard let digits = value.stringValue else {
            throw Self.invalid("nik", "must be a text of 16 digits; as a number it would lose digits elsewhere")
        }
        do throws(GerbangError) {
            return try NIK(digits, today: today)
        } catch {
            var error = error
            error.field = JSONPointer.root.appending("nik")
            throw error
        }
    }

    /// The identifier that SATUSEHAT gave to a patient, a practitioner or a location; it is required.
    func id(_ key: String) throws(GerbangError) -> String {
        guard let value = object[key] else { throw Self.invalid(key, "is required") }
        guard let text = value.stringValue, FHIRText.isID(text) else {
            throw Self.invalid(key, "must be the identifier that SATUSEHAT gave: 1 to 64 letters, digits, - and .")
        }
        return text
    }

    /// A name of 1 to 200 characters without line breaks or other control characters.
    func name(_ key: String) throws(GerbangError) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.stringValue, !text.allSatisfy(\.isWhitespace), text.unicodeScalars.count <= 200,
            !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) })
        else { throw Self.invalid(key, "must be a text of 1 to 200 characters in one line") }
        return text
    }

    /// The organisation's own number for an encounter.
    func registrationNumber() throws(GerbangError) -> String? {
        let key = EncounterInput.registrationNumberField
        guard let value = object[key] else { return nil }
        guard let text = value.stringValue, (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ FHIRText.isLetterOrDigit($0) || [0x2d, 0x2e, 0x2f, 0x5f].contains($0) })
        else { throw Self.invalid(key, "must be a text of 1 to 64 letters, digits, - . / and _") }
        return text
    }

    /// One of the texts in `choices`; it is required.
    func choice<Value>(_ key: String, _ choices: [(String, Value)]) throws(GerbangError) -> Value {
        guard let value = object[key] else { throw Self.invalid(key, "is required") }
        guard let choice = choices.first(where: { $0.0 == value.stringValue }) else {
            throw Self.invalid(key, "must be one of \(choices.map(\.0).joined(separator: ", "))")
        }
        return choice.1
    }

    /// A moment in `range`; it is required.
    func moment(_ key: String, in range: (earliest: Timestamp, latest: Timestamp)) throws(GerbangError) -> Timestamp {
        guard let value = object[key] else { throw Self.invalid(key, "is required") }
        guard let moment = value.stringValue.flatMap({ Timestamp($0) }) else {
            throw Self.invalid(key, "must be a moment that exists, with its offset, such as 2026-03-02T09:30:00+07:00")
        }
        guard moment >= range.earliest else {
            throw Self.invalid(key, "must not lie before 2014-06-03 (UTC), which SATUSEHAT refuses")
        }
        guard moment <= range.latest else { throw Self.invalid(key, "must not lie in the future") }
        return moment
    }

    private static func invalid(_ key: String, _ message: String) -> GerbangError {
        GerbangError(.invalidInput, message, field: JSONPointer.root.appending(key))
    }
}
