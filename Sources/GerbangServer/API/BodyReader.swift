internal import GerbangCore
internal import GerbangJSON

/// Reads the fields of a body and collects everything that is wrong with them.
struct BodyReader {
    private let members: JSONObject
    private let isObject: Bool
    private let path: JSONPointer
    private var known: [String] = []
    private(set) var issues: [GerbangError] = []

    init(_ value: JSONValue, at path: JSONPointer = .root) {
        self.path = path
        members = value.objectValue ?? [:]
        isObject = value.objectValue != nil
        if !isObject { issues = [GerbangError(.invalidInput, "must be an object", field: path)] }
    }

    /// The value of a field as it is.
    ///
    /// - Parameter expectation: What would be right, for whoever left it out.
    mutating func json(_ key: String, isRequired: Bool = true, expecting expectation: String? = nil) -> JSONValue? {
        known.append(key)
        let value = members[key]
        if value == nil, isRequired, isObject { refuse(key, "is required\(expectation.map { ": \($0)" } ?? "")") }
        return value
    }

    /// The text of a field, converted by `make`.
    mutating func value<Value>(
        _ key: String,
        isRequired: Bool = true,
        expecting expectation: String? = nil,
        _ make: (String) throws(GerbangError) -> Value
    ) -> Value? {
        guard let json = json(key, isRequired: isRequired, expecting: expectation) else { return nil }
        guard let text = json.stringValue else {
            refuse(key, "must be a string")
            return nil
        }
        do throws(GerbangError) {
            return try make(text)
        } catch {
            var error = error
            error.field = path.appending(key)
            issues.append(error)
            return nil
        }
    }

    /// A reader for the object in a field; `nil` when there is none.
    mutating func object(_ key: String) -> BodyReader? {
        json(key, isRequired: false).map { BodyReader($0, at: path.appending(key)) }
    }

    /// Takes over what another reader has found wrong.
    mutating func finish(_ inner: BodyReader) {
        var inner = inner
        inner.refuseUnknownFields()
        issues += inner.issues
    }

    /// Ends reading.
    ///
    /// - Throws: A ``Failure`` with everything that was wrong.
    mutating func finish() throws(Failure) {
        refuseUnknownFields()
        guard let first = issues.first else { return }
        var failure = Failure(first)
        if issues.count > 1 { failure.issues = issues }
        throw failure
    }

    /// Refuses a field that is known here, for what it holds or where it stands.
    mutating func refuse(_ key: String, _ reason: String) {
        issues.append(GerbangError(.invalidInput, reason, field: path.appending(key)))
    }

    /// Once for all of them, and without their names: what is no field here may be somebody's name or number that went
    /// astray.
    private mutating func refuseUnknownFields() {
        guard members.keys.contains(where: { !known.contains($0) }) else { return }
        refuse("*", "is not a field here; there are \(known.joined(separator: ", "))")
    }
}

extension Submission {
    /// Reads the body of `POST /v1/requests`.
    ///
    /// - Throws: A ``Failure`` that names every field at fault.
    init(body: JSONValue, idempotencyKey: String, now: Timestamp) throws(Failure) {
        var reader = BodyReader(body)
        let service = reader.value("service", expecting: "a name of the catalogue, see GET /v1/services") {
            text throws(GerbangError) in try ServiceID(text)
        }
        let region = reader.value("region", expecting: Region.expectation) { text throws(GerbangError) in
            try Region(text)
        }
        var applicant = Applicant()
        if var person = reader.object("applicant") {
            applicant.nik = person.value("nik", isRequired: false) { text throws(GerbangError) in
                try NIK(text, today: now.date(in: .wib))
            }
            applicant.name = person.value("name", isRequired: false) { text throws(GerbangError) in
                guard (1...200).contains(text.unicodeScalars.count) else {
                    throw GerbangError(.invalidInput, "must have 1 to 200 characters")
                }
                return Sensitive(text)
            }
            reader.finish(person)
        }
        let channel = reader.value("channel", isRequired: false) { text throws(GerbangError) in
            guard let channel = Channel(rawValue: text) else {
                let names = Channel.allCases.map(\.rawValue).joined(separator: ", ")
                throw GerbangError(.invalidInput, "must be one of \(names)")
            }
            return channel
        }
        let officer = Officer(in: &reader)
        let payload = reader.json("payload")
        let deadline = reader.value("deadline", isRequired: false) { text throws(GerbangError) in
            guard let deadline = Timestamp(text) else {
                throw GerbangError(.invalidInput, "must be a moment with its offset, such as 2026-01-31T09:30:00+07:00")
            }
            return deadline
        }
        var callback: Callback?
        if var target = reader.object("callback") {
            callback = target.value("url") { text throws(GerbangError) in try Callback(url: text) }
            reader.finish(target)
        }
        try reader.finish()
        guard let service, let region, let payload else {
            throw Failure(.invalidInput, "the body is incomplete")
        }
        self.init(
            service: service,
            region: region,
            applicant: applicant,
            channel: channel ?? .online,
            officer: officer,
            payload: payload,
            idempotencyKey: idempotencyKey,
            deadline: deadline,
            callback: callback
        )
    }
}
