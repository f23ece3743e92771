internal import GerbangCore
internal import GerbangExpression
internal import GerbangJSON
internal import HTTPTypes

/// How a message is made from a call.
struct RequestPlan: Sendable {
    /// Input that is not sent but refused.
    struct Refusal: Sendable {
        let condition: Expression
        let error: GerbangError
    }

    /// A part of the path: literal texts and expressions between two slashes.
    struct Segment: Sendable {
        let template: Template
        let field: String
    }

    /// A query parameter or a header field.
    struct Pair<Name: Sendable>: Sendable {
        let name: Name
        let value: Template
        let field: String
    }

    /// What its expressions read.
    var values: ValuePlan
    var inputCheck: InputCheck?
    var refusals: [Refusal] = []
    var method = HTTPRequest.Method.get
    var path: [Segment] = []
    /// Whether a slash follows the path.
    var endsWithSlash = false
    var query: [Pair<TextTemplate>] = []
    var headers: [Pair<HTTPField.Name>] = []
    var body: BodyPlan?

    /// The expressions in it.
    var expressions: [Expression] { refusals.map(\.condition) + sent }

    /// The expressions in what is sent.
    var sent: [Expression] {
        path.flatMap(\.template.expressions) + query.flatMap { $0.name.expressions + $0.value.expressions }
            + headers.flatMap(\.value.expressions) + (body?.expressions ?? [])
    }

    /// Makes the message.
    func message(_ evaluation: inout Evaluation, for call: AdapterCall) throws(GerbangError) -> WireRequest {
        try inputCheck?.check(call.payload)
        evaluation.exact.input = call.payload
        do throws(EvaluationFailure) {
            for refusal in refusals where try evaluation.isTrue(refusal.condition) {
                return try refuse(refusal.error)
            }
            var message = WireRequest(method: method, path: try segments(&evaluation) + (endsWithSlash ? [""] : []))
            for pair in query {
                guard let name = try pair.name.text(&evaluation) else { continue }
                for text in try Self.texts(pair.value, &evaluation, field: pair.field) {
                    message.query.append(WireRequest.QueryItem(name, text))
                }
            }
            if let written = try body?.write(&evaluation, for: call) {
                message.body = written.bytes
                for (name, value) in written.headers { message.headerFields[name] = value }
            }
            for pair in headers {
                guard let text = try pair.value.text(&evaluation, field: pair.field) else { continue }
                message.headerFields[pair.name] = try Self.headerValue(text, field: pair.field)
            }
            return message
        } catch {
            if let refused = error.refusal { throw refused }
            throw GerbangError(.invalidInput, "the input cannot be translated: \(error.message)")
        }
    }

    private func refuse(_ error: GerbangError) throws(EvaluationFailure) -> WireRequest {
        throw EvaluationFailure(message: error.message, refusal: error)
    }

    private func segments(_ evaluation: inout Evaluation) throws(EvaluationFailure) -> [String] {
        var segments: [String] = []
        for segment in path {
            let texts = try Self.texts(segment.template, &evaluation, field: segment.field)
            // An empty part would lead to another resource than the one that was meant.
            guard !texts.isEmpty, !texts.contains("") else {
                throw EvaluationFailure(message: "a part of \(segment.field) is empty")
            }
            segments += texts
        }
        return segments
    }

    /// The texts that a template stands for: several for a list, none where there is no value.
    static func texts(
        _ template: Template,
        _ evaluation: inout Evaluation,
        field: String
    ) throws(EvaluationFailure) -> [String] {
        switch template {
        case .expression(let expression):
            guard let value = try evaluation.present(expression) else { return [] }
            guard case .list(let list) = value else { return [try CELText.text(of: value, field: field)] }
            var texts: [String] = []
            for element in list.elements { texts.append(try CELText.text(of: element, field: field)) }
            return texts
        case .list(let items):
            var texts: [String] = []
            for item in items {
                if let text = try item.text(&evaluation, field: field) { texts.append(text) }
            }
            return texts
        default:
            return try template.text(&evaluation, field: field).map { [$0] } ?? []
        }
    }

