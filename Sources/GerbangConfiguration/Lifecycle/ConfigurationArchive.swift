internal import Foundation
internal import GerbangCore
internal import GerbangEngine
internal import GerbangJSON
internal import Glibc

/// Keeps what has held, in a folder that only the gateway's user can read: the configurations may have secrets in them.
///
/// `history.jsonl` has a line for every generation, `generation-N.json` the texts of the latest ones.
public struct ConfigurationArchive: Sendable {
    /// How many generations are listed.
    static let mostEntries = 1000
    /// Of how many generations the texts are kept.
    static let mostDocuments = 50

    /// A generation, with the contents of manifests that it knew.
    struct Line: Sendable {
        var entry: ConfigurationEntry
        /// The hashes of manifests by name and version.
        var adapters: [String: String]
    }

    /// The folder.
    public let folder: String

    /// An archive in `folder`, which is made when something is first kept.
    public init(folder: String) {
        self.folder = folder
    }

    /// Where the archive of a configuration file is unless somebody says otherwise: beside it.
    public static func folder(for file: String) -> String { file + ".history" }

    /// All generations, oldest first; none when there is no archive. A line that a crash cut off is left out.
    func lines() -> [Line] {
        guard let data = FileManager.default.contents(atPath: folder + "/history.jsonl") else { return [] }
        return data.split(separator: UInt8(ascii: "\n")).compactMap { line in
            (try? JSONValue(parsing: Array(line))).flatMap { Line($0) }
        }
    }

    /// Keeps a generation; when this returns, it is on disk.
    func keep(_ lines: [Line], _ document: ConfigurationDocument) throws(GerbangError) {
        guard let last = lines.last else { return }
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Self.failure("cannot make \(folder)") }
        try ConfigurationWriter.write(document.json.encoded(), to: path(of: last.entry.generation), mode: 0o600)
        let kept = lines.suffix(Self.mostEntries)
        let text = kept.map { $0.json.text() + "\n" }.joined()
        try ConfigurationWriter.write(Array(text.utf8), to: folder + "/history.jsonl", mode: 0o600)
        for line in lines.dropLast(Self.mostDocuments).suffix(Self.mostDocuments) {
            unlink(path(of: line.entry.generation))
        }
    }

    /// The texts of a generation; `nil` when they are not kept.
    func document(of generation: Int) -> ConfigurationDocument? {
        guard let data = FileManager.default.contents(atPath: path(of: generation)),
            let json = try? JSONValue(parsing: Array(data))
        else { return nil }
        return ConfigurationDocument(json)
    }

    private func path(of generation: Int) -> String { "\(folder)/generation-\(generation).json" }

    private static func failure(_ message: String) -> GerbangError {
        GerbangError(.storageUnavailable, "\(message): error \(errno)")
    }
}

/// Replaces files so that a crash leaves either the old or the new one.
enum ConfigurationWriter {
    /// Writes the file that `path` leads to, also through symbolic links, which stay.
    ///
    /// - Parameter mode: The new file's rights; `nil` for those of the file that it replaces, whose owner it also gets where
    ///   this process may give it away.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t? = nil) throws(GerbangError) {
        let path = resolved(path)
        let temporary = path + ".new"
        do throws(GerbangError) {
            try fill(temporary, with: bytes, like: path, mode)
            guard rename(temporary, path) == 0 else { throw failure(path) }
        } catch {
            unlink(temporary)
            throw error
        }
        let folder = open((path as NSString).deletingLastPathComponent.nonEmpty ?? ".", O_RDONLY | O_DIRECTORY)
        guard folder >= 0 else { throw failure(path) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure(path) }
    }

    private static func fill(
        _ temporary: String,
        with bytes: [UInt8],
        like path: String,
        _ mode: mode_t?
    ) throws(GerbangError) {
        var status = stat()
        let isThere = stat(path, &status) == 0
        let rights = mode ?? (isThere ? status.st_mode & 0o777 : 0o600)
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, rights)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        if isThere { _ = fchown(file, status.st_uid, status.st_gid) }
        // A file that was left over has other rights.
        guard fchmod(file, rights) == 0 else { throw failure(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure(path) }
            rest = rest.dropFirst(count)
        }
        guard fsync(file) == 0 else { throw failure(path) }
    }

    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func failure(_ path: String) -> GerbangError {
        GerbangError(.storageUnavailable, "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

extension ConfigurationArchive.Line {
    fileprivate var json: JSONValue {
        [
            "generation": .number(JSONNumber(entry.generation)),
            "hash": .string(entry.hash),
            "at": .string(entry.at.description),
            "actor": .string(entry.actor),
            "changes": .array(entry.changes.map { .string($0) }),
            "atNextStart": .array(entry.atNextStart.map { .string($0) }),
            "adapters": .object(JSONObject(uniqueKeysWithValues: adapters.map { ($0.key, .string($0.value)) })),
        ]
    }

    fileprivate init?(_ json: JSONValue) {
        guard let generation = json["generation"]?.intValue, let hash = json["hash"]?.stringValue,
            let at = json["at"]?.stringValue.flatMap({ Timestamp($0) }), let actor = json["actor"]?.stringValue
        else { return nil }
        entry = ConfigurationEntry(
            generation: generation,
            hash: hash,
            at: at,
            actor: actor,
            changes: json["changes"]?.arrayValue?.compactMap(\.stringValue) ?? [],
            atNextStart: json["atNextStart"]?.arrayValue?.compactMap(\.stringValue) ?? []
        )
        adapters = [:]
        for (name, hash) in json["adapters"]?.objectValue ?? [:] { adapters[name] = hash.stringValue }
    }
}

extension ConfigurationDocument {
    fileprivate var json: JSONValue {
        let parts = manifests.map { part -> JSONValue in ["path": .string(part.path), "text": .string(part.text)] }
        var object: JSONObject = [
            "path": .string(main.path), "text": .string(main.text), "manifests": .array(parts),
        ]
        object["files"] = files.map { files in
            .array(files.map { ["path": .string($0.path), "base64": .string(Base64.encode($0.bytes))] })
        }
        return .object(object)
    }

    fileprivate init?(_ json: JSONValue) {
        func part(_ json: JSONValue) -> Part? {
            guard let path = json["path"]?.stringValue, let text = json["text"]?.stringValue else { return nil }
            return Part(path: path, text: text)
        }
        guard let main = part(json) else { return nil }
        let files = json["files"]?.arrayValue?.compactMap { file -> File? in
            guard let path = file["path"]?.stringValue,
                let bytes = file["base64"]?.stringValue.flatMap({ Base64.decode($0) })
            else { return nil }
            return File(path: path, bytes: bytes)
        }
        let manifests = json["manifests"]?.arrayValue?.compactMap(part) ?? []
        self.init(main: main, manifests: manifests, files: files, adapters: [])
    }
}
