internal import Glibc

/// How fast the disk makes small writes durable at this moment: what every durable figure is to be seen against.
enum Flushing {
    /// Appends of 4 KB with fdatasync to a fresh file in `folder`, by one thread, a second.
    static func rate(in folder: String, seconds: Double) -> Double {
        let path = folder + "/flush-rate"
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { return .nan }
        defer {
            close(file)
            unlink(path)
        }
        let page = [UInt8](repeating: 0x47, count: 4096)
        let start = Stopwatch.now
        var count = 0
        while Stopwatch.now - start < seconds {
            guard write(file, page, page.count) == page.count, fdatasync(file) == 0 else { return .nan }
            count += 1
        }
        return Double(count) / (Stopwatch.now - start)
    }
}
