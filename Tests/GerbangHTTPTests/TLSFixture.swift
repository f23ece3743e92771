internal import Foundation

/// Certificates made for one test, and `openssl` as the server that uses them.
///
/// The folder is removed and the server ended with the object.
final class TLSFixture {
    static let isAvailable = FileManager.default.isExecutableFile(atPath: openssl)
    private static let openssl = "/usr/bin/openssl"

    struct Failure: Error {
        var command: String
    }

    private let folder: URL
    private var server: Process?

    /// Makes an authority, another one that signs nothing, a server certificate for `localhost` and a client certificate.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gerbang-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for authority in ["authority", "stranger"] {
            try run(
                "req -x509 \(Self.newKey) -nodes -days 2 -subj /CN=\(authority) -keyout \(authority).key -out \(authority).pem"
            )
        }
        try Data("subjectAltName=DNS:localhost\n".utf8).write(to: folder.appendingPathComponent("names"))
        try issue("server")
        try issue("client")
        try run("pkey -in client.key -aes256 -passout pass:rahasia -out locked.key")
        try run("pkey -in server.key -pubout -outform DER -out public.der")
        try run("dgst -sha256 -binary -out public.sha256 public.der")
    }

    deinit {
        stop()
        try? FileManager.default.removeItem(at: folder)
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func bytes(_ name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// Starts a server that answers a GET with a page about the session, and returns its port.
    func serve(_ options: String = "") throws -> Int {
        let process = Self.process(
            "s_server -accept 127.0.0.1:0 -cert server.pem -key server.key -www \(options)",
            in: folder
        )
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        server = process
        var text = ""
        while true {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failure(command: "s_server") }
            text += String(decoding: data, as: UTF8.self)
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT ") }),
                text.contains(line + "\n"), let colon = line.lastIndex(of: ":"),
                let port = Int(line[line.index(after: colon)...])
            {
                return port
            }
        }
    }

    func stop() {
        guard let server else { return }
        // A child inherits the signals that this thread blocks; only this one always arrives.
        kill(server.processIdentifier, SIGKILL)
        server.waitUntilExit()
        self.server = nil
    }

    private static let newKey = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1"

    private func issue(_ name: String) throws {
        try run("req -new \(Self.newKey) -nodes -subj /CN=\(name) -keyout \(name).key -out \(name).csr")
        try run(
            "x509 -req -in \(name).csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 -extfile names -out \(name).pem"
        )
    }

    private func run(_ arguments: String) throws {
        let process = Self.process(arguments, in: folder)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(command: arguments) }
    }

    private static func process(_ arguments: String, in folder: URL) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: openssl)
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        return process
    }
}
