internal import CoreMetrics
internal import Testing

@testable internal import GerbangObservability

@Suite("Prometheus registry")
struct PrometheusRegistryTests {
    private func lines(_ registry: PrometheusRegistry, extra: [MetricFamily] = []) -> [String] {
        String(decoding: registry.render(extra: extra), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("Counters, gauges, recorders and timers come out in order, under Prometheus names")
    func exposition() {
        let registry = PrometheusRegistry()
        let factory = PrometheusMetricsFactory(registry: registry)
        registry.describe("gerbang_requests_total", help: "Requests\nby \\ state.")
        registry.describe(
            "gerbang_attempt_duration_seconds",
            help: "Time of attempts.",
            buckets: [1, 0.5, .infinity, 1]
        )
        registry.describe("batch_size", help: "Sizes.", buckets: [10])
        Counter(label: "gerbang.requests", dimensions: [("state", "done"), ("client", "a")], factory: factory)
            .increment(by: 3)
        Counter(label: "gerbang_requests_total", dimensions: [("client", "a"), ("state", "done")], factory: factory)
            .increment()
        FloatingPointCounter(label: "gerbang.requests", dimensions: [("state", "x")], factory: factory).increment(
            by: 0.5
        )
        let timer = CoreMetrics.Timer(label: "gerbangAttempt.duration", factory: factory)
        timer.recordMilliseconds(500)
        timer.recordMilliseconds(750)
        timer.recordSeconds(2)
        let meter = Meter(label: "queue-depth", factory: factory)
        meter.set(7)
        meter.increment(by: 1.5)
        meter.decrement(by: 3)
        Gauge(label: "temperature", factory: factory).record(-2)
        let recorder = Recorder(label: "batch_size", factory: factory)
        recorder.record(3)
        recorder.record(11.5)
        #expect(
            lines(registry) == [
                "# HELP batch_size Sizes.",
                "# TYPE batch_size histogram",
                #"batch_size_bucket{le="10"} 1"#,
                #"batch_size_bucket{le="+Inf"} 2"#,
                "batch_size_sum 14.5",
                "batch_size_count 2",
                "# HELP gerbang_attempt_duration_seconds Time of attempts.",
                "# TYPE gerbang_attempt_duration_seconds histogram",
                #"gerbang_attempt_duration_seconds_bucket{le="0.5"} 1"#,
                #"gerbang_attempt_duration_seconds_bucket{le="1"} 2"#,
                #"gerbang_attempt_duration_seconds_bucket{le="+Inf"} 3"#,
                "gerbang_attempt_duration_seconds_sum 3.25",
                "gerbang_attempt_duration_seconds_count 3",
                #"# HELP gerbang_requests_total Requests\nby \\ state."#,
                "# TYPE gerbang_requests_total counter",
                #"gerbang_requests_total{client="a",state="done"} 4"#,
                #"gerbang_requests_total{state="x"} 0.5"#,
                "# HELP queue_depth Queue depth.",
                "# TYPE queue_depth gauge",
                "queue_depth 5.5",
                "# HELP temperature Temperature.",
                "# TYPE temperature gauge",
                "temperature -2",
            ]
        )
    }

    @Test(
        "Names become what Prometheus and its linter accept",
        arguments: [
            ("http.server.requests", .counter, "http_server_requests_total"),
            ("hb:requestsTotal", .counter, "hb_requests_total"),
            ("4xx", .gauge, "n4xx"), ("", .gauge, "unnamed"), ("é-ü", .gauge, "unnamed"), ("__a__b__", .gauge, "a_b"),
            ("queue_count", .gauge, "queue_count_value"), ("open_total", .gauge, "open_total_value"),
            ("x_sum", .histogram, "x_sum_value"), ("HTTPStatus", .gauge, "httpstatus"),
        ] as [(String, MetricFamily.Kind, String)]
    )
    func names(_ text: String, _ kind: MetricFamily.Kind, _ expected: String) {
        #expect(PrometheusNames.metric(text, kind: kind) == expected)
    }

    @Test("Label names are made valid, and values escaped and redacted")
    func labels() {
        let pairs = [
            ("b", "quote \" backslash \\ newline \n é"), ("le", "1"), ("__name__", "x"), ("someName", "y"),
            ("dup", "1"), ("dup", "2"), ("path", "/p/3174015708900003"), ("api_key", "k"),
        ]
        #expect(
            PrometheusText.labels(pairs, redactor: Redactor())
                == #"api_key="[redacted]",b="quote \" backslash \\ newline \n é",dup="2",exported_le="1","#
                + #"name="x",path="/p/[16 digits]",some_name="y""#
        )
    }

