internal import GerbangJSON

/// What stands in the body of an answer, before it is judged.
enum RegistryReply {
    /// A record, which may carry an error or a remark instead of data or beside it, and what follows it.
    case records(RegistryRecord, others: [RegistryRecord])
    /// A page that states that it has no element.
    case emptyPage
    /// Not an answer of the registry.
    case unreadable(String)

    /// Reads a body: a page whose `content` is an array or an object, or without the page around it.
    init(_ body: [UInt8]) {
        guard !body.isEmpty else {
            self = .unreadable("the body is empty")
            return
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: body)
        } catch {
            let isMarkup = body.first { $0 > 0x20 } == UInt8(ascii: "<")
            self = .unreadable(isMarkup ? "markup instead of JSON" : "not JSON (\(error.code) at byte \(error.offset))")
            return
        }
        let page = value.objectValue.map(RegistryRecord.init)
        let content = page?["CONTENT"] ?? value
        let objects = content.arrayValue.map { $0.compactMap(\.objectValue) } ?? content.objectValue.map { [$0] } ?? []
        let records = objects.map(RegistryRecord.init).filter { !$0.isEmpty }
        if let first = records.first {
            self = .records(first, others: Array(records.dropFirst()))
        } else if content.arrayValue?.isEmpty == true, page?.statesNoElements == true {
            self = .emptyPage
        } else {
            self = .unreadable("JSON without a record")
        }
    }
}

/// One object of an answer; names are compared in upper case and without spaces around them.
struct RegistryRecord {
    /// What an object says beside its data.
    enum Statement {
        /// A code of the table, or a sentence that means one.
        case code(ResponseCode)
        /// A code that is not in the table.
        case unknownCode(String)
        /// A sentence that is not known, without a code.
        case unknownText
        /// Nothing: the object is plain data.
        case silent
    }

    private let members: [String: JSONValue]

    init(_ object: JSONObject) {
        var members = [String: JSONValue](minimumCapacity: object.count)
        for (key, value) in object {
            let name = LenientText.memberName(key)
            if members[name] == nil { members[name] = value }
        }
        self.members = members
    }

    var isEmpty: Bool { members.isEmpty }

    subscript(name: String) -> JSONValue? { members[name] }

    /// The member as text: a string without spaces around it, or a number's digits; `nil` when empty.
    func text(_ name: String) -> String? { LenientText.text(of: members[name]) }

    /// Whether a page's counters say that it is empty.
    var statesNoElements: Bool {
        text("TOTALELEMENTS") == "0" || text("NUMBEROFELEMENTS") == "0"
    }

    var statement: Statement {
        if let text = text("RESPONSE_CODE"), let statement = Self.statement(ofCode: text) { return statement }
        let sentences = ["RESPONSE_DESC", "RESPON", "RESPONSE"].compactMap { text($0) }
        guard !sentences.isEmpty else { return .silent }
        let code = sentences.lazy.compactMap { ResponseCode(sentence: $0) }.first
        return code.map { .code($0) } ?? .unknownText
    }

    /// What the registry remarks about the person, by its name in the service's output.
    var notice: String? {
        if case .code(let code) = statement { code.notice } else { nil }
    }

    /// Only a short code is kept: anything longer could be anything, a citizen's data included.
    private static func statement(ofCode text: String) -> Statement? {
        let padded = text.utf8.count == 1 ? "0" + text : text
        if let code = ResponseCode(rawValue: padded) { return .code(code) }
        let isCode =
            padded.utf8.count <= 4 && padded.utf8.allSatisfy { Characters.isDigit($0) || Characters.isLetter($0) }
        return isCode ? .unknownCode(padded) : nil
    }
}
