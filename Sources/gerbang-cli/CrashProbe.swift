internal import GerbangCore
internal import Glibc
internal import Synchronization

/// Kills the process at a named point, for the crash test: `GERBANG_CRASH_AT=settle.before-commit:3` dies when the
/// point is reached for the third time. Dying is SIGKILL, so that nothing is flushed or cleaned up.
enum CrashProbe {
    static func fromEnvironment() -> Probe? {
        guard let setting = Environment.value("GERBANG_CRASH_AT") else { return nil }
        let parts = setting.split(separator: ":")
        guard let point = parts.first.map(String.init), let count = parts.count > 1 ? Int(parts[1]) : 1 else {
            return nil
        }
        let reached = Atomic<Int>(0)
        return Probe { name in
            guard name == point else { return }
            if reached.add(1, ordering: .relaxed).newValue == count { kill(getpid(), SIGKILL) }
        }
    }
}
