internal import Foundation
public import GerbangCore
public import GerbangEngine
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangYAML

/// A configuration file: YAML, read strictly.
public struct ConfigurationFile: Sendable {
    /// One thing that is wrong with a file.
    public typealias Issue = ConfigurationIssue

    /// Everything that is wrong with a file.
    public struct Invalid: Error, Sendable, CustomStringConvertible {
        /// The issues, by line.
        public var issues: [Issue]

        /// One issue a line.
        public var description: String { issues.map(\.description).joined(separator: "\n") }
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: ``Invalid`` with everything that is wrong, not only the first.
    public static func load(path: String, adapters: AdapterRegistry) throws(Invalid) -> GatewayConfiguration {
        let text = try text(of: path)
        // A disk that ran full leaves such a file behind; taking it for the defaults would hide every request.
        guard !text.allSatisfy(\.isWhitespace) else {
            throw Invalid(issues: [
                Issue(file: path, message: "is empty; a configuration without connections says 'connections: []'")
            ])
        }
        return try parse(text, file: path, adapters: adapters)
    }

    /// A path that a configuration file names: a relative one begins at the file's folder, wherever a command runs.
    static func path(_ path: String, namedIn file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }

    /// The text of the file at `path`.
    ///
    /// - Throws: ``Invalid`` when it cannot be read.
    static func text(of path: String) throws(Invalid) -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Invalid(issues: [Issue(file: path, message: "cannot be read; check the path and its rights")])
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Invalid(issues: [Issue(file: path, message: "is not UTF-8 text")])
        }
        return text
    }

    /// Makes again what was read earlier, whatever has happened to its files since.
    ///
    /// - Throws: ``Invalid`` when it is not usable any more: a secret is gone, or this build lacks an adapter.
    public static func parse(
        _ document: ConfigurationDocument,
        adapters: AdapterRegistry
    ) throws(Invalid) -> GatewayConfiguration {
        try parse(document.main.text, file: document.main.path, adapters: adapters, known: document)
    }

    /// Reads a configuration from text; `file` is the name used in issues.
    ///
    /// - Throws: ``Invalid`` with everything that is wrong, not only the first.
    public static func parse(
        _ text: String,
        file: String,
        adapters: AdapterRegistry
    ) throws(Invalid) -> GatewayConfiguration {
        try parse(text, file: file, adapters: adapters, known: nil)
    }

    /// - Parameter known: The manifests with their files; those that it lacks are read from the disk.
    private static func parse(
        _ text: String,
        file: String,
        adapters: AdapterRegistry,
        known: ConfigurationDocument?
    ) throws(Invalid) -> GatewayConfiguration {
        let document: YAMLDocument
        do throws(YAMLDocument.Malformed) {
            document = try YAMLDocument(text)
        } catch {
            let issue = Issue(file: file, line: error.line, column: error.column, message: error.message)
            throw Invalid(issues: [issue])
        }
        func invalid(_ message: String, at pointer: JSONPointer) -> Invalid {
            let place = document.place(of: pointer)
            let field = pointer.tokens.joined(separator: ".")
            return Invalid(issues: [
                Issue(file: file, line: place?.line, column: place?.column, field: field, message: message)
            ])
        }
        var reader = SettingsReader(document.value) { kind, name throws(GerbangError) in
            try Secrets.find(kind: kind, name: kind == "env" ? name : path(name, namedIn: file))
        }
        var adapters = adapters
        var origin = ConfigurationDocument(
            main: ConfigurationDocument.Part(path: file, text: text),
            manifests: [],
            adapters: []
        )
        let broken = register(
            reader.texts("adapters") { text throws(GerbangError) in text } ?? [],
            known: known,
            of: &origin,
            in: &adapters
        )
        var configuration = GatewayConfiguration(&reader, adapters: adapters)
        origin.secrets = reader.writtenSecrets
        configuration.origin = origin
        configuration.storagePath = path(configuration.storagePath, namedIn: file)
        configuration.resolveCertificates(namedIn: file)
        reader.reportUnknownKeys()
        // A connection to an adapter whose manifest is broken is not another mistake.
        guard broken.isEmpty else { throw Invalid(issues: broken) }
        guard reader.issues.isEmpty else {
            let issues = reader.issues.map { issue in
                let mark = document.place(of: issue.pointer)
                return Issue(
                    file: file,
                    line: mark?.line,
                    column: mark?.column,
                    field: issue.pointer.tokens.joined(separator: "."),
                    message: issue.message
                )
            }
            throw Invalid(issues: issues.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) })
        }
        let catalogue: ServiceCatalogue
        do throws(GerbangError) {
            let plan = try configuration.plan()
            try plan.validate()
            catalogue = plan.catalogue
        } catch {
            throw invalid(error.message, at: JSONPointer(tokens: ["connections"]))
        }
        // Found at the next start only, it would keep the daemon from starting.
        if let index = configuration.soap.services.firstIndex(where: { catalogue[$0] == nil }) {
            throw invalid(
                "the catalogue has no such service; 'gerbang services' lists those that there are",
                at: JSONPointer(tokens: ["soap", "services"]).appending(index)
            )
        }
        return configuration
    }

    /// Adds the adapters that manifests describe; their paths begin at the folder of the file that names them.
    ///
    /// - Returns: What is wrong with them.
    private static func register(
        _ paths: [String],
        known: ConfigurationDocument?,
        of origin: inout ConfigurationDocument,
        in adapters: inout AdapterRegistry
    ) -> [Issue] {
        var issues: [Issue] = []
        let file = origin.main.path
        let texts = Dictionary((known?.manifests ?? []).map { ($0.path, $0.text) }) { first, _ in first }
        for path in paths.map({ Self.path($0, namedIn: file) }) {
            do throws(Invalid) {
                let text = if let text = texts[path] { text } else { try Self.text(of: path) }
                origin.manifests.append(ConfigurationDocument.Part(path: path, text: text))
            } catch {
                issues += error.issues
            }
        }
        let manifests = Manifest.all(origin.manifests) { part throws(ManifestError) in
            try Manifest.parse(part.text, file: part.path, files: known?.files(beside: part.path))
        }
        var names: Set<AdapterID> = []
        for (part, manifest) in zip(origin.manifests, manifests) {
            do throws(Invalid) {
                let manifest = try usable(manifest)
                let descriptor = manifest.descriptor
                let isFirst = names.insert(descriptor.id).inserted
                try register(manifest.definition, isFirst: isFirst, from: part.path, in: &adapters)
                let files = try files(manifest, of: part, known)
                origin.files = (origin.files ?? []) + files
                origin.adapters.append(
                    ConfigurationDocument.Adapter(
                        name: "\(descriptor.id)@\(descriptor.version)",
                        hash: ConfigurationDocument.hash(of: part.text, files),
                        path: part.path,
                        isExperimental: manifest.support == .experimental
                    )
                )
            } catch {
                issues += error.issues
            }
        }
        return issues
    }

    /// The files that a manifest consists of.
    private static func files(
        _ manifest: Manifest,
        of part: ConfigurationDocument.Part,
        _ known: ConfigurationDocument?
    ) throws(Invalid) -> [ConfigurationDocument.File] {
        let folder = ConfigurationDocument.folder(of: part.path)
        let kept = known?.files(beside: part.path)
        var files: [ConfigurationDocument.File] = []
        for name in manifest.files {
            let path = folder + name
            guard let bytes = kept?[name] ?? FileManager.default.contents(atPath: path).map({ Array($0) }) else {
                throw Invalid(issues: [Issue(file: path, field: "", message: "cannot be read any more")])
            }
            files.append(ConfigurationDocument.File(path: path, bytes: bytes))
        }
        return files
    }

    private static func usable(_ manifest: Result<Manifest, ManifestError>) throws(Invalid) -> Manifest {
        do throws(ManifestError) {
            return try manifest.get()
        } catch {
            throw Invalid(
                issues: error.issues.filter { $0.severity == .error }.map { issue in
                    Issue(
                        file: issue.file,
                        line: issue.line,
                        column: issue.column,
                        field: issue.field,
                        message: issue.message
                    )
                }
            )
        }
    }

    /// The first manifest with a name takes the place of what came with the program; a second one is a mistake.
    private static func register(
        _ definition: AdapterDefinition,
        isFirst: Bool,
        from path: String,
        in adapters: inout AdapterRegistry
    ) throws(Invalid) {
        do throws(GerbangError) {
            if isFirst { try adapters.put(definition) } else { try adapters.register(definition) }
        } catch {
            throw Invalid(issues: [Issue(file: path, line: 1, column: 1, field: "id", message: error.message)])
        }
    }
}

/// Secrets that a file names instead of writing them.
private enum Secrets {
    static func find(kind: String, name: String) throws(GerbangError) -> String {
        switch kind {
        case "env":
            guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
                throw GerbangError(.invalidConfiguration, "the environment variable \(name) is not set")
            }
            return value
        default:
            guard let data = FileManager.default.contents(atPath: name),
                let text = String(data: data, encoding: .utf8)
            else { throw GerbangError(.invalidConfiguration, "the file \(name) cannot be read") }
            let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
            guard !secret.isEmpty else { throw GerbangError(.invalidConfiguration, "the file \(name) is empty") }
            return secret
        }
    }
}
