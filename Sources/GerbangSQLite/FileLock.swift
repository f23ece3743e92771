internal import GerbangCore
internal import Glibc

/// Keeps a second process from working on the same database. The system releases it when the process ends, however it
/// ends.
final class FileLock: Sendable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws(GerbangError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw GerbangError(
                .storageUnavailable,
                "cannot open \(path): error \(errno); check the folder and its rights"
            )
        }
        // What fails from here on is closed by the end of this object, which is whole: closing it here as well would close
        // whatever file another thread has opened meanwhile under the same number.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isHeld else {
            throw GerbangError(
                .storageUnavailable,
                "\(path) is held by another process; only one may work on a database"
            )
        }
    }

    deinit {
        close(descriptor)
    }

    /// Whether the name still leads to the file that is locked: somebody who removed it has let another process in.
    var isHeld: Bool {
        FileIdentity(path: path).map { $0 == FileIdentity(descriptor: descriptor) } ?? false
    }
}
