internal import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

// Messages to and from the agency, as they stand in the protocol: bodies as text where they are UTF-8, in Base64
// otherwise.

extension WireResponse {
    var remoteJSON: JSONValue {
        var object: JSONObject = [
            "status": .number(JSONNumber(status)),
            "headers": .array(headerFields.map { [.string($0.name.rawName), .string($0.value)] }),
        ]
        object.setBody(body)
        return .object(object)
    }
}

extension WireRequest {
    var remoteJSON: JSONValue {
        var object: JSONObject = [
            "method": .string(method.rawValue),
            "path": .array(path.map { .string($0) }),
            "query": .array(query.map { [.string($0.name), .string($0.value)] }),
            "headers": .array(headerFields.map { [.string($0.name.rawName), .string($0.value)] }),
        ]
        object.setBody(body)
        return .object(object)
    }

    /// Reads what an instance made; what is wrong is collected in `reader`.
    init?(_ reader: inout SettingsReader) {
        let method = reader.value("method") { text throws(GerbangError) in
            guard let method = HTTPRequest.Method(rawValue: text) else {
                throw GerbangError(.invalidInput, "must be an HTTP method")
            }
            return method
        }
        let path = reader.texts("path") { text throws(GerbangError) in
            guard !text.isEmpty, text != ".", text != ".." else {
                throw GerbangError(.invalidInput, "must be a segment of a path")
            }
            return text
        }
        let query = Self.pairs(&reader, "query").map { QueryItem($0.0, $0.1) }
        var headerFields = HTTPFields()
        for (name, value) in Self.pairs(&reader, "headers") {
            guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else {
                reader.report("must hold names and values of HTTP header fields", at: "headers")
                continue
            }
            headerFields.append(HTTPField(name: name, value: value))
        }
        let body = reader.body()
        guard let method, let body else { return nil }
        self.init(method: method, path: path ?? [], query: query, headerFields: headerFields, body: body)
    }

    private static func pairs(_ reader: inout SettingsReader, _ key: String) -> [(String, String)] {
        guard let value = reader.optionalJSON(key) else { return [] }
        let pairs = (value.arrayValue ?? [nil]).map { item -> (String, String)? in
            guard let pair = item.arrayValue, pair.count == 2, let name = pair[0].stringValue,
                let value = pair[1].stringValue
            else { return nil }
            return (name, value)
        }
        guard pairs.allSatisfy({ $0 != nil }) else {
            reader.report("must be a list of [name, value]", at: key)
            return []
        }
        return pairs.compactMap(\.self)
    }
}

extension SettingsReader {
    /// `body`, or `bodyBase64`; empty when there is neither.
    fileprivate mutating func body() -> [UInt8]? {
        let text = optionalString("body")
        let encoded = optionalString("bodyBase64")
        guard let encoded else { return Array((text ?? "").utf8) }
        guard text == nil else {
            report("must not stand beside 'body'", at: "bodyBase64")
            return nil
        }
        guard let bytes = Base64.decode(encoded) else {
            report("must be Base64", at: "bodyBase64")
            return nil
        }
        return bytes
    }
}

extension JSONObject {
    fileprivate mutating func setBody(_ body: [UInt8]) {
        guard !body.isEmpty else { return }
        if let text = String(validating: body, as: UTF8.self) {
            self["body"] = .string(text)
        } else {
            self["bodyBase64"] = .string(Base64.encode(body))
        }
    }
}
