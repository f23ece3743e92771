internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization

/// One transport for all suites: what one of them does must not disturb another.
enum Shared {
    static let transport = Result { () throws(WireFailure) in try CurlTransport() }

    static func send(_ request: OutboundRequest) async throws -> WireOutcome {
        try await transport.get().send(request)
    }

    static func get(_ url: String, timeouts: CallTimeouts = patient, maximumResponseBytes: Int = 1 << 20) async throws
        -> WireOutcome
    {
        try await send(
            OutboundRequest(method: .get, url: url, timeouts: timeouts, maximumResponseBytes: maximumResponseBytes)
        )
    }

    /// Limits that a busy machine does not reach.
    static let patient = CallTimeouts(connect: .seconds(60), firstByte: .seconds(120), total: .seconds(120))
}

extension WireOutcome {
    var failure: WireFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }

    var response: WireResponse? {
        if case .answered(let response) = self { response } else { nil }
    }
}

/// A number that several threads count up.
final class Counter: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock(\.self) }

    /// Counts up and returns the new number.
    @discardableResult
    func next() -> Int {
        number.withLock { number in
            number += 1
            return number
        }
    }
}
