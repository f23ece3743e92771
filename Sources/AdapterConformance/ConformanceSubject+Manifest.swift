internal import GerbangCore
internal import GerbangJSON
public import GerbangManifest

extension ConformanceSubject {
    /// The adapter of a manifest, driven with its fixtures.
    ///
    /// The settings are those of the fixtures; an operation's sample is its first fixture with a success, or else the
    /// first that is not refused.
    ///
    /// - Parameters:
    ///   - manifest: The manifest.
    ///   - bytes: Its file, which the report names by its hash.
    public init(_ manifest: Manifest, bytes: [UInt8]) {
        let usable = manifest.fixtures.filter { $0.refuses == nil && $0.settings == manifest.fixtureSettings }
        let samples = manifest.descriptor.operations.compactMap { operation -> ConformanceSample? in
            let own = usable.filter { $0.operation == operation.id }
            let isInquiry = operation.service == nil
            func isGood(_ fixture: Fixture) -> Bool {
                guard fixture.answer != nil else { return false }
                let word = isInquiry ? fixture.expected.finding : fixture.expected.verdict
                return word.map { ["succeeded", "done", "pending"].contains($0) } ?? false
            }
            guard let chosen = own.first(where: isGood) ?? own.first else { return nil }
            return ConformanceSample(
                operation: operation.id,
                input: chosen.input,
                reference: chosen.reference,
                region: chosen.region,
                now: chosen.now,
                requestID: chosen.requestID,
                answer: isGood(chosen) ? chosen.answer : nil,
                otherAnswers: own.filter { !isGood($0) }.compactMap(\.answer),
                sensitive: manifest.sensitivePlaces(of: operation.id)
            )
        }
        self.init(
            manifest.definition,
            settings: manifest.fixtureSettings,
            samples: samples,
            deviations: manifest.deviations.map {
                ConformanceDeviation(check: $0.check, operation: $0.operation, reason: $0.reason)
            },
            packaging: .manifest,
            contentHash: ContentHash.hash(of: bytes)
        )
    }
}
