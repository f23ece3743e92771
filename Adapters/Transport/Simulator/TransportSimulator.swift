public import GerbangCore
public import GerbangTesting

/// A transport agency on 127.0.0.1: a small vehicle register and a book of inspection appointments, as SOAP services
/// behind an X-Road security server and plain.
///
/// - `baseURL` takes X-Road messages, for the provider `ID/GOV/DISHUB/transport`;
/// - `baseURL` with `/plain11` and `/plain12` takes plain SOAP 1.1 and 1.2;
/// - `?wsdl` behind each of them describes it.
///
/// Booking is not idempotent, as with real agencies: a second message books a second time, whatever its reference.
public final class TransportSimulator: Sendable {
    /// The URL of the simulated security server, without a trailing slash.
    public var baseURL: String { server.baseURL }
    /// Every booking that was made, by its client reference.
    public var ledger: Ledger { office.ledger }
    /// The trouble to make, by the adapter's operation names: `get-vehicle`, `book-inspection`, `find-booking`.
    public let faults: FaultPlan

    private let office: TransportOffice
    private let server: LoopbackServer

    /// Starts the agency.
    ///
    /// - Parameters:
    ///   - port: The port; 0 takes a free one.
    ///   - clock: Tells which days have passed.
    ///   - slotsPerDay: How many bookings a station takes for one day; `JKT-PENUH` takes none.
    /// - Throws: ``LoopbackServerError`` when the port cannot be had.
    public init(port: Int = 0, clock: any WallClock = SystemClock(), slotsPerDay: Int = .max) throws {
        let office = TransportOffice(clock: clock, slotsPerDay: slotsPerDay)
        let faults = FaultPlan()
        let desk = Desk(office: office, faults: faults)
        self.office = office
        self.faults = faults
        server = try LoopbackServer(port: port) { desk.answer($0) }
    }

    /// How many bookings the agency has for a reference.
    public func bookingCount(for reference: String) -> Int { office.bookings(for: reference).count }

    /// Refuses connections until ``accept()``, and cuts those that stand.
    public func refuse() {
        server.pauseAccepting()
    }

    /// Accepts connections again.
    ///
    /// - Throws: ``LoopbackServerError`` when the port was taken meanwhile.
    public func accept() throws {
        try server.resumeAccepting()
    }

    /// Ends the agency and all connections.
    public func stop() {
        server.stop()
    }
}
