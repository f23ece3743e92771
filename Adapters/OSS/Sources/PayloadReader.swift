internal import GerbangCore
internal import GerbangJSON

/// Reads a request's payload strictly; every error names its field.
struct PayloadReader {
    private let object: JSONObject
    private let place: JSONPointer

    /// - Throws: ``GerbangError/Code/invalidInput`` when `payload` is not an object or has other fields than `allowed`.
    init(_ payload: JSONValue, at place: JSONPointer = .root, allowed: [String]) throws(GerbangError) {
        guard let object = payload.objectValue else {
            throw GerbangError(.invalidInput, "must be an object", field: place)
        }
        guard object.keys.allSatisfy(allowed.contains) else {
            // The key may be a misplaced value, and a pointer would spread it.
            throw GerbangError(
                .invalidInput,
                "unknown field; allowed are: \(allowed.joined(separator: ", "))",
                field: place.appending("*")
            )
        }
        self.object = object
        self.place = place
    }

    /// The mistake in the field `key`.
    func invalid(_ key: String, _ message: String) -> GerbangError {
        GerbangError(.invalidInput, message, field: place.appending(key))
    }

    func has(_ key: String) -> Bool { object[key] != nil }

    /// What `read` found, which must be there.
    func required<Value>(_ key: String, _ value: Value?) throws(GerbangError) -> Value {
        guard let value else { throw invalid(key, "is required") }
        return value
    }

    /// A text of 1 to `maximum` characters, in one line unless `lines` allows more.
    func text(_ key: String, maximum: Int, lines: Bool = false) throws(GerbangError) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.stringValue, !text.allSatisfy(\.isWhitespace), text.unicodeScalars.count <= maximum,
            !Characters.hasControls(text, lines: lines)
        else {
            throw invalid(key, "must be a text of 1 to \(maximum) characters\(lines ? "" : " in one line")")
        }
        return text
    }

    /// Exactly as many digits as `counts` allows.
    func digits(_ key: String, _ counts: ClosedRange<Int>) throws(GerbangError) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.stringValue, counts.contains(text.utf8.count), text.utf8.allSatisfy(Characters.isDigit)
        else {
            let range =
                counts.count == 1 ? "exactly \(counts.lowerBound)" : "\(counts.lowerBound) to \(counts.upperBound)"
            throw invalid(key, "must be a text of \(range) digits 0-9")
        }
        return text
    }

    /// An identifier that the system gave: letters, digits and hyphens, at most 25.
    func identifier(_ key: String) throws(GerbangError) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.stringValue, (1...25).contains(text.utf8.count),
            text.utf8.allSatisfy({ Characters.isDigit($0) || Characters.isLetter($0) || $0 == UInt8(ascii: "-") })
        else {
            throw invalid(key, "must be an identifier of OSS: 1 to 25 letters, digits and hyphens, such as I-20240115")
        }
        return text
    }

    /// A day, written `yyyy-MM-dd`.
    func date(_ key: String) throws(GerbangError) -> CivilDate? {
        guard let value = object[key] else { return nil }
        guard let date = value.stringValue.flatMap({ CivilDate($0) }) else {
            throw invalid(key, "must be a date that exists, written yyyy-MM-dd")
        }
        return date
    }

    /// A moment, written as in RFC 3339 with its offset.
    func moment(_ key: String) throws(GerbangError) -> Timestamp? {
        guard let value = object[key] else { return nil }
        guard let moment = value.stringValue.flatMap({ Timestamp($0) }) else {
            throw invalid(key, "must be a moment with its offset, such as 2026-03-02T10:00:00+07:00")
        }
        return moment
    }

    /// An address of a file.
    func url(_ key: String, maximum: Int) throws(GerbangError) -> String? {
        guard let value = object[key] else { return nil }
        guard let text = value.stringValue, text.utf8.count <= maximum, text.utf8.allSatisfy(Characters.isVisible),
            text.hasPrefix("https://") || text.hasPrefix("http://")
        else {
            throw invalid(key, "must be an http or https address of at most \(maximum) characters")
        }
        return text
    }

    /// A whole number in `range`.
    func int(_ key: String, in range: ClosedRange<Int>) throws(GerbangError) -> Int? {
        guard let value = object[key] else { return nil }
        guard let number = value.intValue, range.contains(number) else {
            throw invalid(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `true` or `false`.
    func bool(_ key: String) throws(GerbangError) -> Bool? {
        guard let value = object[key] else { return nil }
        guard let bool = value.boolValue else { throw invalid(key, "must be true or false") }
        return bool
    }

    /// One of `choices`.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String,
        _ choices: Value.Type
    ) throws(GerbangError) -> Value? where Value.RawValue == String {
        guard let value = object[key] else { return nil }
        guard let choice = value.stringValue.flatMap({ Value(rawValue: $0) }) else {
            throw invalid(key, "must be one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }

    /// The status of a permit: two digits, in the table or not.
    func status(_ key: String) throws(GerbangError) -> PermitStatus? {
        try digits(key, 2...2).map { PermitStatus(code: $0) }
    }

    /// An object with fields of its own.
    func nested(_ key: String, allowed: [String]) throws(GerbangError) -> PayloadReader? {
        guard let value = object[key] else { return nil }
        return try PayloadReader(value, at: place.appending(key), allowed: allowed)
    }

    /// The value as it is.
    func json(_ key: String) -> JSONValue? { object[key] }
}
