internal import Crypto
internal import Foundation
internal import GerbangCore

/// A configuration as it was read: its text, and the text of every manifest that it names. With it the same configuration
/// can be made again, whatever has happened to the files.
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

    /// A manifest, as far as it is told from others.
    public struct Adapter: Sendable, Hashable {
        /// Its name and version, as `name@version`.
        public var name: String
        /// The SHA-256 of its text, in hexadecimal digits.
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
    /// What the manifests describe.
    public var adapters: [Adapter]
    /// The secrets that are written in the configuration file.
    var secrets: Set<Sensitive<String>> = []

    /// The SHA-256 of all texts, in hexadecimal digits.
    public var hash: String {
        var hasher = SHA256()
        for part in [main] + manifests {
            // The lengths keep two texts apart whose border has moved.
            hasher.update(data: Data("\(part.text.utf8.count):".utf8))
            hasher.update(data: Data(part.text.utf8))
        }
        return Hexadecimal.lower(hasher.finalize())
    }

    /// The SHA-256 of a text, in hexadecimal digits.
    static func hash(of text: String) -> String { Hexadecimal.lower(SHA256.hash(data: Data(text.utf8))) }
}
