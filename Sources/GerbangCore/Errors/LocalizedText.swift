public import GerbangJSON

/// A text in the two languages of the service: Indonesian and English.
public struct LocalizedText: Sendable, Hashable {
    /// The Indonesian text (`id`).
    public var indonesian: String
    /// The English text (`en`).
    public var english: String

    /// Creates a text.
    public init(id indonesian: String, en english: String) {
        self.indonesian = indonesian
        self.english = english
    }

    /// The text in `language`.
    public subscript(language: Language) -> String {
        switch language {
        case .indonesian: indonesian
        case .english: english
        }
    }

    /// The text as `{"id": …, "en": …}`.
    public var json: JSONValue { ["id": .string(indonesian), "en": .string(english)] }

    /// Reads what ``json`` wrote; `nil` when a language is missing.
    public init?(json: JSONValue) {
        guard let indonesian = json["id"]?.stringValue, let english = json["en"]?.stringValue else { return nil }
        self.init(id: indonesian, en: english)
    }
}

/// A language that Gerbang speaks.
public enum Language: String, Sendable, Hashable, CaseIterable {
    /// Bahasa Indonesia.
    case indonesian = "id"
    /// English.
    case english = "en"

    /// The supported language that an `Accept-Language` header value prefers (RFC 9110 §12.5.4), the first of equals;
    /// Indonesian otherwise.
    public init(acceptLanguage: String?) {
        var best: (language: Language, weight: Double)?
        for range in (acceptLanguage ?? "").split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let tag = parts.first, let language = Language(rawValue: String(tag.prefix { $0 != "-" })) else {
                continue
            }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        self = best?.language ?? .indonesian
    }
}