    /// A header field's value; it can have neither line breaks nor anything outside printable ASCII.
    private static func headerValue(_ text: String, field: String) throws(EvaluationFailure) -> String {
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 }) else {
            throw EvaluationFailure(message: "\(field) has characters that a header field cannot carry")
        }
        return text
    }
}

/// A body as it is sent, with the header fields that describe it.
struct WrittenBody {
    var bytes: [UInt8]
    var headers: [(HTTPField.Name, String)]
}

/// How a message's body is written.
enum BodyPlan: Sendable {
    case json(Template)
    case form([RequestPlan.Pair<TextTemplate>])
    case multipart([MultipartPlan.Part])
    case text(Template, field: String)
    case xml(XMLPlan)
    case soap(SOAPPlan)
    case contract(ContractPlan)

    /// Writes the body; `nil` when it has no value.
    func write(_ evaluation: inout Evaluation, for call: AdapterCall) throws(EvaluationFailure) -> WrittenBody? {
        switch self {
        case .json(let template):
            guard let value = try template.json(&evaluation) else { return nil }
            return WrittenBody(bytes: value.encoded(), headers: [(.contentType, "application/json")])
        case .form(let pairs):
            var text = ""
            for pair in pairs {
                guard let name = try pair.name.text(&evaluation) else { continue }
                for value in try RequestPlan.texts(pair.value, &evaluation, field: pair.field) {
                    if !text.isEmpty { text += "&" }
                    FormEncoding.append(name, to: &text)
                    text += "="
                    FormEncoding.append(value, to: &text)
                }
            }
            return WrittenBody(
                bytes: Array(text.utf8),
                headers: [(.contentType, "application/x-www-form-urlencoded")]
            )
        case .multipart(let parts):
            return try MultipartPlan.write(parts, &evaluation)
        case .text(let template, let field):
            guard let text = try template.text(&evaluation, field: field) else { return nil }
            return WrittenBody(bytes: Array(text.utf8), headers: [(.contentType, "text/plain; charset=utf-8")])
        case .xml(let plan):
            return WrittenBody(
                bytes: try plan.write(&evaluation),
                headers: [(.contentType, "application/xml; charset=utf-8")]
            )
        case .soap(let plan):
            return try plan.write(&evaluation)
        case .contract(let plan):
            return try plan.write(&evaluation, for: call)
        }
    }

    /// The expressions in it.
    var expressions: [Expression] {
        switch self {
        case .json(let template), .text(let template, _): template.expressions
        case .form(let pairs): pairs.flatMap { $0.name.expressions + $0.value.expressions }
        case .multipart(let parts): parts.flatMap(\.expressions)
        case .xml(let plan): plan.expressions
        case .soap(let plan): plan.expressions
        case .contract(let plan): plan.expressions
        }
    }
}

/// The encoding `application/x-www-form-urlencoded`.
enum FormEncoding {
    /// Appends a text with everything but letters, digits, `-`, `.`, `_` and `~` encoded.
    static func append(_ text: String, to output: inout String) {
        // A dot alone is encoded for paths only.
        if text == "." || text == ".." { output += text } else { PercentEncoding.append(text, to: &output) }
    }

    /// Reads pairs; a name that comes again keeps its first value.
    static func parse(_ bytes: [UInt8]) -> [(String, String)] {
        var pairs: [(String, String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = decoded(parts[0])
            guard !pairs.contains(where: { $0.0 == name }) else { continue }
            pairs.append((name, parts.count > 1 ? decoded(parts[1]) : ""))
        }
        return pairs
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex,
                let high = Hexadecimal.value(of: bytes[index + 1]), let low = Hexadecimal.value(of: bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
