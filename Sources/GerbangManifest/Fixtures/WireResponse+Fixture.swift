package import GerbangCore
internal import GerbangJSON
internal import HTTPTypes

extension WireResponse {
    /// Reads an agency's answer as examples write it: `{status, headers, json | text | base64}`.
    package init?(fixture reader: inout SettingsReader) {
        let status = reader.int("status", in: 100...599, default: 200)
        var fields = HTTPFields()
        for (name, value) in reader.optionalJSON("headers")?.objectValue ?? [:] {
            guard let name = HTTPField.Name(name), let value = value.stringValue ?? value.numberValue?.text else {
                reader.report("must be names and texts", at: "headers")
                continue
            }
            fields[name] = value
        }
        var body: [UInt8] = []
        if let json = reader.optionalJSON("json") {
            body = json.encoded()
        } else if let text = reader.optionalString("text") {
            body = Array(text.utf8)
        } else if let base64 = reader.optionalString("base64") {
            guard let bytes = LenientBase64.decode(Array(base64.utf8)) else {
                reader.report("must be base64", at: "base64")
                return nil
            }
            body = bytes
        }
        for key in ["json", "text", "base64"] { _ = reader.optionalJSON(key) }
        self.init(status: status, headerFields: fields, body: body)
    }
}
