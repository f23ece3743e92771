public import GerbangCore

/// A block of addresses, such as `10.20.0.0/16`.
public struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    /// The first address.
    public let address: IPAddress
    /// How many leading bits all addresses of the block share.
    public let prefixLength: Int

    /// Reads a block: an address, a slash and the number of bits; a lone address is a block of one.
    ///
    /// - Throws: ``GerbangError`` with code ``GerbangError/Code/invalidConfiguration`` that says what is wrong.
    public init(_ text: String) throws(GerbangError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]), !parts[0].hasPrefix("[") else {
            throw GerbangError(.invalidConfiguration, "must be a block of addresses, such as 10.20.0.0/16")
        }
        let bits = address.bytes.count * 8
        guard let length = parts.count == 2 ? Int(parts[1]) : bits, (0...bits).contains(length) else {
            throw GerbangError(.invalidConfiguration, "the number after the slash must be from 0 to \(bits)")
        }
        guard Self.masked(address, to: length) == address.bytes else {
            throw GerbangError(
                .invalidConfiguration,
                "has bits set after the first \(length); the block would begin before this address"
            )
        }
        self.init(checked: address, length)
    }

    private init(checked address: IPAddress, _ length: Int) {
        self.address = address
        prefixLength = length
    }

    /// A block of the table below.
    init(_ bytes: [UInt8], _ length: Int, isIPv4: Bool) {
        let count = isIPv4 ? 4 : 16
        let whole = Array((bytes + [UInt8](repeating: 0, count: count)).prefix(count))
        self.init(checked: IPAddress(whole: whole), length)
    }

    /// Whether `other` lies in the block; an address of the other family never does.
    public func contains(_ other: IPAddress) -> Bool {
        other.bytes.count == address.bytes.count && Self.masked(other, to: prefixLength) == address.bytes
    }

    /// The block as it is written.
    public var description: String { "\(address)/\(prefixLength)" }

    private static func masked(_ address: IPAddress, to length: Int) -> [UInt8] {
        address.bytes.enumerated().map { index, byte in
            let kept = min(max(length - index * 8, 0), 8)
            return byte & UInt8(truncatingIfNeeded: 0xff00 >> kept)
        }
    }
}
