internal import GerbangCore
internal import GerbangHTTP
internal import GerbangJSON
internal import HTTPTypes

/// Puts one question to an instance, and believes only an answer that proves whose it is and to what.
struct InstanceCaller: Sendable {
    /// How a question ended.
    enum Answer: Sendable {
        /// With an answer that is the instance's, and to this question.
        case answered(JSONValue)
        /// The instance says that it has not begun with it.
        case declined
        /// With something that is not an answer to this question; what was done is not known.
        case unreadable(String)
        /// With none.
        case failed(WireFailure)
    }

    /// The largest answer of an instance: an agency's answer fits in, in Base64.
    private static let maximumAnswerBytes = 16 << 20

    let fleet: RemoteFleet
    let adapter: AdapterID
    let transport: any HTTPTransport
    var clock: any WallClock = SystemClock()

    /// Asks an instance, until it is lost.
    func ask(
        _ instance: InstanceTable.Instance,
        _ path: String,
        _ body: JSONValue,
        mark: CallEnvelope.Mark,
        timeouts: CallTimeouts,
        resend: Resend
    ) async -> Answer {
        let bytes = body.encoded()
        let nonce = Nonce.make()
        let proof = MessageProof.ofGateway(
            to: instance.id,
            secret: instance.callKey,
            method: "POST",
            path: instance.address.path + "/" + path,
            body: bytes,
            at: clock.now(),
            nonce: nonce
        )
        let message = WireRequest(
            method: .post,
            path: [path],
            headerFields: [.contentType: "application/json", .authorization: proof.authorization],
            body: bytes
        )
        let outbound = OutboundRequest(
            message,
            below: instance.address,
            timeouts: timeouts,
            resend: resend,
            maximumResponseBytes: Self.maximumAnswerBytes
        )
        switch await send(outbound, to: instance) {
        case .failed(let failure):
            return .failed(failure)
        case .answered(let response):
            return read(response, from: instance, nonce: nonce, mark: mark)
        }
    }

    /// Sends a message and gives it up when the instance is lost: its own time limit may be far away.
    private func send(_ message: OutboundRequest, to instance: InstanceTable.Instance) async -> WireOutcome {
        await withTaskGroup(of: WireOutcome?.self) { group in
            group.addTask { await transport.send(message) }
            group.addTask {
                await fleet.loss(of: instance.id, of: adapter)
                return nil
            }
            var outcome = WireOutcome.failed(WireFailure(.cancelled, .notSent))
            var isLost = false
            for await ended in group {
                guard let ended else {
                    isLost = !Task.isCancelled
                    group.cancelAll()
                    continue
                }
                outcome = ended
                break
            }
            group.cancelAll()
            guard isLost, case .failed(let failure) = outcome, failure.kind == .cancelled else { return outcome }
            return .failed(
                WireFailure(.instanceLost, failure.sendState, detail: "nothing was heard of the instance any more")
            )
        }
    }

    private func read(
        _ response: WireResponse,
        from instance: InstanceTable.Instance,
        nonce: String,
        mark: CallEnvelope.Mark
    ) -> Answer {
        let text = MessageProof.answerText(nonce: nonce, status: response.status, body: response.body)
        guard let name = HTTPField.Name("Gerbang-Proof"), let proof = response.headerFields[name],
            let code = Base64.decode(proof),
            MessageProof.isCode(code, of: text, secret: instance.callKey.revealed)
        else { return .unreadable("the answer does not prove that it is the adapter's, and to this call") }
        guard let json = try? JSONValue(parsing: response.body) else {
            return .unreadable("the adapter's answer is not JSON")
        }
        guard mark.matches(json["call"]) else { return .unreadable("the adapter's answer names another call") }
        switch response.status {
        case 200: return .answered(json)
        case 503: return .declined
        default: return .unreadable("the adapter answered with HTTP \(response.status)")
        }
    }
}

extension WireFailure.Kind {
    /// The instance that had the call was not heard of any more.
    static let instanceLost = Self(rawValue: "instance-lost")
    /// There is no instance that may be given work.
    static let noInstance = Self(rawValue: "no-instance")
}
