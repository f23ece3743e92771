internal import ArgumentParser
internal import Foundation
internal import GRDB
internal import HTTPTypes
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization

/// The least that accepts durably, as a baseline.
///
/// An HTTP server, a JSON decoder, one row in one table with `synchronous=FULL`, and group commit on one thread. No checks,
/// no keys, no history, no queue.
struct PrototypeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "prototype", shouldDisplay: false)

    @Option(name: .long) var database: String

    private struct Body: Codable {
        struct Payload: Codable { var plate: String }
        var service: String
        var region: String
        var payload: Payload
    }

    func run() async throws {
        let table = try PrototypeTable(path: database)
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "prototype") { _ in SwiftLogNoOpLogHandler() },
            responder: { request, writer, _ in
                let bytes = try await request.body.collect(upTo: 1 << 20)
                let body = try JSONDecoder().decode(Body.self, from: Data(bytes.readableBytesView))
                let key = request.headers[HTTPField.Name("Idempotency-Key") ?? .eTag] ?? ""
                try await table.insert(key: key, content: JSONEncoder().encode(body))
                let answer = ByteBuffer(string: #"{"state":"queued"}"#)
                let head = HTTPResponse(status: .accepted, headerFields: [.contentLength: "\(answer.readableBytes)"])
                try await writer.write(response: head, body: ResponseBody(byteBuffer: answer))
            },
            onServerRunning: { channel in
                let line = "listening on http://127.0.0.1:\(channel.localAddress?.port ?? 0)\n"
                FileHandle.standardOutput.write(Data(line.utf8))
            }
        )
        try await server.run()
    }
}

private final class PrototypeTable: Sendable {
    private typealias Waiting = (key: String, content: Data, done: CheckedContinuation<Void, any Error>)

    private let queue: DatabaseQueue
    private let state = Mutex<(waiting: [Waiting], isWorking: Bool)>(([], false))

    init(path: String) throws {
        var configuration = GRDB.Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "CREATE TABLE row (key TEXT NOT NULL UNIQUE, content BLOB NOT NULL)")
        }
    }

    func insert(key: String, content: Data) async throws {
        try await withCheckedThrowingContinuation { continuation in
            let mustStart = state.withLock { state in
                state.waiting.append((key, content, continuation))
                defer { state.isWorking = true }
                return !state.isWorking
            }
            if mustStart { queue.asyncWriteWithoutTransaction { self.work(in: $0) } }
        }
    }

    private func work(in database: Database) {
        while true {
            let group = state.withLock { state in
                defer { state = ([], !state.waiting.isEmpty) }
                return state.waiting
            }
            guard !group.isEmpty else { return }
            do {
                try database.inTransaction(.immediate) {
                    let insert = try database.cachedStatement(sql: "INSERT INTO row (key, content) VALUES (?, ?)")
                    for row in group { try insert.execute(arguments: [row.key, row.content]) }
                    return .commit
                }
                for row in group { row.done.resume() }
            } catch {
                for row in group { row.done.resume(throwing: error) }
            }
        }
    }
}