    @Test(
        "Numbers are written so that Prometheus reads them back",
        arguments: [
            (0, "0"), (-0.5, "-0.5"), (1e16, "1e+16"), (123_456_789, "123456789"), (.infinity, "+Inf"),
            (-.infinity, "-Inf"), (.nan, "NaN"), (0.1, "0.1"),
        ] as [(Double, String)]
    )
    func numbers(_ value: Double, _ expected: String) {
        #expect(PrometheusText.number(value) == expected)
    }

    @Test("The same label and dimensions give the same handler; a destroyed one disappears")
    func identity() {
        let registry = PrometheusRegistry()
        let factory = PrometheusMetricsFactory(registry: registry)
        let first = factory.makeCounter(label: "a", dimensions: [("x", "1"), ("y", "2")])
        let second = factory.makeCounter(label: "a_total", dimensions: [("y", "2"), ("x", "1")])
        #expect(first === second)
        first.increment(by: 2)
        factory.makeCounter(label: "a", dimensions: [("x", "2")]).increment(by: 1)
        factory.destroyCounter(first)
        #expect(lines(registry).filter { !$0.hasPrefix("#") } == [#"a_total{x="2"} 1"#])
        second.reset()
        factory.destroyCounter(factory.makeCounter(label: "a", dimensions: [("x", "2")]))
        #expect(lines(registry).isEmpty)
    }

    @Test("Amounts that a counter or histogram cannot take are ignored")
    func oddAmounts() {
        let registry = PrometheusRegistry()
        let factory = PrometheusMetricsFactory(registry: registry)
        let counter = registry.counter("c", [])
        for amount in [-1.0, .nan, .infinity, 0.25] { counter.increment(by: amount) }
        counter.increment(by: Int64(-5))
        #expect(counter.value == 0.25)
        let histogram = registry.recorder("h", [])
        for value in [Double.nan, .infinity, -1] { histogram.record(value) }
        #expect(histogram.snapshot.counts.reduce(0, +) == 1)
        #expect(histogram.snapshot.sum == -1)
        factory.makeTimer(label: "t", dimensions: []).recordNanoseconds(.max)
        #expect(lines(registry).contains(#"t_seconds_bucket{le="60"} 0"#))
    }

