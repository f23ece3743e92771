internal import Glibc

/// A socket of a ``LoopbackServer``, with blocking calls that another thread can end by shutting it down.
struct LoopbackSocket: Sendable {
    let descriptor: Int32

    /// Takes a port of 127.0.0.1, at which connections are refused until ``listen()``; port 0 lets the system choose.
    static func bound(to port: Int) throws(LoopbackServerError) -> LoopbackSocket {
        guard let port = in_port_t(exactly: port) else {
            throw LoopbackServerError(.invalidPort, "the port must be a number from 0 to 65535")
        }
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw LoopbackServerError(.system, "no socket: error \(errno)") }
        let socket = LoopbackSocket(descriptor: descriptor)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let isBound = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isBound else { throw socket.closed(because: errno) }
        return socket
    }

    /// Listens from now on; a socket that cannot is closed.
    func listen() throws(LoopbackServerError) {
        guard Glibc.listen(descriptor, 1024) == 0 else { throw closed(because: errno) }
    }

    private func closed(because reason: Int32) -> LoopbackServerError {
        close()
        return LoopbackServerError(reason == EADDRINUSE ? .portInUse : .system, "cannot listen: error \(reason)")
    }

    /// The port of a listening socket.
    var port: Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { address in
            _ = address.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    /// Waits for a connection; `nil` once the socket was shut down.
    func accept() -> LoopbackSocket? {
        while true {
            let accepted = Glibc.accept(descriptor, nil, nil)
            if accepted >= 0 {
                _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
                var one: Int32 = 1
                setsockopt(accepted, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
                return LoopbackSocket(descriptor: accepted)
            }
            switch errno {
            case EINVAL, EBADF, ENOTSOCK: return nil
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: usleep(10_000)
            default: continue
            }
        }
    }

    /// Ends blocking calls on this socket, now and from now on.
    func shutDown() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    func close() {
        Glibc.close(descriptor)
    }

    /// Makes ``close()`` reset the connection.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// Reads what is there and appends it; false at the end of the connection.
    func read(into buffer: inout [UInt8]) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { chunk in
            while true {
                let count = recv(descriptor, chunk.baseAddress, chunk.count, 0)
                if count > 0 {
                    buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
                    return true
                }
                guard count < 0, errno == EINTR else { return false }
            }
        }
    }

    /// Writes all bytes; false when the connection has ended.
    func write(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.withContiguousStorageIfAvailable { write(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { write($0) }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
            let count = send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            if count > 0 {
                sent += count
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Waits; true when the time has passed, false when the peer went away or the socket was shut down before.
    func pause(_ duration: Duration?) -> Bool {
        let clock = ContinuousClock()
        let end = duration.map { clock.now.advanced(by: $0) }
        while true {
            var milliseconds: Int32 = -1
            if let end {
                let rest = clock.now.duration(to: end)
                guard rest > .zero else { return true }
                milliseconds = Int32(clamping: rest / .milliseconds(1) < 1 ? 1 : Int64(rest / .milliseconds(1)))
            }
            // Bytes of a next request must not wake this; only the end of the connection may.
            var watch = pollfd(descriptor: descriptor)
            if poll(&watch, 1, milliseconds) > 0 {
                return false
            }
        }
    }
}

extension pollfd {
    /// Watches for the peer closing its side (Linux's `POLLRDHUP`, which the Glibc module leaves out).
    fileprivate init(descriptor: Int32) {
        self.init(fd: descriptor, events: 0x2000, revents: 0)
    }
}

/// A thread of its own, for calls that block.
struct LoopbackThread: Sendable, Hashable {
    private let handle: pthread_t

    /// Starts a thread that runs `body`; `nil` when the system has no thread left.
    init?(_ body: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let body: @Sendable () -> Void

            init(_ body: @escaping @Sendable () -> Void) {
                self.body = body
            }
        }
        let box = Unmanaged.passRetained(Box(body))
        var handle = pthread_t()
        let code = pthread_create(
            &handle,
            nil,
            { context in
                if let context {
                    Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
                }
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

    /// Waits until the thread has ended; a thread that waits for itself is let go instead.
    func join() {
        if pthread_equal(handle, pthread_self()) != 0 {
            pthread_detach(handle)
        } else {
            pthread_join(handle, nil)
        }
    }
}
