internal import GerbangCore

extension Manifest.Deviation {
    /// Reads one item of `deviations`.
    init?(_ reader: inout SettingsReader) {
        let check = reader.string("check")
        let operation = reader.optionalValue("operation") { text throws(GerbangError) in try OperationID(text) }
        let reason = reader.string("reason")
        guard let check, let reason else { return nil }
        self.init(check: check, operation: operation, reason: reason)
    }
}
