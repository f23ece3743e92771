internal import Glibc
internal import Synchronization

/// Where finished log lines go.
///
/// A handler calls ``write(_:)`` once per line, from any thread. A conforming type must keep lines whole: two calls at
/// the same time may be written in either order, but never mixed.
public protocol LogSink: Sendable {
    /// Writes one line.
    ///
    /// - Parameter line: UTF-8 that ends in its only newline.
    func write(_ line: [UInt8])
}

/// Writes lines to a file descriptor, one `write` call per line.
///
/// A mutex keeps lines whole even where the kernel does not (a line longer than `PIPE_BUF` into a pipe). Use one sink
/// per descriptor: two sinks on one descriptor do not know of each other. The descriptor is borrowed, never closed.
///
/// A log that cannot be written must not stop the gateway: a line is dropped when the descriptor fails or stays full for a
/// second, as a pipe does that nobody reads, and counted in ``droppedLines``; those that follow are dropped at once until
/// it takes some again. Ignore `SIGPIPE` in a program whose log
/// reader may go away.
public final class FileDescriptorSink: LogSink {
    /// The sink for standard error, to be shared by all handlers of a process.
    public static let standardError = FileDescriptorSink(descriptor: STDERR_FILENO)

    /// How long a full descriptor is waited for, in milliseconds.
    private static let patience: Int32 = 1_000
    /// What a pipe that is ready takes without blocking (`PIPE_BUF`).
    private static let chunk = 4096

    private struct State {
        /// A line was cut off half-way, so the next one has to begin with a newline.
        var isTorn = false
        /// The descriptor was full for too long; it is not waited for until it takes something again.
        var isStuck = false
        var dropped = 0
    }

    private let descriptor: Int32
    private let state = Mutex(State())

    /// Creates a sink.
    ///
    /// - Parameter descriptor: an open, writable descriptor, which must outlive the sink.
    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The number of lines that were lost, in whole or in part, since the start.
    public var droppedLines: Int { state.withLock { $0.dropped } }

    /// Writes one line, or drops it when the descriptor does not take it.
    public func write(_ line: [UInt8]) {
        state.withLock { state in
            if state.isTorn {
                guard send([UInt8(ascii: "\n")], &state.isStuck) == 1 else {
                    state.dropped += 1
                    return
                }
                state.isTorn = false
            }
            let sent = send(line, &state.isStuck)
            if sent < line.count {
                state.dropped += 1
                state.isTorn = sent > 0
            }
        }
    }

    /// Writes all bytes, however many calls the kernel wants, and returns how many it took.
    private func send(_ bytes: [UInt8], _ isStuck: inout Bool) -> Int {
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count, isReady(&isStuck) {
                let rest = min(buffer.count - sent, Self.chunk)
                let count = Glibc.write(descriptor, buffer.baseAddress?.advanced(by: sent), rest)
                if count > 0 {
                    sent += count
                } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                    break
                }
            }
            return sent
        }
    }

    /// Waits until the descriptor takes something: a write to a full pipe would stop whoever logs.
    private func isReady(_ isStuck: inout Bool) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        var found: Int32
        repeat { found = poll(&request, 1, isStuck ? 0 : Self.patience) } while found < 0 && errno == EINTR
        isStuck = found == 0
        return found > 0
    }
}
