internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangTesting
internal import HTTPTypes
internal import Synchronization

// The checks of what an adapter makes of trouble.
extension ConformanceRun {
    mutating func checkConnectionFaults(_ scene: Scene, _ adapter: AdapterUnderTest) async {
        for (check, url) in [
            (ConformanceCheck.faultRefused, bench.deserted.baseURL), (.faultTLS, bench.agency.secureURL),
        ] {
            bench.agency.behave(.replies([.close]))
            guard let reaction = await play(scene, adapter, at: url) else { continue }
            record(check, scene, difference(ofUnsent: reaction))
        }
        await checkStall(scene, adapter)
        bench.agency.behave(.resetBefore)
        if let reaction = await play(scene, adapter, at: bench.agency.baseURL) {
            let isUnsent = Self.isUnsent(reaction)
            record(
                .faultResetBefore,
                scene,
                isUnsent ? reaction.differenceFromRepetition : reaction.differenceFromUnknownFate
            )
        }
        if let reaction = await play(scene, adapter, [.reset]) {
            record(.faultResetAfter, scene, reaction.differenceFromUnknownFate)
        }
    }

    private static func isUnsent(_ reaction: Reaction) -> Bool {
        if case .failed(let failure) = reaction.outcome { failure.sendState == .notSent } else { false }
    }

    private func difference(ofUnsent reaction: Reaction) -> Difference? {
        guard Self.isUnsent(reaction) else { return Difference("a failure before the first byte left", reaction.words) }
        return reaction.differenceFromRepetition
    }

    /// The limit grows until the message arrives within it, however slow the machine is.
    private mutating func checkStall(_ scene: Scene, _ adapter: AdapterUnderTest) async {
        var limit = bench.stallLimit
        while true {
            bench.agency.behave(.replies([.hold]))
            guard let reaction = await play(scene, adapter, at: bench.agency.baseURL, limit: limit) else { return }
            if bench.agency.received.isEmpty, limit < .seconds(30) {
                limit *= 4
                continue
            }
            guard case .failed(let failure) = reaction.outcome, failure.kind == .timeout else {
                return record(.faultStall, scene, Difference("a call that ends at its time limit", reaction.words))
            }
            return record(.faultStall, scene, reaction.differenceFromUnknownFate)
        }
    }

    mutating func checkAnswerFaults(_ scene: Scene, _ adapter: AdapterUnderTest) async {
        var difference: Difference?
        for (name, response) in Garbage.variants(like: scene.sample.answer) where difference == nil {
            guard let reaction = await play(scene, adapter, [.once(response)]) else { return }
            if let found = reaction.differenceFromUnknownFate {
                difference = Difference(found.expected, "\(name): \(found.seen)")
            }
        }
        record(.faultGarbage, scene, difference)
        await check(.faultEmpty, WireResponse(status: 200), scene, adapter, \.differenceFromUnknownFate)
        await check(.fault500, Garbage.html("", status: 500), scene, adapter, \.differenceFromUnknownFate)
        await check(
            .fault503,
            WireResponse(status: 503, headerFields: [.retryAfter: "7200"]),
            scene,
            adapter,
            scene.operation.effect.isRepeatable ? \.differenceFromWaiting : \.differenceFromUnknownFate
        )
        await check(
            .fault429,
            WireResponse(status: 429, headerFields: [.retryAfter: "7200"]),
            scene,
            adapter,
            \.differenceFromWaiting
        )
        if scene.isInquiry {
            await check(.fault404, Garbage.html("", status: 404), scene, adapter, \.differenceFromUnknownFate)
        }
    }

    private mutating func check(
        _ check: ConformanceCheck,
        _ response: WireResponse,
        _ scene: Scene,
        _ adapter: AdapterUnderTest,
        _ difference: KeyPath<Reaction, Difference?>
    ) async {
        guard let reaction = await play(scene, adapter, [.once(response)]) else { return }
        record(check, scene, reaction[keyPath: difference])
    }

    mutating func checkCancellation(_ scene: Scene, _ adapter: AdapterUnderTest) async {
        let call = scene.call()
        guard let message = try? adapter.adapter.prepare(call) else { return }
        bench.agency.behave(.replies([.hold]))
        let url = bench.agency.baseURL
        let clock = ContinuousClock()
        let hasEnded = Mutex(false)
        let calling = Task {
            let outcome = await adapter.send(message, of: scene.operation, to: url, limit: .seconds(300))
            hasEnded.withLock { $0 = true }
            return outcome
        }
        let start = clock.now
        while bench.agency.received.isEmpty, !hasEnded.withLock(\.self), clock.now - start < .seconds(60) {
            try? await Task.sleep(for: .milliseconds(2))
        }
        calling.cancel()
        let cancelledAt = clock.now
        let outcome = await calling.value
        let took = clock.now - cancelledAt
        guard case .failed(let failure) = outcome, failure.kind == .cancelled, took < .seconds(10) else {
            let seen = Reaction(to: outcome, of: scene, call: call, message: message, by: adapter.adapter).words
            return record(.cancellationPrompt, scene, Difference("a call that ends at once as cancelled", seen))
        }
        record(.cancellationPrompt, scene, nil)
    }
}

extension Reaction {
    /// The difference from a call that is made again, not before the two hours that the agency wants.
    fileprivate var differenceFromWaiting: Difference? {
        if let difference = differenceFromRepetition { return difference }
        guard let wait, wait >= .seconds(7200) else {
            return Difference("a call not before the 7200 seconds of Retry-After", words + " sooner")
        }
        return nil
    }
}

/// Answers that say nothing.
enum Garbage {
    /// A page for people, with a text that an agency might repeat.
    static func html(_ text: String, status: Int = 200) -> WireResponse {
        let page = "<!DOCTYPE html><html><head><title>Pemeliharaan</title></head><body>\(text)</body></html>"
        return WireResponse(
            status: status,
            headerFields: [.contentType: "text/html; charset=utf-8"],
            body: Array(page.utf8)
        )
    }

    /// What proxies, crashed servers and half-written files look like.
    static func variants(like answer: WireResponse?) -> [(String, WireResponse)] {
        let json: HTTPFields = [.contentType: "application/json"]
        var variants: [(String, WireResponse)] = [
            ("a page in HTML", html(Canary.phrase)),
            ("bytes without meaning", WireResponse(status: 200, body: [0x00, 0xFF, 0xFE, 0x80, 0x0A, 0x7B, 0x00])),
            ("an empty object", WireResponse(status: 200, headerFields: json, body: Array("{}".utf8))),
            ("null", WireResponse(status: 200, headerFields: json, body: Array("null".utf8))),
            (
                "a message without a meaning",
                WireResponse(status: 200, headerFields: json, body: Array("{\"pesan\":\"\(Canary.phrase)\"}".utf8))
            ),
        ]
        if let answer, answer.body.count > 1 {
            var half = answer
            half.body = Array(answer.body.prefix(answer.body.count / 2))
            variants.append(("half of a good answer", half))
        }
        return variants
    }
}
