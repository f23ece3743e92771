internal import DukcapilSimulator
internal import GerbangCore
internal import OSSSimulator
internal import SATUSEHATSimulator
internal import TransportSimulator

/// The simulated agencies of the demo.
struct DemoAgencies {
    let registry: DukcapilSimulator
    let transport: TransportSimulator
    let licensing: OSSSimulator
    let health: SATUSEHATSimulator
    /// When the licensing system is closed: from now on, and until the demo is about to end.
    let maintenance: Range<Timestamp>

    init() throws {
        registry = try DukcapilSimulator()
        transport = try TransportSimulator()
        licensing = try OSSSimulator()
        health = try SATUSEHATSimulator()
        let now = SystemClock().now()
        maintenance = now..<now + .seconds(10)
    }

    func stop() {
        registry.stop()
        transport.stop()
        licensing.stop()
        health.stop()
    }
}
