internal import GerbangJSON

/// What the security schemes of a document become.
struct OpenAPIAuthentication {
    /// The manifest's `authentication`.
    private(set) var schemes: [JSONValue] = []
    /// The settings that they need.
    private(set) var settings = JSONObject()
    private(set) var requiredSettings: [String] = []
    /// Query parameters that carry a key.
    private(set) var query = JSONObject()
    private(set) var notes: [ImportNote] = []

    /// Reads what `operation` needs: the first of its alternatives, or of the document's.
    init(_ document: OpenAPIDocument, for operation: OpenAPIDocument.Operation) {
        let own = operation.value["security"]
        let place = own == nil ? JSONPointer(tokens: ["security"]) : operation.pointer.appending("security")
        let alternatives = (own ?? document.root["security"])?.arrayValue ?? []
        guard let chosen = alternatives.first?.objectValue else { return }
        if alternatives.count > 1 {
            note(
                place,
                "the first of \(alternatives.count) alternatives is taken: \(chosen.keys.joined(separator: " and "))"
            )
        }
        for (name, scopes) in chosen {
            let pointer = JSONPointer(tokens: ["components", "securitySchemes", name])
            guard let raw = document.root[pointer] else {
                note(place, "there is no security scheme called '\(name)'")
                continue
            }
            let (scheme, schemePlace) = document.resolved(raw, at: pointer)
            add(scheme, scopes.arrayValue?.compactMap(\.stringValue) ?? [], at: schemePlace)
        }
    }

    private mutating func add(_ scheme: JSONValue, _ scopes: [String], at place: JSONPointer) {
        switch (scheme["type"]?.stringValue, scheme["scheme"]?.stringValue?.lowercased()) {
        case ("http", "basic"):
            need("user", isSecret: false, "The user name given by the agency.")
            need("password", isSecret: true, "The password given by the agency.")
            schemes.append(["basic": ["user": "${config.user}", "password": "${secret.password}"]])
        case ("http", "bearer"):
            need("token", isSecret: true, "The token given by the agency.")
            schemes.append(["bearer": ["token": "${secret.token}"]])
        case ("apiKey", _):
            addKey(scheme, at: place)
        case ("oauth2", _):
            addOAuth2(scheme, scopes, at: place)
        case ("mutualTLS", _):
            note(place, "a certificate of ours belongs to the connection: its 'tls' with 'certificate' and 'key'")
        case (let type, _):
            note(place, "'\(type ?? "")' is not translated; see 'authentication' in Docs/Manifest.md for what there is")
        }
    }

    private mutating func addKey(_ scheme: JSONValue, at place: JSONPointer) {
        guard let name = scheme["name"]?.stringValue else { return note(place, "the key has no 'name'") }
        switch scheme["in"]?.stringValue {
        case "header":
            need("apiKey", isSecret: true, "The key given by the agency.")
            schemes.append(["apiKey": ["header": .string(name), "value": "${secret.apiKey}"]])
        case "query":
            need("apiKey", isSecret: true, "The key given by the agency.")
            query[name] = "${secret.apiKey}"
            note(
                place,
                "the key stands in the query, which is logged on the way; ask the agency for another way"
            )
        default:
            note(place, "a key in a cookie is not translated; ask the agency for another way")
        }
    }

    private mutating func addOAuth2(_ scheme: JSONValue, _ scopes: [String], at place: JSONPointer) {
        guard let flow = scheme["flows"]?["clientCredentials"], let url = flow["tokenUrl"]?.stringValue else {
            return note(
                place,
                "of OAuth 2.0 only the flow 'clientCredentials' is translated: nobody is there to log in"
            )
        }
        let isAbsolute = url.hasPrefix("https://") || url.hasPrefix("http://")
        need("clientId", isSecret: false, "Given by the agency.")
        need("clientSecret", isSecret: true, "Given by the agency.")
        var client: JSONObject = [
            "tokenURL": "${config.tokenURL}", "clientID": "${config.clientId}",
            "clientSecret": "${secret.clientSecret}",
        ]
        var setting: JSONObject = ["type": "string", "minLength": 1, "description": "Where tokens are handed out."]
        if isAbsolute {
            setting["default"] = .string(url)
        } else {
            requiredSettings.append("tokenURL")
            note(place, "the token address '\(url)' is relative; the connection must give the whole of it")
        }
        settings["tokenURL"] = .object(setting)
        if !scopes.isEmpty { client["scope"] = .string(scopes.joined(separator: " ")) }
        schemes.append(["oauth2": .object(client)])
    }

    private mutating func need(_ name: String, isSecret: Bool, _ description: String) {
        var setting: JSONObject = ["type": "string", "minLength": 1]
        if isSecret { setting["secret"] = true }
        setting["description"] = .string(description)
        settings[name] = .object(setting)
        if !requiredSettings.contains(name) { requiredSettings.append(name) }
    }

    private mutating func note(_ place: JSONPointer, _ reason: String) {
        notes.append(ImportNote(place: place.description, reason: reason))
    }
}
