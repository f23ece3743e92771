public import GerbangCore
public import GerbangJSON
internal import GerbangYAML

/// An example of a call: what is asked, what the agency answers, and what shall come of it.
public struct Fixture: Sendable {
    /// What it shows.
    public var name: String
    /// The operation.
    public var operation: OperationID
    /// The service's input.
    public var input: JSONValue
    /// The connection's settings, over those that all fixtures share.
    public var settings: JSONObject
    /// The present moment.
    public var now: Timestamp
    /// The number of the call.
    public var attempt: Int
    /// The agency's own number for the request, if it has given one.
    public var reference: String?
    /// The request's identifier.
    public var requestID: RequestID
    /// The region in which it is asked for.
    public var region: Region
    /// What must stand in the message; what is not named here may be anything.
    public var sends: ExpectedMessage?
    /// That the input is refused before anything is sent, and the field at fault.
    public var refuses: String?
    /// The agency's answer; none when only the message is looked at.
    public var answer: WireResponse?
    /// What shall come of it.
    public var expected: Expectation
    /// Where the example stands in the manifest.
    public var line: Int? { place.line }
    /// Found when it is asked for: most examples are never wrong.
    let place: FixturePlace

    /// What a message must be.
    public struct ExpectedMessage: Sendable {
        /// The method.
        public var method: String?
        /// The path and query, encoded.
        public var target: String?
        /// Header fields; null for one that must not be there.
        public var headers: [(name: String, value: String?)] = []
        /// The body as JSON.
        public var json: JSONValue?
        /// The body as text.
        public var text: String?
        /// The message by the operation's contract: `body`, `header` or both.
        public var contract: JSONValue?
    }

    /// What shall come of an answer.
    public struct Expectation: Sendable {
        /// The verdict's word.
        public var verdict: String?
        /// The finding's word.
        public var finding: String?
        /// The output.
        public var output: JSONValue?
        /// The error's code.
        public var error: String?
        /// The agency's own code.
        public var agencyCode: String?
        /// The field at fault.
        public var field: String?
        /// The agency's number.
        public var reference: String?
        /// Until when to wait.
        public var until: Timestamp?
        /// After how long to ask again.
        public var checkAfter: Duration?
    }
}

/// Where an example stands.
struct FixturePlace: Sendable {
    let places: YAMLPlaces
    let pointer: JSONPointer

    var line: Int? { places.place(of: pointer)?.line }
}
