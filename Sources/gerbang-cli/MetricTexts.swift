internal import GerbangConfiguration
internal import GerbangCore
internal import GerbangEngine
internal import GerbangObservability

/// Help texts of the metrics, and those that are read from the engine when they are asked for.
enum MetricTexts {
    static func describe(in registry: PrometheusRegistry) {
        let texts = [
            "gerbang_requests_accepted_total": "Requests that were accepted and stored.",
            "gerbang_requests_replayed_total": "Submissions that repeated an idempotency key.",
            "gerbang_requests_finished_total": "Requests that ended, by service and final state.",
            "gerbang_requests_removed_total": "Requests that were removed long after their end.",
            "gerbang_calls_total": "Calls to agencies that ended, by connection, operation and result.",
            "gerbang_call_seconds": "How long calls to agencies took.",
            "gerbang_callback_deliveries_total": "Tries to call a client back, by result.",
            "gerbang_callback_seconds": "How long tries to call a client back took.",
            "gerbang_event_streams": "Streams of events that are open.",
            "gerbang_outputs_invalid_total":
                "Outputs of adapters that do not fit the service's schema; only those of queries are asked for again.",
            "gerbang_outcomes_stale_total": "Outcomes that arrived after their lease had ended and were not used.",
        ]
        for (name, text) in texts { registry.describe(name, help: text) }
    }

    static func isWritable(_ isWritable: Bool) -> MetricFamily {
        MetricFamily(
            name: "gerbang_store_writable",
            help: "Whether the database takes writes, so that requests are accepted and sent: 1 or 0.",
            kind: .gauge,
            value: isWritable ? 1 : 0
        )
    }

    static func families(of manager: ConfigurationManager) -> [MetricFamily] {
        let (generation, isCurrent) = manager.standing
        return [
            MetricFamily(
                name: "gerbang_configuration_current",
                help: "Whether the gateway works with what its configuration file says, as far as it was read: 1 or 0.",
                kind: .gauge,
                value: isCurrent ? 1 : 0
            ),
            MetricFamily(
                name: "gerbang_configuration_generation",
                help: "The number of the configuration that the gateway works with.",
                kind: .gauge,
                value: Double(generation)
            ),
        ]
    }

    static func families(of callbacks: CallbackBacklog, at now: Timestamp) -> [MetricFamily] {
        let age = callbacks.oldest.map { max(0, (now - $0) / .seconds(1)) } ?? 0
        return [
            MetricFamily(
                name: "gerbang_callback_pending",
                help: "Events that wait to be told to clients.",
                kind: .gauge,
                value: Double(callbacks.pending)
            ),
            MetricFamily(
                name: "gerbang_callback_oldest_seconds",
                help: "How long the oldest of them has waited.",
                kind: .gauge,
                value: age
            ),
        ]
    }

    static func families(of connections: [ConnectionStatus]) -> [MetricFamily] {
        let backlog = connections.flatMap { connection in
            RequestState.allCases.compactMap { state in
                connection.backlog[state].map { count in
                    MetricFamily.Sample(
                        labels: ["connection": connection.id.text, "state": state.rawValue],
                        value: Double(count)
                    )
                }
            }
        }
        func perConnection(_ value: (ConnectionStatus) -> Double) -> [MetricFamily.Sample] {
            connections.map { MetricFamily.Sample(labels: ["connection": $0.id.text], value: value($0)) }
        }
        return [
            MetricFamily(
                name: "gerbang_backlog",
                help: "Requests that have not ended, and dead letters as failed.",
                kind: .gauge,
                samples: backlog
            ),
            MetricFamily(
                name: "gerbang_calls_in_flight",
                help: "Calls to the agency that are under way.",
                kind: .gauge,
                samples: perConnection { Double($0.inFlight) }
            ),
            MetricFamily(
                name: "gerbang_connection_open",
                help: "Whether a call may begin now: 1 or 0.",
                kind: .gauge,
                samples: perConnection { $0.closedBecause == nil || $0.closedBecause == .busy ? 1 : 0 }
            ),
        ]
    }
}
