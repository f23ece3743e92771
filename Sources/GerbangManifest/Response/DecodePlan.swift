internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import GerbangXML
internal import HTTPTypes

/// How an answer's bytes become the value `body`: steps, each of which takes what the one before it made.
struct DecodePlan: Sendable {
    /// A step.
    indirect enum Step: Sendable {
        /// JSON text.
        case json
        /// A form's pairs, as a map of texts.
        case form
        /// UTF-8 text.
        case text
        /// Bytes.
        case binary
        /// The root part of a multipart answer; anything else as it is.
        case multipart
        /// Values picked out of an XML document.
        case xml(XMLPick)
        /// The output, header blocks or fault of a SOAP message, by the operation's contract.
        case contract(Contract)
        /// Member names of JSON in upper or lower case, without spaces around them.
        case names(NameCase)
        case base64
        case hex
        case aesCBC(key: Expression, iv: Expression)
        case lzString
        /// Decompressed bytes.
        case inflate(Inflation.Form)
        /// Steps applied to the member of JSON at a place, where the condition holds.
        ///
        /// The condition reads the member as the variable at `place`.
        case at(JSONPointer, condition: Expression?, place: Int, [Step])
    }

    enum NameCase: Sendable {
        case upper, lower
    }

    /// The largest text that decompressing may make, in UTF-16 code units.
    static let maximumText = 16 << 20

    /// What conditions read beside all else: the member that the steps may be applied to.
    static let variables: [(key: String, value: CELType)] = [("value", .dyn)]

    let steps: [Step]

    /// What stands between two steps.
    enum Content {
        /// The body as it came, or a part of it.
        case received([UInt8], contentType: String, isSuccess: Bool)
        case bytes([UInt8])
        case text(String)
        case json(JSONValue)
        case value(CELValue)
    }

    /// Decodes the answer to a call.
    ///
    /// - Throws: ``EvaluationFailure`` that says which step failed, without content.
    func value(
        of response: WireResponse,
        to call: AdapterCall,
        _ evaluation: inout Evaluation
    ) throws(EvaluationFailure) -> CELValue {
        var content = Content.received(
            response.body,
            contentType: response.headerFields[.contentType] ?? "",
            isSuccess: (200..<300).contains(response.status)
        )
        for step in steps { content = try step.apply(to: content, of: call, &evaluation) }
        if case .json(let json) = content { evaluation.exact.body = json }
        return content.value
    }

    /// The expressions in it.
    var expressions: [Expression] { steps.flatMap(\.expressions) }

    /// Whether values are picked out of XML.
    var hasXML: Bool {
        steps.contains { if case .xml = $0 { true } else { false } }
    }
}

extension DecodePlan.Content {
    /// The content as a value of expressions.
    var value: CELValue {
        switch self {
        case .bytes(let bytes), .received(let bytes, _, _): .bytes(bytes)
        case .text(let text): .string(text)
        case .json(let json): CELValue(json)
        case .value(let value): value
        }
    }

    /// The content as bytes.
    func bytes(_ step: String) throws(EvaluationFailure) -> [UInt8] {
        switch self {
        case .bytes(let bytes), .received(let bytes, _, _): return bytes
        case .text(let text), .json(.string(let text)): return Array(text.utf8)
        default: throw EvaluationFailure(message: "\(step) needs text or bytes")
        }
    }

    /// The content as JSON.
    var json: JSONValue? {
        switch self {
        case .json(let json): json
        case .text(let text): .string(text)
        case .bytes, .received, .value: nil
        }
    }

    /// The content type of what has not been decoded yet.
    var contentType: String {
        if case .received(_, let contentType, _) = self { contentType } else { "" }
    }

    /// Whether it came with an HTTP status of success; of what has been decoded nobody asks.
    var isSuccess: Bool {
        if case .received(_, _, let isSuccess) = self { isSuccess } else { true }
    }
}

extension DecodePlan.Step {
    var expressions: [Expression] {
        switch self {
        case .aesCBC(let key, let iv): [key, iv]
        case .at(_, let condition, _, let steps): (condition.map { [$0] } ?? []) + steps.flatMap(\.expressions)
        default: []
        }
    }

