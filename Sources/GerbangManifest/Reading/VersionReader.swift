internal import GerbangCore
internal import GerbangJSON

extension SettingsReader {
    /// A required semantic version. A number is what most people write first, and is told what would be right as any text.
    mutating func semanticVersion(_ key: String) -> String? {
        if optionalJSON(key)?.numberValue != nil {
            report(Self.versionExpectation, at: key)
            return nil
        }
        return value(key) { text throws(GerbangError) in
            let core = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "-" || $0 == "+" }.first ?? ""
            let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
            guard numbers.count == 3, numbers.allSatisfy({ Int($0).map { $0 >= 0 } ?? false }) else {
                throw GerbangError(.invalidConfiguration, Self.versionExpectation)
            }
            return text
        }
    }

    private static let versionExpectation = "must be a semantic version such as 1.0.0"
}
