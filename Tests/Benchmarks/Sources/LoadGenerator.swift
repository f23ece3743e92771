internal import Glibc

/// Sends the same requests again and again over connections that stay open, one at a time on each, from one thread.
///
/// It costs a few microseconds of processor time a request, so that what it loads is what is measured.
struct LoadGenerator {
    /// What to send.
    struct Message {
        /// The bytes before the unique key.
        var head: [UInt8]
        /// The bytes after it.
        var tail: [UInt8]
        /// Whether a random key of 32 digits goes in between.
        var hasKey: Bool
    }

    /// What was measured.
    struct Result {
        /// Answers as expected.
        var count = 0
        /// Other answers and broken connections.
        var failures = 0
        /// From the first request to the last answer.
        var seconds = 0.0
        /// From when a request was to be sent to its complete answer.
        var latencies = Samples()

        var rate: Double { Double(count) / seconds }
    }

    /// The port on 127.0.0.1.
    var port: UInt16
    /// What to send, one after the other.
    var messages: [Message]
    var connections = 64
    /// The status that every answer must have.
    var status: Int
    /// What every answer must contain.
    var mark: [UInt8] = []
    /// Requests a second at fixed moments, whether or not earlier ones were answered; as fast as possible when `nil`.
    var rate: Double?

    /// Sends for `seconds`, at most `limit` requests, and waits for their answers.
    func run(seconds: Double, limit: Int = .max) -> Result {
        var state = State(self)
        defer { state.close() }
        return state.run(seconds: seconds, limit: limit)
    }
}

extension LoadGenerator {
    private struct Connection {
        var socket: Int32
        var began = 0.0
        var isIdle = true
        var received: [UInt8] = []
    }

    private struct State {
        let plan: LoadGenerator
        var connections: [Connection] = []
        var watched: [pollfd] = []
        var idle: [Int] = []
        var result = Result()
        var turn = 0
        var keys: UInt64 = .random(in: .min ... .max)
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var outgoing: [UInt8] = []

        init(_ plan: LoadGenerator) {
            self.plan = plan
            for index in 0..<plan.connections {
                let socket = Self.connect(plan.port)
                guard socket >= 0 else { continue }
                connections.append(Connection(socket: socket))
                watched.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
                idle.append(index)
            }
        }

        func close() {
            for connection in connections { Glibc.close(connection.socket) }
        }

        static func connect(_ port: UInt16) -> Int32 {
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let done = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard done == 0 else {
                Glibc.close(socket)
                return -1
            }
            var on: Int32 = 1
            setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
            return socket
        }

        mutating func run(seconds: Double, limit: Int) -> Result {
            guard connections.count == plan.connections else {
                result.failures = plan.connections
                return result
            }
            let start = Stopwatch.now
            let end = start + seconds
            var sent = 0
            var now = start
            while true {
                while sent < limit, now < end, let index = idle.last {
                    let moment = plan.rate.map { start + Double(sent) / $0 } ?? now
                    guard moment <= now else { break }
                    idle.removeLast()
                    send(on: index, began: moment)
                    sent += 1
                }
                let mayGoOn = sent < limit && now < end
                if !mayGoOn, idle.count == connections.count { break }
                // Whoever does not answer within half a minute after the end does not answer.
                if now > end + 30 {
                    result.failures += connections.count - idle.count
                    break
                }
                wait(atMost: mayGoOn ? plan.rate.map { start + Double(sent) / $0 - now } ?? 1 : 1)
                now = Stopwatch.now
                for index in watched.indices where watched[index].revents != 0 { receive(on: index, now: now) }
            }
            result.seconds = max(now - start, 1e-9)
            return result
        }

