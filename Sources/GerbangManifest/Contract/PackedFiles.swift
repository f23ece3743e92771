internal import FoundationEssentials
internal import GerbangCore
internal import GerbangJSON
internal import GerbangYAML

/// The files that a manifest brings along in itself, under `files`: each as a text, or as `{base64: …}` where it is no UTF-8.
enum PackedFiles {
    /// Reads them; those with a mistake are left out and told of.
    static func read(
        _ value: JSONValue,
        _ report: (_ message: String, _ pointer: JSONPointer) -> Void
    ) -> [String: [UInt8]] {
        let place = JSONPointer.root.appending("files")
        guard let object = value.objectValue else {
            report("must be the names of files with their texts", place)
            return [:]
        }
        var files: [String: [UInt8]] = [:]
        for (name, content) in object {
            if let text = content.stringValue {
                files[name] = Array(text.utf8)
            } else if let member = content.objectValue, member.count == 1,
                let bytes = member["base64"]?.stringValue.flatMap({ Base64.decode($0) })
            {
                files[name] = bytes
            } else {
                report("must be the file's text, or {base64: …} where it is no UTF-8", place.appending(name))
            }
        }
        return files
    }

    static func write(_ files: [(name: String, bytes: [UInt8])]) -> String {
        var object = JSONObject()
        for (name, bytes) in files {
            // A mark at the beginning would be lost, and a text in another encoding says so of itself.
            let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? nil : String(validating: bytes, as: UTF8.self)
            object[name] = text.map { .string($0) } ?? ["base64": .string(Base64.encode(bytes))]
        }
        return YAMLText.write(["files": .object(object)])
    }
}

extension Manifest {
    /// The text of the manifest at `path` with the files that it names in itself, so that it can be sent somewhere else; as it
    /// is where it names none.
    ///
    /// - Throws: ``ManifestError`` with everything that is wrong with it.
    public static func packed(path: String) throws(ManifestError) -> String {
        let manifest = try load(path: path)
        func issue(_ message: String) -> ManifestError {
            ManifestError(issues: [ManifestIssue(file: path, message: message)])
        }
        guard let data = FileManager.default.contents(atPath: path), let text = String(validating: data, as: UTF8.self)
        else { throw issue("cannot be read; check the path and its rights") }
        let folder = ManifestFiles(beside: path)
        var files: [(name: String, bytes: [UInt8])] = []
        for name in manifest.files {
            guard let bytes = try? folder.bytes(name) else { throw issue("the file \(name) beside it cannot be read") }
            files.append((name, bytes))
        }
        guard !files.isEmpty else { return text }
        return text + (text.hasSuffix("\n") ? "" : "\n")
            + "# What lies beside the manifest of the agency, sent along with it.\n" + PackedFiles.write(files)
    }
}
