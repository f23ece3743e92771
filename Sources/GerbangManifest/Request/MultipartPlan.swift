internal import Crypto
internal import GerbangCore
internal import GerbangExpression
internal import HTTPTypes

/// Writes `multipart/form-data` (RFC 7578).
enum MultipartPlan {
    /// One part.
    struct Part: Sendable {
        let name: TextTemplate
        let fileName: TextTemplate?
        let type: TextTemplate?
        let value: Template
        let field: String

        var expressions: [Expression] {
            name.expressions + (fileName?.expressions ?? []) + (type?.expressions ?? []) + value.expressions
        }
    }

    static func write(_ parts: [Part], _ evaluation: inout Evaluation) throws(EvaluationFailure) -> WrittenBody {
        var blocks: [[UInt8]] = []
        for part in parts {
            guard let content = try content(part, &evaluation), let name = try part.name.text(&evaluation) else {
                continue
            }
            var head = "Content-Disposition: form-data; name=\"\(quoted(name))\""
            if let fileName = try part.fileName?.text(&evaluation) { head += "; filename=\"\(quoted(fileName))\"" }
            if let type = try part.type?.text(&evaluation) {
                guard type.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                    throw EvaluationFailure(message: "the type of \(part.field) has characters that it cannot have")
                }
                head += "\r\nContent-Type: \(type)"
            }
            blocks.append(Array("\(head)\r\n\r\n".utf8) + content)
        }
        let boundary = boundary(for: blocks)
        var bytes: [UInt8] = []
        for block in blocks {
            bytes += "--\(boundary)\r\n".utf8
            bytes += block
            bytes += "\r\n".utf8
        }
        bytes += "--\(boundary)--\r\n".utf8
        return WrittenBody(bytes: bytes, headers: [(.contentType, "multipart/form-data; boundary=\(boundary)")])
    }

    private static func content(_ part: Part, _ evaluation: inout Evaluation) throws(EvaluationFailure) -> [UInt8]? {
        if case .expression(let expression) = part.value {
            guard let value = try evaluation.present(expression) else { return nil }
            if case .bytes(let bytes) = value { return bytes }
            return Array(try CELText.text(of: value, field: part.field).utf8)
        }
        return try part.value.text(&evaluation, field: part.field).map { Array($0.utf8) }
    }

    /// A name inside quotes (RFC 7578 §4.2 with the escapes that browsers use).
    private static func quoted(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "%22"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A boundary made from the content, so that the same call always makes the same message, and whoever chooses
    /// the content cannot choose the boundary.
    private static func boundary(for blocks: [[UInt8]]) -> String {
        var hash = SHA256()
        for block in blocks { hash.update(data: block) }
        return "gerbang-\(Hexadecimal.lower(hash.finalize().prefix(16)))"
    }
}
