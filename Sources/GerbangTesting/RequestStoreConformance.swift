internal import GerbangCore
public import GerbangEngine

/// What every ``GerbangEngine/RequestStore`` has to keep to, whatever it is built on.
///
/// From a test of your own store:
///
/// ```swift
/// @Test(arguments: RequestStoreConformance.cases)
/// func conforms(_ example: RequestStoreConformance.Case) async throws {
///     try await example.run { try MyStore(at: temporaryFile()) }
/// }
/// ```
public enum RequestStoreConformance {
    /// One thing that a store has to get right.
    public struct Case: Sendable, CustomStringConvertible {
        /// What the store has to do, as a sentence.
        public let name: String
        let body: @Sendable (StoreUnderTest) async throws -> Void

        init(_ name: String, _ body: @escaping @Sendable (StoreUnderTest) async throws -> Void) {
            self.name = name
            self.body = body
        }

        /// The name.
        public var description: String { name }

        /// Checks an empty store.
        ///
        /// - Throws: ``Failure`` that says what the store did wrong, or what the store threw.
        public func run(makeStore: () async throws -> any RequestStore) async throws {
            try await body(StoreUnderTest(store: try await makeStore(), name: name))
        }
    }

    /// What a store did wrong.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The case that failed.
        public let caseName: String
        /// What was expected and what happened.
        public let message: String

        /// The case and the message.
        public var description: String { "\(caseName): \(message)" }
    }

    /// All cases.
    public static let cases: [Case] = [
        acceptCases, claimCases, orderingCases, tenantCases, leaseCases, updateCases, contentCases, queryCases,
        callbackCases, retentionCases,
    ].flatMap(\.self)

    /// Checks all cases, each with a store of its own that `makeStore` makes empty.
    ///
    /// - Throws: ``Failure`` at the first case that fails, or what the store threw.
    public static func run(makeStore: () async throws -> any RequestStore) async throws {
        for example in cases { try await example.run(makeStore: makeStore) }
    }
}
