internal import Glibc
internal import Synchronization

/// A gateway in a process of its own, so that it can be killed.
public final class DaemonProcess: Sendable {
    /// Why a daemon could not be started.
    public struct StartError: Error, CustomStringConvertible {
        /// What happened.
        public let description: String
        /// With which exit code it ended, or 128 and the signal's number; `nil` when it never began.
        public let status: Int32?

        init(_ description: String, status: Int32? = nil) {
            self.description = description
            self.status = status
        }
    }

    /// The URL of its API.
    public let url: String

    private let pid: pid_t
    private let exit: Mutex<Int32?>

    /// Starts `executable` and waits until it says on standard output where it listens.
    ///
    /// - Parameters:
    ///   - executable: The path of `gerbang`.
    ///   - arguments: Its arguments, such as `serve --config FILE`.
    ///   - environment: Variables besides those of this process.
    ///   - logPath: Where its standard error goes; `nil` throws it away.
    /// - Throws: ``StartError`` when it ended before it listened.
    public init(
        executable: String,
        arguments: [String],
        environment: [String: String] = [:],
        logPath: String? = nil
    ) throws {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw StartError("no pipe: error \(errno)") }
        // A daemon must not inherit the ends of another one's pipe, or its output would never end.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        pid = try Self.spawn(executable, arguments, environment: environment, output: ends[1], logPath: logPath)
        close(ends[1])
        guard let url = Self.readURL(from: ends[0]) else {
            let status = Self.wait(pid)
            throw StartError("the daemon ended before it listened, with status \(status)", status: status)
        }
        self.url = url
        exit = Mutex(nil)
    }

    /// Kills it at once, as a power cut would.
    public func kill() {
        signal(SIGKILL)
    }

    /// Asks it to read its configuration again.
    public func hangUp() {
        signal(SIGHUP)
    }

    /// Asks it to stop and waits until it has.
    ///
    /// - Returns: Its exit code; 128 and the signal's number when a signal ended it.
    @discardableResult
    public func stop() -> Int32 {
        signal(SIGTERM)
        return waitForExit()
    }

    /// Waits until it has ended.
    ///
    /// - Returns: Its exit code; 128 and the signal's number when a signal ended it.
    @discardableResult
    public func waitForExit() -> Int32 {
        exit.withLock { exit in
            if let code = exit { return code }
            let code = Self.wait(pid)
            exit = code
            return code
        }
    }

    /// Whether it still runs.
    public var isRunning: Bool {
        exit.withLock { exit in
            guard exit == nil else { return false }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return true }
            exit = Self.code(of: status)
            return false
        }
    }

    private func signal(_ number: Int32) {
        exit.withLock { exit in
            // Once it was waited for, the number may belong to another process.
            if exit == nil { _ = Glibc.kill(pid, number) }
        }
    }

    deinit {
        kill()
        waitForExit()
    }

    private static func spawn(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String],
        output: Int32,
        logPath: String?
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        let flags = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, logPath ?? "/dev/null", flags, 0o600)
        var variables: [String] = []
        var entry = environ
        while let text = entry.pointee {
            let variable = String(cString: text)
            if !environment.keys.contains(where: { variable.hasPrefix("\($0)=") }) { variables.append(variable) }
            entry += 1
        }
        variables += environment.map { "\($0.key)=\($0.value)" }
        var arguments = ([executable] + arguments).map { strdup($0) } + [nil]
        var strings = variables.map { strdup($0) } + [nil]
        defer { for text in arguments + strings { free(text) } }
        var pid: pid_t = 0
        let result = posix_spawn(&pid, executable, &actions, nil, &arguments, &strings)
        guard result == 0 else { throw StartError("cannot start \(executable): error \(result)") }
        return pid
    }

    /// Reads until the line `listening on URL`; `nil` when the output ends before.
    private static func readURL(from descriptor: Int32) -> String? {
        let mark = "listening on "
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 512)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            where line.hasPrefix(mark) {
                return String(line.dropFirst(mark.count))
            }
        }
    }

    private static func wait(_ pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return code(of: status)
    }

    private static func code(of status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }
}
