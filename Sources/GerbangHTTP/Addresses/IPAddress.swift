internal import Glibc

/// An IPv4 or IPv6 address.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The 4 or 16 bytes, most significant first.
    public let bytes: [UInt8]

    /// Reads an address as it is written: `203.0.113.7`, `2001:db8::7`, or the latter in brackets; a zone (`%eth0`) is
    /// ignored. `nil` for everything else, names and unusual notations such as `0x7f.1` among them.
    public init?(_ text: some StringProtocol) {
        var text = Substring(text)
        if text.hasPrefix("["), text.hasSuffix("]") { text = text.dropFirst().dropLast() }
        text = text.prefix { $0 != "%" }
        // Longer than any address; what has a NUL would be cut off by the system's reader.
        guard text.utf8.count <= 45, text.utf8.allSatisfy({ $0 != 0 }) else { return nil }
        let (family, count) = text.utf8.contains(UInt8(ascii: ":")) ? (AF_INET6, 16) : (AF_INET, 4)
        var bytes = [UInt8](repeating: 0, count: count)
        guard inet_pton(family, String(text), &bytes) == 1 else { return nil }
        self.bytes = bytes
    }

    /// Creates an address from its 4 or 16 bytes; `nil` when there are more or fewer.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Creates an address from bytes of which there are 4 or 16.
    init(whole bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The address of a socket; `nil` when it is of another family.
    init?(_ address: UnsafeRawPointer, byteCount: Int) {
        guard byteCount >= MemoryLayout<sa_family_t>.size else { return nil }
        switch Int32(address.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET where byteCount >= MemoryLayout<sockaddr_in>.size:
            let number = address.loadUnaligned(as: sockaddr_in.self).sin_addr
            bytes = withUnsafeBytes(of: number) { Array($0) }
        case AF_INET6 where byteCount >= MemoryLayout<sockaddr_in6>.size:
            let number = address.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            bytes = withUnsafeBytes(of: number) { Array($0) }
        default:
            return nil
        }
    }

    /// Whether it is an IPv4 address.
    public var isIPv4: Bool { bytes.count == 4 }

    /// The IPv4 address that an IPv6 address stands for, by RFC 4291 (section 2.5.5.2, `::ffff:a.b.c.d`) or by NAT64's
    /// well-known prefix (RFC 6052, section 2.1, `64:ff9b::a.b.c.d`); otherwise the address itself.
    var unwrapped: IPAddress {
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
        let translated: [UInt8] = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]
        guard !isIPv4, bytes.starts(with: mapped) || bytes.starts(with: translated) else { return self }
        return IPAddress(bytes: Array(bytes.suffix(4))) ?? self
    }

    /// The address as it is written.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = isIPv4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "address" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
