internal import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangSchema

/// Values that turn up nowhere by chance: invented people, and secrets that are none.
enum Canary {
    static let nik = SchemaSample.nik
    static let name = "Kenari Uji Coba"
    /// What an agency repeats in its messages.
    static let phrase = "gagal untuk \(name), NIK \(nik)"

    /// On whose behalf every call is made.
    static let applicant = Applicant(
        nik: try? NIK(nik, today: ConformanceSample.standardNow.date(in: .wib)),
        name: Sensitive(name)
    )

    /// A secret in place of another.
    static func secret(_ number: Int) -> String { "kenari-rahasia-\(number)-7f3a" }
}

/// Finds in texts what must not stand there.
struct LeakFinder {
    private struct Value {
        let label: String
        let forms: [String]
    }

    private var values: [Value] = []

    /// Looks for secrets and for the personal data of a sample and of the applicant.
    init(secrets: [String], sample: ConformanceSample?) {
        for secret in secrets where secret.utf8.count >= 5 { add("a secret of the settings", secret) }
        guard let sample else { return }
        add("the applicant's NIK", Canary.nik)
        add("the applicant's name", Canary.name)
        for (pointer, text) in Self.leaves(of: sample.input) where Self.isPersonal(pointer, text, sample) {
            add("the input's \(pointer)", text)
        }
    }

    private mutating func add(_ label: String, _ text: String) {
        var forms = [text.lowercased()]
        if let date = CivilDate(text) { forms.append(date.dayFirst) }
        values.append(Value(label: label, forms: forms))
    }

    /// What of it stands in `text`; `nil` when nothing does.
    func leak(in text: String) -> String? {
        let text = text.lowercased()
        return values.first { $0.forms.contains { text.contains($0) } }?.label
    }

    /// What of it stands in an error.
    func leak(in error: GerbangError) -> String? {
        let texts = [error.message, error.agencyCode, error.texts?.indonesian, error.texts?.english]
        return texts.compactMap(\.self).lazy.compactMap { leak(in: $0) }.first
    }

    private static func isPersonal(_ pointer: JSONPointer, _ text: String, _ sample: ConformanceSample) -> Bool {
        guard text.utf8.count >= 4 else { return false }
        if sample.sensitive.contains(where: { pointer.tokens.starts(with: $0.tokens) }) { return true }
        return PersonalNames.contains(pointer.tokens.last ?? "")
    }

    /// The texts of a value and where they stand.
    static func leaves(of value: JSONValue, at pointer: JSONPointer = .root) -> [(JSONPointer, String)] {
        if let object = value.objectValue {
            return object.flatMap { leaves(of: $0.value, at: pointer.appending($0.key)) }
        }
        if let items = value.arrayValue {
            return items.enumerated().flatMap { leaves(of: $0.element, at: pointer.appending($0.offset)) }
        }
        let text = value.stringValue ?? value.numberValue?.text
        return text.map { [(pointer, $0)] } ?? []
    }
}

/// Finds which settings are secrets, by what the adapter asks for as one.
enum SecretSettings {
    /// The places of the settings that the adapter reads as secrets.
    static func places(in settings: JSONObject, of definition: AdapterDefinition) -> [JSONPointer] {
        LeakFinder.leaves(of: .object(settings)).filter { place, text in
            var isRead = false
            var reader = SettingsReader(replacing(place, by: ["env": "KENARI"], in: .object(settings))) {
                _,
                _ throws(GerbangError) in
                isRead = true
                return text
            }
            _ = definition.make(&reader)
            return isRead
        }.map(\.0)
    }

    /// The value with the one at `place` replaced.
    static func replacing(_ place: JSONPointer, by new: JSONValue, in value: JSONValue) -> JSONValue {
        guard let first = place.tokens.first else { return new }
        let rest = JSONPointer(tokens: Array(place.tokens.dropFirst()))
        if var object = value.objectValue {
            object[first] = object[first].map { replacing(rest, by: new, in: $0) }
            return .object(object)
        }
        if var items = value.arrayValue, let index = Int(first), items.indices.contains(index) {
            items[index] = replacing(rest, by: new, in: items[index])
            return .array(items)
        }
        return value
    }
}
