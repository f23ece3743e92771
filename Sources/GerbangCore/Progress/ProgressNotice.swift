public import GerbangJSON

/// What the citizen is told of a request: who has to act next, why it waits, and when it is likely to end.
///
/// The texts are one sentence each, without jargon and without personal data, meant for a screen in the mall. They tell
/// moments as seen from when the notice was made: show them soon.
public struct ProgressNotice: Sendable {
    /// Who has to act next.
    public struct Holder: Sendable, Hashable {
        /// What kind of place that is.
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// The public service mall: the request has ended, and its result or its repetition is up to the counter.
            case mall
            /// Gerbang: it passes the request on, or finds out what became of it.
            case gateway
            /// The agency: it works on the request, is closed, or has trouble.
            case agency
            /// A person who operates the gateway.
            case `operator`
        }

        /// What kind of place it is.
        public var kind: Kind
        /// Its name.
        public var name: LocalizedText

        /// Creates a holder.
        public init(kind: Kind, name: LocalizedText) {
            self.kind = kind
            self.name = name
        }
    }

    /// Who has to act next.
    public let holder: Holder
    /// When the request is likely to have ended.
    ///
    /// It lies in the future and not before the next call. `nil` when nobody can know, when it is likely to miss its
    /// deadline, and when it has ended.
    public let expectedFinishAt: Timestamp?

    /// Sentences that nobody asks for are never made: most notices are of requests that are about to end.
    private enum Sentences: Sendable {
        case unspoken(Situation, Outlook, Wording)
        case spoken(LocalizedText, expected: LocalizedText)
    }

    private let sentences: Sentences

    /// Where the request is and why, in one sentence; of one that has ended, what came out and what to do next.
    public var texts: LocalizedText {
        switch sentences {
        case .unspoken(let situation, _, let wording): wording.sentence(for: situation)
        case .spoken(let texts, _): texts
        }
    }

    /// When it is likely to end, or when it ended, in one sentence.
    public var expectedFinishTexts: LocalizedText {
        switch sentences {
        case .unspoken(_, let outlook, let wording): wording.sentence(for: outlook)
        case .spoken(_, let texts): texts
        }
    }

    /// Creates a notice from its parts.
    public init(
        holder: Holder,
        texts: LocalizedText,
        expectedFinishAt: Timestamp?,
        expectedFinishTexts: LocalizedText
    ) {
        self.holder = holder
        self.expectedFinishAt = expectedFinishAt
        sentences = .spoken(texts, expected: expectedFinishTexts)
    }

    /// Creates the notice for a situation.
    package init(_ situation: Situation, _ outlook: Outlook, _ wording: Wording) {
        let kind = situation.holder
        holder = Holder(kind: kind, name: wording.name(of: kind))
        expectedFinishAt = if case .finish(let moment) = outlook { moment } else { nil }
        sentences = .unspoken(situation, outlook, wording)
    }
}

extension ProgressNotice: Hashable {
    /// Whether both tell the same.
    public static func == (left: Self, right: Self) -> Bool {
        left.holder == right.holder && left.expectedFinishAt == right.expectedFinishAt && left.texts == right.texts
            && left.expectedFinishTexts == right.expectedFinishTexts
    }

    /// Feeds what is told into the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(holder)
        hasher.combine(expectedFinishAt)
        hasher.combine(texts)
        hasher.combine(expectedFinishTexts)
    }
}

extension ProgressNotice {
    /// The notice as JSON, as it stands in the API.
    public var json: JSONValue {
        var object: JSONObject = [
            "holder": ["kind": .string(holder.kind.rawValue), "name": holder.name.json],
            "texts": texts.json,
        ]
        object["expectedFinishAt"] = expectedFinishAt.map { .string($0.description) }
        object["expectedFinishTexts"] = expectedFinishTexts.json
        return .object(object)
    }

    /// Reads what ``json`` wrote; `nil` when it is not a notice.
    public init?(json: JSONValue) {
        guard let kind = json["holder"]?["kind"]?.stringValue.flatMap({ Holder.Kind(rawValue: $0) }),
            let name = json["holder"]?["name"].flatMap({ LocalizedText(json: $0) }),
            let texts = json["texts"].flatMap({ LocalizedText(json: $0) }),
            let expected = json["expectedFinishTexts"].flatMap({ LocalizedText(json: $0) })
        else { return nil }
        self.init(
            holder: Holder(kind: kind, name: name),
            texts: texts,
            expectedFinishAt: json["expectedFinishAt"]?.stringValue.flatMap { Timestamp($0) },
            expectedFinishTexts: expected
        )
    }
}
