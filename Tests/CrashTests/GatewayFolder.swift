internal import Dispatch
internal import Foundation
internal import GerbangCore
internal import GerbangSQLite
internal import GerbangServer
internal import GerbangTesting

/// A temporary folder with a configuration, a database and a log, in which one daemon after the other can run.
final class GatewayFolder: Sendable {
    private let folder: URL
    /// An operator's API key; `nil` when the API is open.
    let key: String?
    /// The key with which calls back to the operator's client are signed.
    let callbackSecret: [UInt8]

    var path: String { folder.path }
    var database: String { file("gerbang.db") }
    var configuration: String { file("gerbang.yaml") }
    var log: String { file("gerbang.log") }
    var transportManifest: String { file("transport.yaml") }

    /// Makes the folder, and a key unless the API shall be open.
    init(withKey: Bool = true) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gerbang-crash-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Packaging.orderedTransport()
            .write(to: folder.appendingPathComponent("transport.yaml"), atomically: true, encoding: .utf8)
        let (client, now) = (try ClientID("crash-test"), SystemClock().now())
        let secret = CallbackSecret.generate(for: client, at: now)
        callbackSecret = secret.key.revealed
        guard withKey else {
            key = nil
            return
        }
        let (key, record) = APIKeys.generate(client: client, role: .operator, at: now)
        self.key = key
        let store = try SQLiteStore(path: database, exclusive: false)
        try await store.save(record)
        try await store.save(secret)
    }

    /// Writes the configuration file.
    func configure(_ text: String) throws {
        try text.write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    /// Starts a daemon and waits until it listens.
    func start(_ environment: [String: String] = [:]) async throws -> DaemonProcess {
        let executable = try GatewayExecutable.path()
        let (arguments, log) = (["serve", "--config", configuration], log)
        return try await Blocking.run {
            try DaemonProcess(executable: executable, arguments: arguments, environment: environment, logPath: log)
        }
    }

    /// Starts a daemon that is expected not to come up.
    ///
    /// - Returns: With what it ended and what it said; `nil` when it did come up.
    func startInVain() async throws -> (status: Int32?, said: String)? {
        do {
            let daemon = try await start()
            daemon.kill()
            return nil
        } catch let error as DaemonProcess.StartError {
            return (error.status, try logText())
        }
    }

    /// What all daemons have written to their standard error so far.
    func logText() throws -> String {
        String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
    }

    /// Copies the database as it lies there, journal included, and opens the copy.
    func copyOfDatabase() throws -> (store: SQLiteStore, remove: @Sendable () -> Void) {
        let copy = file("copy-\(UUID().uuidString).db")
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: database + suffix) {
            try FileManager.default.copyItem(atPath: database + suffix, toPath: copy + suffix)
        }
        let remove: @Sendable () -> Void = {
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: copy + suffix) }
        }
        return (try SQLiteStore(path: copy, exclusive: false), remove)
    }

    /// Removes everything.
    func remove() {
        try? FileManager.default.removeItem(at: folder)
    }

    private func file(_ name: String) -> String { folder.appendingPathComponent(name).path }
}

/// Where the daemon's executable is.
enum GatewayExecutable {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// The path from `GERBANG_EXECUTABLE`, or of the `gerbang` that was built together with the tests.
    static func path() throws -> String {
        if let path = ProcessInfo.processInfo.environment["GERBANG_EXECUTABLE"], !path.isEmpty { return path }
        let runner = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let places = [runner, CommandLine.arguments.first, Bundle.main.executablePath].compactMap(\.self)
        for place in places {
            let path = URL(fileURLWithPath: place).deletingLastPathComponent().appendingPathComponent("gerbang").path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
        }
        throw Missing(description: "no 'gerbang' beside the tests; build everything, or set GERBANG_EXECUTABLE")
    }
}

/// Work that blocks its thread, which the threads of Swift's tasks must not do.
enum Blocking {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }
}
