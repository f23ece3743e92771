/// A SOAP fault, of either version, as a value.
///
/// Reason and detail are the agency's own words and may hold personal data, so they are not in the description.
public struct SOAPFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// A text with its language.
    public struct Reason: Sendable, Hashable {
        /// The language tag (`xml:lang`); nil where there is none, as always in SOAP 1.1.
        public let language: String?
        /// The text.
        public let text: String

        /// A text in a language.
        public init(_ text: String, language: String? = nil) {
            self.text = text
            self.language = language
        }
    }

    /// An element of the detail.
    public struct Entry: Sendable, Hashable {
        /// The element's name.
        public let name: XMLName
        /// All text in the element.
        public let text: String

        /// An entry with text in it.
        public init(name: XMLName, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// The version of the message that carried the fault.
    public let version: SOAPVersion
    /// The code as it was written, without white space around: a qualified name (`soap:Client`) or, as X-Road has it,
    /// an unqualified dotted text (`Server.ServerProxy.AccessDenied`).
    public let code: String
    /// The expanded name of the code; nil where the code is no qualified name with a declared prefix.
    public let codeName: XMLName?
    /// The subcodes of SOAP 1.2, outermost first, as they were written.
    public let subcodes: [String]
    /// The explanation: in SOAP 1.1 the `faultstring`, in SOAP 1.2 one for each language.
    public let reasons: [Reason]
    /// Who caused the fault: in SOAP 1.1 the `faultactor`, in SOAP 1.2 the `Node`.
    ///
    /// Nil where it is absent or empty.
    public let actor: String?
    /// The elements of the detail.
    public let detail: [Entry]
    /// The detail element in exclusive canonical form, for reading more of it with ``XMLDocument``; nil without detail.
    public let detailXML: [UInt8]?

    /// A fault to be written.
    public init(
        version: SOAPVersion,
        code: String,
        subcodes: [String] = [],
        reasons: [Reason],
        actor: String? = nil,
        detail: [Entry] = []
    ) {
        self.version = version
        self.code = code
        self.codeName = nil
        self.subcodes = subcodes
        self.reasons = reasons
        self.actor = actor
        self.detail = detail
        self.detailXML = nil
    }

    /// Reads a `Fault` element.
    ///
    /// Its parts are found by local name, as some services qualify them in SOAP 1.1 too.
    init(_ fault: XMLElement, version: SOAPVersion) {
        self.version = version
        let codeElement: XMLElement?
        let detailElement: XMLElement?
        switch version {
        case .v11:
            codeElement = fault.firstChild("faultcode")
            detailElement = fault.firstChild("detail")
            subcodes = []
            reasons =
                fault.firstChild("faultstring").map {
                    [Reason($0.stringValue, language: Self.language(of: $0))]
                } ?? []
            actor = Self.filled(fault.firstChild("faultactor"))
        case .v12:
            codeElement = fault.descendant("Code", "Value")
            detailElement = fault.firstChild("Detail")
            var subcodes: [String] = []
            var next = fault.descendant("Code", "Subcode")
            while let subcode = next {
                if let value = Self.filled(subcode.firstChild("Value")) { subcodes.append(value) }
                next = subcode.firstChild("Subcode")
            }
            self.subcodes = subcodes
            reasons =
                fault.firstChild("Reason")?.children("Text").map {
                    Reason($0.stringValue, language: Self.language(of: $0))
                } ?? []
            actor = Self.filled(fault.firstChild("Node"))
        }
        code = Self.filled(codeElement) ?? ""
        codeName = codeElement?.resolve(qualifiedName: codeElement?.text ?? "")
        detail = detailElement?.children.map { Entry(name: $0.name, text: $0.stringValue) } ?? []
        detailXML = try? detailElement?.canonical(.exclusive())
    }

    /// The code's words without its prefix, split at the dots that SOAP 1.1 allows in it (section 4.4.1), then the
    /// subcodes' local parts: `["Server", "ServerProxy", "AccessDenied"]`.
    public var codePath: [String] {
        let words = Self.localPart(code).split(separator: ".").map { String($0) }
        return words + subcodes.map { String(Self.localPart($0)) }
    }

    /// Whether the fault blames the message and so us: `Client` in SOAP 1.1, `Sender` in SOAP 1.2.
    public var blamesSender: Bool {
        let first = codePath.first?.lowercased()
        return first == "client" || first == "sender"
    }

    /// The explanation in a language, or else the first one.
    ///
    /// It may hold personal data.
    public func reason(in language: String = "en") -> String? {
        let wanted = reasons.first { $0.language?.lowercased().hasPrefix(language.lowercased()) ?? false }
        return (wanted ?? reasons.first)?.text
    }

    /// The version and who is to blame: nothing that the agency wrote.
    public var description: String {
        "SOAP \(version == .v11 ? "1.1" : "1.2") fault, to blame: \(blamesSender ? "sender" : "receiver")"
    }

    private static func localPart(_ name: String) -> Substring {
        guard let colon = name.lastIndex(of: ":") else { return name[...] }
        return name[name.index(after: colon)...]
    }

    private static func language(of element: XMLElement) -> String? {
        element.attribute("lang", namespace: "http://www.w3.org/XML/1998/namespace")
    }

    private static func filled(_ element: XMLElement?) -> String? {
        let text = XMLCharacters.trim(element?.text ?? "")
        return text.isEmpty ? nil : String(text)
    }
}

extension SOAPFault {
    /// Writes the `Fault` element into the body of an envelope.
    ///
    /// The code is written as it stands. One without prefix, dotted as X-Road's, is left unqualified in SOAP 1.1; in
    /// SOAP 1.2, where it must be one of the envelope's own, it gets the envelope's prefix.
    func write(to writer: inout XMLWriter) throws {
        let soap = SOAPEnvelope.prefix
        try writer.element("\(soap):Fault") { writer in
            switch version {
            case .v11:
                try writer.element("faultcode", text: code)
                try writer.element("faultstring", text: reasons.first?.text ?? "")
                if let actor { try writer.element("faultactor", text: actor) }
            case .v12:
                try writer.element("\(soap):Code") { writer in
                    try writer.element("\(soap):Value", text: code.contains(":") ? code : "\(soap):\(code)")
                    try Self.write(subcodes[...], to: &writer)
                }
                try writer.element("\(soap):Reason") { writer in
                    for reason in reasons {
                        let language = ["xml:lang": reason.language ?? "en"] as KeyValuePairs
                        try writer.element("\(soap):Text", attributes: language, text: reason.text)
                    }
                }
                if let actor { try writer.element("\(soap):Node", text: actor) }
            }
            guard !detail.isEmpty else { return }
            try writer.element(version == .v11 ? "detail" : "\(soap):Detail") { writer in
                for entry in detail {
                    let uri = entry.name.namespaceURI ?? ""
                    try writer.element(entry.name.localName, namespaces: ["": uri], text: entry.text)
                }
            }
        }
    }

    private static func write(_ subcodes: ArraySlice<String>, to writer: inout XMLWriter) throws {
        guard let first = subcodes.first else { return }
        try writer.element("\(SOAPEnvelope.prefix):Subcode") { writer in
            try writer.element("\(SOAPEnvelope.prefix):Value", text: first)
            try write(subcodes.dropFirst(), to: &writer)
        }
    }
}
