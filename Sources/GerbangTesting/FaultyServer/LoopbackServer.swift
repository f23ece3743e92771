internal import Synchronization

/// Why a ``LoopbackServer`` could not listen.
public struct LoopbackServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A kind of reason.
    public struct Code: RawRepresentable, Sendable, Hashable {
        /// The stable text of the code.
        public let rawValue: String

        /// Creates a code from its stable text.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The port is not a port number.
        public static let invalidPort = Code(rawValue: "invalid-port")
        /// Something else listens on the port.
        public static let portInUse = Code(rawValue: "port-in-use")
        /// The system refused for another reason.
        public static let system = Code(rawValue: "system")
    }

    /// The kind of reason.
    public let code: Code
    /// The reason as a sentence.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The code and the reason.
    public var description: String { "\(code.rawValue): \(message)" }
}

/// An HTTP/1.1 server on 127.0.0.1 that answers as it is told, also wrongly, late or not at all.
///
/// For tests and for simulators of agencies. Each connection has a thread of its own, on which the handler runs; the
/// handler may block, and must be safe to run on several threads at once.
public final class LoopbackServer: Sendable {
    /// The port on which the server listens.
    public let port: Int
    /// The server's URL without a trailing slash.
    public var baseURL: String { "http://127.0.0.1:\(port)" }
    private let core: LoopbackCore

    /// Starts to listen.
    ///
    /// - Parameters:
    ///   - port: The port; 0 takes a free one.
    ///   - onConnect: What to do with a connection, by its number counted from 1.
    ///   - handler: What to do with a request.
    public init(
        port: Int = 0,
        onConnect: @escaping @Sendable (_ connectionNumber: Int) -> ConnectionFate = { _ in .serve },
        handler: @escaping @Sendable (ServedRequest) -> ServedReply
    ) throws(LoopbackServerError) {
        let listener = try LoopbackSocket.bound(to: port)
        self.port = listener.port
        try listener.listen()
        core = LoopbackCore(onConnect: onConnect, handler: handler)
        try core.accept(on: listener)
    }

    deinit {
        stop()
    }

    /// How many connections were accepted so far.
    public var connectionCount: Int { core.connectionCount }

    /// Ends the server and every connection, and waits for all threads.
    ///
    /// Calling it again does nothing.
    public func stop() {
        core.stop()
    }

    /// Refuses connections from now on, as a machine does on which nothing listens. The port stays this server's.
    ///
    /// - Parameter cuttingConnections: Whether those that stand are cut as well, whatever they are doing.
    public func pauseAccepting(cuttingConnections: Bool = true) {
        core.pause(cuttingConnections: cuttingConnections)
        core.reserve(port)
    }

    /// Listens again on the same port.
    ///
    /// - Throws: ``LoopbackServerError`` when the port was taken meanwhile.
    public func resumeAccepting() throws(LoopbackServerError) {
        try core.resume(on: port)
    }
}

/// The part of a server that its threads share; the server itself can go while they end.
final class LoopbackCore: Sendable {
    /// More connections than this at a time are closed at once.
    static let maximumConnections = 4096

    private struct Connection: Sendable {
        let socket: LoopbackSocket
        let thread: LoopbackThread
    }

    private struct Listener: Sendable {
        let socket: LoopbackSocket
        let thread: LoopbackThread
    }

    private struct State: Sendable {
        var listener: Listener?
        /// Holds the port while nobody listens.
        var placeholder: LoopbackSocket?
        var connections: [Int: Connection] = [:]
        var ended: [LoopbackThread] = []
        var connectionCount = 0
        var isStopped = false
    }

    private let onConnect: @Sendable (Int) -> ConnectionFate
    private let handler: @Sendable (ServedRequest) -> ServedReply
    private let state = Mutex(State())

    init(
        onConnect: @escaping @Sendable (Int) -> ConnectionFate,
        handler: @escaping @Sendable (ServedRequest) -> ServedReply
    ) {
        self.onConnect = onConnect
        self.handler = handler
    }

    var connectionCount: Int { state.withLock(\.connectionCount) }

    func accept(on socket: LoopbackSocket) throws(LoopbackServerError) {
        let isListening = state.withLock { state in
            guard !state.isStopped, state.listener == nil,
                let thread = LoopbackThread({ self.acceptConnections(from: socket) })
            else { return false }
            state.listener = Listener(socket: socket, thread: thread)
            return true
        }
        guard isListening else {
            socket.close()
            throw LoopbackServerError(.system, "the server has stopped, or there is no thread left")
        }
    }

    func stop() {
        let threads = state.withLock { state in
            state.isStopped = true
            // Threads that end from now on leave their joining to this call.
            defer { state.ended = [] }
            return state.ended + state.connections.values.map(\.thread)
        }
        pause(cuttingConnections: true)
        takePlaceholder()?.close()
        for thread in threads {
            thread.join()
        }
    }

    func pause(cuttingConnections: Bool) {
        let listener = state.withLock { state in
            defer { state.listener = nil }
            return state.listener
        }
        if let listener {
            listener.socket.shutDown()
            listener.thread.join()
            listener.socket.close()
        }
        guard cuttingConnections else { return }
        state.withLock { state in
            for connection in state.connections.values {
                connection.socket.shutDown()
            }
        }
    }

    /// Holds the port of a server that does not listen, unless something else was quicker.
    func reserve(_ port: Int) {
        state.withLock { state in
            guard !state.isStopped, state.listener == nil, state.placeholder == nil else { return }
            state.placeholder = try? LoopbackSocket.bound(to: port)
        }
    }

    func resume(on port: Int) throws(LoopbackServerError) {
        guard state.withLock({ $0.listener == nil }) else { return }
        let socket = if let held = takePlaceholder() { held } else { try LoopbackSocket.bound(to: port) }
        try socket.listen()
        try accept(on: socket)
    }

    private func takePlaceholder() -> LoopbackSocket? {
        state.withLock { state in
            defer { state.placeholder = nil }
            return state.placeholder
        }
    }

    private func acceptConnections(from listener: LoopbackSocket) {
        while let socket = listener.accept() {
            let (isServed, ended) = state.withLock { state in
                defer { state.ended = [] }
                return (serve(socket, in: &state), state.ended)
            }
            if !isServed {
                socket.close()
            }
            for thread in ended {
                thread.join()
            }
        }
    }

    private func serve(_ socket: LoopbackSocket, in state: inout State) -> Bool {
        guard !state.isStopped, state.connections.count < Self.maximumConnections else { return false }
        let number = state.connectionCount + 1
        // The new thread cannot get past its end before it is entered here, since that takes the lock.
        guard let thread = LoopbackThread({ self.run(socket, number) }) else { return false }
        state.connectionCount = number
        state.connections[number] = Connection(socket: socket, thread: thread)
        return true
    }

    private func run(_ socket: LoopbackSocket, _ number: Int) {
        let ending: ServedReply.Ending
        switch onConnect(number) {
        case .serve:
            var connection = LoopbackConnection(socket: socket, number: number)
            ending = connection.serve(with: handler)
        case .hangUp(let chosen):
            ending = chosen
        case .ignore:
            _ = socket.pause(nil)
            ending = .close
        }
        if ending == .reset {
            socket.resetOnClose()
        }
        // Only a descriptor that is no longer in the table may be closed: its number can come back at once.
        state.withLock { state in
            if let connection = state.connections.removeValue(forKey: number), !state.isStopped {
                state.ended.append(connection.thread)
            }
        }
        socket.close()
    }
}
