internal import Glibc

/// Memory that the process no longer needs and the C library still keeps.
enum SpareMemory {
    /// Hands it back to the system.
    ///
    /// Reading a configuration takes several times the memory that its result does, in pieces that glibc keeps: after one of
    /// ten thousand connections nearly half of what the process holds. It takes some milliseconds.
    static func handBack() { _ = trim?(0) }

    /// glibc's `malloc_trim`, which its module does not show; another C library has none.
    private static let trim: (@convention(c) (Int) -> Int32)? = {
        // `nil` stands for everything that is loaded.
        guard let symbol = dlsym(nil, "malloc_trim") else { return nil }
        return unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)
    }()
}
