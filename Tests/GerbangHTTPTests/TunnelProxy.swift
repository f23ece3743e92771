internal import Glibc
internal import Synchronization

/// A proxy that makes tunnels, whatever their destination, to one port of this machine, and remembers what was asked of it.
final class TunnelProxy: Sendable {
    let port: Int
    private let listener: Int32
    private let heads = Mutex<[String]>([])

    struct Failure: Error {}

    init(to target: Int) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Self.address(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isListening else { throw Failure() }
        port = Int(in_port_t(bigEndian: address.sin_port))
        Self.onThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else {
                    // Shut down, and closed here: a number that comes back would be another test's socket.
                    guard errno == EINVAL else { continue }
                    close(listener)
                    return
                }
                let head = Self.readHead(client)
                self?.heads.withLock { $0.append(head) }
                let server = Self.connection(to: target)
                _ = send(client, "HTTP/1.1 200 Tunnel\r\nX-Proxy: 1\r\n\r\n", 35, Int32(MSG_NOSIGNAL))
                Self.onThread {
                    Self.carry(between: client, server)
                    close(client)
                    close(server)
                }
            }
        }
    }

    deinit {
        // The thread that accepts ends with the listening socket, the others with their connections.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// The request heads that asked for a tunnel.
    var requests: [String] { heads.withLock(\.self) }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return address
    }

    private static func connection(to port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(port: port)
        _ = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return descriptor
    }

    private static func readHead(_ descriptor: Int32) -> String {
        var head = ""
        var byte: UInt8 = 0
        while !head.hasSuffix("\r\n\r\n"), recv(descriptor, &byte, 1, 0) == 1 {
            head.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return head
    }

    /// Carries bytes both ways until both sides have ended.
    ///
    /// On one thread, which closes the two only after its last look at them.
    private static func carry(between client: Int32, _ server: Int32) {
        var ways = [
            (from: pollfd(fd: client, events: Int16(POLLIN), revents: 0), to: server),
            (from: pollfd(fd: server, events: Int16(POLLIN), revents: 0), to: client),
        ]
        var chunk = [UInt8](repeating: 0, count: 4096)
        while !ways.isEmpty {
            var watched = ways.map(\.from)
            guard poll(&watched, nfds_t(watched.count), -1) > 0 else { continue }
            for index in watched.indices.reversed() where watched[index].revents != 0 {
                let count = recv(watched[index].fd, &chunk, chunk.count, 0)
                if count > 0, send(ways[index].to, chunk, count, Int32(MSG_NOSIGNAL)) == count { continue }
                shutdown(ways[index].to, Int32(SHUT_WR))
                ways.remove(at: index)
            }
        }
    }

    private static func onThread(_ body: @escaping @Sendable () -> Void) {
        final class Box: Sendable {
            let body: @Sendable () -> Void

            init(_ body: @escaping @Sendable () -> Void) {
                self.body = body
            }
        }
        var thread = pthread_t()
        pthread_create(
            &thread,
            nil,
            { context in
                if let context {
                    Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
                }
                return nil
            },
            Unmanaged.passRetained(Box(body)).toOpaque()
        )
        pthread_detach(thread)
    }
}
