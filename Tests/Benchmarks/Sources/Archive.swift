internal import Foundation
internal import GRDB
internal import GerbangCore

/// Fills a database with many requests by copying one that the gateway itself has stored, row for row, under new names.
///
/// The gateway must not run meanwhile.
struct Archive {
    private let queue: DatabaseQueue

    init(path: String) throws {
        var configuration = GRDB.Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -262144")
        }
        queue = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// How many requests are stored.
    var count: Int {
        get throws { try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM request") ?? 0 } }
    }

    /// Whether no request waits for anything.
    var isIdle: Bool {
        get throws { try queue.read { try Row.fetchOne($0, sql: "SELECT 1 FROM queue LIMIT 1") == nil } }
    }

    /// Copies the last request with its history, and its place in the queue if it has one, `count` times.
    func multiply(by count: Int) throws {
        var generator = SystemRandomNumberGenerator()
        let now = SystemClock().now()
        var done = 0
        while done < count {
            let part = min(50_000, count - done)
            try queue.inTransaction { database in
                let newest = "SELECT number, id, content FROM request ORDER BY number DESC LIMIT 1"
                guard let row = try Row.fetchOne(database, sql: newest), let oldID = Self.id(row[1]) else {
                    throw BenchmarkError("there is no request to copy")
                }
                let template: Int64 = row[0]
                let content = String(decoding: row[2] as Data, as: UTF8.self).components(separatedBy: oldID.description)
                let request = try database.cachedStatement(
                    sql: """
                        INSERT INTO request (id, client, idempotency_key, fingerprint, service, connection, content,
                            state, is_dead_letter, progress)
                        SELECT ?, client, ?, fingerprint, service, connection, ?, state, is_dead_letter, progress
                        FROM request WHERE number = ?
                        """
                )
                let place = try database.cachedStatement(
                    sql: """
                        INSERT INTO queue SELECT ?, connection, state, due_at, is_retry, lease_until, deadline, accepted_at,
                            progress FROM queue WHERE request = ?
                        """
                )
                let events = try database.cachedStatement(
                    sql: "INSERT INTO event SELECT ?, sequence, content FROM event WHERE request = ?"
                )
                for index in 0..<part {
                    // Accepted one after the other in the last hours, the latest just now.
                    let moment = now + .milliseconds(done + index - count)
                    let id = RequestID(at: moment, using: &generator)
                    let key = String(format: "%016lx%016lx", generator.next() as UInt64, generator.next() as UInt64)
                    let named = Data(content.joined(separator: id.description).utf8)
                    try request.execute(arguments: [Self.blob(id), Data(key.utf8), named, template])
                    let number = database.lastInsertedRowID
                    try place.execute(arguments: [number, template])
                    try events.execute(arguments: [number, template])
                }
                return .commit
            }
            done += part
        }
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    private static func id(_ blob: Data) -> RequestID? {
        guard blob.count == 16 else { return nil }
        func half(_ bytes: Data) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return RequestID(high: half(blob.prefix(8)), low: half(blob.suffix(8)))
    }

    private static func blob(_ id: RequestID) -> Data {
        var blob = Data()
        withUnsafeBytes(of: id.high.bigEndian) { blob.append(contentsOf: $0) }
        withUnsafeBytes(of: id.low.bigEndian) { blob.append(contentsOf: $0) }
        return blob
    }
}
