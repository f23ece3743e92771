public import GerbangCore
public import GerbangJSON

/// What a report is about.
public struct ReportSpan: Sendable, Hashable {
    /// Only the requests of this tenant; those of all when it is `nil`.
    public var tenant: TenantID?
    /// Accepted at this moment or later.
    public var from: Timestamp
    /// Accepted before this moment.
    public var until: Timestamp

    /// Creates a span.
    public init(tenant: TenantID? = nil, from: Timestamp, until: Timestamp) {
        self.tenant = tenant
        self.from = from
        self.until = until
    }

    func covers(_ request: ServiceRequest) -> Bool {
        (tenant == nil || request.tenant == tenant) && request.acceptedAt >= from && request.acceptedAt < until
    }
}

/// What became of the requests of a span of time, service by service. It holds no personal data.
public struct Report: Sendable, Hashable {
    /// One service.
    public struct Line: Sendable, Hashable {
        /// The service.
        public var service: ServiceID
        /// How many requests are in each state.
        public var counts: [RequestState: Int]
        /// How long half of those that succeeded took at most, from acceptance to the end.
        public var half: Duration?
        /// How long nine of ten of those that succeeded took at most.
        public var nineTenths: Duration?
        /// When the oldest of those that have not ended was accepted.
        public var oldestOpen: Timestamp?

        /// Creates a line.
        public init(
            service: ServiceID,
            counts: [RequestState: Int],
            half: Duration? = nil,
            nineTenths: Duration? = nil,
            oldestOpen: Timestamp? = nil
        ) {
            self.service = service
            self.counts = counts
            self.half = half
            self.nineTenths = nineTenths
            self.oldestOpen = oldestOpen
        }
    }

    /// What it is about.
    public var span: ReportSpan
    /// The services that were asked for, by name.
    public var lines: [Line]

    /// Creates a report.
    public init(span: ReportSpan, lines: [Line]) {
        self.span = span
        self.lines = lines
    }
}

/// Makes a report of requests that are told one by one.
package struct ReportTally: Sendable {
    private struct Service: Sendable {
        var counts: [RequestState: Int] = [:]
        var durations: [Int64] = []
        var oldestOpen: Timestamp?
    }

    private let span: ReportSpan
    private var services: [ServiceID: Service] = [:]

    package init(_ span: ReportSpan) {
        self.span = span
    }

    package mutating func add(
        _ service: ServiceID,
        _ state: RequestState,
        acceptedAt: Timestamp,
        finishedAt: Timestamp?
    ) {
        services[service, default: Service()].counts[state, default: 0] += 1
        if state == .succeeded, let finishedAt {
            services[service]?.durations.append((finishedAt - acceptedAt).milliseconds)
        }
        guard !state.isFinal else { return }
        let oldest = services[service]?.oldestOpen
        services[service]?.oldestOpen = min(oldest ?? acceptedAt, acceptedAt)
    }

    package var report: Report {
        let lines = services.sorted { $0.key < $1.key }.map { id, service in
            let durations = service.durations.sorted()
            return Report.Line(
                service: id,
                counts: service.counts,
                half: Self.quantile(5, of: durations),
                nineTenths: Self.quantile(9, of: durations),
                oldestOpen: service.oldestOpen
            )
        }
        return Report(span: span, lines: lines)
    }

    /// The least duration that so many tenths of all do not exceed.
    private static func quantile(_ tenths: Int, of sorted: [Int64]) -> Duration? {
        guard !sorted.isEmpty else { return nil }
        let rank = (sorted.count * tenths + 9) / 10
        return .milliseconds(sorted[max(rank, 1) - 1])
    }
}

extension Report {
    /// The report as the API answers it.
    public var json: JSONValue {
        var object: JSONObject = [
            "from": .string(span.from.description), "until": .string(span.until.description),
            "services": .array(lines.map(\.json)),
        ]
        object["tenant"] = span.tenant.map { .string($0.text) }
        return .object(object)
    }

    /// The report as comma-separated values (RFC 4180), one line a service.
    public var csv: String {
        let states = RequestState.allCases
        let head = ["tenant", "from", "until", "service"] + states.map(\.rawValue) + ["p50Ms", "p90Ms", "oldestOpen"]
        let rows = lines.map { line in
            [span.tenant?.text ?? "", span.from.description, span.until.description, line.service.text]
                + states.map { String(line.counts[$0] ?? 0) }
                + [line.half, line.nineTenths].map { $0.map { String($0.milliseconds) } ?? "" }
                + [line.oldestOpen?.description ?? ""]
        }
        // Names, numbers and times: nothing that would need quotes.
        return ([head] + rows).map { $0.joined(separator: ",") + "\r\n" }.joined()
    }
}

extension Report.Line {
    fileprivate var json: JSONValue {
        var states: JSONObject = [:]
        for state in RequestState.allCases {
            if let count = counts[state] { states[state.rawValue] = .number(JSONNumber(count)) }
        }
        var object: JSONObject = ["service": .string(service.text), "states": .object(states)]
        object["p50Ms"] = half.map { .number(JSONNumber($0.milliseconds)) }
        object["p90Ms"] = nineTenths.map { .number(JSONNumber($0.milliseconds)) }
        object["oldestOpen"] = oldestOpen.map { .string($0.description) }
        return .object(object)
    }
}
