internal import GerbangXML

/// Which facets mean something for which types (XML Schema part 2, section 4.1.5).
enum FacetRules {
    private static let lengths: Set<String> = ["length", "minLength", "maxLength"]
    private static let digits: Set<String> = ["totalDigits", "fractionDigits"]
    private static let bounds: Set<String> = ["minInclusive", "maxInclusive", "minExclusive", "maxExclusive"]

    /// libxml2 keeps no more digits of a number.
    private static let maximumDigits = 24

    /// Whether a facet says something about values of a type.
    static func applies(_ facet: String, to type: SimpleType) -> Bool {
        switch type.variety {
        case .list: return !digits.contains(facet) && !bounds.contains(facet)
        case .union: return !digits.contains(facet) && !bounds.contains(facet) && !lengths.contains(facet)
        case .atomic(let primitive):
            if lengths.contains(facet) {
                return [.string, .anyURI, .hexBinary, .base64Binary, .qName, .anySimple].contains(primitive)
            }
            if digits.contains(facet) { return primitive == .decimal }
            if bounds.contains(facet) {
                return ![.string, .anyURI, .hexBinary, .base64Binary, .qName, .boolean, .anySimple].contains(primitive)
            }
            return facet != "enumeration" || primitive != .boolean
        }
    }

    /// libxml2 compares no more digits of a count.
    private static let maximumCountDigits = 8

    /// Whether a count is larger than libxml2 compares, and so than any value there is.
    static func isBoundless(_ facet: String, _ value: String) -> Bool {
        guard lengths.contains(facet) || digits.contains(facet) else { return false }
        let text = value.trimmingXMLSpace
        let number = (text.hasPrefix("+") ? text.dropFirst() : text[...]).utf8
        return number.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && number.drop { $0 == UInt8(ascii: "0") }.count > maximumCountDigits
    }

    /// Whether a number is right, but too long for libxml2.
    static func isTooLong(_ value: String, for type: SimpleType) -> Bool {
        guard case .atomic(.decimal) = type.variety, value.utf8.count > maximumDigits else { return false }
        let number = value.trimmingXMLSpace
        let digits = number.utf8.drop { [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "0")].contains($0) }
        return digits.count { $0 != UInt8(ascii: ".") } > maximumDigits && Lexical.allows(number, .decimal)
    }
}
