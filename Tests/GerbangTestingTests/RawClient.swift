internal import Glibc
internal import Synchronization

/// A client that writes and reads bytes, to see what a server really does.
final class RawClient: Sendable {
    struct Refused: Error {
        var number: Int32
    }

    private let descriptor: Int32
    private let resetSeen = Mutex(false)

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            // An initializer that throws from here on still runs `deinit`, which closes the socket.
            throw Refused(number: errno)
        }
    }

    deinit {
        close(descriptor)
    }

    /// Whether reading has ended with a reset.
    var wasReset: Bool { resetSeen.withLock(\.self) }

    func write(_ bytes: [UInt8]) {
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// What arrives first; empty at the end.
    func readSome() -> String {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == ECONNRESET {
            resetSeen.withLock { $0 = true }
        }
        return String(decoding: chunk.prefix(max(0, count)), as: UTF8.self)
    }

    func readToEnd() -> String {
        var text = ""
        while true {
            let some = readSome()
            guard !some.isEmpty else { return text }
            text += some
        }
    }
}
