public import GerbangCore
public import GerbangJSON

/// An adapter to prove, with what is needed to drive it.
public struct ConformanceSubject: Sendable {
    /// How the adapter is packaged.
    public enum Packaging: String, Sendable, Hashable {
        /// Swift code.
        case module
        /// Data.
        case manifest
    }

    /// How the adapter is made.
    public var definition: AdapterDefinition
    /// The settings of a connection that it is made with; secrets are written out, and are not real ones.
    public var settings: JSONObject
    /// The connection's `authentication`, when the adapter does not bring its own.
    public var authentication: JSONValue?
    /// What its operations are asked; for an operation without a sample one is made from its service's schema.
    public var samples: [ConformanceSample]
    /// What it does otherwise than a check demands, and why that is right.
    public var deviations: [ConformanceDeviation]
    /// How it is packaged.
    public var packaging: Packaging
    /// The SHA-256 of what was tested, 64 hexadecimal digits: of a manifest's file, or of a module's description.
    public var contentHash: String

    /// Creates a subject; without a hash, that of the description is taken.
    public init(
        _ definition: AdapterDefinition,
        settings: JSONObject = [:],
        authentication: JSONValue? = nil,
        samples: [ConformanceSample] = [],
        deviations: [ConformanceDeviation] = [],
        packaging: Packaging = .module,
        contentHash: String? = nil
    ) {
        self.definition = definition
        self.settings = settings
        self.authentication = authentication
        self.samples = samples
        self.deviations = deviations
        self.packaging = packaging
        self.contentHash = contentHash ?? ContentHash.hash(of: definition.descriptor)
    }
}

/// What an operation is asked, and what its agency answers.
public struct ConformanceSample: Sendable {
    /// The operation.
    public var operation: OperationID
    /// The service's input: of an inquiry, that of the request it asks about.
    public var input: JSONValue
    /// The agency's own number, for an inquiry that needs one.
    public var reference: String?
    /// The region in which it is asked for.
    public var region: Region
    /// The moment of the call; it matters where an answer depends on it.
    public var now: Timestamp
    /// The request's identifier; it matters where an answer repeats it.
    public var requestID: RequestID
    /// An answer that is a success.
    public var answer: WireResponse?
    /// Further answers that the agency gives, refusals above all.
    public var otherAnswers: [WireResponse]
    /// Places in the input that hold personal data, besides those that are known by their names.
    public var sensitive: [JSONPointer]

    /// The request that samples are about unless they say otherwise.
    public static let standardRequestID = RequestID(high: 0x0193_a6f0_5b00_7000, low: 0x8000_0000_0000_0001)
    /// The moment of samples that say none: 2026-01-10, 10:00 in Jakarta.
    public static let standardNow = Timestamp(milliseconds: 1_768_014_000_000)

    /// Creates a sample.
    public init(
        operation: OperationID,
        input: JSONValue,
        reference: String? = nil,
        region: Region = .nation,
        now: Timestamp = ConformanceSample.standardNow,
        requestID: RequestID = ConformanceSample.standardRequestID,
        answer: WireResponse? = nil,
        otherAnswers: [WireResponse] = [],
        sensitive: [JSONPointer] = []
    ) {
        self.operation = operation
        self.input = input
        self.reference = reference
        self.region = region
        self.now = now
        self.requestID = requestID
        self.answer = answer
        self.otherAnswers = otherAnswers
        self.sensitive = sensitive
    }
}

/// A check that an adapter does not pass, and why it is right not to.
public struct ConformanceDeviation: Sendable, Hashable {
    /// The check's name.
    public var check: String
    /// The operation; `nil` for a check of the whole adapter, or for all operations.
    public var operation: OperationID?
    /// Why it is right, for whoever approves the adapter.
    public var reason: String

    /// Creates a deviation.
    public init(check: String, operation: OperationID? = nil, reason: String) {
        self.check = check
        self.operation = operation
        self.reason = reason
    }
}
