internal import Foundation
internal import GerbangCore
internal import GerbangJSON
internal import GerbangYAML

/// What differs between two configurations, in words and without secrets.
struct ConfigurationDiff {
    /// However much differs, so many lines are enough to see it.
    private static let mostLines = 200
    /// The value of a secret as it is shown.
    static let mask = "***"

    private(set) var lines: [String] = []
    private var omitted = 0

    private let secrets: Set<Sensitive<String>>

    /// Compares two contents.
    init(from old: ConfigurationContent, to new: ConfigurationContent) {
        secrets = old.secrets.union(new.secrets)
        compare(old.value, new.value, at: [])
        for (path, hash) in new.manifests where old.manifests[path].map({ $0 != hash }) ?? false {
            add("manifest \(path): changed")
        }
        for (path, hash) in new.files.sorted(by: { $0.key < $1.key })
        where old.files[path].map({ $0 != hash }) ?? false {
            add("file \(path): changed")
        }
        if omitted > 0 { lines.append("and \(omitted) more") }
    }

    private mutating func compare(_ old: JSONValue?, _ new: JSONValue?, at path: [String]) {
        guard old != new else { return }
        switch (old, new) {
        case (.object(let old)?, .object(let new)?):
            for (key, value) in old where new[key] == nil { compare(value, nil, at: path + [key]) }
            for (key, value) in new { compare(old[key], value, at: path + [key]) }
        case (.array(let old)?, .array(let new)?):
            compare(items: old, new, at: path)
        case (nil, let new?):
            add("\(Self.name(path)): added" + (text(new).map { ": \($0)" } ?? ""))
        case (.some, nil):
            add("\(Self.name(path)): removed")
        case (let old?, let new?):
            if isSecret(old) || isSecret(new) { return add("\(Self.name(path)): changed (a secret)") }
            guard let old = text(old), let new = text(new) else { return add("\(Self.name(path)): changed") }
            add("\(Self.name(path)): \(old) → \(new)")
        case (nil, nil):
            break
        }
    }

    private func isSecret(_ value: JSONValue) -> Bool {
        value.stringValue.map { secrets.contains(Sensitive($0)) } ?? false
    }

    /// Things with names are compared by name, others by place.
    private mutating func compare(items old: [JSONValue], _ new: [JSONValue], at path: [String]) {
        guard let (before, oldNames) = Self.named(old), let (after, newNames) = Self.named(new) else {
            for index in 0..<max(old.count, new.count) {
                compare(
                    old.indices.contains(index) ? old[index] : nil,
                    new.indices.contains(index) ? new[index] : nil,
                    at: path + [String(index)]
                )
            }
            return
        }
        for name in oldNames where after[name] == nil { compare(before[name], nil, at: path + [name]) }
        for name in newNames { compare(before[name], after[name], at: path + [name]) }
        if oldNames.filter({ after[$0] != nil }) != newNames.filter({ before[$0] != nil }) {
            add("\(Self.name(path)): order changed")
        }
    }

    private static func named(_ items: [JSONValue]) -> (byName: [String: JSONValue], names: [String])? {
        let names = items.compactMap { $0["id"]?.stringValue }
        let byName = Dictionary(zip(names, items)) { first, _ in first }
        return byName.count == items.count ? (byName, names) : nil
    }

    private static func name(_ path: [String]) -> String { path.joined(separator: ".") }

    /// A value that is short enough to be told.
    private func text(_ value: JSONValue) -> String? {
        switch value {
        case .object, .array: return nil
        default:
            let text = ConfigurationContent.masked(value, secrets).text()
            return text.count <= 80 ? text : nil
        }
    }

    private mutating func add(_ line: String) {
        if lines.count < Self.mostLines { lines.append(line) } else { omitted += 1 }
    }
}

/// The content of a configuration for showing and comparing.
struct ConfigurationContent {
    /// The content as it is, with secrets.
    var value: JSONValue = [:]
    /// The secrets that are written in it.
    var secrets: Set<Sensitive<String>> = []
    /// The hashes of the manifests by path.
    var manifests: [String: String] = [:]

    /// The hashes of the files that the manifests name, by path.
    var files: [String: String] = [:]

    /// The content of nothing.
    init() {}

    /// The content of what has been read.
    init(of document: ConfigurationDocument) {
        // What is not readable is not shown.
        value = (try? YAMLDocument(document.main.text))?.value ?? [:]
        secrets = document.secrets
        for part in document.manifests { manifests[part.path] = ConfigurationDocument.hash(of: part.text) }
        for file in document.files ?? [] { files[file.path] = ConfigurationDocument.hash(of: "", [file]) }
    }

    /// The content with masks for secrets, wherever their texts stand.
    var shown: JSONValue { Self.masked(value, secrets) }

    static func masked(_ value: JSONValue, _ secrets: Set<Sensitive<String>>) -> JSONValue {
        switch value {
        case .object(let object):
            var shown = JSONObject()
            for (key, value) in object { shown[key] = masked(value, secrets) }
            return .object(shown)
        case .array(let items):
            return .array(items.map { masked($0, secrets) })
        case .string(let text):
            return .string(secrets.contains(Sensitive(text)) ? ConfigurationDiff.mask : withoutUserInfo(text))
        default:
            return value
        }
    }

    /// An address without the user and the password that it may name (RFC 3986, section 3.2.1).
    private static func withoutUserInfo(_ text: String) -> String {
        guard let scheme = text.range(of: "://"),
            let at = text[scheme.upperBound...].prefix(while: { $0 != "/" && $0 != "?" && $0 != "#" }).lastIndex(
                of: "@"
            )
        else { return text }
        return text[..<scheme.upperBound] + ConfigurationDiff.mask + text[at...]
    }

    /// What differs, in words.
    static func changes(from old: ConfigurationDocument?, to new: ConfigurationDocument?) -> [String] {
        func content(_ document: ConfigurationDocument?) -> ConfigurationContent {
            document.map { ConfigurationContent(of: $0) } ?? ConfigurationContent()
        }
        return ConfigurationDiff(from: content(old), to: content(new)).lines
    }
}
