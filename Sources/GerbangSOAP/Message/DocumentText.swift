internal import GerbangJSON
internal import GerbangXML

/// How an element that stands for a wildcard is given when a message is read.
public enum SOAPDocuments: String, Sendable, Hashable {
    /// As JSON under the element's name, without its prefixes.
    case json
    /// As its text, `{"#xml": "<…>"}`, so that a signature over it stays valid.
    case xml
}

/// A document that stands for a wildcard as text.
struct DocumentText {
    /// The member that has the text.
    static let key = "#xml"

    let name: XMLName
    /// The text of the element alone, as it was given.
    let bytes: [UInt8]

    /// Takes the element out of a text, which must be one well-formed document and no more.
    ///
    /// As its own prefixes are all declared in it, it means within a message what it means alone.
    init(_ text: String) throws(SOAPError) {
        let bytes = Array(text.utf8)
        let document: XMLDocument
        do throws(XMLError) {
            document = try XMLDocument(parsing: bytes, limits: SOAPOperation.ownLimits, charset: "utf-8")
        } catch {
            throw MessageEncoder.error(error.message)
        }
        name = document.root.name
        var scanner = MarkupScanner(bytes)
        guard let range = scanner.root() else { throw MessageEncoder.error("It must be one element.") }
        guard !scanner.hasInstruction else {
            throw MessageEncoder.error("SOAP messages have no processing instructions.")
        }
        var waiting = [document.root]
        while let element = waiting.popLast() {
            // It would be replaced by an attachment on its way.
            guard !element.isNamed("Include", namespace: Namespaces.xop) else {
                throw MessageEncoder.error("The document may not have an xop:Include in it.")
            }
            waiting += element.children
        }
        self.bytes = Array(bytes[range])
    }

    /// The JSON of an element.
    static func json(_ element: XMLElement) throws(SOAPError) -> JSONValue {
        do throws(XMLError) {
            return .object([key: .string(String(decoding: try element.extracted(), as: UTF8.self))])
        } catch {
            throw SOAPError(.xml, error.message, line: element.line)
        }
    }
}

/// Finds the root element in a text that is known to be well-formed and to have no document type.
private struct MarkupScanner {
    private let bytes: [UInt8]
    private var position = 0
    /// Whether there is a processing instruction in the root element.
    private(set) var hasInstruction = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func root() -> Range<Int>? {
        var depth = 0
        var start: Int?
        while let next = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = next
            if isNext("<!--") {
                skip(past: "-->", from: 4)
            } else if isNext("<![CDATA[") {
                skip(past: "]]>", from: 9)
            } else if isNext("<?") {
                if depth > 0 { hasInstruction = true }
                skip(past: "?>", from: 2)
            } else if isNext("</") {
                skip(past: ">", from: 2)
                depth -= 1
            } else {
                if start == nil { start = next }
                if !skipTag() { depth += 1 }
            }
            if depth == 0, let start { return start..<position }
        }
        return nil
    }

    private func isNext(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private mutating func skip(past end: String, from offset: Int) {
        position = min(bytes.count, position + offset)
        let first = end.utf8.first
        while position < bytes.count, bytes[position] != first || !isNext(end) { position += 1 }
        position = min(bytes.count, position + end.utf8.count)
    }

    /// Goes behind a start tag; gives whether it is an empty element's.
    private mutating func skipTag() -> Bool {
        var quote: UInt8?
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                return bytes[position - 2] == UInt8(ascii: "/")
            }
        }
        return false
    }
}
