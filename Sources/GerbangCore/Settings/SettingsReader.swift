public import GerbangJSON

/// One thing that is wrong with a settings document.
public struct SettingsIssue: Sendable, Hashable {
    /// Where it is wrong.
    public var pointer: JSONPointer
    /// What is wrong and what would be right.
    public var message: String

    /// Creates an issue.
    public init(pointer: JSONPointer, message: String) {
        self.pointer = pointer
        self.message = message
    }
}

/// Reads an object of a settings document strictly, and collects everything that is wrong instead of stopping at the
/// first mistake.
///
/// Every key is asked for by name; keys that nobody asked for are reported as unknown. A method returns `nil` after it
/// has reported an issue, so that the caller reads on and fails at the end.
public struct SettingsReader {
    /// Finds a secret that is named instead of written: `{env: NAME}` or `{file: PATH}`.
    public typealias SecretSource = (_ kind: String, _ name: String) throws(GerbangError) -> String

    /// What is wrong so far.
    public private(set) var issues: [SettingsIssue] = []
    /// Secrets that are written as they are, instead of being named: what must not be shown.
    public private(set) var writtenSecrets: Set<Sensitive<String>> = []
    /// The place of this object in its document.
    public let pointer: JSONPointer

    private let object: JSONObject
    private let whole: JSONValue
    private let secretSource: SecretSource
    private var known: [String] = []

    /// Creates a reader of `value`, which stands at `pointer` of its document.
    public init(
        _ value: JSONValue,
        at pointer: JSONPointer = .root,
        secrets: @escaping SecretSource = { kind, _ throws(GerbangError) in
            throw GerbangError(.invalidConfiguration, "secrets from '\(kind)' are not available here")
        }
    ) {
        whole = value
        self.pointer = pointer
        secretSource = secrets
        object = value.objectValue ?? [:]
        if value.objectValue == nil {
            issues.append(SettingsIssue(pointer: pointer, message: "must be an object with named fields"))
        }
    }

    // MARK: Fields

    /// A required text.
    public mutating func string(_ key: String) -> String? {
        required(key, optionalString(key))
    }

    /// A text that may be absent.
    public mutating func optionalString(_ key: String) -> String? {
        read(key, "a text") { $0.stringValue }
    }

    /// A whole number in `range`, or `fallback` when absent.
    public mutating func int(_ key: String, in range: ClosedRange<Int>, default fallback: Int) -> Int {
        let number = read(key, "a whole number from \(range.lowerBound) to \(range.upperBound)") { value in
            value.intValue.flatMap { range.contains($0) ? $0 : nil }
        }
        return number ?? fallback
    }

    /// A number of at least `minimum` that may be absent.
    public mutating func optionalDouble(_ key: String, atLeast minimum: Double) -> Double? {
        read(key, "a number of at least \(minimum)") { value in
            value.numberValue.flatMap { $0.double >= minimum && $0.double.isFinite ? $0.double : nil }
        }
    }

    /// A number in `range` that may be absent.
    public mutating func optionalDouble(_ key: String, in range: ClosedRange<Double>) -> Double? {
        read(key, "a number from \(range.lowerBound) to \(range.upperBound)") { value in
            value.numberValue.flatMap { range.contains($0.double) ? $0.double : nil }
        }
    }

    /// `true` or `false`, or `fallback` when absent.
    public mutating func bool(_ key: String, default fallback: Bool) -> Bool {
        read(key, "true or false") { $0.boolValue } ?? fallback
    }

    /// A required duration such as `250ms`, `30s`, `5m`, `2h` or `3d`.
    public mutating func duration(_ key: String) -> Duration? {
        required(key, optionalDuration(key))
    }

    /// A duration such as `250ms`, `30s`, `5m`, `2h` or `3d` that may be absent.
    public mutating func optionalDuration(_ key: String) -> Duration? {
        read(key, "a duration such as 250ms, 30s, 5m, 2h or 3d") { value in
            value.stringValue.flatMap { DurationText.parse($0) }
        }
    }

    /// A duration, or `fallback` when absent.
    public mutating func duration(_ key: String, default fallback: Duration) -> Duration {
        optionalDuration(key) ?? fallback
    }

    /// A required value that is written as a text and made by `make`; its error becomes the issue.
    public mutating func value<Value>(_ key: String, _ make: (String) throws(GerbangError) -> Value) -> Value? {
        required(key, optionalValue(key, make))
    }

    /// A value written as a text and made by `make`, which may be absent.
    public mutating func optionalValue<Value>(
        _ key: String,
        _ make: (String) throws(GerbangError) -> Value
    ) -> Value? {
        guard let text = optionalString(key) else { return nil }
        do throws(GerbangError) {
            return try make(text)
        } catch {
            report(error.message, at: key)
            return nil
        }
    }

    /// One of the texts in `choices`, or `fallback` when absent.
    public mutating func choice<Value>(_ key: String, _ choices: [(String, Value)], default fallback: Value) -> Value {
        read(key, "one of \(choices.map(\.0).joined(separator: ", "))") { value in
            value.stringValue.flatMap { text in choices.first { $0.0 == text }?.1 }
        } ?? fallback
    }

    /// A required secret: a text, or `{env: NAME}` or `{file: PATH}` that says where it is kept.
    public mutating func secret(_ key: String) -> Sensitive<String>? {
        required(key, optionalSecret(key))
    }

