public import GerbangCore
public import GerbangJSON
internal import Synchronization

/// The other side of the protocol, for adapters that are written in Swift: what an instance says of itself, which
/// messages it may believe, and how its answers prove themselves.
///
/// It opens no socket; any HTTP server will do. `Docs/Examples/RemoteInspection` is a complete one.
public final class RemoteInstance: Sendable {
    /// The instance's id: new for every one that is made.
    public let id: String
    /// The SHA-256 of the registered file.
    public let hash: String
    /// Where it can be called.
    public let address: BaseURL
    /// The secret that it shares with the gateway.
    public let callKey: Sensitive<[UInt8]>

    private let seen = Mutex(ReplayWindow())
    private let beats = Mutex(0)

    /// Creates an instance, once at every boot of the process.
    ///
    /// - Parameters:
    ///   - file: The bytes of the registered descriptor.
    ///   - address: Where the process can be called.
    public init(file: [UInt8], address: BaseURL) {
        var generator = SystemRandomNumberGenerator()
        id = Nonce.make()
        hash = RemoteDescriptor.hash(of: file)
        self.address = address
        callKey = Sensitive((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// The body of the next heartbeat; sign it with ``AgencyKey/sign(method:path:body:at:nonce:)``.
    public func heartbeat(
        inFlight: Int = 0,
        load: Double = 0,
        isDraining: Bool = false,
        generation: String? = nil
    ) -> JSONValue {
        let sequence = beats.withLock { beats in
            beats += 1
            return beats
        }
        var object: JSONObject = [
            "instance": .string(id),
            "sequence": .number(JSONNumber(sequence)),
            "hash": .string(hash),
            "address": .string(address.description),
            "callKey": .string(Base64.encode(callKey.revealed)),
            "inFlight": .number(JSONNumber(inFlight)),
            "load": (try? JSONValue(parsing: "\(load)")) ?? 0,
            "isDraining": .bool(isDraining),
        ]
        object["generation"] = generation.map { .string($0) }
        return .object(object)
    }

    /// The nonce of a message that proves to be the gateway's, to this instance, and new; `nil` when it does not.
    public func nonce(
        provenBy authorization: String?,
        method: String = "POST",
        path: String,
        body: [UInt8],
        at now: Timestamp = SystemClock().now()
    ) -> String? {
        guard let proof = authorization.flatMap({ MessageProof(authorization: $0) }), proof.scheme == .hmac,
            proof.id == id
        else { return nil }
        let text = MessageProof.text(
            method: method,
            path: path,
            time: proof.time,
            nonce: proof.nonce,
            body: body
        )
        guard MessageProof.isCode(proof.proof, of: text, secret: callKey.revealed),
            seen.withLock({ $0.admit(id, proof.nonce, time: proof.time, at: now) }) == .fresh
        else { return nil }
        return proof.nonce
    }

    /// The value of the field `Gerbang-Proof` of an answer to the message with `nonce`.
    public func proof(ofAnswerTo nonce: String, status: Int = 200, body: [UInt8]) -> String {
        Base64.encode(
            MessageProof.code(
                MessageProof.answerText(nonce: nonce, status: status, body: body),
                secret: callKey.revealed
            )
        )
    }
}
