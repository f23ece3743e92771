internal import Crypto
internal import Foundation
internal import GerbangCore

/// A configuration as it was read: its text, the text of every manifest that it names, and the files that those name. With it
/// the same configuration can be made again, whatever has happened to the files.
public struct ConfigurationDocument: Sendable, Hashable {
    /// A file with its text.
    public struct Part: Sendable, Hashable {
        /// The path.
        public var path: String
        /// The text.
        public var text: String

        /// Creates a part.
        public init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }

    /// A file that a manifest names: a description, a schema, a service.
    public struct File: Sendable, Hashable {
        /// The path.
        public var path: String
        /// The content.
        public var bytes: [UInt8]

        /// Creates a file.
        public init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// A manifest, as far as it is told from others.
    public struct Adapter: Sendable, Hashable {
        /// Its name and version, as `name@version`.
        public var name: String
        /// The SHA-256 of its text and of the files that it names, in hexadecimal digits.
        public var hash: String
        /// The file.
        public var path: String
        /// Whether it may change without a new version.
        public var isExperimental: Bool
    }

    /// The configuration file.
    public var main: Part
    /// The manifests, in the order in which it names them.
    public var manifests: [Part]
    /// What the manifests consist of besides; `nil` when it was not kept, so that it has to be read from the disk.
    public var files: [File]? = []
    /// What the manifests describe.
    public var adapters: [Adapter]
    /// The secrets that are written in the configuration file.
    var secrets: Set<Sensitive<String>> = []

    /// The SHA-256 of all of it, in hexadecimal digits.
    public var hash: String {
        var hasher = SHA256()
        let texts = ([main] + manifests).map { Array($0.text.utf8) }
        for bytes in texts + (files ?? []).map(\.bytes) {
            // The lengths keep two texts apart whose border has moved.
            hasher.update(data: Data("\(bytes.count):".utf8))
            hasher.update(data: bytes)
        }
        return Hexadecimal.lower(hasher.finalize())
    }

    /// The SHA-256 of a text and of files, in hexadecimal digits.
    static func hash(of text: String, _ files: [File] = []) -> String {
        var hasher = SHA256()
        hasher.update(data: Data(text.utf8))
        for file in files {
            hasher.update(data: Data("\(file.bytes.count):".utf8))
            hasher.update(data: file.bytes)
        }
        return Hexadecimal.lower(hasher.finalize())
    }

    /// The folder in which a manifest's files lie, with a slash at its end.
    static func folder(of manifest: String) -> String {
        manifest.lastIndex(of: "/").map { String(manifest[...$0]) } ?? ""
    }

    /// The files beside a manifest, by the names under which it speaks of them; `nil` when they have to be read.
    func files(beside manifest: String) -> [String: [UInt8]]? {
        let folder = Self.folder(of: manifest)
        return files.map { files in
            Dictionary(
                files.filter { $0.path.hasPrefix(folder) }.map { (String($0.path.dropFirst(folder.count)), $0.bytes) }
            ) { first, _ in first }
        }
    }
}
