internal import Foundation
internal import GerbangCore
internal import GerbangWSSecurity
internal import GerbangXML
internal import Testing

/// Answers that were changed on the way: none of them may be believed.
@Suite("WS-Security: attacks")
struct AttackTests {
    private static let wsu =
        "xmlns:wsu=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd\""
    private static let wsse =
        "xmlns:wsse=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\""
    private static let forged = "<t:getVehicle xmlns:t=\"urn:t\"><plate>B 666 X</plate></t:getVehicle>"

    /// Changes a good answer and gives the reason why it is refused.
    private func code(
        _ change: (String) throws -> String,
        reader: WSSecurity? = nil,
        at now: Timestamp = Sample.now
    ) throws -> WSSecurityError.Code? {
        let reader = try reader ?? Sample.reader()
        let good = try Sample.answer()
        #expect(throws: Never.self) { try reader.open(Array(good.utf8), at: Sample.now) }
        let changed = try change(good)
        #expect(changed != good)
        return refusal { _ = try reader.open(Array(changed.utf8), at: now) }?.code
    }

    private func body(_ answer: String) throws -> String { try answer.between("<s:Body", "</s:Body>") }

    private func bodyID(_ answer: String) throws -> String {
        let attribute = try body(answer).components(separatedBy: "wsu:Id=\"")
        return try #require(attribute.last?.components(separatedBy: "\"").first)
    }

    // MARK: Content

    @Test("Changed content, in the body, a header block or the timestamp")
    func content() throws {
        #expect(try code { try $0.replacing(only: "B 1234 XYZ", with: "B 1234 XYY") } == .signature)
        #expect(try code { try $0.replacing(only: "urn:uuid:1", with: "urn:uuid:2") } == .signature)
        #expect(try code { try $0.replacing(only: "T08:20:30.250Z", with: "T08:29:30.250Z") } == .signature)
        #expect(try code { try $0.replacing(only: "urn:t\"><plate>", with: "urn:u\"><plate>") } == .signature)
    }

