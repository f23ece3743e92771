internal import GerbangCore
internal import GerbangJSON

/// Reading the answer to `CALL_VERIFY_BY_ELEMEN`.
extension CivilRegistry {
    /// The comparison of every element that was asked about.
    ///
    /// An element that the answer leaves out, as when the institution has no right to it, is neither equal nor
    /// different: it is listed as unanswered, and the whole does not match. Only the NIK may be left out, since an
    /// answer is always about the NIK that was asked for.
    func comparison(in record: RegistryRecord, for call: AdapterCall) -> Verdict {
        var elements: JSONObject = [:]
        var unanswered: [JSONValue] = []
        var matches = true
        for element in VerifyInput.askedElements(of: call.payload) {
            if let comparison = Comparison(record.text(element.wireName)) {
                elements[element.rawValue] = comparison.json
                matches = matches && comparison.matches
            } else if element != .nik {
                unanswered.append(.string(element.rawValue))
            }
        }
        let notice = record.notice
        guard !elements.isEmpty || notice != nil else {
            return call.unreadable("the answer compares none of the elements that were asked about")
        }
        var output: JSONObject = ["matches": .bool(matches && unanswered.isEmpty), "elements": .object(elements)]
        if !unanswered.isEmpty { output["unanswered"] = .array(unanswered) }
        if let notice { output["notices"] = [.string(notice)] }
        return .succeeded(output: .object(output))
    }
}

/// The registry's word on one element: `Sesuai` or `Tidak Sesuai`, for some elements with a similarity in percent.
struct Comparison {
    var matches: Bool
    /// Percent, 0 to 100.
    var similarity: Int?

    /// Reads `Sesuai`, `Tidak Sesuai` and `Sesuai (95)`, whatever their case and spaces; `nil` for anything else.
    init?(_ text: String?) {
        guard let text else { return nil }
        let parts = text.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
        switch parts[0].lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ") {
        case "sesuai": matches = true
        case "tidak sesuai": matches = false
        default: return nil
        }
        guard parts.count == 2 else { return }
        guard let end = parts[1].firstIndex(of: ")"), parts[1][end...].dropFirst().allSatisfy(\.isWhitespace) else {
            return nil
        }
        let digits = parts[1][..<end].filter { !$0.isWhitespace && $0 != "%" }
        similarity = Int(digits).flatMap { (0...100).contains($0) ? $0 : nil }
    }

    var json: JSONValue {
        var object: JSONObject = ["matches": .bool(matches)]
        object["similarity"] = similarity.map { .number(JSONNumber($0)) }
        return .object(object)
    }
}
