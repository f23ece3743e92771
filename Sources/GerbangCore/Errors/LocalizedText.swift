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

    /// The first supported language of an `Accept-Language` header value, in the order written; Indonesian otherwise.
    public init(acceptLanguage: String?) {
        let tags = (acceptLanguage ?? "").split(separator: ",")
        for tag in tags {
            let primary = tag.prefix { $0 != ";" && $0 != "-" }.filter { $0 != " " }.lowercased()
            if let language = Language(rawValue: primary) {
                self = language
                return
            }
        }
        self = .indonesian
    }
}
