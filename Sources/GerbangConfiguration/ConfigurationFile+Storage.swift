internal import Foundation
public import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import GerbangYAML

// What is registered in the database decides which adapters the connections of a configuration may name, so where it is
// has to be known before the rest is read.
extension ConfigurationFile {
    /// The database that the file at `path` names, whatever else stands in it.
    ///
    /// - Throws: ``Invalid`` when the file cannot be read or is not YAML.
    public static func storagePath(of path: String) throws(Invalid) -> String {
        try find(in: path) { text throws(YAMLDocument.Malformed) in try storagePath(in: text, of: path) }
    }

    /// The tenants that the file at `path` names, whatever else stands in it.
    ///
    /// - Throws: ``Invalid`` when the file cannot be read or is not YAML.
    public static func tenants(of path: String) throws(Invalid) -> [TenantID] {
        try find(in: path) { text throws(YAMLDocument.Malformed) in
            let items = try YAMLDocument(text).value["tenants"]?.arrayValue ?? []
            return items.compactMap { $0["id"]?.stringValue }.compactMap { try? TenantID($0) }
        }
    }

    private static func find<Found>(
        in path: String,
        _ find: (String) throws(YAMLDocument.Malformed) -> Found
    ) throws(Invalid) -> Found {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw Invalid(issues: [
                Issue(file: path, field: "", message: "cannot be read; check the path and its rights")
            ])
        }
        do throws(YAMLDocument.Malformed) {
            return try find(text)
        } catch {
            throw Invalid(issues: [
                Issue(file: path, line: error.line, column: error.column, field: "", message: error.message)
            ])
        }
    }

    /// The database that the file at `path` names, or the one that what last held names when the file cannot be read.
    public static func storagePath(of path: String, or archive: ConfigurationArchive) -> String {
        if let found = try? storagePath(of: path) { return found }
        let last = archive.lines().last.flatMap { archive.document(of: $0.entry.generation) }
        return last.flatMap { try? storagePath(in: $0.main.text, of: path) }
            ?? Self.path(GatewayConfiguration().storagePath, namedIn: path)
    }

    private static func storagePath(in text: String, of file: String) throws(YAMLDocument.Malformed) -> String {
        let named = try YAMLDocument(text).value["storage"]?["path"]?.stringValue
        return path(named ?? GatewayConfiguration().storagePath, namedIn: file)
    }
}
