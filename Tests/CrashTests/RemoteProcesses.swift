internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP
internal import GerbangJSON
internal import GerbangRemote
internal import GerbangSQLite
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization
internal import Testing

/// An agency whose adapter is a process of its own, registered with a gateway: it books in its ledger when it is called.
final class RemoteAgency: Sendable {
    static let adapter = AdapterID(checked: "inspection-remote")

    /// What an instance does when it is called.
    enum Mood: Sendable {
        case honest
        /// Books, and dies before it answers.
        case killed
        /// Books, and never answers.
        case hung
    }

    static let file = """
        {"remote": 1, "id": "inspection-remote", "version": "1.0.0",
         "agency": {"id": "Dinas Uji Contoh", "en": "Example Inspection Office"}, "mode": "call",
         "hosts": ["127.0.0.1"],
         "operations": [
           {"id": "book", "provides": "transport.inspection.book", "effect": "nonIdempotent",
            "inquiry": {"operation": "find", "conclusiveAfter": "300ms"},
            "timeouts": {"connect": "2s", "firstByte": "2s", "total": "2s"}},
           {"id": "find", "effect": "query", "timeouts": {"connect": "2s", "firstByte": "2s", "total": "2s"}}]}
        """

    let ledger = Ledger()
    private let key = AgencyKey()
    private let mood: @Sendable () -> Mood

    init(mood: @escaping @Sendable () -> Mood) {
        self.mood = mood
    }

    /// Registers and approves the adapter in a database that no daemon has opened.
    func register(in folder: GatewayFolder) async throws {
        let store = try SQLiteStore(path: folder.database, exclusive: false)
        let now = SystemClock().now()
        try await store.save(
            AdapterKey(id: key.id, adapter: Self.adapter, publicKey: key.publicKey, createdAt: now)
        )
        let version = AdapterVersion(
            version: "1.0.0",
            kind: .remote,
            hash: RemoteDescriptor.hash(of: Self.file.utf8),
            content: Self.file,
            key: key.id,
            submittedAt: now
        )
        _ = try await store.updateDossier(of: Self.adapter, noting: nil) { dossier throws(GerbangError) in
            _ = try dossier.submit(version)
            try dossier.approve("1.0.0", by: "operator:test", at: now)
        }
    }

    /// One process from its boot to its end.
    final class Process: Sendable {
        let instance: RemoteInstance
        private let server: LoopbackServer

        fileprivate init(_ agency: RemoteAgency) throws {
            let shared = Shared()
            server = try LoopbackServer { request in
                shared.value.map { agency.serve(request, $0) } ?? .text("", status: 503)
            }
            instance = RemoteInstance(file: Array(RemoteAgency.file.utf8), address: try BaseURL(server.baseURL))
            shared.value = instance
        }

        func kill() { server.stop() }

        private final class Shared: Sendable {
            private let stored = Mutex<RemoteInstance?>(nil)
            var value: RemoteInstance? {
                get { stored.withLock { $0 } }
                set { stored.withLock { $0 = newValue } }
            }
        }
    }

    func boot() throws -> Process { try Process(self) }

    /// Tells the gateway at `url` that a process lives.
    ///
    /// - Returns: Whether the gateway took it.
    func beat(_ process: Process, at url: String, by transport: some HTTPTransport) async throws -> Bool {
        let path = ["v1", "adapters", Self.adapter.text, "heartbeat"]
        let body = process.instance.heartbeat().encoded()
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
        let outcome = await transport.send(OutboundRequest(message, below: try BaseURL(url)))
        guard case .answered(let response) = outcome else { return false }
        return response.status == 200
    }

    private func serve(_ request: ServedRequest, _ instance: RemoteInstance) -> ServedReply {
        guard let json = try? JSONValue(parsing: request.body), let key = json["key"]?.stringValue,
            let nonce = instance.nonce(
                provenBy: request.headerFields[.authorization],
                path: request.pathText,
                body: request.body
            )
        else { return .text("", status: 401) }
        let output: JSONValue = ["bookingNumber": "B-1", "date": "2026-02-02", "station": "JKT-01"]
        var answer: JSONObject = ["call": json["call"] ?? nil]
        if request.pathText == "/call" {
            ledger.record(Ledger.Entry(key: key, operation: "book", reference: "B-1"))
            switch mood() {
            case .honest: answer["verdict"] = ["kind": "succeeded", "output": output]
            case .killed: return .reset
            case .hung: return .hold
            }
        } else {
            let isDone = !ledger.entries(for: key).isEmpty
            answer["finding"] = isDone ? ["kind": "done", "output": output] : ["kind": "notDone"]
        }
        let bytes = JSONValue.object(answer).encoded()
        var fields: HTTPFields = [.contentType: "application/json"]
        if let name = HTTPField.Name("Gerbang-Proof") { fields[name] = instance.proof(ofAnswerTo: nonce, body: bytes) }
        return .respond(headerFields: fields, body: bytes)
    }
}
