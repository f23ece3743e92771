internal import Foundation
internal import Glibc

/// What a process has used so far, as the kernel counts it.
struct Usage: Sendable {
    /// Processor time, user and system, in microseconds.
    var processor: Double

    /// What the process called `pid` has used; this one for 0.
    static func of(_ pid: Int32) -> Usage {
        var clock: clockid_t = CLOCK_PROCESS_CPUTIME_ID
        if pid != 0, clock_getcpuclockid(pid, &clock) != 0 { return Usage(processor: 0) }
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return Usage(processor: 0) }
        return Usage(processor: Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3)
    }

    /// Resident memory of the process called `pid` in bytes, now or at its highest.
    static func memory(of pid: Int32, highest: Bool = false) -> Double {
        let name = highest ? "VmHWM:" : "VmRSS:"
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return 0 }
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            return line.split(separator: " ").compactMap { Double($0) }.first.map { $0 * 1024 } ?? 0
        }
        return 0
    }
}

/// How busy the machine was with something else during a measurement.
struct MachineNoise: Sendable {
    private var busy: Double
    private var all: Double

    /// Takes the counters of `/proc/stat`.
    static func now() -> MachineNoise {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let line = text.split(separator: "\n").first
        else { return MachineNoise(busy: 0, all: 1) }
        let fields = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard fields.count == 8 else { return MachineNoise(busy: 0, all: 1) }
        let all = fields.reduce(0, +)
        return MachineNoise(busy: all - fields[3] - fields[4], all: all)
    }

    /// The share of the machine that others used since `self` was taken, when this benchmark's processes used `own`
    /// microseconds.
    func others(own: Double) -> Double {
        let now = MachineNoise.now()
        let ticks = now.all - all
        guard ticks > 0 else { return 0 }
        let ownTicks = own / 1e6 * Double(sysconf(Int32(_SC_CLK_TCK)))
        return max(0, (now.busy - busy - ownTicks) / ticks)
    }

    /// The load averages as the kernel writes them.
    static var loadAverages: String {
        let text = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        return text.split(separator: " ").prefix(3).joined(separator: " ")
    }
}

/// A clock that only goes forward, in seconds.
enum Stopwatch {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