    @Test("Beyond the limit of label sets everything goes into one series and is counted")
    func cardinality() {
        let registry = PrometheusRegistry(labelSetLimit: 3)
        let factory = PrometheusMetricsFactory(registry: registry)
        for number in 0..<10 {
            factory.makeCounter(label: "hits", dimensions: [("n", "\(number)")]).increment(by: 1)
            factory.makeTimer(label: "time", dimensions: [("n", "\(number)")]).recordNanoseconds(1)
            factory.makeMeter(label: "depth", dimensions: []).set(Int64(number))
        }
        factory.makeCounter(label: "hits", dimensions: [("n", "1")]).increment(by: 1)
        let lines = lines(registry)
        #expect(
            lines.filter { $0.hasPrefix("hits_total") } == [
                #"hits_total{n="0"} 1"#, #"hits_total{n="1"} 2"#, #"hits_total{n="2"} 1"#,
                #"hits_total{overflow="true"} 7"#,
            ]
        )
        #expect(lines.contains(#"time_seconds_count{overflow="true"} 7"#))
        #expect(
            lines.filter { $0.hasPrefix(PrometheusRegistry.overflowName) } == [
                #"gerbang_metrics_dropped_label_sets_total{metric="hits_total"} 7"#,
                #"gerbang_metrics_dropped_label_sets_total{metric="time_seconds"} 7"#,
            ]
        )
    }

    @Test("The default limit is a thousand label sets")
    func defaultLimit() {
        let registry = PrometheusRegistry()
        for number in 0..<1_005 { registry.counter("hits", [("n", "\(number)")]).increment(by: Int64(1)) }
        #expect(lines(registry).filter { $0.hasPrefix("hits_total{n=") }.count == 1_000)
        #expect(lines(registry).contains(#"hits_total{overflow="true"} 5"#))
    }

    @Test("A name of another type is refused without harm and counted")
    func conflicts() {
        let registry = PrometheusRegistry()
        registry.gauge("size", []).set(1.5)
        registry.recorder("size", []).record(2.0)
        #expect(lines(registry).contains("size 1.5"))
        #expect(lines(registry).contains("gerbang_metrics_name_conflicts_total 1"))
        #expect(!lines(registry).contains { $0.hasPrefix("size_bucket") })
    }

    @Test("Families of collectors and of the caller are merged; the first of a name counts")
    func collectors() {
        let registry = PrometheusRegistry()
        registry.gauge("a", []).set(1.0)
        registry.collect {
            [
                MetricFamily(name: "a", help: "No.", kind: .gauge, value: 9),
                MetricFamily(
                    name: "gerbang_queue_depth",
                    help: "Waiting requests.",
                    kind: .gauge,
                    samples: [
                        .init(labels: ["connection": "b"], value: 2), .init(labels: ["connection": "a\""], value: 1),
                        .init(labels: ["connection": "b"], value: 3),
                    ]
                ),
            ]
        }
        let extra = [
            MetricFamily(name: "gerbang_queue_depth", help: "No.", kind: .gauge, value: 9),
            MetricFamily(
                name: "z",
                help: "Histogram.",
                kind: .histogram,
                samples: [
                    .init(labels: ["le": "1", "x": "y"], value: 1, suffix: "_bucket"),
                    .init(labels: ["le": "+Inf", "x": "y"], value: 1, suffix: "_bucket"),
                    .init(labels: ["x": "y"], value: 0.5, suffix: "_sum"),
                    .init(labels: ["x": "y"], value: 1, suffix: "_count"),
                ]
            ),
        ]
        #expect(
            lines(registry, extra: extra) == [
                "# HELP a A.", "# TYPE a gauge", "a 1",
                "# HELP gerbang_queue_depth Waiting requests.", "# TYPE gerbang_queue_depth gauge",
                #"gerbang_queue_depth{connection="b"} 2"#, #"gerbang_queue_depth{connection="a\""} 1"#,
                "# HELP z Histogram.", "# TYPE z histogram", #"z_bucket{x="y",le="1"} 1"#,
                #"z_bucket{x="y",le="+Inf"} 1"#,
                #"z_sum{x="y"} 0.5"#, #"z_count{x="y"} 1"#,
            ]
        )
    }

    @Test("Concurrent recording loses nothing, and every scrape in between is consistent")
    func concurrency() async {
        let registry = PrometheusRegistry()
        let factory = PrometheusMetricsFactory(registry: registry)
        let tasks = 8
        let perTask = 2_000
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    let timer = CoreMetrics.Timer(label: "work", factory: factory)
                    let meter = Meter(label: "level", factory: factory)
                    for number in 0..<perTask {
                        Counter(label: "done", dimensions: [("n", "\(number % 7)")], factory: factory).increment()
                        FloatingPointCounter(label: "cost", factory: factory).increment(by: 0.5)
                        timer.recordMilliseconds(Int64((number * (task + 1)) % 3_000))
                        meter.increment(by: 1)
                    }
                }
            }
            group.addTask {
                for _ in 0..<50 { expectConsistentHistogram(registry, "work_seconds") }
            }
        }
        let total = tasks * perTask
        expectConsistentHistogram(registry, "work_seconds")
        let lines = lines(registry)
        #expect(lines.contains("work_seconds_count \(total)"))
        #expect(lines.contains("cost_total \(total / 2)"))
        #expect(lines.contains("level \(total)"))
        let done = lines.filter { $0.hasPrefix("done_total") }.compactMap { Int($0.split(separator: " ")[1]) }
        #expect(done.count == 7)
        #expect(done.reduce(0, +) == total)
    }

    private func expectConsistentHistogram(_ registry: PrometheusRegistry, _ name: String) {
        let lines = lines(registry)
        let buckets = lines.filter { $0.hasPrefix(name + "_bucket") }.compactMap { Int($0.split(separator: " ")[1]) }
        guard let last = buckets.last else { return }
        #expect(buckets.count == PrometheusRegistry.defaultTimerBuckets.count + 1)
        #expect(buckets == buckets.sorted())
        #expect(lines.contains("\(name)_count \(last)"))
    }
}
