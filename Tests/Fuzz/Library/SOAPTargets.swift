internal import FoundationEssentials
internal import GerbangCore
internal import GerbangJSON
internal import GerbangSOAP

/// The seeds that the targets for SOAP begin with: the project's own descriptions.
private enum SOAPSeeds {
    static func files(_ projectRoot: String) -> [[UInt8]] {
        let folder = "\(projectRoot)/Tests/GerbangSOAPTests/Fixtures"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".wsdl") }.sorted().compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { Array($0) }
        }
    }

    static let mutation = Mutation(pieces: [
        "<", ">", "/>", "</", "=\"", "\"", "&amp;", "&lt;", "&#x0;", "&#10;", "]]>", "<![CDATA[", "<!--", "-->",
        "<?x?>",
        "<!DOCTYPE x [<!ENTITY e \"x\">]>", "&e;", "xmlns=\"\"", "xmlns:t=\"urn:u\"", "xs:", "t:", "name=\"a\"",
        "type=\"t:a\"", "ref=\"t:a\"", "base=\"t:a\"", "minOccurs=\"0\"", "maxOccurs=\"unbounded\"",
        "maxOccurs=\"99999\"",
        "<xs:sequence>", "</xs:sequence>", "<xs:choice maxOccurs=\"9\">", "</xs:choice>", "<xs:any/>",
        "abstract=\"true\"",
        "<xs:restriction base=\"t:a\">", "<xs:extension base=\"t:a\">", "<xs:pattern value=\"(a{0,9}){0,9}\"/>",
        "<xs:pattern value=\"[^a]*[^b]\"/>", "\\P{Ll}", "\\w?\\d", "[a-z-[^b]]", "{2,3}",
        "<xs:include schemaLocation=\"a.wsdl\"/>", "<xs:redefine schemaLocation=\"a.wsdl\">",
        "substitutionGroup=\"t:a\"",
        "mixed=\"true\"", "nillable=\"true\"", "xsi:type=\"t:a\"", "xsi:nil=\"true\"", "use=\"encoded\"", "0", "-1",
        "1e999", "\u{0}", "\u{FEFF}", "é", "😀", " ", "\n", "\t",
    ])
}

/// The reader of descriptions: mistakes are errors with a code, and what loads has samples that go out and come back.
package struct WSDLTarget: FuzzTarget {
    package let name = "wsdl"

    private let seeds: [[UInt8]]

    package init(projectRoot: String) {
        seeds = SOAPSeeds.files(projectRoot)
    }

    package func input(_ random: inout SplitMix64) -> [UInt8] {
        SOAPSeeds.mutation.mutate(seeds.randomElement(using: &random) ?? [], &random)
    }

    package func run(_ input: [UInt8]) throws -> Bool {
        do throws(SOAPError) {
            let wsdl = try WSDL.load(files: ["a.wsdl": input], root: "a.wsdl")
            for check in wsdl.check() {
                // A damaged description may have no sample, or a fault without content; a sample that does not come back
                // is a finding.
                guard let failure = check.failure, ![.sample, .envelope, .notFound].contains(failure.code) else {
                    continue
                }
                throw Mismatch.error(check, failure)
            }
            return true
        } catch {
            if let finding = Mismatch.finding(error) { throw finding }
            guard error.line.map({ $0 >= 1 }) ?? true, !error.message.isEmpty else {
                throw Finding("a mistake outside of the text")
            }
            return false
        }
    }

    /// Carries a finding through code that throws errors of one type.
    private enum Mismatch {
        private static let mark = SOAPError.Code("fuzz.finding")

        static func error(_ check: ContractCheck, _ failure: SOAPError) -> SOAPError {
            SOAPError(mark, "\(check.operation) \(check.kind): \(failure)")
        }

        static func finding(_ error: SOAPError) -> Finding? {
            error.code == mark ? Finding(error.message) : nil
        }
    }
}

/// The reader of messages: what is read is written and read again as the same.
package struct MessageTarget: FuzzTarget {
    package let name = "soap"

    private let seeds: [(operation: SOAPOperation, bytes: [UInt8])]

    package init(projectRoot: String) {
        let descriptions = SOAPSeeds.files(projectRoot).compactMap { file in
            try? WSDL.load(files: ["a.wsdl": file], root: "a.wsdl")
        }
        seeds = descriptions.flatMap(\.operations).compactMap { operation in
            guard let sample = try? operation.sample(.input), let bytes = try? operation.encodeRequest(sample) else {
                return nil
            }
            return (operation: operation, bytes: bytes)
        }
    }

    package func input(_ random: inout SplitMix64) -> [UInt8] {
        guard !seeds.isEmpty else { return [] }
        let number = Int.random(in: 0..<seeds.count, using: &random)
        return [UInt8(number & 255), UInt8(number >> 8)] + SOAPSeeds.mutation.mutate(seeds[number].bytes, &random)
    }

    package func run(_ input: [UInt8]) throws -> Bool {
        guard input.count >= 2, !seeds.isEmpty else { return false }
        let operation = seeds[(Int(input[0]) | Int(input[1]) << 8) % seeds.count].operation
        let message = Array(input.dropFirst(2))
        // Without validation the reader has to look after itself; with it, it must take whatever is valid.
        _ = try? operation.decodeRequest(message, isValidated: false)
        _ = try? operation.decodeResponse(message, isValidated: false)
        let content: SOAPOperation.Content
        do throws(SOAPError) { content = try operation.decodeRequest(message) } catch { return false }
        guard operation.input?.isEncoded == false else { return true }
        do throws(SOAPError) {
            let again = try operation.encodeRequest(content.body, headers: content.headers, addressing: .none)
            guard try operation.decodeRequest(again).body == content.body else {
                throw SOAPError(.json, "the JSON of a message that was written again differs")
            }
        } catch {
            throw Finding("\(operation.name): a message that was read cannot be written: \(error)")
        }
        try readDocuments(message, operation.reading(documents: .xml))
        return true
    }
}

