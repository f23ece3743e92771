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

    /// The database that the file at `path` names; where it names none, and there is none in the default place, the one
    /// that what last held names: a mistake in the file must not lead to an empty database.
    public static func storagePath(of path: String, or archive: ConfigurationArchive) -> String {
        let file = (try? text(of: path)).flatMap { try? YAMLDocument($0).value }
        if let named = named(in: file) { return Self.path(named, namedIn: path) }
        let usual = Self.path(GatewayConfiguration().storagePath, namedIn: path)
        guard !FileManager.default.fileExists(atPath: usual),
            let last = archive.lines().last.flatMap({ archive.document(of: $0.entry.generation) }),
            let held = named(in: try? YAMLDocument(last.main.text).value)
        else { return usual }
        return Self.path(held, namedIn: path)
    }

    private static func storagePath(in text: String, of file: String) throws(YAMLDocument.Malformed) -> String {
        path(named(in: try YAMLDocument(text).value) ?? GatewayConfiguration().storagePath, namedIn: file)
    }

    private static func named(in file: JSONValue?) -> String? { file?["storage"]?["path"]?.stringValue }
}
