internal import Foundation
internal import GRDB
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON

/// A request with its row number.
struct RecordRow: Sendable {
    static let columns = "request.number, request.content, coalesce(queue.progress, request.progress), queue.is_behind"

    let number: Int64
    let record: RequestRecord

    /// Reads a row with ``columns``.
    ///
    /// - Throws: ``GerbangError/Code/internalFault`` when the row is damaged.
    init(_ row: Row) throws {
        guard let request = ServiceRequest(storedJSON: try Self.json(row, 1)) else { throw Self.damaged(row) }
        try self.init(row, of: request, progressColumn: 2)
    }

    /// Reads the number and the progress of a request that is known.
    private init(_ row: Row, of request: ServiceRequest, progressColumn: Int = 1) throws {
        guard let progress = RequestProgress(storedJSON: try Self.json(row, progressColumn)) else {
            throw Self.damaged(row)
        }
        number = row[0]
        let isBehind: Bool? = row[progressColumn + 1]
        record = RequestRecord(request: request, progress: progress, isBehindAnother: isBehind ?? false)
    }

    private static func damaged(_ row: Row) -> GerbangError {
        GerbangError(.internalFault, "the stored request number \(row[0] as Int64) is damaged")
    }

    private static func json(_ row: Row, _ column: Int) throws -> JSONValue {
        try row.withUnsafeData(atIndex: column) { data in
            guard let data else { throw GerbangError(.internalFault, "a stored request is damaged") }
            do {
                return try data.withUnsafeBytes { try JSONValue(parsing: $0, limits: .default) }
            } catch is JSONError {
                throw GerbangError(.internalFault, "a stored request is damaged")
            }
        }
    }

    /// Reads the request called `id`; of one that is known only how far it has come.
    static func find(
        _ id: RequestID,
        knowing request: ServiceRequest? = nil,
        in database: Database
    ) throws -> RecordRow? {
        if let request {
            let statement = try database.cachedStatement(
                sql: """
                    SELECT request.number, coalesce(queue.progress, request.progress), queue.is_behind
                    FROM request LEFT JOIN queue ON queue.request = request.number WHERE request.id = ?
                    """
            )
            return try Row.fetchOne(statement, arguments: [id.blob]).map { try RecordRow($0, of: request) }
        }
        let statement = try database.cachedStatement(
            sql: """
                SELECT \(columns) FROM request LEFT JOIN queue ON queue.request = request.number WHERE request.id = ?
                """
        )
        return try Row.fetchOne(statement, arguments: [id.blob]).map { try RecordRow($0) }
    }
}

extension RequestID {
    /// The 16 bytes, as stored.
    var blob: Data {
        var bytes = Data(capacity: 16)
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: high >> UInt64(shift)))
        }
        for shift in stride(from: 56, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: low >> UInt64(shift)))
        }
        return bytes
    }

    /// Reads what ``blob`` wrote.
    init?(blob: Data) {
        guard blob.count == 16 else { return nil }
        func half(_ bytes: Data) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(high: half(blob.prefix(8)), low: half(blob.suffix(8)))
    }
}
