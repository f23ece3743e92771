internal import Foundation
internal import Testing

@testable internal import GerbangObservability

@Suite("Process metrics")
struct ProcessMetricsTests {
    @Test("All five are there and plausible")
    func values() throws {
        let values = Dictionary(
            uniqueKeysWithValues: ProcessMetrics.families().map { ($0.name, $0.samples.first?.value ?? -1) }
        )
        #expect(values.count == 5)
        let now = Date().timeIntervalSince1970
        let start = try #require(values["process_start_time_seconds"])
        #expect(start > now - 86_400 && start <= now + 1)
        #expect(try #require(values["process_resident_memory_bytes"]) > 1_000_000)
        #expect(try #require(values["process_cpu_seconds_total"]) >= 0)
        let open = try #require(values["process_open_fds"])
        #expect(open >= 3)
        #expect(try #require(values["process_max_fds"]) >= open)
    }

    @Test("A program's name may contain spaces and parentheses")
    func awkwardName() throws {
        let line = "7 (a ) b) S 1 7 7 0 -1 4194560 10 0 0 0 250 50 0 0 20 0 1 0 4242 1000 77 18446744073709551615\n"
        let stat = try #require(ProcessStat(line))
        #expect(stat.cpuTicks == 300)
        #expect(stat.startTicks == 4_242)
        #expect(stat.residentPages == 77)
    }

    @Test("A line that is cut off is refused", arguments: ["", "7 (a", "7 (a) S 1 2", "7 (a) S x y"])
    func malformed(_ line: String) {
        #expect(ProcessStat(line) == nil)
    }
}
