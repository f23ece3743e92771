internal import AllAdapters
internal import Foundation
internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangSQLite
internal import GerbangServer
internal import HTTPTypes

/// What a benchmark needs to go on with failed.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// The agency: a SOAP service in C, whose code gSOAP generated.
final class Agency {
    let baseURL: String
    let port: UInt16
    var pid: Int32 { process.processIdentifier }

    private let process = Process()
    private let input = Pipe()

    init(executable: String, folder: String) throws {
        let portFile = folder + "/agency-port"
        try? FileManager.default.removeItem(atPath: portFile)
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = ["0", portFile]
        process.standardInput = input
        try process.run()
        var port: UInt16?
        for _ in 0..<500 where port == nil {
            let text = try? String(contentsOfFile: portFile, encoding: .utf8)
            port = text.flatMap { $0.hasSuffix("\n") ? UInt16($0.dropLast()) : nil }
            if port == nil { usleep(10_000) }
        }
        guard let port else { throw BenchmarkError("the agency does not start") }
        self.port = port
        baseURL = "http://127.0.0.1:\(port)"
    }

    /// The connection to it, as an operator would write it.
    var connection: String {
        """
          - id: \(Stage.connection)
            adapter: transport
            baseURL: \(baseURL)
            limits: {concurrency: 64}
            settings: \(Self.settings.text())

        """
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// How an operator would describe its interface to the transport adapter.
    static let settings: JSONValue = [
        "binding": "plain",
        "namespace": "http://kendaraan.example/uji/2024",
        "elementForm": "unqualified",
        "operations": [
            "get-vehicle": [
                "element": "cekKendaraan", "response": "hasilCekKendaraan",
                "soapAction": "http://kendaraan.example/uji/2024/cekKendaraan",
            ]
        ],
        "elements": [
            "plate": "nopol", "vehicle": "kendaraan", "make": "merek", "model": "tipe", "year": "tahun",
            "colour": "warna", "taxValidUntil": "masa.pajak", "faultCode": "kodeKesalahan",
        ],
        "errorCodes": ["vehicleUnknown": ["K404"]],
    ]
}

/// A folder with a database and a configuration, and the gateway that works on them.
final class Stage {
    static let connection = "agency"

    let folder: String
    let options: Options
    private(set) var daemon: Child?
    let key: String
    private let transport: CurlTransport

    var database: String { folder + "/gerbang.db" }
    var pid: Int32 { daemon?.pid ?? -1 }
    var port: UInt16 { daemon?.port ?? 0 }

    /// Prepares a fresh folder; the gateway is not started yet.
    ///
    /// - Parameter connections: The list in the configuration.
    init(_ name: String, options: Options, connections: String) async throws {
        self.options = options
        folder = options.folder + "/" + name
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        transport = try CurlTransport()
        let (key, record) = APIKeys.generate(
            client: ClientID(checked: "bench"),
            role: .operator,
            at: SystemClock().now()
        )
        self.key = key
        let configuration = """
            server: {port: 0}
            storage: {path: \(folder)/gerbang.db}
            connections:
            \(connections)
            """
        try configuration.write(toFile: folder + "/gerbang.yaml", atomically: true, encoding: .utf8)
        try await SQLiteStore(path: database, exclusive: false).save(record)
    }

    /// Starts the gateway.
    ///
    /// - Returns: The seconds until it listened.
    @discardableResult
    func start() throws -> Double {
        let child = try Child(
            options.gerbang,
            ["serve", "--config", folder + "/gerbang.yaml"],
            log: folder + "/gerbang.log"
        )
        daemon = child
        return child.startSeconds
    }

    func stop() {
        daemon?.stop()
        daemon = nil
    }

    /// Stops the gateway and removes the folder.
    func tearDown() {
        stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// A lookup at the agency; with `wait`, the answer comes when it is done.
    func submission(
        of service: String = "transport.vehicle.lookup",
        _ payload: String = #"{"plate":"B 1234 XYZ"}"#,
        wait: Bool
    ) -> LoadGenerator.Message {
        let body =
            #"{"service":"\#(service)","region":"31.74","channel":"online","#
            + #""applicant":{"nik":"3174015708900003","name":"SITI CONTOH"},"payload":\#(payload)}"#
        let head =
            "POST /v1/requests HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(key)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n"
            + (wait ? "Prefer: wait=30\r\n" : "") + "Idempotency-Key: "
        return LoadGenerator.Message(head: Array(head.utf8), tail: Array(("\r\n\r\n" + body).utf8), hasKey: true)
    }

    /// Submits from 64 connections without waiting for the end.
    func accepting() -> LoadGenerator {
        LoadGenerator(port: port, messages: [submission(wait: false)], status: 202)
    }

    /// Submits from 64 connections and waits for success; a lookup unless other messages are named.
    func completing(_ messages: [LoadGenerator.Message]? = nil) -> LoadGenerator {
        LoadGenerator(
            port: port,
            messages: messages ?? [submission(wait: true)],
            status: 200,
            mark: Array(#""state":"succeeded""#.utf8)
        )
    }

    /// Pauses the connection or lets it go on.
    func setPaused(_ isPaused: Bool) async throws {
        let verb = isPaused ? "pause" : "resume"
        let request = OutboundRequest(
            method: .post,
            url: "http://127.0.0.1:\(port)/v1/connections/\(Self.connection)/\(verb)",
            headerFields: [.authorization: "Bearer \(key)"]
        )
        guard case .answered(let response) = await transport.send(request), response.status == 200 else {
            throw BenchmarkError("could not \(verb) the connection")
        }
    }
}
