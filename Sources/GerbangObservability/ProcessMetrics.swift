internal import Glibc

/// The process as the kernel sees it, under the names that all Prometheus clients use.
public enum ProcessMetrics {
    /// CPU time, resident memory, open and allowed file descriptors and the start time, read from `/proc` now.
    ///
    /// What cannot be read is left out. Made for ``PrometheusRegistry/collect(_:)``:
    /// `registry.collect(ProcessMetrics.families)`.
    public static func families() -> [MetricFamily] {
        var result: [MetricFamily] = []
        func add(_ name: String, _ help: String, _ kind: MetricFamily.Kind, _ value: Double?) {
            guard let value else { return }
            result.append(MetricFamily(name: name, help: help, kind: kind, value: value))
        }
        let stat = read("/proc/self/stat").flatMap(ProcessStat.init)
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        let pageSize = Double(sysconf(Int32(_SC_PAGESIZE)))
        add(
            "process_cpu_seconds_total",
            "Total user and system CPU time spent in seconds.",
            .counter,
            stat.map { $0.cpuTicks / ticksPerSecond }
        )
        add(
            "process_resident_memory_bytes",
            "Resident memory size in bytes.",
            .gauge,
            stat.map { $0.residentPages * pageSize }
        )
        add("process_open_fds", "Number of open file descriptors.", .gauge, openDescriptors())
        add("process_max_fds", "Maximum number of open file descriptors.", .gauge, descriptorLimit())
        if let stat, let boot = bootTime() {
            add(
                "process_start_time_seconds",
                "Start time of the process since unix epoch in seconds.",
                .gauge,
                boot + stat.startTicks / ticksPerSecond
            )
        }
        return result
    }

    /// The number of entries in `/proc/self/fd`, without the one that reading it needs.
    private static func openDescriptors() -> Double? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var entries = 0
        while readdir(directory) != nil { entries += 1 }
        let withoutDots = entries - 2
        return Double(withoutDots - 1)
    }

    private static func descriptorLimit() -> Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur == .max ? .infinity : Double(limit.rlim_cur)
    }

    private static func bootTime() -> Double? {
        guard let text = read("/proc/stat") else { return nil }
        return text.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
    }

    private static func read(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count > 0 {
                content += chunk.prefix(count)
            } else if count == 0 {
                return String(decoding: content, as: UTF8.self)
            } else if errno != EINTR {
                return nil
            }
        }
    }
}

/// The fields of `/proc/PID/stat` (proc(5)) that are of interest here.
struct ProcessStat: Hashable {
    /// User and system time, in clock ticks.
    var cpuTicks: Double
    /// The start since boot, in clock ticks.
    var startTicks: Double
    /// The resident set, in pages.
    var residentPages: Double

    /// Reads the line; the name of the program in it is in parentheses and may itself contain spaces and parentheses.
    init?(_ line: String) {
        guard let nameEnd = line.lastIndex(of: ")") else { return nil }
        let fields = line[line.index(after: nameEnd)...].split { $0 == " " || $0 == "\n" }
        func field(_ number: Int) -> Double? {
            let index = number - 3
            return fields.indices.contains(index) ? Double(fields[index]) : nil
        }
        guard let user = field(14), let system = field(15), let start = field(22), let resident = field(24) else {
            return nil
        }
        cpuTicks = user + system
        startTicks = start
        residentPages = resident
    }
}
