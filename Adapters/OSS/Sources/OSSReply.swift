internal import GerbangJSON

/// What stands in the body of an answer, before it is judged.
enum OSSReply {
    /// An answer to the method that was called, with its code.
    case answer(OSSAnswer)
    /// Not an answer to it.
    case unreadable(String)

    /// Reads a body: one object around the answer, whose name is spelt in several ways.
    init(_ body: [UInt8], to method: OSSMethod) {
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
        guard let outer = LenientText.object(of: value).map(OSSRecord.init) else {
            self = .unreadable("JSON without an answer")
            return
        }
        guard let record = method.wrapperNames.lazy.compactMap({ outer.record($0) }).first else {
            self = .unreadable("JSON without an answer to \(method.rawValue)")
            return
        }
        guard let code = LenientText.code(record.text("kode") ?? record.text("status")) else {
            self = .unreadable("an answer without a code")
            return
        }
        self = .answer(OSSAnswer(code: code, record: record))
    }
}

/// An answer with its code.
struct OSSAnswer {
    /// The code as it was sent.
    var code: String
    var record: OSSRecord

    /// What the code means; `nil` when it is not in the table.
    var meaning: ReplyCode? { ReplyCode(rawValue: code) }

    /// The explanation in lower case with single spaces. It may name people, so it is compared and never kept.
    private var explanation: String {
        (record.text("keterangan") ?? "").lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Whether it says that there is no such record; a missing parameter or service is something else.
    var saysUnknownRecord: Bool {
        guard meaning == .invalid || meaning == .notFound else { return false }
        let text = explanation
        return (text.contains("tidak ditemukan") || text.contains("tidak terdaftar"))
            && !["parameter", "service", "layanan", "field"].contains { text.contains($0) }
    }

    /// Whether it says that the system already has this.
    var saysDuplicate: Bool {
        guard meaning != .success else { return false }
        let text = explanation
        return ["sudah ada", "sudah pernah", "sudah dikirim", "duplikat", "duplicate"].contains { text.contains($0) }
    }
}

/// The codes of answers (guide, Lampiran 9); the raw value is the code as text.
enum ReplyCode: String, CaseIterable {
    case success = "200"
    case invalid = "400"
    case unknownUser = "401"
    case illegalAccess = "403"
    case notFound = "404"
    case accessDenied = "405"
    case processingFailed = "500"
    case timeout = "504"
}

/// One object of an answer; names are compared in lower case and without spaces around them.
struct OSSRecord {
    private let members: [String: JSONValue]

    init(_ object: JSONObject) {
        var members = [String: JSONValue](minimumCapacity: object.count)
        for (key, value) in object {
            let name = LenientText.trimmed(key).lowercased()
            if members[name] == nil { members[name] = value }
        }
        self.members = members
    }

    /// The member as text: a string without spaces around it, or a number's digits; `nil` when empty.
    func text(_ name: String) -> String? { LenientText.text(of: members[name]) }

    /// The member as an object, also when it stands alone in an array.
    func record(_ name: String) -> OSSRecord? { LenientText.object(of: members[name]).map(OSSRecord.init) }

    /// The objects of a list; an object in place of a list counts as one, anything else as none.
    func records(_ name: String) -> [OSSRecord] {
        let objects = members[name]?.arrayValue?.compactMap(\.objectValue) ?? members[name]?.objectValue.map { [$0] }
        return (objects ?? []).map(OSSRecord.init)
    }
}
