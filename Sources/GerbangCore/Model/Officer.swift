public import GerbangJSON

/// The officer who submits a request on the applicant's behalf, at a counter or beside a kiosk.
///
/// An officer is never the applicant: the two are kept apart in the request, the history names the officer as who acted,
/// and adapters make messages from the applicant. One whose agency demands a user's name with every message finds it at
/// `request.submission.officer`.
///
/// It tells who works where and when, so it prints masked and never stands in a log or a metric.
public struct Officer: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The account or employee number under which the mall knows the officer.
    public var id: OfficerID
    /// The officer's name.
    public var name: Sensitive<String>?
    /// The counter or desk, such as `A-12`.
    public var counter: String?

    /// Creates an officer.
    public init(id: OfficerID, name: Sensitive<String>? = nil, counter: String? = nil) {
        self.id = id
        self.name = name
        self.counter = counter
    }

    /// How the history names the officer: `officer:` and the identifier.
    public var actor: String { "officer:\(id.revealed)" }

    /// Always `[redacted]`.
    public var description: String { id.description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// The account or employee number of an officer: 1 to 64 letters, digits, `-`, `_`, `.`, `@` and `/`.
///
/// A NIK is refused, however it is grouped: it is an applicant's or an officer's private number, and would make the two
/// look alike.
public struct OfficerID: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The identifier. Use it only to answer those who may know it, or to build a message to an agency.
    public let revealed: String

    /// Creates an identifier.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` when it is not well-formed, or looks like a NIK.
    public init(_ text: String) throws(GerbangError) {
        let isWellFormed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "@"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
        guard isWellFormed, (1...64).contains(text.utf8.count) else {
            throw GerbangError(
                .invalidInput,
                "not an officer's id: use 1 to 64 letters, digits, '-', '_', '.', '@' and '/'",
                texts: Self.text
            )
        }
        try Officer.refuseNIK(text, as: "an officer's id")
        revealed = text
    }

    /// Restores an identifier that was checked when its request was accepted.
    package init(restoring revealed: String) {
        self.revealed = revealed
    }

    /// Always `[redacted]`.
    public var description: String { "[redacted]" }
    /// Always `[redacted]`.
    public var debugDescription: String { description }
    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: [:]) }

    fileprivate static let text = LocalizedText(
        id: "Data petugas belum benar; mohon hubungi petugas sistem.",
        en: "The officer's data is not right; please speak to the system's operator."
    )
}

extension Officer {
    /// Reads a counter's name.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` when it has not 1 to 64 characters, or looks like a NIK.
    package static func counter(_ text: String) throws(GerbangError) -> String {
        guard (1...64).contains(text.unicodeScalars.count) else {
            throw GerbangError(.invalidInput, "must have 1 to 64 characters", texts: OfficerID.text)
        }
        try refuseNIK(text, as: "a counter")
        return text
    }

    /// Reads an officer's name.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` when it has not 1 to 200 characters, or looks like a NIK.
    package static func name(_ text: String) throws(GerbangError) -> Sensitive<String> {
        guard (1...200).contains(text.unicodeScalars.count) else {
            throw GerbangError(.invalidInput, "must have 1 to 200 characters", texts: OfficerID.text)
        }
        try refuseNIK(text, as: "an officer's name")
        return Sensitive(text)
    }

    /// 16 digits are a NIK, or would be taken for one, however they are grouped and whatever stands before and behind.
    fileprivate static func refuseNIK(_ text: String, as what: String) throws(GerbangError) {
        var run = 0
        var longEnough = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where scalar.properties.numericType != nil: run += 1
            case "-", "_", ".", "/", " ": continue
            default:
                longEnough = longEnough || run == 16
                run = 0
            }
        }
        guard longEnough || run == 16 else { return }
        throw GerbangError(
            .invalidInput,
            "16 digits are a NIK, not \(what): give the account or employee number; the citizen belongs in 'applicant'",
            texts: OfficerID.text
        )
    }
}

extension Channel {
    /// Checks that a submission over this channel names an officer, or none, as it must.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` at `/officer`.
    package func check(_ officer: Officer?) throws(GerbangError) {
        let field = JSONPointer.root.appending("officer")
        switch (self, officer) {
        case (.counter, nil):
            throw GerbangError(
                .invalidInput,
                "the channel counter needs the officer who submits: {\"id\": …}, or say online or kiosk",
                field: field,
                texts: OfficerID.text
            )
        case (.online, _?):
            throw GerbangError(
                .invalidInput,
                "the channel online is the applicant's own: leave the officer out, or say counter or kiosk",
                field: field,
                texts: OfficerID.text
            )
        case (.counter, _?), (.kiosk, _), (.online, nil):
            return
        }
    }
}

extension Officer {
    /// The officer as JSON, as it stands in the API and in the store.
    public var json: JSONValue {
        var object: JSONObject = ["id": .string(id.revealed)]
        object["name"] = name.map { .string($0.revealed) }
        object["counter"] = counter.map { .string($0) }
        return .object(object)
    }

    /// Reads what ``json`` wrote; `nil` when it is not an officer.
    public init?(json: JSONValue) {
        guard let id = json["id"]?.stringValue else { return nil }
        self.init(
            id: OfficerID(restoring: id),
            name: json["name"]?.stringValue.map { Sensitive($0) },
            counter: json["counter"]?.stringValue
        )
    }
}
