internal import CCurl
internal import Glibc

/// A thread of its own, for a loop that blocks.
struct DriverThread: Sendable {
    private let handle: pthread_t

    /// Starts a thread that runs `body`; `nil` when the system has no thread left.
    init?(name: String, _ body: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let body: @Sendable () -> Void
            let name: String

            init(_ body: @escaping @Sendable () -> Void, name: String) {
                self.body = body
                self.name = name
            }
        }
        let box = Unmanaged.passRetained(Box(body, name: name))
        var handle = pthread_t()
        let code = pthread_create(
            &handle,
            nil,
            { context in
                guard let context else { return nil }
                let box = Unmanaged<Box>.fromOpaque(context).takeRetainedValue()
                ccurl_name_thread(box.name)
                DriverThread.blockBrokenPipeSignal()
                box.body()
                return nil
            },
            box.toOpaque()
        )
        guard code == 0 else {
            box.release()
            return nil
        }
        self.handle = handle
    }

    /// Keeps a write to a dead connection from ending the process.
    ///
    /// libcurl is told to leave signals alone, and OpenSSL writes in a way that raises this one.
    private static func blockBrokenPipeSignal() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits until the thread has ended.
    func join() {
        pthread_join(handle, nil)
    }
}
