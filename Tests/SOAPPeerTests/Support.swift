internal import Foundation
internal import Gerbang
internal import GerbangTesting

/// Python with SOAP libraries that are not ours.
enum Peers {
    /// `nil` where Python, its module `venv` or PyPI is out of reach. It is made once, and removed by the one test of it.
    static func environment() async -> PythonEnvironment? { await PythonEnvironment.shared(PythonEnvironment.soap) }

    static func script(_ name: String) -> String {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<2 { folder.deleteLastPathComponent() }
        return folder.appending(path: "Peers/\(name)").path
    }
}

/// Runs a gateway while `body` works with it, and stops it as a host would.
func running(_ gateway: Gateway, _ body: @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await gateway.run() }
        var failure: (any Error)?
        do { try await body() } catch { failure = error }
        gateway.stop()
        try await group.waitForAll()
        if let failure { throw failure }
    }
}
