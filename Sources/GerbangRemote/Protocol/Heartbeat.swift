public import GerbangCore
public import GerbangJSON

/// What an instance says of itself every ten seconds.
public struct Heartbeat: Sendable, Hashable {
    /// How often instances are asked to send one.
    public static let interval = Duration.seconds(10)

    /// The instance: new at every boot of its process.
    public var instance: String
    /// Counts the heartbeats of this instance, so that one that was delayed on the way changes nothing.
    public var sequence: Int
    /// The SHA-256 of the registered file that it was built for.
    public var hash: String
    /// Where it can be called.
    public var address: BaseURL
    /// The secret with which the gateway and this instance prove their messages to each other: new at every boot.
    public var callKey: Sensitive<[UInt8]>
    /// How many calls it has under way.
    public var inFlight: Int
    /// How busy it is, from 0 to 1.
    public var load: Double
    /// Whether it wants no more work.
    public var isDraining: Bool
    /// The configuration that it has; `nil` for none.
    public var generation: String?

    /// Reads a heartbeat.
    ///
    /// - Throws: ``GerbangError/Code/invalidInput`` with everything that is wrong.
    public init(json: JSONValue) throws(GerbangError) {
        var reader = SettingsReader(json)
        let instance = reader.value("instance") { text throws(GerbangError) in
            guard (8...64).contains(text.utf8.count),
                text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ",") })
            else { throw GerbangError(.invalidInput, "must be a UUID that is new at every boot") }
            return text
        }
        let sequence = reader.int("sequence", in: 1...Int.max, default: 0)
        if sequence == 0 { reader.report("must count the heartbeats of this instance, from 1", at: "sequence") }
        let hash = reader.value("hash") { text throws(GerbangError) in
            guard text.utf8.count == 64, text.utf8.allSatisfy({ Hexadecimal.value(of: $0) != nil }) else {
                throw GerbangError(.invalidInput, "must be the SHA-256 of the registered file: 64 hexadecimal digits")
            }
            return text.lowercased()
        }
        let address = reader.value("address") { text throws(GerbangError) in try BaseURL(text) }
        let callKey = reader.value("callKey") { text throws(GerbangError) in
            guard let bytes = Base64.decode(text), bytes.count == 32 else {
                throw GerbangError(.invalidInput, "must be 32 random bytes in Base64, new at every boot")
            }
            return Sensitive(bytes)
        }
        inFlight = reader.int("inFlight", in: 0...1_000_000, default: 0)
        load = reader.optionalDouble("load", in: 0...1) ?? 0
        isDraining = reader.bool("isDraining", default: false)
        generation = reader.optionalString("generation")
        do throws(GerbangError) {
            try reader.finish(describing: "the heartbeat")
        } catch {
            throw GerbangError(.invalidInput, error.message, field: error.field)
        }
        guard let instance, let hash, let address, let callKey else {
            throw GerbangError(.invalidInput, "the heartbeat is incomplete")
        }
        self.instance = instance
        self.sequence = sequence
        self.hash = hash
        self.address = address
        self.callKey = callKey
    }
}
