internal import Foundation
internal import Synchronization

@testable internal import GerbangObservability

/// Keeps the lines that handlers write.
final class CapturingSink: LogSink {
    private let captured = Mutex<[[UInt8]]>([])

    func write(_ line: [UInt8]) { captured.withLock { $0.append(line) } }

    var lines: [String] { captured.withLock { $0.map { String(decoding: $0, as: UTF8.self) } } }

    /// The lines as Foundation's JSON parser reads them.
    func objects() throws -> [[String: Any]] {
        try lines.map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return value as? [String: Any] ?? [:]
        }
    }
}
