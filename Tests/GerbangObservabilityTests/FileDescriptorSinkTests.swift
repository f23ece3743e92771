internal import Foundation
internal import Glibc
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import GerbangObservability

@Suite("Writing lines to a descriptor")
struct FileDescriptorSinkTests {
    /// Reads a descriptor to its end on a thread of its own, because writers may fill the pool of tasks.
    private final class Reader: Sendable {
        private let content = Mutex(Data())
        private let done = DispatchSemaphore(value: 0)

        init(_ descriptor: Int32) {
            Thread.detachNewThread { [self] in
                var chunk = [UInt8](repeating: 0, count: 3_000)
                while true {
                    let count = read(descriptor, &chunk, chunk.count)
                    guard count > 0 else { break }
                    content.withLock { $0.append(contentsOf: chunk.prefix(count)) }
                }
                close(descriptor)
                done.signal()
            }
        }

        func result() async -> Data {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { [self] in
                    done.wait()
                    continuation.resume()
                }
            }
            return content.withLock { $0 }
        }
    }

    @Test("Lines of eight tasks never mix, even when longer than the pipe takes at once", arguments: [true, false])
    func noInterleaving(isBlocking: Bool) async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        if !isBlocking { try #require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0) }
        let reader = Reader(ends[0])
        let sink = FileDescriptorSink(descriptor: ends[1])
        let filler = String(repeating: "x", count: 9_000)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let logger = Logger(label: "t", factory: { JSONLogHandler(label: $0, sink: sink) })
                    for line in 0..<50 {
                        let text = line.isMultiple(of: 2) ? filler : "short"
                        logger.info(
                            "\(text)",
                            metadata: ["task": .stringConvertible(task), "line": .stringConvertible(line)]
                        )
                    }
                }
            }
        }
        close(ends[1])
        var seen: Set<[Int]> = []
        for line in await reader.result().split(separator: UInt8(ascii: "\n")) {
            let value = try JSONSerialization.jsonObject(with: line) as? [String: Any]
            let object = try #require(value)
            let task = try #require(object["task"] as? Int)
            let number = try #require(object["line"] as? Int)
            #expect((object["msg"] as? String)?.utf8.count == (number.isMultiple(of: 2) ? 9_000 : 5))
            seen.insert([task, number])
        }
        #expect(seen.count == 400)
        #expect(sink.droppedLines == 0)
    }

    @Test("A pipe that nobody reads costs lines, and stops nobody who logs")
    func stuck() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        let sink = FileDescriptorSink(descriptor: ends[1])
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000) + Array("\n".utf8)
        for _ in 0..<200 { sink.write(line) }
        #expect(sink.droppedLines > 100)
        // Once it is read again, it takes lines again.
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        #expect(read(ends[0], &buffer, buffer.count) > 0)
        let dropped = sink.droppedLines
        sink.write(line)
        #expect(sink.droppedLines == dropped)
    }

    @Test("A descriptor that fails costs lines, not the program")
    func brokenDescriptor() {
        let sink = FileDescriptorSink(descriptor: -1)
        sink.write(Array("one\n".utf8))
        sink.write(Array("two\n".utf8))
        #expect(sink.droppedLines == 2)
    }
}
