internal import CXMLSec
internal import GerbangXML

/// The elements that a signature covers, found by our own reading of it.
///
/// What xmlsec digests and what is read later must be the same elements. So every reference must name exactly one
/// element of the whole document, in a place where something is read: the body, a header block, or a part of the
/// Security header. Everything that could make xmlsec see another content is refused before it sees the signature.
struct SignedElements {
    private let signature: XMLElement
    private let elements: [XMLElement]

    private static let maximumReferences = 32

    /// Reads the only signature of a Security header.
    init(in security: XMLElement, of envelope: SOAPEnvelope) throws(WSSecurityError) {
        let signatures = security.children("Signature", namespace: Vocabulary.signature)
        guard let signature = signatures.first else {
            throw WSSecurityError(.unsigned, "The Security header has no signature.")
        }
        guard signatures.count == 1 else {
            throw WSSecurityError(.form, "The Security header has several signatures.")
        }
        self.signature = signature
        let references = try Self.references(of: signature)
        let identified = Self.identified(in: envelope.document)
        var elements: [XMLElement] = []
        for reference in references {
            let found = identified[reference] ?? []
            guard let only = found.first, found.count == 1 else {
                throw WSSecurityError(.reference, "A reference leads to no element, or to several.")
            }
            guard only.isProper else {
                throw WSSecurityError(.reference, "A reference leads to an element by another attribute than wsu:Id.")
            }
            let isReadable =
                only.element == envelope.body || envelope.headers.contains(only.element)
                || only.element.parent == security
            guard isReadable, !elements.contains(only.element), only.element != signature else {
                throw WSSecurityError(
                    .reference,
                    "A reference leads to an element that is neither body, header block nor part of the Security header."
                )
            }
            elements.append(only.element)
        }
        self.elements = elements
    }

    /// Whether an element is signed as a whole.
    func contains(_ element: XMLElement) -> Bool { elements.contains(element) }

    /// Lets xmlsec work the signature out, with one certificate after the other.
    func verify(with certificates: [PinnedCertificate]) throws(WSSecurityError) {
        var targets: [UnsafeMutableRawPointer?] = elements.map(\.address)
        for certificate in certificates {
            let outcome = gerbang_xmlsec_verify(
                signature.address,
                certificate.handle.pointer,
                &targets,
                targets.count
            )
            if outcome == GERBANG_XMLSEC_VALID { return }
        }
        throw WSSecurityError(.signature, "The signature does not hold by any of the pinned certificates.")
    }

    // MARK: The signature's form

    /// The identifiers that the references name.
    private static func references(of signature: XMLElement) throws(WSSecurityError) -> [String] {
        let parts = signature.children
        guard parts.count == 2 || parts.count == 3, parts[0].isSignature("SignedInfo"),
            parts[1].isSignature("SignatureValue"), parts.count == 2 || parts[2].isSignature("KeyInfo")
        else {
            throw WSSecurityError(.form, "The signature has other parts than SignedInfo, SignatureValue and KeyInfo.")
        }
        let info = parts[0].children
        guard info.count >= 3, info.count <= 2 + maximumReferences, info[0].isSignature("CanonicalizationMethod"),
            info[1].isSignature("SignatureMethod"), info.dropFirst(2).allSatisfy({ $0.isSignature("Reference") })
        else { throw WSSecurityError(.form, "SignedInfo has no reference, too many, or other parts.") }
        try checkCanonicalization(info[0])
        guard Vocabulary.signatures.contains(info[1].attribute("Algorithm") ?? ""), info[1].children.isEmpty else {
            throw WSSecurityError(.form, "The signature's algorithm is none of RSA and ECDSA with SHA-256 and above.")
        }
        var identifiers: [String] = []
        for reference in info.dropFirst(2) { identifiers.append(try identifier(of: reference)) }
        return identifiers
    }

    private static func identifier(of reference: XMLElement) throws(WSSecurityError) -> String {
        let parts = reference.children
        guard parts.count == 3, parts[0].isSignature("Transforms"), parts[1].isSignature("DigestMethod"),
            parts[2].isSignature("DigestValue")
        else { throw WSSecurityError(.form, "A reference has other parts than transforms and digest.") }
        let transforms = parts[0].children
        guard transforms.count == 1, transforms[0].isSignature("Transform") else {
            throw WSSecurityError(.form, "A reference has other transforms than exclusive canonicalization alone.")
        }
        try checkCanonicalization(transforms[0])
        guard Vocabulary.digests.contains(parts[1].attribute("Algorithm") ?? ""), parts[1].children.isEmpty else {
            throw WSSecurityError(.form, "A digest's algorithm is none of SHA-256 and above.")
        }
        // A name only: neither the empty reference nor an XPointer with an expression in it.
        guard let uri = reference.attribute("URI"), uri.utf8.first == UInt8(ascii: "#"),
            XMLCharacters.isName(String(uri.dropFirst()))
        else { throw WSSecurityError(.reference, "A reference is not the identifier of an element of this message.") }
        return String(uri.dropFirst())
    }

    private static func checkCanonicalization(_ element: XMLElement) throws(WSSecurityError) {
        let lists = element.children
        guard element.attribute("Algorithm") == Vocabulary.exclusive, lists.count <= 1,
            lists.allSatisfy({ $0.isNamed("InclusiveNamespaces", namespace: Vocabulary.exclusive) && $0.isEmpty })
        else {
            throw WSSecurityError(.form, "A transform or canonicalization is not the exclusive one without comments.")
        }
    }

    // MARK: Identifiers

    private struct Identified {
        let element: XMLElement
        /// Whether the attribute is `wsu:Id`.
        let isProper: Bool
    }

    /// All elements by everything that any reader might take for an identifier, whatever its namespace and case.
    private static func identified(in document: XMLDocument) -> [String: [Identified]] {
        var result: [String: [Identified]] = [:]
        var waiting = [document.root]
        while let element = waiting.popLast() {
            if !element.hasNoAttributes {
                for attribute in element.attributes where attribute.name.localName.lowercased() == "id" {
                    let isProper =
                        attribute.name.localName == "Id" && attribute.name.namespaceURI == Vocabulary.utility
                    result[attribute.value, default: []].append(Identified(element: element, isProper: isProper))
                }
            }
            waiting += element.children
        }
        return result
    }
}

extension XMLElement {
    fileprivate func isSignature(_ localName: String) -> Bool {
        isNamed(localName, namespace: Vocabulary.signature)
    }
}
