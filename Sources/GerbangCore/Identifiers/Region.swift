/// A region of Indonesia by its Kemendagri code: nation, province, regency or city, district, village.
///
/// Codes are kept without dots (`3174`, `317401`, `3174011001`); ``description`` writes the official dotted form.
/// Provinces and regencies are checked against Kepmendagri 300.2.2-2430/2025; districts and villages for form only.
public struct Region: Sendable, Hashable, CustomStringConvertible {
    /// The digits without dots; empty for the nation, else 2, 4, 6 or 10.
    public let digits: String

    /// The whole nation.
    public static let nation = Region(restoring: "")

    /// What a code looks like, for error texts.
    package static let expectation = "a Kemendagri code of 2, 4, 6 or 10 digits, such as 31.74, or ID for the nation"

    /// Restores a region that was checked when its request was accepted, whatever today's table says.
    package init(restoring digits: String) {
        self.digits = digits
    }

    /// Reads a code with or without dots, or `ID` for the nation; a 10-digit code padded with zeros, as OSS writes it,
    /// is cut to its level.
    ///
    /// - Throws: ``GerbangError/Code/unknownRegion`` when the form is wrong or there is no such region.
    public init(_ text: String) throws(GerbangError) {
        guard text.uppercased() != "ID" else {
            self = .nation
            return
        }
        var digits = text.filter { $0 != "." }
        let isNumeric = digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        if digits.utf8.count == 10 {
            for level in [2, 4, 6] where digits.dropFirst(level).allSatisfy({ $0 == "0" }) {
                digits = String(digits.prefix(level))
                break
            }
        }
        let isDotted = text.contains(".")
        guard isNumeric, [2, 4, 6, 10].contains(digits.utf8.count),
            !isDotted || text == Region(restoring: digits).description
        else {
            throw GerbangError(.unknownRegion, "not a region code: write \(Self.expectation)")
        }
        let known = String(digits.prefix(4))
        guard RegionTable.names[known] != nil else {
            throw GerbangError(
                .unknownRegion,
                "the code of no \(known.count == 2 ? "province" : "regency or city"); write \(Self.expectation)"
            )
        }
        self.init(restoring: digits)
    }

    /// The official dotted form, such as `31.74.01.1001`; `ID` for the nation.
    public var description: String {
        guard !digits.isEmpty else { return "ID" }
        var parts: [Substring] = []
        var rest = digits[...]
        while rest.count > 4 || (rest.count == 4 && parts.count < 3) {
            parts.append(rest.prefix(2))
            rest = rest.dropFirst(2)
        }
        if !rest.isEmpty { parts.append(rest) }
        return parts.joined(separator: ".")
    }

    /// The name of the regency or city, or of the province; `nil` for the nation.
    public var name: String? { RegionTable.names[String(digits.prefix(4))] }

    /// Whether this region lies in `other` or is the same.
    public func isWithin(_ other: Region) -> Bool { digits.hasPrefix(other.digits) }

    /// The zone of civil time: WIB, WITA or WIT, by province.
    public var zone: Zone {
        switch digits.prefix(2) {
        case "51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76": .wita
        case "81", "82", "91", "92", "93", "94", "95", "96": .wit
        default: .wib
        }
    }

    /// The codes of the 38 provinces.
    static let provinceCodes: Set<String> = Set(RegionTable.names.keys.filter { $0.count == 2 })
}
