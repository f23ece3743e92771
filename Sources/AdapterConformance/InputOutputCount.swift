internal import Glibc

/// How often the current thread has read and written, as the kernel counts it (`proc_pid_io(5)`): files, pipes,
/// terminals, and what the resolution of a name reads.
enum InputOutputCount {
    /// Whether `body` reads or writes; `nil` where the kernel does not tell.
    static func changes(during body: () -> Void) -> Bool? {
        // Reading the count counts itself, always alike.
        guard let first = current(), let second = current() else { return nil }
        body()
        guard let third = current() else { return nil }
        return zip(second, first).map { $0 - $1 } != zip(third, second).map { $0 - $1 }
    }

    private static func current() -> [Int]? {
        let descriptor = open("/proc/thread-self/io", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let lines = String(decoding: buffer.prefix(count), as: UTF8.self).split(separator: "\n")
        return lines.filter { $0.hasPrefix("syscr:") || $0.hasPrefix("syscw:") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
    }
}
