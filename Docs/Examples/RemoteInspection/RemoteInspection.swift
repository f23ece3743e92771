import ArgumentParser
import Foundation
import GerbangCore
import GerbangHTTP
import GerbangJSON
import GerbangRemote
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// A remote adapter in Swift that is its agency's own program: mode `call`. See Docs/RemoteAdapters.md.
@main
struct RemoteInspection: AsyncParsableCommand {
    @Option(help: "The gateway, such as http://127.0.0.1:8080.")
    var gateway: String

    @Option(help: "The key file of 'gerbang adapters key create'.")
    var key: String

    @Option(help: "The registered file.")
    var file: String

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 0

    func run() async throws {
        guard let key = AgencyKey(text: try String(contentsOfFile: key, encoding: .utf8)) else {
            throw ValidationError("--key is not a key of an adapter.")
        }
        let file = try Data(contentsOf: URL(filePath: file))
        let process = RemoteProcess(
            file: Array(file),
            key: key,
            gateway: try BaseURL(gateway),
            desk: InspectionDesk(office: InspectionOffice())
        )
        try await process.run(port: port) { print($0) }
    }
}

/// A process of the adapter: answers the gateway, and tells it every ten seconds that it lives.
struct RemoteProcess: Sendable {
    let file: [UInt8]
    let key: AgencyKey
    let gateway: BaseURL
    let desk: InspectionDesk

    /// Serves until the task is cancelled or the process is told to stop.
    ///
    /// - Parameter onListening: Told the port.
    func run(port: Int, onListening: @escaping @Sendable (Int) -> Void) async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let instances = Box<RemoteInstance>()
        let router = Router()
        for path in ["call", "inquire"] {
            router.post(RouterPath(path)) { request, _ -> Response in
                guard let instance = instances.value else { return Response(status: .serviceUnavailable) }
                return try await answer(request, "/\(path)", instance)
            }
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { continuation.yield($0.localAddress?.port ?? port) },
            logger: Logger(label: "inspection") { _ in SwiftLogNoOpLogHandler() }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService() }
            group.addTask {
                for await port in ports {
                    let instance = RemoteInstance(file: file, address: try BaseURL("http://127.0.0.1:\(port)"))
                    instances.value = instance
                    onListening(port)
                    try await beat(instance)
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    private func answer(_ request: Request, _ path: String, _ instance: RemoteInstance) async throws -> Response {
        let body = Array(try await request.body.collect(upTo: 1 << 20).readableBytesView)
        let nonce = instance.nonce(provenBy: request.headers[.authorization], path: path, body: body)
        guard let nonce, let call = try? JSONValue(parsing: body), var answer = desk.answer(to: path, call) else {
            return Response(status: .unauthorized)
        }
        answer["call"] = call["call"]
        let bytes = JSONValue.object(answer).encoded()
        var headers: HTTPFields = [.contentType: "application/json"]
        if let name = HTTPField.Name("Gerbang-Proof") { headers[name] = instance.proof(ofAnswerTo: nonce, body: bytes) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func beat(_ instance: RemoteInstance) async throws {
        let transport = try CurlTransport()
        let path = ["v1", "adapters", "inspection-remote", "heartbeat"]
        while !Task.isCancelled {
            let body = instance.heartbeat().encoded()
            let proof = try key.sign(
                method: "POST",
                path: "/" + path.joined(separator: "/"),
                body: body,
                at: SystemClock().now(),
                nonce: Nonce.make()
            )
            let message = WireRequest(
                method: .post,
                path: path,
                headerFields: [.contentType: "application/json", .authorization: proof.authorization],
                body: body
            )
            // What the gateway answers matters to adapters with settings; this one has none.
            _ = await transport.send(OutboundRequest(message, below: gateway))
            try await Task.sleep(for: Heartbeat.interval)
        }
    }
}
