internal import Foundation
public import GerbangCore
internal import GerbangJSON
internal import GerbangManifest
internal import GerbangYAML

/// A configuration file: YAML, read strictly.
public struct ConfigurationFile: Sendable {
    /// One thing that is wrong with a file.
    public struct Issue: Sendable, Hashable, CustomStringConvertible {
        /// The file.
        public var file: String
        /// The line, from 1; `nil` when the file could not be read at all.
        public var line: Int?
        /// The column, from 1.
        public var column: Int?
        /// The field.
        public var field: String
        /// What is wrong and what would be right.
        public var message: String

        /// `file:line:column: field: message`, as compilers write it.
        public var description: String {
            let place = [line, column].compactMap { $0.map { ":\($0)" } }.joined()
            return "\(file)\(place): \(field.isEmpty ? "" : "\(field): ")\(message)"
        }
    }

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
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Invalid(issues: [
                Issue(file: path, field: "", message: "cannot be read; check the path and its rights")
            ])
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Invalid(issues: [Issue(file: path, field: "", message: "is not UTF-8 text")])
        }
        return try parse(text, file: path, adapters: adapters)
    }

    /// Reads a configuration from text; `file` is the name used in issues.
    ///
    /// - Throws: ``Invalid`` with everything that is wrong, not only the first.
    public static func parse(
        _ text: String,
        file: String,
        adapters: AdapterRegistry
    ) throws(Invalid) -> GatewayConfiguration {
        let document: YAMLDocument
        do throws(YAMLDocument.Malformed) {
            document = try YAMLDocument(text)
        } catch {
            let issue = Issue(
                file: file,
                line: error.line,
                column: error.column,
                field: "",
                message: error.message
            )
            throw Invalid(issues: [issue])
        }
        var reader = SettingsReader(document.value, secrets: Secrets.find)
        var adapters = adapters
        let broken = register(
            reader.texts("adapters") { text throws(GerbangError) in text } ?? [],
            of: file,
            in: &adapters
        )
        let configuration = GatewayConfiguration(&reader, adapters: adapters)
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
        return configuration
    }

    /// Adds the adapters that manifests describe; their paths begin at the folder of the file that names them.
    ///
    /// - Returns: What is wrong with them.
    private static func register(_ paths: [String], of file: String, in adapters: inout AdapterRegistry) -> [Issue] {
        let folder = file.lastIndex(of: "/").map { file[...$0] } ?? ""
        do throws(ManifestError) {
            try adapters.register(manifests: paths.map { $0.hasPrefix("/") ? $0 : folder + $0 })
            return []
        } catch {
            return error.issues.filter { $0.severity == .error }.map { issue in
                Issue(
                    file: issue.file,
                    line: issue.line,
                    column: issue.column,
                    field: issue.field,
                    message: issue.message
                )
            }
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
