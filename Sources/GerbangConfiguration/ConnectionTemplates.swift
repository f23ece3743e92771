internal import GerbangCore
internal import GerbangJSON

/// What many connections have in common, written once: a connection that says `like: NAME` has everything of the template
/// that it does not write itself.
struct ConnectionTemplates {
    private var byName: [String: JSONValue] = [:]
    private var unused: Set<String> = []

    /// Reads the part called `templates`.
    init(_ reader: inout SettingsReader) {
        guard let value = reader.optionalJSON("templates"), !value.isNull else { return }
        guard let object = value.objectValue else {
            reader.report("must be an object of templates by name", at: "templates")
            return
        }
        for (name, template) in object {
            if template.objectValue == nil {
                reader.report("\(name) must be an object with the fields of a connection", at: "templates")
            }
            byName[name] = template
        }
        unused = Set(byName.keys)
    }

    /// A connection with what its template adds.
    mutating func complete(_ connection: JSONValue) -> JSONValue {
        guard let name = connection["like"]?.stringValue, let template = byName[name] else { return connection }
        unused.remove(name)
        return Self.merged(template, connection)
    }

    /// Reads `like`.
    func check(_ reader: inout SettingsReader) {
        guard let name = reader.optionalString("like"), byName[name] == nil else { return }
        let known = byName.keys.sorted().joined(separator: ", ")
        reader.report(
            "there is no such template; \(known.isEmpty ? "there are none" : "known are: \(known)")",
            at: "like"
        )
    }

    /// Reports templates that no connection uses: nothing reads them, so nobody would tell what is wrong with them.
    func reportUnused(_ reader: inout SettingsReader) {
        for name in unused.sorted() { reader.report("no connection is like \(name)", at: "templates") }
    }

    /// Objects are merged field by field; anything else of the connection stands for that of the template.
    private static func merged(_ template: JSONValue, _ own: JSONValue) -> JSONValue {
        guard case .object(var merged) = template, case .object(let own) = own else { return own }
        for (key, value) in own { merged[key] = merged[key].map { Self.merged($0, value) } ?? value }
        return .object(merged)
    }
}
