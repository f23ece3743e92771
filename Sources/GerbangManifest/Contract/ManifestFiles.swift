internal import GerbangSOAP

/// The files that lie beside a manifest: descriptions (WSDL, XSD) and services.
///
/// Nothing outside of the manifest's folder is read, and nothing is fetched from the net.
struct ManifestFiles: Sendable {
    /// The largest file that is read by itself, in bytes; descriptions have limits of their own.
    private static let maximumBytes = 8 << 20

    private enum Place: Sendable {
        case folder(String)
        case memory([String: [UInt8]])
    }

    private let place: Place

    /// The files in the folder of a manifest.
    init(beside manifest: String) {
        place = .folder(manifest.lastIndex(of: "/").map { String(manifest[...$0]) } ?? ".")
    }

    /// Files in memory by their relative paths.
    init(_ files: [String: [UInt8]]) {
        place = .memory(files)
    }

    /// Loads a description with everything that it imports.
    func description(_ path: String) throws(SOAPError) -> WSDL {
        switch place {
        case .memory(let files): return try WSDL.load(files: files, root: path)
        case .folder(let folder):
            var options = WSDL.Options()
            options.folder = folder
            return try WSDL.load(file: Self.path(path, in: folder), options: options)
        }
    }

    /// The bytes of a file; nil where there is none.
    func bytes(_ path: String) throws(SOAPError) -> [UInt8]? {
        switch place {
        case .memory(let files): return files[path]
        case .folder(let folder): return try FileSource(folder: folder).read(path, limit: Self.maximumBytes)
        }
    }

    private static func path(_ path: String, in folder: String) -> String {
        if path.hasPrefix("/") { return path }
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }
}
