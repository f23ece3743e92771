internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangSchema
internal import GerbangTesting
internal import HTTPTypes

// The checks of good answers, refused credentials and repetitions.
extension ConformanceRun {
    private static let noAnswer = "the sample has no good answer"

    mutating func checkAnswer(to scene: Scene, _ adapter: AdapterUnderTest) async {
        guard let answer = scene.sample.answer else {
            skip(.answerSucceeds, scene, Self.noAnswer)
            return skip(.answerOutput, scene, Self.noAnswer)
        }
        guard let reaction = await play(scene, adapter, [.once(answer)]) else { return }
        record(.answerSucceeds, scene, reaction.isGood ? nil : Difference("a success", reaction.words))
        guard let output = reaction.output else {
            return skip(.answerOutput, scene, "the good answer has no output")
        }
        guard let service = scene.origin.service.flatMap({ catalogue[$0] }),
            let schema = try? JSONSchema(service.output)
        else { return skip(.answerOutput, scene, "the catalogue has no schema for it") }
        let issue = schema.validate(output).first
        record(.answerOutput, scene, issue.map { Difference("an output that fits \(service.id)", "\($0)") })
    }

    mutating func checkUnauthorized(_ scene: Scene, _ adapter: AdapterUnderTest) async {
        let refusal = ServedReply.once(WireResponse(status: 401))
        let good = scene.sample.answer.map { ServedReply.once($0) }
        if adapter.hasTokens {
            // The transport renews the token and sends the message once more.
            guard let reaction = await play(scene, adapter, [refusal, good ?? .once(Garbage.html(""))]) else { return }
            let messages = bench.agency.received
            guard messages.count == 2, messages[0].target == messages[1].target, messages[0].body == messages[1].body
            else {
                return record(
                    .fault401,
                    scene,
                    Difference(
                        "the same message again with a new token",
                        messages.count == 2
                            ? "another message" : "\(messages.count) message\(messages.count == 1 ? "" : "s")"
                    )
                )
            }
            guard good != nil else { return record(.fault401, scene, nil) }
            return record(
                .fault401,
                scene,
                reaction.isGood ? nil : Difference("a success with the new token", reaction.words)
            )
        }
        guard let refused = await play(scene, adapter, [refusal]) else { return }
        let isBlamed = refused.error?.code == .agencyUnauthorized
        let goesOn = scene.isInquiry ? refused.progress.state == .inDoubt : refused.isSentAgain
        guard isBlamed, goesOn else {
            return record(
                .fault401,
                scene,
                Difference("'unauthorized', which blames our credentials and ends nothing", refused.words)
            )
        }
        // The sample's answer is the one to the first call; an agency may tie it to the message's number or moment.
        guard let good, let accepted = await play(scene, adapter, [good]) else {
            return record(.fault401, scene, nil)
        }
        record(.fault401, scene, accepted.isGood ? nil : Difference("a success the next time", accepted.words))
    }

    mutating func checkDuplicate(_ scene: Scene, _ adapter: AdapterUnderTest) async {
        let conflict = ServedReply.once(WireResponse(status: 409))
        guard let reaction = await play(scene, adapter, [conflict], attempt: 2) else { return }
        if scene.isInquiry {
            return record(.faultDuplicate, scene, reaction.differenceFromUnknownFate)
        }
        if case .inDoubt? = reaction.verdict, scene.operation.effect.isRepeatable {
            return record(.faultDuplicate, scene, reaction.differenceFromRepetition)
        }
        if !scene.operation.effect.isRepeatable, reaction.isSentAgain {
            return record(.faultDuplicate, scene, Difference("a request that is not sent again", reaction.words))
        }
        if reaction.isGood {
            return record(.faultDuplicate, scene, Difference("no success without the agency's word", reaction.words))
        }
        guard case .idempotent(let element) = scene.operation.effect else { return record(.faultDuplicate, scene, nil) }
        // The first call is done and its answer lost; the second has to be recognised.
        var keys: [String?] = []
        for attempt in 1...2 {
            guard await play(scene, adapter, [.reset], attempt: attempt) != nil else { return }
            let arrived = bench.agency.received.last.map { served in
                WireRequest(
                    method: served.method,
                    path: served.path,
                    query: served.query,
                    headerFields: served.headerFields,
                    body: served.body
                )
            }
            keys.append(arrived.flatMap { MessageParts.values(of: element, key: scene.call().key, in: $0).first })
        }
        record(
            .faultDuplicate,
            scene,
            keys[0] != nil && keys[0] == keys[1]
                ? nil : Difference("two messages that arrive with one key", "different keys, or none")
        )
    }

    /// Makes one call to an agency that replies like this; `nil` when there is no message.
    mutating func play(
        _ scene: Scene,
        _ adapter: AdapterUnderTest,
        _ replies: [ServedReply],
        attempt: Int = 1
    ) async -> Reaction? {
        bench.agency.behave(.replies(replies))
        return await play(scene, adapter, at: bench.agency.baseURL, attempt: attempt)
    }

    mutating func play(
        _ scene: Scene,
        _ adapter: AdapterUnderTest,
        at url: String,
        attempt: Int = 1,
        limit: Duration = .seconds(60)
    ) async -> Reaction? {
        let call = scene.call(attempt: attempt, later: .seconds(attempt == 1 ? 0 : 300))
        guard let message = try? adapter.adapter.prepare(call) else { return nil }
        let outcome = await adapter.send(message, of: scene.operation, to: url, limit: limit)
        let reaction = Reaction(to: outcome, of: scene, call: call, message: message, by: adapter.adapter)
        if let error = reaction.error { errors.append(error) }
        return reaction
    }
}