extension MessageTarget {
    /// The same with documents as their text; a namespace name that cannot be written is no finding.
    private func readDocuments(_ message: [UInt8], _ operation: SOAPOperation) throws {
        guard let content = try? operation.decodeRequest(message) else { return }
        // A processing instruction is read, so that a signature over it holds; to write one is forbidden by SOAP.
        guard !(content.body.text() + content.headers.text()).contains("<?") else { return }
        do throws(SOAPError) {
            let again = try operation.encodeRequest(content.body, headers: content.headers, addressing: .none)
            guard try operation.decodeRequest(again).body == content.body else {
                throw SOAPError(.json, "the JSON of a message that was written again differs")
            }
        } catch {
            throw Finding("\(operation.name): documents that were read cannot be written: \(error)")
        }
    }
}

/// The reader of multipart messages: what it gives lies within the message.
package struct MultipartTarget: FuzzTarget {
    package let name = "mime"

    package init() {}

    private static let seeds: [[UInt8]] = [
        "--b\r\nContent-Type: text/xml\r\nContent-ID: <r>\r\n\r\n<a/>\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nQUI=\r\n--b--\r\n",
        "x\n--b\n\nplain\n--b \nContent-Transfer-Encoding: quoted-printable\n\na=3Db=\n\n--b--",
    ].map { Array($0.utf8) }

    private static let mutation = Mutation(pieces: [
        "--b", "--b--", "\r\n", "\n", "\r", "--", "-", ":", ";", " ", "\t", "=", "=3D", "=\r\n", "Content-ID: <r>",
        "Content-Type: multipart/mixed; boundary=b", "Content-Transfer-Encoding: base64", "\"", "\\", "\u{0}", "é",
        "==",
    ])

    private static let types = [
        "multipart/related; boundary=b", "multipart/related; boundary=\"b\"; start=\"<r>\"",
        "multipart/related; boundary=",
    ]

    package func input(_ random: inout SplitMix64) -> [UInt8] {
        // The type, and how the message is cut.
        let form = UInt8.random(in: 0...UInt8.max, using: &random)
        return [form] + Self.mutation.mutate(Self.seeds.randomElement(using: &random) ?? [], &random)
    }

    package func run(_ input: [UInt8]) throws -> Bool {
        guard let first = input.first else { return false }
        let body = Array(input.dropFirst())
        let type = MediaType(Self.types[Int(first) % 16 % Self.types.count])
        _ = MediaType(String(decoding: body, as: UTF8.self))
        let message: MultipartMessage
        do throws(MultipartError) { message = try MultipartMessage(parsing: body, type: type) } catch { return false }
        guard message.parts.reduce(0, { $0 + $1.body.count }) <= body.count else {
            throw Finding("the parts are larger than the message")
        }
        for part in message.parts { _ = try? part.content() }
        guard Self.piecewise(body, type, step: Int(first) / 16 + 1) == message.parts else {
            throw Finding("the message reads otherwise when it comes in pieces")
        }
        let contents = message.parts.map { Array($0.body) }
        let parts = contents.map { MultipartMessage.Content(type: "text/plain", identifier: "p", bytes: $0) }
        let written = MultipartMessage.related(root: parts[0], parts: Array(parts.dropFirst()))
        let again = try? MultipartMessage(
            parsing: written.body.bytesInMemory ?? [],
            type: MediaType(written.contentType)
        )
        guard again?.parts.map({ Array($0.body) }) == contents else {
            throw Finding("the parts do not come back from a message that was written")
        }
        return true
    }

    private static func piecewise(_ body: [UInt8], _ type: MediaType, step: Int) -> [MultipartMessage.Part]? {
        guard var reader = try? MultipartReader(type: type) else { return nil }
        var parts: [MultipartMessage.Part] = []
        var part = MultipartMessage.Part(body: [])
        var rest = body[...]
        var isOpen = true
        while isOpen {
            isOpen = !rest.isEmpty
            guard let events = try? isOpen ? reader.read(Array(rest.prefix(step))) : reader.finish() else { return nil }
            rest = rest.dropFirst(step)
            for event in events {
                switch event {
                case .part(let fields): part = MultipartMessage.Part(fields: fields, body: [])
                case .content(let bytes): part.body += bytes
                case .partEnd: parts.append(part)
                }
            }
        }
        return parts
    }
}
