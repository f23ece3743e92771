internal import Dispatch
internal import Glibc

/// Signals as a stream.
enum DispatchSignal {
    /// SIGINT and SIGTERM, one element each time.
    static func interrupt() -> AsyncStream<Void> {
        AsyncStream { continuation in
            let sources = [SIGINT, SIGTERM].map { number in
                signal(number, SIG_IGN)
                let source = DispatchSource.makeSignalSource(signal: number)
                source.setEventHandler { continuation.yield() }
                source.resume()
                return source
            }
            let box = sources.map { SignalSource(source: $0) }
            continuation.onTermination = { _ in
                for held in box { held.source.cancel() }
            }
        }
    }

    /// Dispatch's sources may be cancelled from any thread, which their type does not say.
    private struct SignalSource: @unchecked Sendable {
        let source: any DispatchSourceSignal
    }
}
