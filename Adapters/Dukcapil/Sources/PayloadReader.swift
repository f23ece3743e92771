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
            error.field = CivilRegistry.nikField
            throw error
        }
    }

    /// A text of 1 to `maximum` characters without line breaks or other control characters.
    func text(_ key: String, maximum: Int) throws(GerbangError) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.stringValue,
            !text.allSatisfy(\.isWhitespace), text.unicodeScalars.count <= maximum,
            !Characters.hasControls(text)
        else {
            throw Self.invalid(key, "must be a text of 1 to \(maximum) characters in one line")
        }
        return text
    }

    /// Exactly 16 digits.
    func sixteenDigits(_ key: String) throws(GerbangError) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.stringValue, text.utf8.count == 16, text.utf8.allSatisfy(Characters.isDigit) else {
            throw Self.invalid(key, "must be a text of exactly 16 digits 0-9")
        }
        return text
    }

    /// A day that has come, written `yyyy-MM-dd`.
    func date(_ key: String, notAfter today: CivilDate) throws(GerbangError) -> CivilDate? {
        guard let value = object[key] else { return nil }
        guard let date = value.stringValue.flatMap({ CivilDate($0) }) else {
            throw Self.invalid(key, "must be a date that exists, written yyyy-MM-dd")
        }
        guard date <= today else { throw Self.invalid(key, "must not lie in the future") }
        return date
    }

    /// `male` or `female`.
    func sex(_ key: String) throws(GerbangError) -> NIK.Sex? {
        guard let value = object[key] else { return nil }
        guard let sex = value.stringValue.flatMap({ NIK.Sex(rawValue: $0) }) else {
            throw Self.invalid(key, "must be male or female")
        }
        return sex
    }

    /// A whole number in `range`.
    func int(_ key: String, in range: ClosedRange<Int>) throws(GerbangError) -> Int? {
        guard let value = object[key] else { return nil }
        guard let number = value.intValue, range.contains(number) else {
            throw Self.invalid(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func invalid(_ key: String, _ message: String) -> GerbangError {
        GerbangError(.invalidInput, message, field: JSONPointer.root.appending(key))
    }
}