    @Test("No signature, no Security header, or one for somebody else")
    func unsigned() throws {
        #expect(try code { _ in String(decoding: Sample.envelope(), as: UTF8.self) } == .unsigned)
        #expect(
            try code { try $0.replacing(only: try $0.between("<ds:Signature ", "</ds:Signature>"), with: "") }
                == .unsigned
        )
        #expect(
            try code { try $0.replacing(only: "soap:mustUnderstand=\"1\"", with: "soap:actor=\"urn:proxy\"") }
                == .unsigned
        )
    }

    @Test("A key that is not pinned, also where the message brings its certificate")
    func foreignKey() throws {
        let foreign = try Sample.signer(Identity.other).secure(Sample.envelope(), at: Sample.now)
        #expect(refusal { _ = try Sample.reader().open(foreign, at: Sample.now) }?.code == .signature)
        #expect(
            refusal { _ = try Sample.reader(Identity.curveCertificate).open(foreign, at: Sample.now) }?.code
                == .signature
        )
    }

    // MARK: Wrapping

    @Test("The signed body moved away, and another one in its place")
    func movedBody() throws {
        // Into a wrapper in the header.
        #expect(
            try code { answer in
                let signed = try body(answer)
                let wrapped = try answer.replacing(only: signed, with: "<s:Body>\(Self.forged)</s:Body>")
                return try wrapped.replacing(
                    only: "</s:Header>",
                    with: "<x:w xmlns:x=\"urn:x\">\(signed)</x:w></s:Header>"
                )
            } == .reference
        )
        // As a header block itself.
        #expect(
            try code { answer in
                let signed = try body(answer)
                let wrapped = try answer.replacing(only: signed, with: "<s:Body>\(Self.forged)</s:Body>")
                return try wrapped.replacing(only: "</s:Header>", with: "\(signed)</s:Header>")
            } == .unsigned
        )
        // Into the Security header.
        #expect(
            try code { answer in
                let signed = try body(answer)
                let wrapped = try answer.replacing(only: signed, with: "<s:Body>\(Self.forged)</s:Body>")
                return try wrapped.replacing(only: "</wsse:Security>", with: "\(signed)</wsse:Security>")
            } == .unsigned
        )
        // Into the signature, where an Object may hold anything.
        #expect(
            try code { answer in
                let signed = try body(answer)
                let wrapped = try answer.replacing(only: signed, with: "<s:Body>\(Self.forged)</s:Body>")
                return try wrapped.replacing(
                    only: "</ds:Signature>",
                    with: "<ds:Object>\(signed)</ds:Object></ds:Signature>"
                )
            } == .form
        )
        // Behind the new body, and into it.
        #expect(
            try code { answer in
                let signed = try body(answer)
                return try answer.replacing(only: signed, with: "<s:Body>\(Self.forged)</s:Body>\(signed)")
            } == .envelope
        )
        #expect(
            try code { answer in
                let signed = try body(answer)
                return try answer.replacing(only: signed, with: "<s:Body>\(Self.forged)\(signed)</s:Body>")
            } == .reference
        )
    }

    @Test(
        "Two elements with the signed identifier, by whatever attribute",
        arguments: [
            "wsu:Id", "Id", "ID", "id", "xml:id", "x:Id", "iD",
        ]
    )
    func duplicates(attribute: String) throws {
        #expect(
            try code { answer in
                let signed = try body(answer)
                let identifier = try bodyID(answer)
                let declared = "xmlns:x=\"urn:x\" \(Self.wsu) \(attribute)=\"\(identifier)\""
                let wrapped = try answer.replacing(only: signed, with: "<s:Body \(declared)>\(Self.forged)</s:Body>")
                return try wrapped.replacing(
                    only: "</s:Header>",
                    with: "<x:w xmlns:x=\"urn:x\">\(signed)</x:w></s:Header>"
                )
            } == .reference
        )
        // The other way round: a second element, before the good body.
        #expect(
            try code { answer in
                let identifier = try bodyID(answer)
                let declared = "xmlns:x=\"urn:x\" \(Self.wsu) \(attribute)=\"\(identifier)\""
                return try answer.replacing(only: "<s:Header>", with: "<s:Header><x:w \(declared)/>")
            } == .reference
        )
    }

    @Test("The body's identifier by another attribute than wsu:Id", arguments: ["Id", "xml:id", "ID"])
    func otherAttribute(attribute: String) throws {
        #expect(
            try code { answer in
                let identifier = try bodyID(answer)
                return try answer.replacing(only: "wsu:Id=\"\(identifier)\"", with: "\(attribute)=\"\(identifier)\"")
            } == .reference
        )
    }

    @Test("The signed timestamp moved away, and a fresh one in its place")
    func movedTimestamp() throws {
        let late = Sample.now + .seconds(86_400)
        let change: (String) throws -> String = { answer in
            let signed = try answer.between("<wsu:Timestamp", "</wsu:Timestamp>")
            let fresh =
                "<wsu:Timestamp><wsu:Created>2026-03-15T08:15:30Z</wsu:Created><wsu:Expires>2026-03-15T08:20:30Z</wsu:Expires></wsu:Timestamp>"
            let wrapped = try answer.replacing(only: signed, with: fresh)
            return try wrapped.replacing(
                only: "</s:Header>",
                with: "<x:w xmlns:x=\"urn:x\" \(Self.wsu)>\(signed)</x:w></s:Header>"
            )
        }
        #expect(try code(change, at: late) == .reference)
        // As a header block it is signed, but not the timestamp that counts.
        #expect(
            try code(
                { answer in
                    let signed = try answer.between("<wsu:Timestamp", "</wsu:Timestamp>")
                    let wrapped = try answer.replacing(
                        only: signed,
                        with: "<wsu:Timestamp><wsu:Created>2026-03-15T08:15:30Z</wsu:Created></wsu:Timestamp>"
                    )
                    return try wrapped.replacing(
                        only: "</s:Header>",
                        with:
                            "\(signed.replacingOccurrences(of: "<wsu:Timestamp ", with: "<wsu:Timestamp \(Self.wsu) "))</s:Header>"
                    )
                },
                at: late
            ) == .unsigned
        )
    }

    @Test("A signed header block wrapped, and another one in its place")
    func movedHeader() throws {
        #expect(
            try code { answer in
                let signed = try answer.between("<wsa:MessageID", "</wsa:MessageID>")
                return try answer.replacing(only: signed, with: "<x:w xmlns:x=\"urn:x\">\(signed)</x:w>\(Sample.block)")
            } == .reference
        )
        // Beside the signed one.
        #expect(try code { try $0.replacing(only: "</s:Header>", with: "\(Sample.block)</s:Header>") } == .unsigned)
    }

    @Test("A signature over something else only")
    func elsewhere() throws {
        let header = try Sample.signer(parts: [.timestamp])
        let signed = String(decoding: try header.secure(Sample.envelope(), at: Sample.now), as: UTF8.self)
        // Our own signer always signs the body, so that its reference is taken out and the rest is not signed anew.
        let reference = try signed.between("<ds:Reference", "</ds:Reference>")
        let changed = try signed.replacing(only: reference, with: "")
        #expect(
            refusal { _ = try Sample.reader(parts: [.body]).open(Array(changed.utf8), at: Sample.now) }?.code
                == .unsigned
        )
    }

    // MARK: The signature's form

    @Test(
        "References to anything but an element of this message by its name",
        arguments: [
            "", "#", "#xpointer(/)", "#xpointer(id('a'))", "http://127.0.0.1:9/x", "file:///etc/passwd", "cid:x",
            "#a b",
            "#nobody",
        ]
    )
    func references(uri: String) throws {
        #expect(
            try code { answer in
                try answer.replacing(only: "URI=\"#\(try bodyID(answer))\"", with: "URI=\"\(uri)\"")
            } == .reference
        )
        #expect(
            try code { answer in
                try answer.replacing(only: " URI=\"#\(try bodyID(answer))\"", with: "")
            } == .reference
        )
    }

    private static let forms: [(String, String)] = [
        ("xml-exc-c14n#\"/></ds:Transforms>", "xml-exc-c14n#WithComments\"/></ds:Transforms>"),
        (
            "xml-exc-c14n#\"/></ds:Transforms>",
            "xml-exc-c14n#\"/><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/></ds:Transforms>"
        ),
        (
            "<ds:Transforms>",
            "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\" version=\"1.0\"/></ds:Transform>"
        ),
        (
            "<ds:Transforms>",
            "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>false()</ds:XPath></ds:Transform>"
        ),
        ("<ds:Transforms>", "<ds:Transforms><ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"/>"),
        ("<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>", "</ds:Transforms>"),
        ("xmlenc#sha256", "xmldsig#sha1"), ("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-md5"),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        (
            "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
            "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>"
        ),
        ("</ds:Signature>", "<ds:Object/></ds:Signature>"),
        ("</ds:Signature>", "<ds:Object><ds:Manifest/></ds:Object></ds:Signature>"),
    ]

    @Test("Transforms, algorithms and parts that are not accepted", arguments: forms)
    func form(part: String, other: String) throws {
        #expect(
            try code { answer in
                let range = try #require(answer.range(of: part))
                return answer.replacingCharacters(in: range, with: other)
            } == .form
        )
    }

    @Test("A second signature, and a second Security header")
    func doubled() throws {
        #expect(
            try code { answer in
                let signature = try answer.between("<ds:Signature ", "</ds:Signature>")
                return try answer.replacing(only: signature, with: signature + signature)
            } == .form
        )
        for role in ["", " s:actor=\"\"", " s:actor=\"http://schemas.xmlsoap.org/soap/actor/next\""] {
            #expect(
                try code { answer in
                    try answer.replacing(only: "</s:Header>", with: "<wsse:Security \(Self.wsse)\(role)/></s:Header>")
                } == .form
            )
        }
    }

    @Test("A document type, deep nesting, and what is no envelope")
    func envelopes() throws {
        #expect(
            try code {
                "<!DOCTYPE x [<!ENTITY e \"x\">]>" + $0.dropFirst("<?xml version=\"1.0\" encoding=\"UTF-8\"?>".count)
            } == .envelope
        )
        #expect(try code { _ in "<html/>" } == .envelope)
        #expect(try code { _ in "" } == .envelope)
    }

    // MARK: Time

    @Test("A timestamp that has passed, lies in the future, is missing or is none")
    func time() throws {
        #expect(try code({ $0 + "\n" }, at: Sample.now + .seconds(599)) == nil, "skew on top of the validity")
        #expect(try code({ $0 + "\n" }, at: Sample.now + .seconds(601)) == .timestamp)
        #expect(try code({ $0 + "\n" }, at: Timestamp(milliseconds: Sample.now.milliseconds - 299_000)) == nil)
        #expect(try code({ $0 + "\n" }, at: Timestamp(milliseconds: Sample.now.milliseconds - 301_000)) == .timestamp)
        var signer = try Sample.signer()
        signer.validity = nil
        let without = try signer.secure(Sample.envelope(), at: Sample.now)
        #expect(refusal { _ = try Sample.reader().open(without, at: Sample.now) }?.code == .timestamp)
        #expect(throws: Never.self) { try Sample.reader(parts: [.body]).open(without, at: Sample.now) }
        let body = try Sample.signer(parts: [.body]).secure(Sample.envelope(header: ""), at: Sample.now)
        #expect(refusal { _ = try Sample.reader().open(body, at: Sample.now) }?.code == .unsigned)
        #expect(try code { try $0.replacing(only: "2026-03-14T08:15:30.250Z", with: "soon") } == .timestamp)
    }
}
