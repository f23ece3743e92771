internal import Foundation
public import GerbangCore
public import GerbangEngine
internal import GerbangJSON
internal import GerbangYAML

/// Reads configurations and judges them, as a whole and against what is known.
struct ConfigurationLoader: Sendable {
    /// The configuration file.
    let file: String
    /// The adapters that connections may name, besides those of manifests; asked for at each reading.
    let adapters: @Sendable () throws(GerbangError) -> AdapterRegistry

    /// Reads the file.
    func load() throws(ConfigurationRefusal) -> GatewayConfiguration {
        try read { adapters throws(ConfigurationFile.Invalid) in
            try ConfigurationFile.load(path: file, adapters: adapters)
        }
    }

    /// Reads a text as if it stood in the file.
    func parse(_ text: String) throws(ConfigurationRefusal) -> GatewayConfiguration {
        try read { adapters throws(ConfigurationFile.Invalid) in
            try ConfigurationFile.parse(text, file: file, adapters: adapters)
        }
    }

    /// Makes again what was read earlier.
    ///
    /// - Parameter adapters: The adapters that connections may name, where they are not to be asked for.
    func parse(
        _ document: ConfigurationDocument,
        adapters: (() throws(GerbangError) -> AdapterRegistry)? = nil
    ) throws(ConfigurationRefusal) -> GatewayConfiguration {
        try read(with: adapters) { adapters throws(ConfigurationFile.Invalid) in
            try ConfigurationFile.parse(document, adapters: adapters)
        }
    }

    private func read(
        with adapters: (() throws(GerbangError) -> AdapterRegistry)? = nil,
        _ read: (AdapterRegistry) throws(ConfigurationFile.Invalid) -> GatewayConfiguration
    ) throws(ConfigurationRefusal) -> GatewayConfiguration {
        let registry: AdapterRegistry
        do throws(GerbangError) {
            registry = try (adapters ?? self.adapters)()
        } catch {
            throw ConfigurationRefusal(error)
        }
        do throws(ConfigurationFile.Invalid) {
            return try read(registry)
        } catch {
            throw Self.refusal(error.issues)
        }
    }

    /// Checks that no manifest has changed under its version.
    ///
    /// - Parameter known: The hashes of manifests by name and version.
    static func check(
        _ document: ConfigurationDocument,
        against known: [String: String]
    ) throws(ConfigurationRefusal) {
        let issues = document.adapters.filter { adapter in
            !adapter.isExperimental && known[adapter.name].map { $0 != adapter.hash } ?? false
        }
        .map { adapter in
            issue(
                "\(adapter.name) is known with another content; raise the version, or call it 'support: experimental' "
                    + "while it is being written",
                at: ["version"],
                of: document.manifests.first { $0.path == adapter.path }
                    ?? ConfigurationDocument.Part(path: adapter.path, text: "")
            )
        }
        guard issues.isEmpty else { throw refusal(issues) }
    }

    /// An issue with a field, at its place.
    static func issue(
        _ message: String,
        at field: [String],
        of part: ConfigurationDocument.Part
    ) -> ConfigurationIssue {
        let place = (try? YAMLDocument(part.text))?.place(of: JSONPointer(tokens: field))
        return ConfigurationIssue(
            file: part.path,
            line: place?.line,
            column: place?.column,
            field: field.joined(separator: "."),
            message: message
        )
    }

    static func refusal(_ issues: [ConfigurationIssue]) -> ConfigurationRefusal {
        let count = issues.count == 1 ? "one thing is" : "\(issues.count) things are"
        let error = GerbangError(.invalidInput, "the configuration is not usable: \(count) wrong with it")
        return ConfigurationRefusal(error, issues: issues)
    }
}

/// With what a gateway starts.
public struct ConfigurationStart: Sendable {
    /// The configuration.
    public var configuration: GatewayConfiguration
    /// Its generation.
    public var entry: ConfigurationEntry
    /// Why it is not what the file says but what last held; `nil` when it is.
    public var failure: ConfigurationRefusal?

    let loader: ConfigurationLoader
    let archive: ConfigurationArchive
    let lines: [ConfigurationArchive.Line]

    /// Reads the configuration file, or, when it is not usable, takes what last held.
    ///
    /// - Parameters:
    ///   - file: The configuration file.
    ///   - archive: What has held.
    ///   - isStrict: Whether to fail instead of taking what last held.
    ///   - adapters: The adapters that connections may name, besides those of manifests; asked for at each reading.
    /// - Throws: ``ConfigurationRefusal`` when the file is not usable and nothing is known that is.
    public init(
        file: String,
        archive: ConfigurationArchive,
        isStrict: Bool = false,
        at now: Timestamp,
        adapters: @escaping @Sendable () throws(GerbangError) -> AdapterRegistry
    ) throws(ConfigurationRefusal) {
        loader = ConfigurationLoader(file: file, adapters: adapters)
        self.archive = archive
        lines = archive.lines()
        let last = lines.last?.entry
        do throws(ConfigurationRefusal) {
            let read = try loader.load()
            if let origin = read.origin { try ConfigurationLoader.check(origin, against: Self.known(lines)) }
            configuration = read
        } catch {
            let refusal = error
            guard !isStrict, let last, let document = archive.document(of: last.generation) else { throw refusal }
            do throws(ConfigurationRefusal) {
                configuration = try loader.parse(document)
            } catch {
                throw ConfigurationRefusal(refusal.error, issues: refusal.issues + error.issues)
            }
            failure = refusal
            entry = last
            return
        }
        let hash = configuration.origin?.hash ?? ""
        if let last, last.hash == hash {
            entry = last
        } else {
            let before = Self.document(of: last, in: archive, loader)
            entry = ConfigurationEntry(
                generation: (last?.generation ?? 0) + 1,
                hash: hash,
                at: now,
                actor: "start",
                changes: last == nil ? [] : ConfigurationContent.changes(from: before, to: configuration.origin)
            )
        }
    }

    private static func document(
        of entry: ConfigurationEntry?,
        in archive: ConfigurationArchive,
        _ loader: ConfigurationLoader
    ) -> ConfigurationDocument? {
        guard let entry, let document = archive.document(of: entry.generation) else { return nil }
        return try? loader.parse(document).origin
    }

    /// What manifests contained, by name and version.
    static func known(_ lines: [ConfigurationArchive.Line]) -> [String: String] {
        lines.reduce(into: [:]) { known, line in known.merge(line.adapters) { _, latest in latest } }
    }
}
