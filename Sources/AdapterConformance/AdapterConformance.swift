public import GerbangCore
internal import GerbangHTTP
internal import GerbangTesting

/// The suite that every adapter passes, in whatever it is packaged.
///
/// It drives an adapter with the real transport against a server on the loopback interface that refuses, stalls, resets
/// and talks nonsense, and lets the engine's own state machine say what would become of a request. From a test:
///
/// ```swift
/// @Test func conforms() async throws {
///     let subject = ConformanceSubject(MyAdapter.definition, settings: ["apiKey": "rahasia-uji"])
///     let report = try await AdapterConformance(subject).run()
///     #expect(report.isPassed, "\(report.failures)")
/// }
/// ```
public struct AdapterConformance: Sendable {
    private let subject: ConformanceSubject
    private let catalogue: ServiceCatalogue?
    private let stallLimit: Duration

    /// Creates a suite for one adapter.
    ///
    /// - Parameters:
    ///   - subject: The adapter and what is needed to drive it.
    ///   - catalogue: The services; the catalogue that ships with Gerbang unless told otherwise.
    ///   - stallLimit: The time limit of calls to which no answer comes, in place of the operation's own. It grows by
    ///     itself when it is too short for the message to arrive.
    public init(
        _ subject: ConformanceSubject,
        catalogue: ServiceCatalogue? = nil,
        stallLimit: Duration = .milliseconds(400)
    ) {
        self.subject = subject
        self.catalogue = catalogue
        self.stallLimit = stallLimit
    }

    /// Runs every check; about two seconds an operation. Only the loopback interface is used.
    ///
    /// - Throws: A ``GerbangCore/GerbangError`` when the suite itself cannot run: no catalogue, no port, no thread, or a
    ///   deviation that names no check.
    public func run() async throws(GerbangError) -> ConformanceReport {
        for deviation in subject.deviations where ConformanceCheck(named: deviation.check) == nil {
            throw GerbangError(.invalidConfiguration, "a deviation names '\(deviation.check)', which is no check")
        }
        let catalogue: ServiceCatalogue
        if let given = self.catalogue {
            catalogue = try given.adding(subject.definition.services)
        } else {
            catalogue = try .builtin().adding(subject.definition.services)
        }
        let bench = try Bench(stallLimit: stallLimit)
        defer { bench.stop() }
        var run = ConformanceRun(subject: subject, catalogue: catalogue, bench: bench)
        await run.run()
        let descriptor = subject.definition.descriptor
        return ConformanceReport(
            adapter: descriptor.id,
            version: descriptor.version,
            agency: descriptor.agency,
            packaging: subject.packaging,
            contentHash: subject.contentHash,
            testedAt: SystemClock().now(),
            results: run.sortedResults
        )
    }
}

/// What calls are made with: the real transport, and an agency that does what it is told.
struct Bench: Sendable {
    let transport: CurlTransport
    let agency: FaultyAgency
    let deserted: LoopbackServer
    let stallLimit: Duration

    init(stallLimit: Duration) throws(GerbangError) {
        do {
            agency = try FaultyAgency()
            deserted = try FaultyAgency.deserted()
            transport = try CurlTransport()
        } catch {
            throw GerbangError(.internalFault, "the loopback server or the transport could not be started: \(error)")
        }
        self.stallLimit = stallLimit
    }

    func stop() {
        transport.shutdown()
        agency.stop()
        deserted.stop()
    }
}
