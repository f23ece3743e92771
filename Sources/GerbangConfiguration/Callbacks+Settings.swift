internal import GerbangCore
internal import GerbangEngine
internal import GerbangHTTP

extension CallbackConfiguration {
    /// Reads the part called `callbacks`.
    init?(_ reader: inout SettingsReader) {
        self.init()
        let ranges = reader.texts("allowPrivateTargets") { text throws(GerbangError) in try AddressRange(text) }
        addresses = .publicInternet(and: ranges ?? [])
        allowsHTTP = reader.bool("allowHTTP", default: allowsHTTP)
        concurrency = reader.int("concurrency", in: 1...1000, default: concurrency)
        concurrencyPerClient = reader.int("concurrencyPerClient", in: 1...1000, default: concurrencyPerClient)
        schedule = reader.object("retry", RetrySchedule.init) ?? schedule
        if let timeout = reader.optionalDuration("timeout") {
            timeouts.firstByte = timeout
            timeouts.total = timeout
            if timeout > .seconds(60) { reader.report("must be 60s at most", at: "timeout") }
        }
        giveUpAfter = reader.duration("giveUpAfter", default: giveUpAfter)
        source = reader.optionalValue("source", Self.source) ?? source
    }

    /// A URI reference that is not empty (CloudEvents, section 3.1.1), as far as it need be checked.
    private static func source(_ text: String) throws(GerbangError) -> String {
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw GerbangError(.invalidConfiguration, "must be a URI of 1 to 200 ASCII characters without space")
        }
        return text
    }
}
