internal import Glibc

/// Where files of a description come from: a folder tree or memory, never the network.
package struct FileSource: Sendable {
    private enum Place: Sendable {
        /// The resolved path of the folder, without a slash at the end.
        case folder(String)
        case memory([String: [UInt8]])
    }

    private let place: Place

    /// Files below a folder; symbolic links that lead out of it are not followed.
    package init(folder: String) throws(SOAPError) {
        guard let resolved = Self.resolved(folder) else {
            throw SOAPError(.file, "The folder cannot be opened.", file: SOAPError.shown(folder))
        }
        place = .folder(resolved == "/" ? "" : resolved)
    }

    /// Files in memory by relative path.
    package init(files: [String: [UInt8]]) {
        place = .memory(files)
    }

    /// The path of a file relative to the folder; nil where it lies outside.
    package func relativePath(of file: String) -> String? {
        guard case .folder(let folder) = place else { return file }
        guard let resolved = Self.resolved(file), resolved.hasPrefix(folder + "/") else { return nil }
        return String(resolved.dropFirst(folder.utf8.count + 1))
    }

    /// The bytes of a file; nil where there is none.
    ///
    /// - Throws: ``SOAPError`` where it exists but is not a plain file of the tree, or is too large.
    package func read(_ path: String, limit: Int) throws(SOAPError) -> [UInt8]? {
        switch place {
        case .memory(let files):
            guard let bytes = files[path] else { return nil }
            guard bytes.count <= limit else { throw tooLarge(path, limit) }
            return bytes
        case .folder(let folder):
            guard !path.utf8.contains(0), let resolved = Self.resolved(folder + "/" + path) else { return nil }
            guard resolved.hasPrefix(folder + "/") else {
                throw SOAPError(.location, "The file lies outside of the description's folder.", file: path)
            }
            return try Self.contents(resolved, path, limit, tooLarge(path, limit))
        }
    }

    private func tooLarge(_ path: String, _ limit: Int) -> SOAPError {
        SOAPError(.limit, "The files are larger than the \(limit) bytes that are left of the limit.", file: path)
    }

    private static func contents(
        _ resolved: String,
        _ path: String,
        _ limit: Int,
        _ tooLarge: SOAPError
    ) throws(SOAPError) -> [UInt8]? {
        // Not blocking, so that a pipe in the folder cannot hold us.
        let descriptor = open(resolved, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { throw SOAPError(.file, "The file cannot be opened.", file: path) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            throw SOAPError(.file, "It is not a plain file.", file: path)
        }
        guard facts.st_size <= limit else { throw tooLarge }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(facts.st_size))
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SOAPError(.file, "The file cannot be read.", file: path) }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw tooLarge }
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }
}
