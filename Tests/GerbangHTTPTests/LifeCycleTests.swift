internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting
internal import HTTPTypes
internal import Testing

@Suite("Cancellation and shutdown")
struct LifeCycleTests {
    /// A server that never answers and tells when a request has reached it.
    private static func holdingServer() throws -> (LoopbackServer, AsyncStream<Void>) {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = try LoopbackServer { _ in
            arrival.yield()
            return .hold
        }
        return (server, arrivals)
    }

    @Test("a message that is cancelled while it waits may have been sent")
    func cancelWaiting() async throws {
        let (server, arrivals) = try Self.holdingServer()
        let url = server.baseURL
        let task = Task { try await Shared.get(url) }
        var iterator = arrivals.makeAsyncIterator()
        await iterator.next()
        task.cancel()
        #expect(try await task.value.failure == WireFailure(.cancelled, .maybeSent))
    }

    @Test("a message whose task was cancelled before is not sent")
    func cancelBefore() async throws {
        let server = try LoopbackServer { _ in .hold }
        let url = server.baseURL
        for _ in 0..<50 {
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await Shared.get(url)
            }
            #expect(try await task.value.failure == WireFailure(.cancelled, .notSent))
        }
        #expect(server.connectionCount == 0)
    }

    @Test("cancelling at any moment ends every message exactly once")
    func cancelAnytime() async throws {
        let server = try LoopbackServer { _ in .hold }
        let transport = try CurlTransport()
        let url = server.baseURL
        let others = await withTaskGroup(of: WireFailure?.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let task = Task {
                        await transport.send(OutboundRequest(method: .get, url: url, timeouts: Shared.patient))
                    }
                    for _ in 0..<number {
                        await Task.yield()
                    }
                    task.cancel()
                    return await task.value.failure
                }
            }
            return await group.reduce(into: [WireFailure?]()) { others, failure in
                if failure?.kind != .cancelled { others.append(failure) }
            }
        }
        #expect(others.isEmpty)
    }

    @Test("shutting down ends what is under way, and nothing is sent afterwards")
    func shutdown() async throws {
        let (server, arrivals) = try Self.holdingServer()
        let transport = try CurlTransport()
        let request = OutboundRequest(method: .get, url: server.baseURL, timeouts: Shared.patient)
        let tasks = (0..<20).map { _ in Task { await transport.send(request) } }
        var iterator = arrivals.makeAsyncIterator()
        for _ in tasks {
            await iterator.next()
        }
        transport.shutdown()
        transport.shutdown()
        for task in tasks {
            #expect(await task.value.failure == WireFailure(.cancelled, .maybeSent))
        }
        #expect(await transport.send(request).failure == WireFailure(.cancelled, .notSent))
        #expect(server.connectionCount == 20)
    }

    @Test("shutting down while messages come in ends every one of them")
    func shutdownWhileBusy() async throws {
        let server = try LoopbackServer { _ in .text("ok") }
        let url = server.baseURL
        for _ in 0..<5 {
            let transport = try CurlTransport()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        let request = OutboundRequest(method: .post, url: url, body: [1], timeouts: Shared.patient)
                        while await transport.send(request).failure?.kind != .cancelled {}
                    }
                }
                group.addTask {
                    try? await Task.sleep(for: .milliseconds(20))
                    transport.shutdown()
                }
            }
        }
    }

    @Test("a transport that nobody holds any more leaves neither threads nor descriptors behind")
    func abandoned() async {
        // In a process of its own, since other tests come and go meanwhile.
        await #expect(processExitsWith: .success) {
            func count(_ folder: String) -> Int {
                (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/\(folder)").count) ?? -1
            }
            let server = try LoopbackServer { _ in .thenClose(.text("ok")) }
            func round() async throws {
                let outcome = try await CurlTransport().send(OutboundRequest(method: .get, url: server.baseURL))
                guard outcome.response?.status == 200 else { exit(1) }
            }
            try await round()
            let descriptors = count("fd")
            let threads = count("task")
            for _ in 0..<50 {
                try await round()
            }
            // The server and the runtime may have a few more of their own.
            guard descriptors > 0, count("fd") < descriptors + 10, count("task") < threads + 10 else { exit(1) }
        }
    }
}
