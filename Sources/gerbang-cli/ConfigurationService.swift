internal import GerbangConfiguration
internal import ServiceLifecycle
internal import UnixSignals

/// Reads the configuration again at SIGHUP, and when its files have changed if it wants that.
struct ConfigurationService: ServiceLifecycle.Service {
    let manager: ConfigurationManager

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await manager.watch() }
                group.addTask {
                    // What is refused stands in the log and in GET /v1/config.
                    for await _ in signals { _ = try? await manager.reload(by: "sighup") }
                }
                await group.waitForAll()
            }
        }
    }
}
