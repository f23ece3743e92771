internal import Foundation
internal import GerbangCore
internal import GerbangYAML

extension ConfigurationFile {
    /// The database that the file at `path` names, whatever else stands in it.
    ///
    /// What is registered there decides which adapters the file's connections may name, so this is read before them.
    ///
    /// - Throws: ``Invalid`` when the file cannot be read or is not YAML.
    public static func storagePath(of path: String) throws(Invalid) -> String {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            throw Invalid(issues: [
                Issue(file: path, field: "", message: "cannot be read; check the path and its rights")
            ])
        }
        do throws(YAMLDocument.Malformed) {
            let document = try YAMLDocument(text)
            return document.value["storage"]?["path"]?.stringValue ?? GatewayConfiguration().storagePath
        } catch {
            throw Invalid(issues: [
                Issue(file: path, line: error.line, column: error.column, field: "", message: error.message)
            ])
        }
    }
}