    fileprivate func apply(
        to content: DecodePlan.Content,
        of call: AdapterCall,
        _ evaluation: inout Evaluation
    ) throws(EvaluationFailure) -> DecodePlan.Content {
        switch self {
        case .json: return .json(try Self.json(content.bytes("json")))
        case .form:
            let pairs = FormEncoding.parse(try content.bytes("form"))
            return .json(.object(JSONObject(uniqueKeysWithValues: pairs.map { ($0.0, .string($0.1)) })))
        case .text:
            guard let text = String(validating: try content.bytes("text"), as: UTF8.self) else {
                throw EvaluationFailure(message: "the answer is not UTF-8 text")
            }
            return .text(text)
        case .binary: return .bytes(try content.bytes("binary"))
        case .multipart:
            let type = MediaType(content.contentType)
            guard type.essence.hasPrefix("multipart/") else { return content }
            let part = try MultipartMessage.Part.root(of: content.bytes("multipart"), type: type)
            return .received(part.body, contentType: part.contentType, isSuccess: content.isSuccess)
        case .xml(let pick):
            let charset = MediaType(content.contentType).parameters["charset"]
            return .value(try pick.value(parsing: content.bytes("xml"), charset: charset))
        case .contract(let contract):
            let bytes = try content.bytes("contract")
            let answer = try contract.answer(
                bytes,
                contentType: content.contentType,
                isSuccess: content.isSuccess,
                to: call
            )
            return .json(answer)
        case .names(let form):
            guard let json = content.json else { throw EvaluationFailure(message: "names needs JSON before it") }
            return .json(NameFolding.fold(json, form))
        case .base64:
            guard let bytes = LenientBase64.decode(try content.bytes("base64")) else {
                throw EvaluationFailure(message: "the answer is not base64")
            }
            return .bytes(bytes)
        case .hex:
            let digits = try content.bytes("hex").map { Hexadecimal.value(of: $0) }
            guard digits.count % 2 == 0, !digits.contains(nil) else {
                throw EvaluationFailure(message: "the answer is not hexadecimal")
            }
            let values = digits.compactMap(\.self)
            return .bytes(stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] })
        case .aesCBC(let key, let iv):
            let bytes = try BlockCipher.decrypt(
                content.bytes("aesCBC"),
                key: try Self.bytes(key, &evaluation),
                iv: try Self.bytes(iv, &evaluation)
            )
            return .bytes(bytes)
        case .inflate(let form):
            return .bytes(try Inflation.inflate(content.bytes("\(form)"), form))
        case .lzString:
            do throws(LZString.Malformed) {
                return .text(try LZString.decompress(content.bytesOrNone, maximum: DecodePlan.maximumText))
            } catch {
                throw EvaluationFailure(message: "the answer is not LZString text")
            }
        case .at(let pointer, let condition, let place, let steps):
            return try Self.apply(
                steps,
                at: pointer,
                condition.map { ($0, place) },
                to: content,
                of: call,
                &evaluation
            )
        }
    }

    private static func apply(
        _ steps: [Self],
        at pointer: JSONPointer,
        _ condition: (expression: Expression, place: Int)?,
        to content: DecodePlan.Content,
        of call: AdapterCall,
        _ evaluation: inout Evaluation
    ) throws(EvaluationFailure) -> DecodePlan.Content {
        guard case .json(var json) = content else { throw EvaluationFailure(message: "'at' needs JSON before it") }
        guard let member = json[pointer] else { return content }
        if let condition {
            evaluation.bind(condition.place, CELValue(member))
            guard try evaluation.isTrue(condition.expression) else { return content }
        }
        var inner = DecodePlan.Content.json(member)
        for step in steps { inner = try step.apply(to: inner, of: call, &evaluation) }
        let replacement: JSONValue
        switch inner {
        case .json(let value): replacement = value
        case .text(let text): replacement = .string(text)
        case .bytes, .received, .value:
            throw EvaluationFailure(message: "the steps below 'at' must end with text or JSON")
        }
        json = Self.replacing(pointer.tokens[...], in: json, with: replacement)
        return .json(json)
    }

    private static func replacing(_ tokens: ArraySlice<String>, in value: JSONValue, with other: JSONValue) -> JSONValue
    {
        guard let token = tokens.first else { return other }
        if var object = value.objectValue, let member = object[token] {
            object[token] = replacing(tokens.dropFirst(), in: member, with: other)
            return .object(object)
        }
        if var array = value.arrayValue, let index = Int(token), array.indices.contains(index) {
            array[index] = replacing(tokens.dropFirst(), in: array[index], with: other)
            return .array(array)
        }
        return value
    }

    private static func json(_ bytes: [UInt8]) throws(EvaluationFailure) -> JSONValue {
        guard !bytes.isEmpty else { throw EvaluationFailure(message: "the body is empty") }
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            let isMarkup = bytes.first { $0 > 0x20 } == UInt8(ascii: "<")
            throw EvaluationFailure(
                message: isMarkup ? "markup instead of JSON" : "not JSON (\(error.code) at byte \(error.offset))"
            )
        }
    }

    private static func bytes(
        _ expression: Expression,
        _ evaluation: inout Evaluation
    ) throws(EvaluationFailure) -> [UInt8] {
        switch try evaluation.value(expression) {
        case .bytes(let bytes): return bytes
        case .string(let text): return Array(text.utf8)
        default: throw EvaluationFailure(message: "\(expression.field) is neither bytes nor text")
        }
    }
}

extension DecodePlan.Content {
    /// The bytes, or none where there are none.
    fileprivate var bytesOrNone: [UInt8] { (try? bytes("")) ?? [] }
}

/// Member names without differences of case and of spaces around them.
enum NameFolding {
    static func fold(_ value: JSONValue, _ form: DecodePlan.NameCase) -> JSONValue {
        switch value {
        case .object(let object):
            var folded = JSONObject()
            for (name, member) in object {
                let name = fold(name, form)
                // Of names that become one, the first counts.
                if folded[name] == nil { folded[name] = fold(member, form) }
            }
            return .object(folded)
        case .array(let items): return .array(items.map { fold($0, form) })
        default: return value
        }
    }

    private static func fold(_ name: String, _ form: DecodePlan.NameCase) -> String {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): form == .upper
            case UInt8(ascii: "a")...UInt8(ascii: "z"): form == .lower
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
        guard !isPlain else { return name }
        let trimmed = name.drop { $0.isWhitespace }
        let end = trimmed.lastIndex { !$0.isWhitespace }.map { trimmed.index(after: $0) } ?? trimmed.endIndex
        return form == .upper ? trimmed[..<end].uppercased() : trimmed[..<end].lowercased()
    }
}
