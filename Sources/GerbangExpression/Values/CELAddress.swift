internal import GerbangCore

/// An IP address of version 4 or 6.
public struct CELAddress: Sendable, Hashable, CustomStringConvertible {
    /// The bits, those of version 4 at the right end.
    let bits: UInt128
    let isVersion4: Bool

    var width: Int { isVersion4 ? 32 : 128 }

    init(bits: UInt128, isVersion4: Bool) {
        self.bits = bits
        self.isVersion4 = isVersion4
    }

    /// Reads an address, such as `10.0.0.1` or `2001:db8::68`; zones are not understood.
    ///
    /// An IPv4 address in hexadecimal IPv6 form (`::ffff:c0a8:1`) is that IPv4 address. Its mixed form
    /// (`::ffff:192.168.0.1`) is refused, because programs disagree on what it means.
    public init?(_ text: String) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let bits = CELAddress.version6(text) else { return nil }
            if bits >> 32 == 0xFFFF {
                guard !text.utf8.contains(UInt8(ascii: ".")) else { return nil }
                self.init(bits: bits & 0xFFFF_FFFF, isVersion4: true)
            } else {
                self.init(bits: bits, isVersion4: false)
            }
        } else {
            guard let bits = CELAddress.version4(text) else { return nil }
            self.init(bits: UInt128(bits), isVersion4: true)
        }
    }

    /// The canonical form (RFC 5952 for version 6).
    public var description: String {
        isVersion4 ? CELAddress.text(version4: UInt32(truncatingIfNeeded: bits)) : CELAddress.text(version6: bits)
    }

    /// `4` or `6`.
    var family: Int64 { isVersion4 ? 4 : 6 }
    var isUnspecified: Bool { bits == 0 }
    var isLoopback: Bool { isVersion4 ? bits >> 24 == 127 : bits == 1 }
    var isMulticast: Bool { isVersion4 ? bits >> 28 == 0xE : bits >> 120 == 0xFF }
    var isLinkLocalUnicast: Bool { isVersion4 ? bits >> 16 == 0xA9FE : bits >> 118 == 0x3FA }
    var isLinkLocalMulticast: Bool { isVersion4 ? bits >> 8 == 0xE00000 : bits >> 112 & 0xFF0F == 0xFF02 }

    var isGlobalUnicast: Bool {
        !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast && !(isVersion4 && bits == 0xFFFF_FFFF)
    }

    private static func version4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ $0 &- 48 < 10 }),
                part.utf8.count == 1 || part.utf8.first != UInt8(ascii: "0"), let value = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(value)
        }
        return bits
    }

    private static func version6(_ text: String) -> UInt128? {
        guard text.utf8.count <= 45 else { return nil }
        let halves = parts(of: text)
        switch halves.count {
        case 1:
            guard let groups = groups(halves[0]), groups.count == 8 else { return nil }
            return joined(groups)
        case 2:
            guard let head = groups(halves[0]), let tail = groups(halves[1]), head.count + tail.count < 8 else {
                return nil
            }
            return joined(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
        default: return nil
        }
    }

    /// The text before and after `::`, or the whole text.
    private static func parts(of text: String) -> [Substring] {
        let bytes = Array(text.utf8)
        var parts: [Substring] = []
        var start = 0
        var position = 0
        while position + 1 < bytes.count {
            if bytes[position] == UInt8(ascii: ":"), bytes[position + 1] == UInt8(ascii: ":") {
                parts.append(Substring(String(decoding: bytes[start..<position], as: UTF8.self)))
                position += 2
                start = position
            } else {
                position += 1
            }
        }
        return parts + [Substring(String(decoding: bytes[start...], as: UTF8.self))]
    }

    /// The 16-bit groups of a half; an IPv4 address may stand for the last two.
    private static func groups(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.utf8.contains(UInt8(ascii: ".")) {
                guard let bits = version4(part) else { return nil }
                groups += [UInt16(bits >> 16), UInt16(bits & 0xFFFF)]
            } else {
                guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ Hexadecimal.value(of: $0) != nil }),
                    let value = UInt16(part, radix: 16)
                else { return nil }
                groups.append(value)
            }
        }
        return groups
    }

    private static func joined(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    private static func text(version4 bits: UInt32) -> String {
        "\(bits >> 24).\(bits >> 16 & 0xFF).\(bits >> 8 & 0xFF).\(bits & 0xFF)"
    }

    private static func text(version6 bits: UInt128) -> String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
        // The first of the longest runs of at least two zeros becomes `::`.
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(1, best.count) { best = start..<end }
            start = max(end, start + 1)
        }
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        return best.isEmpty
            ? text(groups[...]) : "\(text(groups[..<best.lowerBound]))::\(text(groups[best.upperBound...]))"
    }
}

/// A range of IP addresses in CIDR notation, such as `192.168.0.0/24`.
public struct CELNetwork: Sendable, Hashable, CustomStringConvertible {
    /// The address as it was written, also where it has bits behind the prefix.
    let address: CELAddress
    /// How many leading bits all addresses of the range share.
    let prefixLength: Int

    /// Reads a range; IPv4 addresses in IPv6 form are refused.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = CELAddress(String(parts[0])),
            address.isVersion4 != parts[0].utf8.contains(UInt8(ascii: ":")), (1...3).contains(parts[1].utf8.count),
            parts[1].utf8.allSatisfy({ $0 &- 48 < 10 }),
            parts[1].utf8.count == 1 || parts[1].utf8.first != UInt8(ascii: "0"),
            let length = Int(parts[1]), length <= address.width
        else { return nil }
        self.init(address: address, prefixLength: length)
    }

    private init(address: CELAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = prefixLength
    }

    /// The range in CIDR notation.
    public var description: String { "\(address)/\(prefixLength)" }

    /// The range with its address cut to the prefix.
    var masked: CELNetwork {
        let shift = address.width - prefixLength
        let bits = shift == 128 ? 0 : (address.bits >> shift) << shift
        return CELNetwork(address: CELAddress(bits: bits, isVersion4: address.isVersion4), prefixLength: prefixLength)
    }

    func contains(_ other: CELAddress) -> Bool {
        guard other.isVersion4 == address.isVersion4 else { return false }
        let shift = address.width - prefixLength
        return shift == 128 || other.bits >> shift == address.bits >> shift
    }

    func contains(_ other: CELNetwork) -> Bool {
        other.prefixLength >= prefixLength && contains(other.address)
    }
}