    /// A secret that may be absent.
    public mutating func optionalSecret(_ key: String) -> Sensitive<String>? {
        known.append(key)
        guard let value = object[key], !value.isNull else { return nil }
        if let text = value.stringValue {
            let secret = Sensitive(text)
            writtenSecrets.insert(secret)
            return secret
        }
        guard let reference = value.objectValue, reference.count == 1,
            let (kind, name) = reference.first(where: { _ in true }),
            let name = name.stringValue, kind == "env" || kind == "file"
        else {
            report("must be a text, {env: NAME} or {file: PATH}", at: key)
            return nil
        }
        do throws(GerbangError) {
            return Sensitive(try secretSource(kind, name))
        } catch {
            report(error.message, at: key)
            return nil
        }
    }

    /// A required value of any form.
    public mutating func json(_ key: String) -> JSONValue? {
        required(key, optionalJSON(key))
    }

    /// A value of any form that may be absent.
    public mutating func optionalJSON(_ key: String) -> JSONValue? {
        known.append(key)
        return object[key]
    }

    /// A required text in both languages, written as `{id: …, en: …}`.
    public mutating func localizedText(_ key: String) -> LocalizedText? {
        required(key, optionalLocalizedText(key))
    }

    /// A text in both languages that may be absent.
    public mutating func optionalLocalizedText(_ key: String) -> LocalizedText? {
        read(key, "a text in both languages: {id: …, en: …}") { value in
            value.objectValue?.count == 2 ? LocalizedText(json: value) : nil
        }
    }

    /// The reader's whole object as a text in both languages, for lists of texts.
    public mutating func wholeLocalizedText() -> LocalizedText? {
        known += ["id", "en"]
        let text = LocalizedText(json: whole)
        if text == nil {
            issues.append(SettingsIssue(pointer: pointer, message: "must be a text in both languages: {id: …, en: …}"))
        }
        return text
    }

    // MARK: Structure

    /// An object read by `body`; `nil` when it is absent or not usable.
    public mutating func object<Value>(_ key: String, _ body: (inout SettingsReader) -> Value?) -> Value? {
        known.append(key)
        guard let value = object[key], !value.isNull else { return nil }
        return nested(value, at: pointer.appending(key), body)
    }

    /// A list of objects, each read by `body`; empty when absent. Items that are not usable are left out and reported.
    ///
    /// - Parameter complete: What is read in an item's place, for items that do not write everything themselves.
    public mutating func list<Value>(
        _ key: String,
        completing complete: (JSONValue) -> JSONValue = { $0 },
        _ body: (inout SettingsReader) -> Value?
    ) -> [Value] {
        guard let items = read(key, "a list", { $0.arrayValue }) else { return [] }
        var values: [Value] = []
        values.reserveCapacity(items.count)
        let place = pointer.appending(key)
        for (index, item) in items.enumerated() {
            if let value = nested(complete(item), at: place.appending(index), body) { values.append(value) }
        }
        return values
    }

    /// A list of texts, each made by `make`; `nil` when absent.
    public mutating func texts<Value>(
        _ key: String,
        _ make: (String) throws(GerbangError) -> Value
    ) -> [Value]? {
        guard let items = read(key, "a list of texts", { $0.arrayValue }) else { return nil }
        var values: [Value] = []
        for (index, item) in items.enumerated() {
            let place = pointer.appending(key).appending(index)
            guard let text = item.stringValue else {
                issues.append(SettingsIssue(pointer: place, message: "must be a text (numbers need quotes)"))
                continue
            }
            do throws(GerbangError) {
                values.append(try make(text))
            } catch {
                issues.append(SettingsIssue(pointer: place, message: error.message))
            }
        }
        return values
    }

    /// Reports something that is wrong with the value of `key`, or with the whole object.
    public mutating func report(_ message: String, at key: String? = nil) {
        issues.append(SettingsIssue(pointer: key.map { pointer.appending($0) } ?? pointer, message: message))
    }

    /// Whether the object has a value for `key`.
    public func has(_ key: String) -> Bool { object[key].map { !$0.isNull } ?? false }

    /// Reports keys that nobody asked for. Call it when everything was read.
    public mutating func reportUnknownKeys() {
        for key in object.keys where !known.contains(key) {
            let allowed = Set(known).sorted().joined(separator: ", ")
            report("unknown field; allowed are: \(allowed)", at: key)
        }
    }

    /// Ends the reading.
    ///
    /// - Throws: ``GerbangError/Code/invalidConfiguration`` with all issues, unknown keys among them.
    public mutating func finish(describing what: String) throws(GerbangError) {
        reportUnknownKeys()
        guard !issues.isEmpty else { return }
        let list = issues.map { "\($0.pointer): \($0.message)" }.joined(separator: "; ")
        throw GerbangError(.invalidConfiguration, "\(what): \(list)", field: issues.first?.pointer)
    }

    // MARK: Shared parts

    private mutating func nested<Value>(
        _ value: JSONValue,
        at place: JSONPointer,
        _ body: (inout SettingsReader) -> Value?
    ) -> Value? {
        var reader = SettingsReader(value, at: place, secrets: secretSource)
        let result = reader.issues.isEmpty ? body(&reader) : nil
        if reader.issues.isEmpty || result != nil || !reader.known.isEmpty { reader.reportUnknownKeys() }
        issues += reader.issues
        if !reader.writtenSecrets.isEmpty { writtenSecrets.formUnion(reader.writtenSecrets) }
        return result
    }

    private mutating func read<Value>(
        _ key: String,
        _ expectation: @autoclosure () -> String,
        _ convert: (JSONValue) -> Value?
    ) -> Value? {
        known.append(key)
        guard let value = object[key], !value.isNull else { return nil }
        guard let result = convert(value) else {
            report("must be \(expectation())", at: key)
            return nil
        }
        return result
    }

    private mutating func required<Value>(_ key: String, _ value: Value?) -> Value? {
        if value == nil, !has(key), whole.objectValue != nil { report("is required", at: key) }
        return value
    }
}
