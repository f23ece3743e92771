internal import GerbangCore
internal import GerbangJSON
internal import GerbangTesting
internal import Testing

/// A daemon that runs, with a client of it.
struct LivingDaemon {
    let process: DaemonProcess
    let caller: Caller

    init(_ folder: GatewayFolder) async throws {
        process = try await folder.start()
        caller = try Caller(key: folder.key)
    }

    var url: String { process.url }
    var port: Int { url.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// Whether it says that it is alive.
    func isAlive() async -> Bool {
        await caller.get("/healthz", at: url)?.status == 200
    }

    /// Submits a wish and returns its request.
    func submit(_ wish: Wish) async throws -> RequestID {
        let reply = try #require(await caller.submit(wish.body, key: wish.key, at: url))
        #expect(reply.status == 202 || reply.status == 200)
        return try #require(reply.id)
    }

    /// What the API shows of a request as soon as it looks as it should, or at the end of everybody's patience.
    func request(_ id: RequestID, until isEnough: (Caller.Reply) -> Bool) async throws -> Caller.Reply {
        let clock = SystemClock()
        let limit = clock.now() + .seconds(60)
        while true {
            let reply = try #require(await caller.get("/v1/requests/\(id)", at: url))
            if isEnough(reply) || clock.now() > limit { return reply }
            try await clock.sleep(until: clock.now() + .milliseconds(10))
        }
    }

    /// How much memory it occupies, in megabytes.
    func megabytes() async throws -> Double {
        let reply = try #require(await caller.get("/metrics", at: url))
        let line = String(decoding: reply.body, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("process_resident_memory_bytes ") }
        let bytes = try #require(line?.split(separator: " ").last.flatMap { Double($0) })
        return bytes / 1_000_000
    }

    /// Asks it to stop, and returns with what it ended.
    func stop() async throws -> Int32 {
        let process = process
        return try await Blocking.run { process.stop() }
    }
}
