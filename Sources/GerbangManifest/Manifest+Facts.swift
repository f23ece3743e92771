internal import GerbangCore
internal import GerbangJSON

extension Manifest {
    /// What whoever approves the adapter has to judge besides its operations, one fact a line: the services that it brings,
    /// the settings and secrets that it wants, how it proves who asks, the hosts that it names, and what it deviates in.
    package var facts: [String] {
        var facts = ["support: \(support.rawValue)", "contact: \(contact ?? "none")"]
        facts += services.map { service in
            "brings the service \(service.id): \(service.title.english); takes \(Self.members(of: service.input)), gives "
                + Self.members(of: service.output)
        }
        facts += settingsPlan.properties.map { setting in
            let kind = setting.isSecret ? "secret" : "setting"
            let fallback = setting.fallback.map { setting.isSecret ? "with a default" : "default \($0.text())" }
            return "\(kind) \(setting.name): \(fallback ?? (setting.isRequired ? "required" : "optional"))"
        }
        facts += proofs.isEmpty ? ["authentication: what the connection says"] : proofs.map { "authentication: \($0)" }
        facts += hosts.map { "names the host: \($0)" }
        facts += descriptor.operations.flatMap { operation in
            sensitivePlaces(of: operation.id).map { "operation \(operation.id): personal data at \($0)" }
        }
        facts += deviations.map { deviation in
            let operation = deviation.operation.map { " of \($0)" } ?? ""
            return "deviates from \(deviation.check)\(operation): \(deviation.reason)"
        }
        return facts
    }

    private static func members(of schema: JSONValue) -> String {
        let names = schema["properties"]?.objectValue?.keys ?? []
        return names.isEmpty ? "anything" : names.joined(separator: ", ")
    }

    /// The kinds of the schemes, as they are written.
    static func proofs(in authentication: JSONValue?) -> [String] {
        (authentication?.arrayValue ?? []).flatMap { $0.objectValue?.keys ?? [] }
    }

    /// The hosts of the addresses in a value, each once; addresses with a setting in their host among them.
    static func hosts(in value: JSONValue) -> [String] {
        var found: Set<String> = []
        collect(value, into: &found)
        return found.sorted()
    }

    private static func collect(_ value: JSONValue, into found: inout Set<String>) {
        switch value {
        case .object(let object): for (_, member) in object { collect(member, into: &found) }
        case .array(let items): for item in items { collect(item, into: &found) }
        case .string(let text):
            for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
                found.insert(String(text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }))
            }
        default: break
        }
    }
}
