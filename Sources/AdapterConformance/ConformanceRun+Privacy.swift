internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

// The checks of what gets where it must not be.
extension ConformanceRun {
    mutating func checkPrivacy(of scene: Scene, _ adapter: AdapterUnderTest) {
        guard let message = try? adapter.adapter.prepare(scene.call()) else { return }
        let finder = LeakFinder(secrets: adapter.secrets, sample: scene.sample)
        let target = message.path + message.query.flatMap { [$0.name, $0.value] }
        let leak = target.lazy.compactMap { finder.leak(in: $0) }.first
        record(.privacyTarget, scene, leak.map { Difference("neither in the path nor in the query", $0) })
        record(.privacyErrors, scene, differenceOfErrors(scene, adapter, message, finder))
    }

    /// Lets the agency repeat personal data at every place of its answers, one after the other.
    private func differenceOfErrors(
        _ scene: Scene,
        _ adapter: AdapterUnderTest,
        _ message: WireRequest,
        _ finder: LeakFinder
    ) -> Difference? {
        let call = scene.call()
        var found = errors
        for response in Echo.answers(like: [scene.sample.answer].compactMap(\.self) + scene.sample.otherAnswers) {
            let reaction = Reaction(
                to: .answered(response),
                of: scene,
                call: call,
                message: message,
                by: adapter.adapter
            )
            if let error = reaction.error { found.append(error) }
        }
        for error in found {
            if let leak = finder.leak(in: error) {
                return Difference(
                    "errors that repeat nothing of it",
                    "\(leak) in an error of code \(error.code.rawValue)"
                )
            }
        }
        return nil
    }
}

/// Answers that repeat personal data.
private enum Echo {
    private static let maximumPlaces = 100
    private static let names = ["message", "error", "pesan", "msg", "detail", "title", "keterangan", "code", "RESPON"]

    static func answers(like answers: [WireResponse]) -> [WireResponse] {
        var echoes: [WireResponse] = []
        for status in [200, 400, 404, 409, 422, 500] {
            echoes.append(Garbage.html(Canary.phrase, status: status))
            for text in [Canary.phrase, Canary.nik] {
                let members = names.map { ($0, JSONValue.string(text)) }
                let body = JSONValue.object(JSONObject(uniqueKeysWithValues: members))
                echoes.append(
                    WireResponse(
                        status: status,
                        headerFields: [.contentType: "application/json"],
                        body: body.encoded()
                    )
                )
            }
        }
        for answer in answers {
            for body in bodies(like: answer.body) {
                for status in Set([answer.status, 400, 500]) {
                    echoes.append(WireResponse(status: status, headerFields: answer.headerFields, body: body))
                }
            }
        }
        return echoes
    }

    /// The body with one of its texts after the other replaced.
    private static func bodies(like body: [UInt8]) -> [[UInt8]] {
        let texts = [Canary.phrase, Canary.nik]
        if let json = try? JSONValue(parsing: body) {
            return LeakFinder.leaves(of: json).prefix(maximumPlaces).flatMap { place, _ in
                texts.map { SecretSettings.replacing(place, by: .string($0), in: json).encoded() }
            }
        }
        let parts = String(decoding: body, as: UTF8.self).split(separator: "<", omittingEmptySubsequences: false)
        guard parts.count > 1 else { return [] }
        return parts.indices.prefix(maximumPlaces).compactMap { index in
            guard let end = parts[index].firstIndex(of: ">"), parts[index].last != ">" else { return nil }
            var changed = parts
            changed[index] = parts[index][...end] + Canary.phrase
            return Array(changed.joined(separator: "<").utf8)
        }
    }
}
