internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import GerbangEngine

/// An adapter that writes its tag into every message, beside the tag in the address that its connection has.
private struct TaggedAdapter: Adapter {
    static let operation = OperationID(checked: "book")

    let tag: Int
    let descriptor: AdapterDescriptor

    init(tag: Int) {
        self.tag = tag
        descriptor = AdapterDescriptor(
            id: AdapterID(checked: "tagged"),
            version: "1.0.\(tag)",
            agency: LocalizedText(id: "Uji", en: "Test"),
            operations: [
                OperationDescriptor(
                    id: Self.operation,
                    service: ServiceID(checked: "transport.inspection.book"),
                    effect: .nonIdempotent
                )
            ]
        )
    }

    func prepare(_ call: AdapterCall) throws(GerbangError) -> WireRequest {
        WireRequest(method: .post, path: [String(tag), call.key])
    }

    func classify(_ exchange: Exchange, for call: AdapterCall) -> Verdict {
        .succeeded(output: ["bookingNumber": "1"], agencyReference: nil)
    }
}

/// Whether everybody may stop.
private final class End: Sendable {
    private let state = Mutex(false)

    var hasCome: Bool { state.withLock { $0 } }

    func come() { state.withLock { $0 = true } }
}

/// An agency that notes, for every key, which connection, address and adapter it was called through.
private final class TaggedAgency: HTTPTransport {
    struct Call: Sendable, Hashable {
        /// Such as `one-12`: the connection and the tag of its address.
        var host: String
        /// The tag of the adapter.
        var tag: String
    }

    private let state = Mutex<[String: [Call]]>([:])

    var calls: [String: [Call]] { state.withLock { $0 } }

    func send(_ request: OutboundRequest) async -> WireOutcome {
        let parts = request.url.split(separator: "/").map(String.init)
        state.withLock { $0[parts[3], default: []].append(Call(host: parts[1], tag: parts[2])) }
        try? await Task.sleep(for: .microseconds(Int.random(in: 0...800)))
        return .answered(WireResponse(status: 200))
    }
}

@Suite("Configurations that are swapped under load", .timeLimit(.minutes(10)))
struct SwapTests {
    /// How many swaps; `GERBANG_SWAPS` for more.
    private static var swaps: Int {
        ProcessInfo.processInfo.environment["GERBANG_SWAPS"].flatMap { Int($0) } ?? 150
    }

    private static let names = (0..<4).map { ConnectionID(checked: "c\($0)") }

    private static func connection(_ name: ConnectionID, tag: Int) throws -> Connection {
        Connection(
            id: name,
            adapter: TaggedAdapter(tag: tag),
            baseURL: try BaseURL("http://\(name)-\(tag)"),
            limits: FlowLimits(concurrency: 1 + tag % 7)
        )
    }

    private static func plan(_ tags: [ConnectionID: Int]) throws -> Engine.Plan {
        Engine.Plan(
            catalogue: try .builtin(),
            connections: try tags.sorted { $0.key < $1.key }.map { try connection($0.key, tag: $0.value) }
        )
    }

    @Test("no request is lost or sent twice, and each is handled by one configuration from end to end")
    func swapping() async throws {
        let agency = TaggedAgency()
        let store = MemoryStore()
        var tags = Dictionary(uniqueKeysWithValues: Self.names.map { ($0, 1) })
        let engine = try Engine(Self.plan(tags), store: store, transport: agency, logger: .silent)
        let running = Task { try await engine.run() }
        defer { running.cancel() }
        let end = End()
        // What each generation said of each connection.
        var said = [1: tags]
        let ids = try await withThrowingTaskGroup(of: [RequestID].self) { group in
            for worker in 0..<6 {
                group.addTask { try await Self.submit(as: worker, to: engine) { end.hasCome } }
            }
            for swap in 1...Self.swaps {
                let name = Self.names[swap % Self.names.count]
                switch swap % 9 {
                case 0, 4: tags[name] = tags[name] == nil ? swap : nil
                case 2: _ = try await engine.setMode(.disabled, of: name)
                case 5: _ = try await engine.setMode(.draining, of: name)
                case 3, 7: for name in Self.names { _ = try await engine.setMode(.enabled, of: name) }
                default: tags[name] = swap + 1
                }
                let generation = try await engine.apply(Self.plan(tags)).generation
                said[generation] = tags
                try await Task.sleep(for: .milliseconds(1))
            }
            end.come()
            return try await group.reduce(into: []) { $0 += $1 }
        }
        // In the end everything is there again, so that what waits can go on.
        for name in Self.names { tags[name] = 1_000_000 }
        said[try await engine.apply(Self.plan(tags)).generation] = tags
        for name in Self.names { _ = try await engine.setMode(.enabled, of: name) }
        #expect(ids.count >= Self.swaps / 10)
        let calls = agency.calls
        for id in ids {
            let status = try await engine.wait(for: id, until: SystemClock().now() + .seconds(120))
            #expect(status?.state == .succeeded)
            let record = try #require(try await store.record(id))
            let connection = record.request.connection
            let accepted = try #require(record.request.generation)
            #expect(said[accepted]?[connection] != nil, "generation \(accepted) has no \(connection)")
            let sent = try await engine.events(of: id).filter { $0.kind == .sending }.map(\.generation)
            #expect(sent.count == 1)
            let tag = try #require(sent.first.flatMap { $0 }.flatMap { said[$0]?[connection] })
            let call = TaggedAgency.Call(host: "\(connection)-\(tag)", tag: String(tag))
            #expect((calls[id.description] ?? agency.calls[id.description]) == [call])
        }
    }

    /// Submits one request after the other until it is over; one that nothing takes at the moment is tried again.
    private static func submit(
        as worker: Int,
        to engine: Engine,
        until isOver: @Sendable () -> Bool
    ) async throws -> [RequestID] {
        var ids: [RequestID] = []
        while !isOver() {
            do {
                let submission = try EngineHarness.booking("\(worker)-\(ids.count)")
                ids.append(try await engine.submit(submission, as: EngineHarness.client).status.id)
            } catch let error as GerbangError where error.code == .noConnection {
                // Every connection was gone, draining or disabled.
            }
            try await Task.sleep(for: .microseconds(500))
        }
        return ids
    }
}

extension Logger {
    /// A logger that tells nobody.
    fileprivate static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