        /// Waits for answers.
        ///
        /// `poll` counts in milliseconds; shorter waits are made of naps of a tenth.
        private mutating func wait(atMost seconds: Double) {
            let milliseconds = Int32(min(1000, max(0, seconds * 1000)))
            if poll(&watched, nfds_t(watched.count), milliseconds) > 0 { return }
            for index in watched.indices { watched[index].revents = 0 }
            let rest = seconds - Double(milliseconds) / 1000
            if rest > 0 { usleep(useconds_t(min(100, rest * 1e6))) }
        }

        private mutating func send(on index: Int, began: Double) {
            outgoing.removeAll(keepingCapacity: true)
            let message = plan.messages[turn % plan.messages.count]
            turn += 1
            outgoing.append(contentsOf: message.head)
            if message.hasKey { appendKey() }
            outgoing.append(contentsOf: message.tail)
            connections[index].began = began
            connections[index].isIdle = false
            let count = Glibc.send(connections[index].socket, outgoing, outgoing.count, Int32(MSG_NOSIGNAL))
            if count != outgoing.count { fail(index) }
        }

        /// 32 digits that never come twice (SplitMix64).
        private mutating func appendKey() {
            for _ in 0..<2 {
                keys &+= 0x9E37_79B9_7F4A_7C15
                var mixed = keys
                mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
                mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
                mixed ^= mixed >> 31
                for shift in stride(from: UInt64(60), through: 0, by: -4) {
                    let digit = UInt8(mixed >> shift & 15)
                    outgoing.append(digit < 10 ? digit + 0x30 : digit + 0x57)
                }
            }
        }

        private mutating func receive(on index: Int, now: Double) {
            let count = recv(connections[index].socket, &buffer, buffer.count, 0)
            guard count > 0 else { return fail(index) }
            connections[index].received.append(contentsOf: buffer[..<count])
            guard let answer = Answer(connections[index].received) else { return }
            connections[index].received.removeAll(keepingCapacity: true)
            guard !connections[index].isIdle else { return }
            connections[index].isIdle = true
            idle.insert(index, at: 0)
            if answer.status == plan.status, answer.contains(plan.mark) {
                result.count += 1
                result.latencies.add((now - connections[index].began) * 1e6)
            } else {
                result.failures += 1
            }
        }

        /// Counts the failure and goes on with a new connection.
        private mutating func fail(_ index: Int) {
            if !connections[index].isIdle { result.failures += 1 }
            Glibc.close(connections[index].socket)
            let wasIdle = connections[index].isIdle
            connections[index] = Connection(socket: Self.connect(plan.port))
            watched[index].fd = connections[index].socket
            if !wasIdle { idle.insert(index, at: 0) }
        }
    }

    /// A complete HTTP answer with a Content-Length.
    private struct Answer {
        let status: Int
        private let bytes: [UInt8]

        init?(_ bytes: [UInt8]) {
            self.bytes = bytes
            guard let head = Self.find("\r\n\r\n", in: bytes),
                let field = Self.find("ontent-length: ", in: bytes) ?? Self.find("ontent-Length: ", in: bytes),
                field < head, bytes.count > 12
            else { return nil }
            func number(_ from: Int) -> Int {
                bytes[from...].prefix { (0x30...0x39).contains($0) }.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            }
            guard bytes.count >= head + 4 + number(field + 15) else { return nil }
            status = number(9)
        }

        func contains(_ mark: [UInt8]) -> Bool {
            mark.isEmpty || mark.withUnsafeBufferPointer { Self.find($0, in: bytes) } != nil
        }

        private static func find(_ text: StaticString, in bytes: [UInt8]) -> Int? {
            find(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount), in: bytes)
        }

        private static func find(_ text: UnsafeBufferPointer<UInt8>, in bytes: [UInt8]) -> Int? {
            bytes.withUnsafeBufferPointer { bytes in
                guard bytes.count >= text.count else { return nil }
                return (0...(bytes.count - text.count)).first { start in
                    bytes[start] == text[0] && (1..<text.count).allSatisfy { bytes[start + $0] == text[$0] }
                }
            }
        }
    }
}
