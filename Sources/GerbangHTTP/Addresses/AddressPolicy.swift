/// Which addresses a message may be sent to.
///
/// It is held against the address that is really connected to, when the socket is opened and again before the request
/// goes out on it: a name that resolves to another address the second time gains nothing.
public struct AddressPolicy: Sendable, Hashable {
    /// The blocks outside the public Internet that are allowed; `nil` allows every address.
    private let allowed: [AddressRange]?

    /// Every address: for agencies, whose addresses an operator has written down.
    public static let any = AddressPolicy(allowed: nil)

    /// Addresses of the public Internet, and those in `ranges`: for targets that somebody else names.
    public static func publicInternet(and ranges: [AddressRange] = []) -> AddressPolicy {
        AddressPolicy(allowed: ranges)
    }

    /// Whether every address is allowed.
    public var allowsEverything: Bool { allowed == nil }

    /// Whether a message may be sent to `address`.
    ///
    /// An IPv6 address that stands for one of IPv4 is judged as that one.
    public func permits(_ address: IPAddress) -> Bool {
        guard let allowed else { return true }
        let address = address.unwrapped
        return SpecialAddresses.isGlobal(address) || allowed.contains { $0.contains(address) }
    }
}

/// The blocks that are not part of the public Internet, from IANA's registries of special-purpose addresses (RFC 6890
/// and what has been added to them).
enum SpecialAddresses {
    static func isGlobal(_ address: IPAddress) -> Bool {
        if address.isIPv4 { return !ipv4.contains { $0.contains(address) } }
        return globalUnicast.contains(address) && !ipv6.contains { $0.contains(address) }
    }

    private static let ipv4: [AddressRange] = [
        // "This network", and 0.0.0.0, by which many systems reach themselves.
        block([0], 8),
        // Private.
        block([10], 8), block([172, 16], 12), block([192, 168], 16),
        // Behind a carrier's address translation.
        block([100, 64], 10),
        // This machine.
        block([127], 8),
        // This link; metadata services of clouds live here.
        block([169, 254], 16),
        // Protocol assignments.
        block([192, 0, 0], 24),
        // Documentation.
        block([192, 0, 2], 24), block([198, 51, 100], 24), block([203, 0, 113], 24),
        // Relays from IPv6 that nobody runs any more.
        block([192, 88, 99], 24),
        // Benchmarks.
        block([198, 18], 15),
        // Multicast, reserved, broadcast.
        block([224], 4), block([240], 4),
    ]

    /// All that is assigned for use by everybody; what lies outside is loopback, link-local, private, multicast, a
    /// translation or nothing.
    private static let globalUnicast = AddressRange([0x20], 3, isIPv4: false)

    private static let ipv6: [AddressRange] = [
        // Protocol assignments, Teredo among them, which carries an IPv4 address of the sender's choice.
        AddressRange([0x20, 0x01, 0x00], 23, isIPv4: false),
        // Documentation.
        AddressRange([0x20, 0x01, 0x0d, 0xb8], 32, isIPv4: false),
        AddressRange([0x3f, 0xff, 0x00], 20, isIPv4: false),
        // 6to4, which carries an IPv4 address.
        AddressRange([0x20, 0x02], 16, isIPv4: false),
    ]

    private static func block(_ bytes: [UInt8], _ length: Int) -> AddressRange {
        AddressRange(bytes, length, isIPv4: true)
    }
}
