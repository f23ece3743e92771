internal import GerbangXML

extension String {
    /// The text without XML white space at both ends.
    var trimmingXMLSpace: String { String(XMLCharacters.trim(self)) }

    /// The text with every other text in the place of one.
    func replacing(_ part: Character, with other: Character) -> String {
        contains(part) ? String(map { $0 == part ? other : $0 }) : self
    }

    /// The words between XML white space.
    var xmlWords: [String] {
        utf8.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }.map { String(Substring($0)) }
    }
}

/// The namespaces that every part of the module knows.
enum Namespaces {
    static let wsdl = "http://schemas.xmlsoap.org/wsdl/"
    static let soap11 = "http://schemas.xmlsoap.org/wsdl/soap/"
    static let soap12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
    static let http = "http://schemas.xmlsoap.org/wsdl/http/"
    static let mime = "http://schemas.xmlsoap.org/wsdl/mime/"
    static let schema = "http://www.w3.org/2001/XMLSchema"
    static let instance = "http://www.w3.org/2001/XMLSchema-instance"
    static let xml = "http://www.w3.org/XML/1998/namespace"
    static let envelope11 = "http://schemas.xmlsoap.org/soap/envelope/"
    static let envelope12 = "http://www.w3.org/2003/05/soap-envelope"
    static let encoding11 = "http://schemas.xmlsoap.org/soap/encoding/"
    static let encoding12 = "http://www.w3.org/2003/05/soap-encoding"
    static let policies: Set<String> = [
        "http://schemas.xmlsoap.org/ws/2004/09/policy", "http://www.w3.org/ns/ws-policy",
        "http://schemas.xmlsoap.org/ws/2002/12/policy", "http://www.w3.org/2006/07/ws-policy",
    ]
    static let addressings: Set<String> = [
        "http://www.w3.org/2006/05/addressing/wsdl", "http://www.w3.org/2006/02/addressing/wsdl",
        "http://www.w3.org/2007/05/addressing/metadata", "http://www.w3.org/2005/08/addressing/wsdl",
        "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    ]
    static let swaRef = "http://ws-i.org/profiles/basic/1.1/xsd"
    static let xmlMime = "http://www.w3.org/2005/05/xmlmime"
    static let xop = "http://www.w3.org/2004/08/xop/include"
}
