/// The root of an agency's interface: an absolute `http` or `https` URL without user, query or fragment.
public struct BaseURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`, lower case.
    public let scheme: String
    /// Host name or address, as written; an IPv6 address keeps its brackets.
    public let host: String
    /// The port, when one was written.
    public let port: Int?
    /// The path in front of every message's own path, without a trailing slash; empty for the root.
    public let path: String

    /// Parses a base URL.
    ///
    /// - Throws: ``GerbangError`` with code ``GerbangError/Code/invalidConfiguration`` that says which part is wrong.
    public init(_ text: String) throws(GerbangError) {
        func refuse(_ reason: String) -> GerbangError {
            GerbangError(.invalidConfiguration, "not a usable base URL: \(reason)")
        }
        guard let schemeEnd = text.range(of: "://") else {
            throw refuse("it must start with https:// or http://")
        }
        scheme = text[..<schemeEnd.lowerBound].lowercased()
        guard scheme == "https" || scheme == "http" else {
            throw refuse("the scheme must be https or http")
        }
        var rest = text[schemeEnd.upperBound...]
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw refuse("it has a space, a control character or a character outside ASCII")
        }
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw refuse("a query or a fragment does not belong here")
        }
        let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        rest = rest[authorityEnd...]
        guard !authority.contains("@") else {
            throw refuse("user and password do not belong in a URL; use the adapter's configuration")
        }
        (host, port) = try Self.splitAuthority(authority, refuse: refuse)
        path = rest.hasSuffix("/") ? String(rest.dropLast()) : String(rest)
    }

    /// The URL without a trailing slash.
    public var description: String {
        "\(scheme)://\(host)\(port.map { ":\($0)" } ?? "")\(path)"
    }

    private static func splitAuthority(
        _ authority: Substring,
        refuse: (String) -> GerbangError
    ) throws(GerbangError) -> (host: String, port: Int?) {
        var host = authority
        var port: Int?
        let bracketEnd = authority.lastIndex(of: "]")
        if let colon = authority.lastIndex(of: ":"), bracketEnd.map({ $0 < colon }) ?? true {
            host = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                let number = Int(digits), (1...65535).contains(number)
            else {
                throw refuse("the port must be a number from 1 to 65535")
            }
            port = number
        }
        // An IPv6 address is left to the resolver; here it only must not be able to be anything else.
        let isAddress = host.hasPrefix("[") && host.hasSuffix("]")
        let isWellFormed =
            isAddress
            ? host.utf8.count > 3
                && host.utf8.dropFirst().dropLast().allSatisfy { isHostByte($0) || $0 == UInt8(ascii: ":") }
            : !host.isEmpty && host.utf8.allSatisfy(isHostByte)
        guard isWellFormed else {
            throw refuse("the host is missing or malformed")
        }
        return (String(host), port)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension StringProtocol {
    /// The first occurrence of `needle`.
    fileprivate func range(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) {
                return start..<index(start, offsetBy: needle.count)
            }
            formIndex(after: &start)
        }
        return nil
    }
}
