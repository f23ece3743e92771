internal import GerbangXML

/// The primitive types of XML Schema (part 2, section 3.2).
enum Primitive: Sendable, Hashable {
    case anySimple
    case string
    case boolean
    case decimal
    case float
    case duration
    case dateTime
    case time
    case date
    case gYearMonth
    case gYear
    case gMonthDay
    case gDay
    case gMonth
    case hexBinary
    case base64Binary
    case anyURI
    case qName

    /// The JSON that a value becomes.
    enum Shape: Sendable {
        case string
        case number
        case boolean
    }

    var shape: Shape {
        switch self {
        case .boolean: .boolean
        case .decimal, .float: .number
        default: .string
        }
    }
}

/// What happens to white space before a value is looked at.
enum WhiteSpace: Sendable, Comparable {
    case preserve
    case replace
    case collapse

    func normalize(_ text: String) -> String {
        guard self != .preserve else { return text }
        guard text.utf8.contains(where: { $0 <= 0x20 }) else { return text }
        if self == .collapse { return text.xmlWords.joined(separator: " ") }
        return String(decoding: text.utf8.map { $0 == 0x09 || $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }, as: UTF8.self)
    }
}

/// The built-in types of XML Schema, with what sets each apart from its primitive type.
struct Builtin: Sendable {
    let name: String
    let base: String
    let primitive: Primitive
    var whiteSpace = WhiteSpace.collapse
    var isInteger = false
    var minimum: String?
    var maximum: String?
    var form = Form.any
    /// The type of the items, for the three built-in list types.
    var item: String?

    /// The lexical forms that are more than a primitive's own.
    enum Form: Sendable {
        case any
        case language
        case nmtoken
        case name
        case ncName

        func allows(_ text: String) -> Bool {
            switch self {
            case .any: true
            case .ncName: XMLCharacters.isName(text)
            case .name:
                !text.isEmpty
                    && text.split(separator: ":", omittingEmptySubsequences: true).allSatisfy {
                        XMLCharacters.isName("a" + $0)
                    }
                    && XMLCharacters.isName("\(text.prefix(1))".replacing(":", with: "_"))
            case .nmtoken: !text.isEmpty && XMLCharacters.isName("a" + text.replacing(":", with: "_"))
            case .language:
                text.split(separator: "-", omittingEmptySubsequences: false).enumerated().allSatisfy { index, part in
                    (1...8).contains(part.utf8.count)
                        && part.utf8.allSatisfy {
                            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                                || (index > 0 && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0))
                        }
                }
            }
        }
    }

    private static func integer(_ name: String, _ base: String, _ minimum: String? = nil, _ maximum: String? = nil)
        -> Builtin
    {
        Builtin(name: name, base: base, primitive: .decimal, isInteger: true, minimum: minimum, maximum: maximum)
    }

    private static func plain(_ name: String, _ primitive: Primitive) -> Builtin {
        Builtin(name: name, base: "anySimpleType", primitive: primitive)
    }

    private static func text(_ name: String, _ base: String, _ form: Form = .any, space: WhiteSpace = .collapse)
        -> Builtin
    {
        Builtin(name: name, base: base, primitive: .string, whiteSpace: space, form: form)
    }

    /// All of them, every base before the types derived from it.
    static let all: [Builtin] = [
        Builtin(name: "anySimpleType", base: "anyType", primitive: .anySimple, whiteSpace: .preserve),
        text("string", "anySimpleType", space: .preserve), text("normalizedString", "string", space: .replace),
        text("token", "normalizedString"), text("language", "token", .language), text("NMTOKEN", "token", .nmtoken),
        text("Name", "token", .name), text("NCName", "Name", .ncName), text("ID", "NCName", .ncName),
        text("IDREF", "NCName", .ncName), text("ENTITY", "NCName", .ncName),
        plain("boolean", .boolean), plain("decimal", .decimal), integer("integer", "decimal"),
        integer("nonPositiveInteger", "integer", nil, "0"), integer("negativeInteger", "nonPositiveInteger", nil, "-1"),
        integer("nonNegativeInteger", "integer", "0"), integer("positiveInteger", "nonNegativeInteger", "1"),
        integer("long", "integer", "-9223372036854775808", "9223372036854775807"),
        integer("int", "long", "-2147483648", "2147483647"), integer("short", "int", "-32768", "32767"),
        integer("byte", "short", "-128", "127"),
        integer("unsignedLong", "nonNegativeInteger", "0", "18446744073709551615"),
        integer("unsignedInt", "unsignedLong", "0", "4294967295"),
        integer("unsignedShort", "unsignedInt", "0", "65535"), integer("unsignedByte", "unsignedShort", "0", "255"),
        plain("float", .float), plain("double", .float), plain("duration", .duration), plain("dateTime", .dateTime),
        plain("time", .time), plain("date", .date), plain("gYearMonth", .gYearMonth), plain("gYear", .gYear),
        plain("gMonthDay", .gMonthDay), plain("gDay", .gDay), plain("gMonth", .gMonth),
        plain("hexBinary", .hexBinary), plain("base64Binary", .base64Binary), plain("anyURI", .anyURI),
        plain("QName", .qName), plain("NOTATION", .qName),
        Builtin(name: "NMTOKENS", base: "anySimpleType", primitive: .string, item: "NMTOKEN"),
        Builtin(name: "IDREFS", base: "anySimpleType", primitive: .string, item: "IDREF"),
        Builtin(name: "ENTITIES", base: "anySimpleType", primitive: .string, item: "ENTITY"),
    ]
}
