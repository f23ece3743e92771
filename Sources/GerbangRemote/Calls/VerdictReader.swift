internal import GerbangCore
internal import GerbangJSON

/// Reads what an instance found out. Strict: what does not fit is not understood at all.
enum VerdictReader {
    /// Reads a verdict; `nil` when it does not fit the protocol.
    static func verdict(_ json: JSONValue, now: Timestamp) -> Verdict? {
        var reader = SettingsReader(json)
        let verdict = verdict(&reader, now: now)
        reader.reportUnknownKeys()
        return reader.issues.isEmpty ? verdict : nil
    }

    /// Reads a finding; `nil` when it does not fit the protocol.
    static func finding(_ json: JSONValue) -> Finding? {
        var reader = SettingsReader(json)
        let finding = finding(&reader)
        reader.reportUnknownKeys()
        return reader.issues.isEmpty ? finding : nil
    }

    /// Reads why an instance cannot translate a request; `nil` when it does not fit the protocol.
    static func refusal(_ json: JSONValue) -> GerbangError? {
        var reader = SettingsReader(json)
        let refusal = error(&reader, .agencyInvalidInput, "the adapter cannot translate the request")
        reader.reportUnknownKeys()
        return reader.issues.isEmpty ? refusal : nil
    }

    private static func verdict(_ reader: inout SettingsReader, now: Timestamp) -> Verdict? {
        switch reader.string("kind") {
        case "succeeded":
            return reader.json("output").map { .succeeded(output: $0, agencyReference: reference(&reader)) }
        case "pending": return .pending(agencyReference: reference(&reader), checkAfter: checkAfter(&reader))
        case "rejected": return .rejected(error(&reader, .agencyRejected, "the agency decided against it"))
        case "invalid": return .invalid(error(&reader, .agencyInvalidInput, "the agency finds the input wrong"))
        case "transient":
            let error = error(&reader, .agencyUnavailable, "the agency did not do it and may do it later")
            return .transient(error, retryAfter: reader.optionalDuration("retryAfter"))
        case "throttled":
            let error = error(&reader, .agencyThrottled, "the agency wants fewer calls")
            return .throttled(error, until: now + reader.duration("retryAfter", default: .seconds(30)))
        case "unauthorized":
            return .unauthorized(error(&reader, .agencyUnauthorized, "the agency does not accept our credentials"))
        case "inDoubt": return .inDoubt(error(&reader, .outcomeUnknown, "the adapter does not know what was done"))
        default: return unknown(&reader)
        }
    }

    private static func finding(_ reader: inout SettingsReader) -> Finding? {
        switch reader.string("kind") {
        case "done": return reader.json("output").map { .done(output: $0, agencyReference: reference(&reader)) }
        case "pending": return .pending(agencyReference: reference(&reader), checkAfter: checkAfter(&reader))
        case "rejected": return .rejected(error(&reader, .agencyRejected, "the agency decided against it"))
        case "notDone": return .notDone
        case "unclear":
            let error = error(&reader, .agencyUnavailable, "the inquiry did not tell")
            return .unclear(error, retryAfter: reader.optionalDuration("retryAfter"))
        default: return unknown(&reader)
        }
    }

    private static func unknown<Value>(_ reader: inout SettingsReader) -> Value? {
        reader.report("is not a kind of this protocol", at: "kind")
        return nil
    }

    private static func reference(_ reader: inout SettingsReader) -> String? {
        reader.optionalValue("agencyReference") { text throws(GerbangError) in
            guard (1...200).contains(text.utf8.count) else {
                throw GerbangError(.invalidInput, "must have 1 to 200 bytes")
            }
            return text
        }
    }

    private static func checkAfter(_ reader: inout SettingsReader) -> Duration {
        reader.duration("checkAfter", default: .seconds(300))
    }

    /// An error of the adapter's. Its texts are for the citizen; what it would tell developers might hold personal data
    /// and is not taken over.
    private static func error(
        _ reader: inout SettingsReader,
        _ code: GerbangError.Code,
        _ message: String
    ) -> GerbangError {
        let agencyCode = reader.optionalValue("agencyCode") { text throws(GerbangError) in
            let isPlain = text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
            // Twelve digits: more than an agency's code needs, fewer than a NIK has.
            guard isPlain, (1...40).contains(text.utf8.count), !hasLongNumber(text) else {
                throw GerbangError(.invalidInput, "must be a short code, not a sentence or a number of somebody's")
            }
            return text
        }
        return GerbangError(
            code,
            message,
            agencyCode: agencyCode,
            texts: reader.optionalLocalizedText("texts")
        )
    }

    private static func hasLongNumber(_ text: String) -> Bool {
        text.utf8.split { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.contains { $0.count >= 12 }
    }
}
