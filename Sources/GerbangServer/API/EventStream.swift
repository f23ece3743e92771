internal import GerbangCore
internal import GerbangJSON
internal import Metrics
internal import Synchronization

/// A request's events as server-sent events, from one of them on.
struct EventStream: Sendable {
    static let mediaType = "text/event-stream"

    var request: RequestID
    /// The number of the last event that the client has.
    var after: Int

    /// A comment, which clients pass over.
    static let heartbeat = Array(":\n\n".utf8)

    /// Events in the form of the stream (HTML standard, section 9.2.5).
    static func text(_ events: [RequestEvent]) -> [UInt8] {
        var text: [UInt8] = []
        for event in events {
            text += "id: \(event.sequence)\nevent: \(event.kind.rawValue)\ndata: ".utf8
            text += event.json.encoded()
            text += "\n\n".utf8
        }
        return text
    }
}

/// How many streams of events may still be opened.
final class StreamPlaces: Sendable {
    private let count: Int
    private let free: Mutex<Int>
    private let gauge = Gauge(label: "gerbang_event_streams")

    init(_ count: Int) {
        self.count = count
        free = Mutex(count)
    }

    /// Takes a place; `false` when there is none.
    func take() -> Bool {
        free.withLock { free in
            guard free > 0 else { return false }
            free -= 1
            gauge.record(count - free)
            return true
        }
    }

    func giveBack() {
        free.withLock { free in
            free += 1
            gauge.record(count - free)
        }
    }
}

/// Whether the client of a stream has left.
final class Departure: Sendable {
    private let noted = Atomic(false)

    var hasHappened: Bool { noted.load(ordering: .relaxed) }

    func note() { noted.store(true, ordering: .relaxed) }
}
