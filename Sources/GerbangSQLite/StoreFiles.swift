internal import GerbangCore
internal import Glibc

/// Which file a name or a descriptor leads to.
struct FileIdentity: Sendable, Hashable {
    private let device: dev_t
    private let inode: ino_t

    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = status.st_dev
        inode = status.st_ino
    }
}

/// The files that a store has opened, and whether their names still lead to them.
///
/// Where one was removed or replaced, another process may work on the same requests without knowing of this one, or what is
/// written here is gone with the next start. No write may be promised any more then.
struct StoreFiles: Sendable {
    private struct File: Sendable {
        let path: String
        let identity: FileIdentity
    }

    private let lock: FileLock?
    private let files: [File]

    /// Takes the files of the open database at `path`, and those that SQLite keeps beside it.
    init(of path: String, lock: FileLock?) {
        self.lock = lock
        files = [path, path + "-wal", path + "-shm"].compactMap { path in
            FileIdentity(path: path).map { File(path: path, identity: $0) }
        }
    }

    /// Checks that the lock is held and the files are the same. It takes a few microseconds.
    func check() throws(GerbangError) {
        if let lock, !lock.isHeld { throw Self.replaced(lock.path) }
        for file in files where FileIdentity(path: file.path) != file.identity { throw Self.replaced(file.path) }
    }

    private static func replaced(_ path: String) -> GerbangError {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return GerbangError(
            .storageUnavailable,
            "\(name) was removed or replaced under the running gateway, and another process may work on the requests; "
                + "nothing is written any more: stop every gateway on this database, then start one"
        )
    }
}
