internal import CoreMetrics
internal import Foundation
internal import Testing

@testable internal import GerbangObservability

/// Whether, and where, `promtool` of Debian's package `prometheus` is installed.
private let promtool: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .map { "\($0)/promtool" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("What Prometheus says", .enabled(if: promtool != nil))
struct PromtoolTests {
    @Test("promtool accepts the output without a complaint")
    func accepted() throws {
        let registry = PrometheusRegistry(labelSetLimit: 2)
        let factory = PrometheusMetricsFactory(registry: registry)
        registry.collect(ProcessMetrics.families)
        for value in ["plain", "\"\\\n\u{1}é", "c", "d"] {
            Counter(label: "gerbang.requests", dimensions: [("client.id", value)], factory: factory).increment()
            CoreMetrics.Timer(label: "gerbang.attemptDuration", dimensions: [("connection", value)], factory: factory)
                .recordMilliseconds(20)
        }
        FloatingPointCounter(label: "gerbang_cost", factory: factory).increment(by: 1.5)
        Meter(label: "gerbang_open:connections", factory: factory).set(Double.nan)
        Gauge(label: "gerbang_queue_count", factory: factory).record(3)
        Recorder(label: "gerbang_batch_size", dimensions: [("le", "x")], factory: factory).record(1e9)
        Recorder(label: "gerbang_batch_size", factory: factory).record(-1.5)
        registry.gauge("gerbang_batch_size", []).set(1.0)
        let (output, status) = try check(
            registry.render(extra: [
                MetricFamily(name: "gerbang_queue_depth", help: "Waiting\nrequests.", kind: .gauge, value: .infinity)
            ])
        )
        #expect(output.isEmpty)
        #expect(status == 0)
    }

    @Test("promtool does complain about something that is wrong")
    func complains() throws {
        let (output, status) = try check(Array("# TYPE a counter\na 1\n".utf8))
        #expect(!output.isEmpty)
        #expect(status != 0)
    }

    private func check(_ text: [UInt8]) throws -> (output: String, status: Int32) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(promtool))
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (String(decoding: said, as: UTF8.self), process.terminationStatus)
    }
}
