public import GerbangCore

/// What the adapters of this build are proven with: settings, samples and deviations with their reasons.
public enum AdapterTestData {
    /// The test data of the adapter called `id`, as JSON; `nil` when there is none.
    public static func text(for id: AdapterID) -> String? {
        let bytes: [UInt8]? =
            switch id.text {
            case "dukcapil": PackageResources.dukcapil_json
            case "oss": PackageResources.oss_json
            case "satusehat": PackageResources.satusehat_json
            case "transport": PackageResources.transport_json
            default: nil
            }
        return bytes.map { String(decoding: $0, as: UTF8.self) }
    }
}
